"""What a lead is worth, and that its borrower is back, in Discord."""

from pathlib import Path

from tests.doubles.databases import fresh_sqlite
from tests.doubles.discord_office import DiscordOffice, discord_office, labels_of, read
from tests.stories.test_scoring import SCORING


async def test_whoever_opens_a_lead_reads_its_points_with_their_reasons_and_its_segments(tmp_path: Path) -> None:
    async with discord_office(tmp_path, fresh_sqlite(tmp_path), changes=SCORING) as office:
        lead = await office.lead_arrives(intent="Rate quote")
        await office.card_of(lead)

        shown = read(await office.types("maya", "lead show", lead=str(lead)))
        why = read(await office.types("maya", "lead why", lead=str(lead)))

        assert "wants a rate quote +6" in shown and "Segments: purchase, Central Texas" in shown
        assert "Grade A, 71 points: this month +20" in why


async def test_an_owner_whose_borrower_wants_a_call_is_told_so_with_the_new_grade(office: DiscordOffice) -> None:
    lead = await office.lead_arrives(timeline="6 months", credit="650")
    await office.presses("maya", await office.card_of(lead), "claim")
    await office.is_told("maya", f"Yours: #{lead}")

    await office.phone.borrower_texts("We found one, please call me")

    await office.is_told("maya", "texted (wants a call now; grade", "please call me")


async def test_a_lead_that_nobody_has_is_shown_again_when_its_borrower_is_back_after_long(office: DiscordOffice) -> None:
    await shown_again(office)


async def test_in_a_forum_the_post_of_a_lead_says_that_its_borrower_is_back(tmp_path: Path) -> None:
    async with discord_office(tmp_path, fresh_sqlite(tmp_path), forum=True) as office:
        lead = await office.lead_arrives()
        await office.card_of(lead)
        await office.nothing_is_owed()
        office.skip(days=43)

        await office.phone.borrower_texts("Rates are better now, are they not?")

        await office.thread_of(lead, says="is back after 43 days and nobody has it.")


async def shown_again(office: DiscordOffice) -> None:
    lead = await office.lead_arrives()
    await office.card_of(lead)
    await office.nothing_is_owed()
    office.skip(days=43)

    await office.phone.borrower_texts("Rates are better now, are they not?")

    async def back() -> object:
        return next((each for each in office.messages() if "is back after 43 days and nobody has it." in read(each)), None)

    message = await office.until(back, "the lead shown again")
    assert "Claim" in labels_of(message)

    await office.presses("maya", message, "claim")

    await office.is_told("maya", f"Yours: #{lead}")

    async def closed() -> object:
        return next((each for each in office.messages() if f"Maya Torres took #{lead}" in read(each)), None)

    await office.until(closed, "its owner in the channel")

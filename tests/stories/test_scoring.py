"""What a lead is worth is shown with its reasons; what its borrower does counts at once, and who comes back after long is shown again."""

from tests.doubles.office import Office
from tests.doubles.shown import buttons, words
from tests.doubles.workplace import LEADS
from tests.stories.conftest import OpenOffice
from tests.stories.test_routing import with_rules

BEFORE = "# Escalation. Without these lines"
SCORING = {
    BEFORE: f"""\
scoring:
  rules:
    - {{reason: wants a rate quote, when: {{intent: rate_quote}}, points: 6}}
segments:
  - {{key: central, name: Central Texas, when: {{zip: "787"}}}}
{BEFORE}"""
}


async def test_whoever_opens_a_lead_reads_its_points_with_their_reasons_and_its_segments(changed_office: OpenOffice) -> None:
    async with changed_office(SCORING) as office:
        lead = await office.lead_arrives(intent="Rate quote", veteran="yes")
        await office.card_of(lead, says="Why this grade: this month")

        await office.types("maya", f"/lead show {lead}")

        await office.hears("maya", "wants a rate quote +6", "Segments: purchase, served in the military, Central Texas")


async def test_why_says_what_gave_points(changed_office: OpenOffice) -> None:
    async with changed_office(SCORING) as office:
        lead = await office.lead_arrives(intent="Rate quote")
        await office.card_of(lead)

        await office.types("maya", f"/lead why {lead}")

        await office.hears("maya", "Grade A, 71 points: this month +20,", "wants a rate quote +6")


async def test_a_rule_gives_the_leads_of_a_segment(changed_office: OpenOffice) -> None:
    rules = with_rules("  - {name: Central, when: {segment: central}, team: austin, mode: direct, officers: luis}")
    async with changed_office(SCORING | rules) as office:
        lead = await office.lead_arrives()
        await office.card_of(lead, says="Luis Ortega has it")


async def test_an_owner_whose_borrower_wants_a_call_is_told_so_with_the_new_grade(texting_office: Office) -> None:
    office = texting_office
    lead = await office.lead_arrives(timeline="6 months", credit="650")
    await office.presses("maya", "Claim", lead)
    await office.told("maya", f"Yours: #{lead}")

    await office.borrower_texts("We found one, please call me")

    await office.is_told("maya", f"#{lead} Dana R. texted (wants a call now; grade", "please call me")
    await office.thread_says(lead, "In short: wants a call now; grade")


async def test_a_lead_that_nobody_has_is_shown_again_when_its_borrower_is_back_after_long(texting_office: Office) -> None:
    office = texting_office
    lead = await office.lead_arrives()
    await office.card_of(lead)
    await office.skip(days=43)

    await office.borrower_texts("Rates are better now, are they not?")

    async def shown() -> object:
        said = f"#{lead} is back after 43 days and nobody has it."
        return next((each for each in await office.messages(LEADS) if said in words(each)), None)

    back = await office.until(shown, "the lead shown again")
    assert "Claim" in buttons(back)  # type: ignore[arg-type]

    await office.presses_on(back, "maya", "Claim")  # type: ignore[arg-type]

    await office.told("maya", f"Yours: #{lead}")

    async def closed() -> object:
        return next((each for each in await office.messages(LEADS) if f"Maya Torres took #{lead}" in words(each)), None)

    await office.until(closed, "its owner in the channel")


async def test_a_borrower_who_asks_again_after_long_is_back_for_their_owner(office: Office) -> None:
    lead = await office.lead_arrives()
    await office.presses("maya", "Claim", lead)
    await office.told("maya", f"Yours: #{lead}")
    await office.logs("maya", lead, "Connected")
    await office.thread_says(lead, "Maya Torres: Connected")
    await office.skip(days=31)

    await office.lead_arrives("zillow", comments="Please call me")

    await office.is_told("maya", "Dana R. asked again: Zillow, 31 days after Website; back after 31 days; wants a call now.")

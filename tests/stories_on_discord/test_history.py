"""/lead show in Discord tells what happened to a lead, the newest first, to who may see its borrower."""

from tests.doubles.discord_office import DiscordOffice, read
from tests.stories_on_discord.test_texts_out import claimed_by_maya


async def test_older_things_are_a_press_away(office: DiscordOffice) -> None:
    lead = await claimed_by_maya(office)
    for number in range(9):
        await office.types("maya", "lead note", lead=str(lead), words=f"*note* number {number}")

    shown = await office.types("maya", "lead show", lead=str(lead))
    assert "wrote a note: “*note* number 8”" in read(shown)
    earlier = read(office.answer_of(await office.presses("maya", shown, "earlier")))

    assert "earlier:" in earlier and "it came in" in earlier and "number" not in earlier


async def test_who_may_not_see_the_borrower_reads_none_of_it(office: DiscordOffice) -> None:
    lead = await claimed_by_maya(office)
    await office.types("maya", "lead note", lead=str(lead), words="wants a 15-year")

    shown = read(await office.types("luis", "lead show", lead=str(lead)))

    assert "15-year" not in shown and "claimed it" not in shown

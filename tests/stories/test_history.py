"""/lead show tells what happened to a lead, the newest first, to who may see its borrower."""

from bot.store.events import Event
from tests.doubles.office import Office
from tests.doubles.rows import rows
from tests.stories.test_noting import claimed_by_maya
from tests.stories.test_texts_out import claimed_by_maya as texting_with_maya


async def notes_are_kept(office: Office, many: int) -> None:
    async def kept() -> bool:
        assert office.services is not None
        return sum(event.kind == "noted" for event in rows(office.services.store, Event)) == many

    await office.until(kept, f"{many} notes")


async def test_older_things_are_a_press_away(any_office: Office) -> None:
    office = any_office
    lead = await claimed_by_maya(office)
    for number in range(9):
        await office.types("maya", f"/lead note {lead} note number {number}")
        await notes_are_kept(office, number + 1)

    await office.types("maya", f"/lead show {lead}")
    shown = await office.hears("maya", "(512) 555-0100", "note number 8")
    assert "Maya Torres claimed it" in shown and "it came in" not in shown
    await office.presses("maya", "Show earlier", lead)

    earlier = await office.hears("maya", f"#{lead}, earlier:", "it came in")
    assert "note number" not in earlier


async def test_a_hostile_text_is_shown_letter_by_letter(texting_office: Office) -> None:
    office = texting_office
    lead = await texting_with_maya(office)
    await office.borrower_texts("<!channel> *bold* <https://evil.example|click>")
    await office.thread_says(lead, "texted")

    await office.types("maya", f"/lead show {lead}")

    await office.hears("maya", "they texted: “<!channel> *bold* <https://evil.example|click>”")


async def test_who_may_not_see_the_borrower_reads_none_of_it(office: Office) -> None:
    lead = await claimed_by_maya(office)
    await office.types("maya", f"/lead note {lead} wants a 15-year")
    await office.hears("maya", "is kept")

    for line in (f"/lead show {lead}", f"/lead show {lead} before 99"):
        await office.types("luis", line)
        shown = await office.hears("luis", f"#{lead}: ", "Dana R.")
        assert "15-year" not in shown and "claimed it" not in shown

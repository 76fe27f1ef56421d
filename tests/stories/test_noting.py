"""A note is kept with the lead: its thread tells of it, and who may see the borrower reads it."""

from bot.store.events import Event
from tests.doubles.office import Office
from tests.doubles.rows import rows


async def claimed_by_maya(office: Office) -> int:
    lead = await office.lead_arrives()
    await office.types("maya", f"/lead claim {lead}")
    await office.hears("maya", f"#{lead} is yours")
    return lead


async def test_a_note_is_kept_whole_and_its_words_stay_out_of_the_channel(any_office: Office) -> None:
    office = any_office
    lead = await claimed_by_maya(office)

    await office.types("maya", f"/lead note {lead} wants a 15-year &amp; <https://acme.example|acme.example> knows Ann")

    await office.hears("maya", f"Your note for #{lead} is kept.")
    assert "15-year" not in await office.thread_says(lead, "Maya Torres wrote a note.")
    assert office.services is not None
    [note] = [event for event in rows(office.services.store, Event) if event.kind == "noted"]
    assert note.body == '{"note":"wants a 15-year & acme.example knows Ann"}'
    assert note.subject_id is not None
    assert "15-year" not in str(note.meta)


async def test_who_may_see_the_borrower_reads_it_in_open(office: Office) -> None:
    lead = await claimed_by_maya(office)
    await office.types("maya", f"/lead note {lead} wants a 15-year")
    await office.hears("maya", "is kept")

    await office.types("maya", f"/lead show {lead}")
    await office.hears("maya", "Maya Torres wrote a note: “wants a 15-year”")
    await office.types("cora", f"/lead show {lead}")
    await office.hears("cora", "wants a 15-year")
    await office.types("luis", f"/lead show {lead}")

    assert "15-year" not in await office.hears("luis", f"#{lead}: ")


async def test_a_note_without_words_opens_a_screen(office: Office) -> None:
    lead = await claimed_by_maya(office)
    await office.types("maya", "/lead note")

    await office.writes_on_screen("maya", "note", "call her after 5")

    await office.screen_of("maya", says=f"Your note for #{lead} is kept.")
    await office.thread_says(lead, "Maya Torres wrote a note.")


async def test_a_note_that_is_taken_back_is_shown_no_more(office: Office) -> None:
    lead = await claimed_by_maya(office)
    await office.types("maya", f"/lead note {lead} wants a 15-year")
    await office.hears("maya", "is kept")
    await office.thread_says(lead, "Maya Torres wrote a note.")

    await office.presses("maya", "Undo", lead)

    await office.hears("maya", f"Undone. #{lead} is as it was before.")
    await office.thread_says(lead, "Maya Torres took a note back.")
    await office.types("maya", f"/lead show {lead}")
    assert "15-year" not in await office.hears("maya", f"#{lead}: ")
    assert len(await office.thread_of(lead)) == 1


async def test_no_chat_reads_the_numbers_that_officers_write_down(office: Office) -> None:
    lead = await claimed_by_maya(office)
    await office.types("maya", f"/lead note {lead} her ssn is 123-45-6789, 15-year")
    await office.hears("maya", "is kept")
    await office.types("maya", f"/lead remind {lead} in 1 minute card 4111 1111 1111 1111, then call")
    await office.hears("maya", f"#{lead}: I remind you")

    await office.types("maya", f"/lead show {lead}")
    await office.hears("maya", "“her ssn is [number removed], 15-year”", "card [number removed], then call")
    await office.skip(minutes=1)
    await office.told("maya", "You wanted to come back to", "card [number removed], then call")
    await office.types("maya", "/lead mine")
    await office.hears("maya", "Your 1 lead", "card [number removed], then call")
    seen = f"{await office.messages()} {await office.messages('D0MAYA')}"
    assert "6789" not in seen and "1111" not in seen

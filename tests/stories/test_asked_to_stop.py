"""/lead optout: a borrower told one of us that they want no more, and it holds at once."""

from tests.doubles.office import Office
from tests.stories.test_texts_out import claimed_by_maya


async def test_an_officer_notes_what_the_borrower_said_and_no_text_leaves(texting_office: Office) -> None:
    office = texting_office
    lead = await claimed_by_maya(office)
    await office.types("maya", f"/lead optout {lead} texts")
    await office.hears("maya", "Nothing is changed yet.")

    await office.types("maya", f"/lead optout {lead} texts she asked on the phone")

    await office.hears("maya", f"#{lead}: in force now. No more texts, and no marketing on any channel.")
    await office.thread_says(lead, "Maya Torres noted that Dana R. wants no more texts.")
    await office.types("maya", f"/lead text {lead} Hi Dana")
    await office.hears("maya", "They opted out of texts. Open says what may still reach them.")
    assert await office.texts_to() == []


async def test_outside_a_thread_the_lead_is_never_guessed(texting_office: Office) -> None:
    office = texting_office
    lead = await claimed_by_maya(office)

    await office.types("maya", "/lead optout all she asked on the phone")

    await office.hears("maya", "Which lead? Say its number: /lead optout 1042")
    await office.types("maya", f"/lead text {lead} Hi Dana")
    await office.until(office.texts_to, "a text to Dana")


async def test_who_noted_it_of_the_wrong_lead_takes_it_back(texting_office: Office) -> None:
    office = texting_office
    lead = await claimed_by_maya(office)
    await office.types("maya", f"/lead optout {lead} all she asked on the phone")
    await office.hears("maya", f"#{lead}: in force now.")

    await office.presses("maya", "Undo", lead)

    await office.hears("maya", f"Undone. What this closed for #{lead} is open again.")
    await office.thread_says(lead, "They took it back: what it had closed is open again.")
    await office.types("maya", f"/lead text {lead} Hi Dana")
    await office.until(office.texts_to, "a text to Dana")

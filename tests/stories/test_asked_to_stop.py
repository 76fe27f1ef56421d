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

"""/lead consent: what a borrower agreed to and took back, and what may reach them now."""

from tests.doubles.office import Office
from tests.stories.test_texts_out import claimed_by_maya


async def test_the_file_is_read_in_words_with_the_answers_of_this_moment(texting_office: Office) -> None:
    office = texting_office
    lead = await claimed_by_maya(office)

    await office.types("maya", f"/lead consent {lead}")

    told = await office.hears("maya", f"#{lead}: what may reach them now", "Texts: yes, until 8:00 pm CT.", "Calls: yes, until 8:00 pm CT.")
    assert "agreed on 2026-11-01" in told and "I agree to calls and text messages from Acme Mortgage" in told


async def test_compliance_reads_what_was_taken_back(texting_office: Office) -> None:
    office = texting_office
    lead = await claimed_by_maya(office)
    await office.borrower_texts("STOP")
    await office.thread_says(lead, "wants no more texts")

    await office.types("cora", f"/lead consent {lead}")

    await office.hears("cora", "Texts: no. They opted out of texts.", "texts closed on", "they opted out")

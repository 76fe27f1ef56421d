"""/lead consent: what a borrower agreed to and took back, and what may reach them now."""

from datetime import time

from tests.doubles.office import Office
from tests.stories.test_texts_out import claimed_by_maya


async def test_the_file_is_read_in_words_with_the_answers_of_this_moment(texting_office: Office) -> None:
    office = texting_office
    lead = await claimed_by_maya(office)

    await office.types("maya", f"/lead consent {lead}")

    told = await office.hears("maya", f"#{lead}: what may reach them now", "Texts: yes, until 8:00 pm CT.", "Calls: yes, until 8:00 pm CT.")
    assert "agreed on 11/1/2026, 9:00 am CT" in told and "I agree to calls and text messages from Acme Mortgage" in told


async def test_compliance_reads_what_was_taken_back(texting_office: Office) -> None:
    office = texting_office
    lead = await claimed_by_maya(office)
    await office.clock_says(time(19, 30))  # the next day in UTC
    await office.borrower_texts("STOP")
    await office.thread_says(lead, "wants no more texts")

    await office.types("cora", f"/lead consent {lead}")

    await office.hears("cora", "Texts: no. They opted out of texts.", "texts closed on 4/17/2040, 7:30 pm CT, they opted out")

"""Texts that leave by themselves: begun by the owner, within the law, one line in the thread, and over as soon as the borrower speaks."""

from tests.doubles.office import Office
from tests.stories.test_texts_out import claimed_by_maya

FIRST = (
    "Hi Dana, this is Maya Torres (NMLS 200101) at Acme Mortgage, NMLS 123456. You asked us about buying in Austin. "
    "When is a good time to talk? You can answer here. Reply STOP to opt out."
)


async def begun(office: Office, **fields: str) -> int:
    """A lead of Maya's whose texts have begun."""
    lead = await claimed_by_maya(office, **fields)
    await office.types("maya", f"/drip enroll {lead} new lead")
    await office.hears("maya", f"New lead texts to #{lead} begin.")
    return lead


async def first_left(office: Office, **fields: str) -> int:
    """The same, and the first of them was delivered."""
    lead = await begun(office, **fields)
    await office.skip(minutes=10)
    await office.thread_says(lead, "Delivered")
    return lead


async def test_the_first_text_leaves_after_ten_minutes_and_one_line_says_how_far_they_are(texting_office: Office) -> None:
    office = texting_office
    lead = await claimed_by_maya(office)

    await office.types("maya", f"/drip enroll {lead} new lead")

    told = await office.hears("maya", f"New lead texts to #{lead} begin. The first leaves Tuesday,")
    assert "12:10 pm CT. They end by themselves when the borrower answers" in told
    await office.thread_says(lead, "New lead texts: 0 of 5 sent. Next: Tuesday,")
    await office.skip(minutes=10)
    line = await office.thread_says(lead, "Delivered")
    assert "New lead texts: 1 of 5 sent. Next: Wednesday," in line and "10:00 am CT. To Dana R., begun by Maya Torres." in line
    assert "You asked us about buying in Austin." in line
    assert await office.texts_to() == [FIRST]
    assert len([each for each in await office.thread_of(lead) if "New lead texts" in each]) == 1


async def test_a_list_says_what_runs_and_a_stop_ends_it(texting_office: Office) -> None:
    office = texting_office
    lead = await begun(office)

    await office.types("maya", "/drip list")
    assert f"#{lead} Dana R.: New lead texts: 0 of 5 sent. Next: Tuesday," in await office.hears("maya", "These run now for your leads")
    await office.types("maya", f"/drip stop {lead}")

    await office.hears("maya", f"Stopped. No more New lead texts leave for #{lead}; 0 texts were sent before.")
    await office.thread_says(lead, "New lead texts: 0 of 5 sent. Ended: an officer stopped them.")
    await office.types("maya", f"/drip {lead}")
    await office.hears("maya", "Ended: an officer stopped them.")
    await office.types("maya", f"/drip stop {lead}")
    await office.hears("maya", f"No texts run for #{lead}, so there is nothing to stop.")
    await office.skip(minutes=20)
    await office.until(office.nothing_is_owed, "everything shown")
    assert await office.texts_to() == []

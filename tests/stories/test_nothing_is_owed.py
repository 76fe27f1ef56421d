"""Whether nothing is owed any more is what stories ask before they say what did not happen: here it is asked of what is sure to happen."""

from datetime import time

from tests.doubles.office import Office
from tests.stories.test_drips import FIRST, begun
from tests.stories.test_reminders import tried_by_maya
from tests.stories.test_texts_out import claimed_by_maya


async def test_what_falls_due_with_a_skip_is_decided_and_shown_then(any_office: Office) -> None:
    office = any_office
    lead = await office.lead_arrives()

    await office.skip(minutes=6)

    await office.until(office.nothing_is_owed, "everything shown")
    assert "Nobody has taken #1001" in f"{await office.direct_messages('tess')}"
    await office.presses("maya", "Claim", lead)
    await office.told("maya", f"Yours: #{lead}")
    await office.skip(minutes=6)
    await office.until(office.nothing_is_owed, "everything shown")
    assert "waits for your call" in f"{await office.direct_messages('maya')}"


async def test_a_reminder_has_rung_then(office: Office) -> None:
    lead = await tried_by_maya(office)
    await office.presses_in_direct("maya", "Later", lead, choose="In 1 hour")
    await office.hears("maya", f"#{lead}: I remind you")

    await office.skip(hours=1)

    await office.until(office.nothing_is_owed, "everything shown")
    assert f"You wanted to come back to #{lead}" in f"{await office.direct_messages('maya')}"


async def test_the_step_of_a_sequence_has_left_then(texting_office: Office) -> None:
    office = texting_office
    await begun(office)

    await office.skip(minutes=10)

    await office.until(office.nothing_is_owed, "everything shown")
    assert await office.texts_to() == [FIRST]


async def test_a_text_that_waited_for_the_morning_has_left_then(office_of_texts: Office) -> None:
    office = office_of_texts
    lead = await claimed_by_maya(office)
    await office.logs("maya", lead, "No answer")
    await office.clock_says(time(21))
    await office.types("maya", f"/lead text {lead} Good morning, Dana.")
    await office.thread_says(lead, "Leaves at 9:00 am CT")

    await office.skip(hours=12)

    await office.until(office.nothing_is_owed, "everything shown")
    assert "Good morning, Dana." in f"{await office.texts_to()}"

"""What an officer did can be taken back for ten minutes, unless something newer stands on it; nothing is lost from the timeline."""

from bot.store.events import Event
from bot.store.outbound import ContactAttempt
from bot.store.records import lead_record
from tests.doubles.counts import leads_per_stage
from tests.doubles.office import Office
from tests.doubles.rows import rows


async def claimed_by_maya(office: Office) -> int:
    lead = await office.lead_arrives()
    await office.types("maya", f"/lead claim {lead}")
    await office.hears("maya", f"#{lead} is yours")
    return lead


async def stage_of(office: Office, lead: int) -> str:
    assert office.services is not None
    record = await office.services.store.read(lead_record, lead)
    assert record is not None
    return str(record["stage"])


async def test_a_call_logged_on_the_screen_is_answered_with_undo_in_the_direct_messages(office: Office) -> None:
    lead = await claimed_by_maya(office)
    await office.logs("maya", lead, "No answer")
    await office.hears("maya", f"Logged for #{lead}: No answer.")
    assert await office.has_no_screen("maya")

    await office.presses_in_direct("maya", "Undo", lead)

    await office.hears("maya", f"Undone. #{lead} is as it was before.")
    await office.thread_says(lead, "Maya Torres: No answer. Taken back.")


async def test_a_logged_call_is_taken_back_with_its_stage_its_attempt_and_its_line(any_office: Office) -> None:
    office = any_office
    lead = await claimed_by_maya(office)
    await office.types("maya", f"/log {lead} connected")
    await office.thread_says(lead, "Maya Torres: Connected.")

    await office.presses("maya", "Undo", lead)

    await office.hears("maya", f"Undone. #{lead} is as it was before.")
    await office.thread_says(lead, "Maya Torres: Connected. Taken back.")
    assert len(await office.thread_of(lead)) == 1
    assert await stage_of(office, lead) == "new"
    assert office.services is not None
    assert await office.services.store.read(leads_per_stage) == {"new": 1}
    assert rows(office.services.store, ContactAttempt) == []
    assert [event.kind for event in rows(office.services.store, Event) if event.stream == lead][-2:] == ["logged", "undone"]


async def test_the_owners_clock_goes_on_where_it_stood(office: Office) -> None:
    lead = await claimed_by_maya(office)
    await office.skip(minutes=3)
    await office.types("maya", f"/log {lead} vm")
    await office.hears("maya", "Logged for")
    await office.skip(minutes=8)
    await office.presses("maya", "Undo", lead)
    await office.hears("maya", "Undone.")
    await office.until(office.nothing_is_owed, "everything shown")
    assert "waits for your call" not in f"{await office.direct_messages('maya')}"

    await office.skip(minutes=2)

    await office.is_told("maya", f"#{lead} Dana R. waits for your call.")


async def test_numbers_that_were_closed_are_open_again(any_office: Office) -> None:
    office = any_office
    lead = await claimed_by_maya(office)
    await office.types("maya", f"/log {lead} dnc")
    await office.hears("maya", "Logged for")
    await office.is_told("maya", "No more calls or texts to this number")

    await office.presses("maya", "Undo", lead)

    await office.hears("maya", "Undone.")
    await office.is_told("maya", "(512) 555-0100")


async def test_after_ten_minutes_it_stands(office: Office) -> None:
    lead = await claimed_by_maya(office)
    await office.types("maya", f"/stage {lead} qualified")
    await office.hears("maya", "is now qualified")
    await office.skip(minutes=11)

    await office.presses("maya", "Undo", lead)

    await office.hears("maya", "It is too late to undo this: that works for 10 minutes. Nothing changed.")
    assert await stage_of(office, lead) == "qualified"


async def test_what_something_newer_stands_on_is_not_undone_and_the_answer_says_why(any_office: Office) -> None:
    office = any_office
    lead = await claimed_by_maya(office)
    await office.types("maya", f"/log {lead} connected")
    await office.hears("maya", "Logged for")
    await office.types("maya", f"/stage {lead} qualified")
    await office.hears("maya", "is now qualified")
    [logged] = [each for each in await office.messages() if "Logged for" in str(each)]

    await office.presses_on(logged, "maya", "Undo")

    await office.hears("maya", "I did not undo this, because something newer happened since: its stage changed. Nothing changed.")
    assert await stage_of(office, lead) == "qualified"


async def test_step_by_step_it_goes_all_the_way_back(office: Office) -> None:
    lead = await claimed_by_maya(office)
    await office.types("maya", f"/log {lead} connected")
    await office.hears("maya", "Logged for")
    await office.types("maya", f"/stage {lead} qualified")
    await office.hears("maya", "is now qualified")
    [logged] = [each for each in await office.messages() if "Logged for" in str(each)]
    await office.presses("maya", "Undo", lead)
    await office.hears("maya", "Undone.")

    await office.presses_on(logged, "maya", "Undo")

    await office.until(lambda: _is_new(office, lead), "the lead as it came")


async def _is_new(office: Office, lead: int) -> bool:
    return await stage_of(office, lead) == "new"

"""Call me: the officer's own phone rings first, a press of 1 calls the borrower, and the try logs itself."""

from datetime import time

from bot.store.calls import Call
from bot.store.clocks import Clock
from bot.store.events import Event
from bot.store.leads import Lead
from bot.store.outbound import ContactAttempt
from tests.doubles.office import Office
from tests.doubles.shown import buttons
from tests.doubles.workplace import DANAS_NUMBER, LUIS_NUMBER, MAYAS_NUMBER
from tests.stories.test_texts_out import claimed_by_maya

OURS = "+15125550199"


async def test_maya_is_connected_and_the_try_logs_itself_with_how_long_they_talked(texting_office: Office) -> None:
    office = texting_office
    lead = await claimed_by_maya(office)

    await office.presses_in_direct("maya", "Call me", lead)

    await office.hears("maya", "ends in 01", f"#{lead}")
    await office.answers_and_presses(MAYAS_NUMBER)
    await office.phone_says(MAYAS_NUMBER, f"Lead {' '.join(str(lead))}, purchase in Texas. Press 1")
    await office.phone_rings(DANAS_NUMBER)
    [to_dana] = await office.on_the_phone(DANAS_NUMBER)
    assert to_dana["from"] == OURS
    await office.thread_says(lead, "Maya Torres calls Dana R.")
    await office.handles_phone(DANAS_NUMBER, "picks_up")
    await office.thread_says(lead, "Maya Torres talks with Dana R.")
    await office.skip(minutes=4)
    await office.handles_phone(DANAS_NUMBER, "hangs_up")

    await office.thread_says(lead, "Maya Torres called Dana R.: connected, 4:00")
    await office.phone_says(MAYAS_NUMBER, "The borrower hung up.")
    await office.is_told("maya", "connected with Dana R.", "How did it go?")
    [attempt] = office.all(ContactAttempt)
    assert (attempt.channel, attempt.verified, attempt.disposition) == ("voice", True, "connected")
    await office.types("maya", f"/lead show {lead}")
    await office.hears("maya", "Maya Torres called, connected, 4:00")


async def test_what_the_officer_says_of_the_call_describes_it_and_is_no_second_try(texting_office: Office) -> None:
    office = texting_office
    lead = await claimed_by_maya(office)
    await talks(office, lead)

    await office.presses_in_direct("maya", "Left a voicemail", lead)

    await office.thread_says(lead, "Left a voicemail.")
    [attempt] = office.all(ContactAttempt)
    assert (attempt.disposition, attempt.verified) == ("left_voicemail", True)
    assert office.all(Lead)[-1].stage == "attempted"

    await office.presses("maya", "Undo", lead)

    await office.thread_says(lead, "Taken back")
    [attempt] = office.all(ContactAttempt)
    assert (attempt.disposition, attempt.verified) == ("connected", True)


async def test_a_borrower_who_does_not_answer_is_logged_and_the_next_try_is_planned(office_of_texts: Office) -> None:
    office = office_of_texts
    lead = await claimed_by_maya(office)
    await office.types("maya", f"/lead call {lead}")
    await office.answers_and_presses(MAYAS_NUMBER)
    await office.phone_rings(DANAS_NUMBER)

    await office.handles_phone(DANAS_NUMBER, "lets_it_ring")

    await office.phone_says(MAYAS_NUMBER, "No answer. It is logged.")
    await office.thread_says(lead, "no answer")
    await office.is_told("maya", "did not answer", "The try is logged")
    [attempt] = office.all(ContactAttempt)
    assert (attempt.disposition, attempt.verified) == ("no_answer", True)
    assert [clock.kind for clock in office.all(Clock) if clock.due_at is not None] == []


async def test_a_busy_line_is_told_as_busy(office_of_texts: Office) -> None:
    office = office_of_texts
    lead = await claimed_by_maya(office)
    await office.types("maya", f"/lead call {lead}")
    await office.answers_and_presses(MAYAS_NUMBER)
    await office.phone_rings(DANAS_NUMBER)

    await office.handles_phone(DANAS_NUMBER, "declines")

    await office.thread_says(lead, "the line was busy")
    [attempt] = office.all(ContactAttempt)
    assert attempt.disposition == "busy"


async def test_a_call_that_never_reached_a_phone_is_no_try(office_of_texts: Office) -> None:
    office = office_of_texts
    lead = await claimed_by_maya(office)
    await office.do("line", number=DANAS_NUMBER, line="failed")
    await office.types("maya", f"/lead call {lead}")

    await office.answers_and_presses(MAYAS_NUMBER)

    await office.thread_says(lead, "the call did not go through")
    await office.is_told("maya", "did not go through", "Check the number")
    assert office.all(ContactAttempt) == []


async def test_a_phone_that_nobody_answers_calls_no_borrower(office_of_texts: Office) -> None:
    office = office_of_texts
    lead = await claimed_by_maya(office)
    await office.types("maya", f"/lead call {lead}")
    await office.phone_rings(MAYAS_NUMBER)

    await office.handles_phone(MAYAS_NUMBER, "lets_it_ring")

    told = await office.told("maya", "nobody pressed 1", "was not called")
    assert "Call me" in buttons(told)
    assert await office.on_the_phone(DANAS_NUMBER) == []
    assert office.all(ContactAttempt) == []


async def test_the_voicemail_of_an_officer_is_never_connected(office_of_texts: Office) -> None:
    office = office_of_texts
    lead = await claimed_by_maya(office)
    await office.types("maya", f"/lead call {lead}")
    await office.phone_rings(MAYAS_NUMBER)

    await office.handles_phone(MAYAS_NUMBER, "picks_up")
    await office.phone_says(MAYAS_NUMBER, "Press 1")
    await office.handles_phone(MAYAS_NUMBER, "presses", "9")

    await office.is_told("maya", "nobody pressed 1")
    assert await office.on_the_phone(DANAS_NUMBER) == []


async def test_outside_the_hours_no_phone_rings_and_the_times_are_told(office_of_texts: Office) -> None:
    office = office_of_texts
    lead = await claimed_by_maya(office)
    await office.clock_says(time(20, 30))

    await office.types("maya", f"/lead call {lead}")

    whisper = await office.hears("maya", f"#{lead} may be called from 9:00 am CT")
    assert "Remind me then" in whisper
    assert office.all(Call) == []


async def test_hours_that_end_while_the_officers_phone_rings_are_heard_of_on_it(office_of_texts: Office) -> None:
    office = office_of_texts
    await office.clock_says(time(19, 59))
    lead = await claimed_by_maya(office)
    await office.types("maya", f"/lead call {lead}")
    await office.phone_rings(MAYAS_NUMBER)
    await office.skip(minutes=2)

    await office.answers_and_presses(MAYAS_NUMBER)

    await office.phone_says(MAYAS_NUMBER, "are over for now")
    assert await office.on_the_phone(DANAS_NUMBER) == []
    [over] = [event for event in office.all(Event) if event.kind == "call_over"]
    assert over.meta["because"] == "wait"


async def test_who_lost_the_lead_while_their_phone_rang_is_not_connected(office_of_texts: Office) -> None:
    office = office_of_texts
    lead = await claimed_by_maya(office)
    await office.types("maya", f"/lead call {lead}")
    await office.phone_rings(MAYAS_NUMBER)
    await office.types("tess", f"/lead assign {lead} to Luis")
    await office.hears("tess", "Luis")

    await office.answers_and_presses(MAYAS_NUMBER)

    await office.phone_says(MAYAS_NUMBER, "no longer yours")
    assert await office.on_the_phone(DANAS_NUMBER) == []


async def test_somebody_elses_borrower_is_not_called(office_of_texts: Office) -> None:
    office = office_of_texts
    lead = await claimed_by_maya(office)

    await office.types("luis", f"/lead call {lead}")

    await office.hears("luis", f"#{lead}", "Maya")
    assert await office.on_the_phone(LUIS_NUMBER) == []


async def test_two_presses_ring_once(office_of_texts: Office) -> None:
    office = office_of_texts
    lead = await claimed_by_maya(office)

    await office.types("maya", f"/lead call {lead}")
    await office.types("maya", f"/lead call {lead}")

    await office.phone_rings(MAYAS_NUMBER)
    await office.until(lambda: heard_twice(office), "two answers")
    assert len(await office.on_the_phone(MAYAS_NUMBER)) == 1


async def heard_twice(office: Office) -> bool:
    return sum("ends in 01" in whisper for whisper in await office.whispers_to("maya")) == 2


async def talks(office: Office, lead: int) -> None:
    """Maya and Dana talk for a minute, and Maya hangs up."""
    await office.types("maya", f"/lead call {lead}")
    await office.answers_and_presses(MAYAS_NUMBER)
    await office.phone_rings(DANAS_NUMBER)
    await office.handles_phone(DANAS_NUMBER, "picks_up")
    await office.thread_says(lead, "talks with")
    await office.skip(minutes=1)
    await office.handles_phone(MAYAS_NUMBER, "hangs_up")
    await office.is_told("maya", "How did it go?")

"""The owner works the lead: says that they are calling, and how it went, in two taps."""

import re

import pytest
from sqlmodel import select

from bot.store.events import Event
from bot.store.records import lead_record
from tests.doubles.office import Office
from tests.doubles.shown import buttons, words


async def claimed_by_maya(office: Office) -> int:
    lead = await office.lead_arrives()
    await office.presses("maya", "Claim", lead)
    await office.told("maya", "Yours: #1001")
    return lead


async def test_calling_is_wished_luck_holds_for_half_an_hour_and_is_asked_about_once(any_office: Office) -> None:
    office = any_office
    lead = await claimed_by_maya(office)

    await office.presses("maya", "I'm calling", lead)

    await office.hears("maya", "Good luck! #1001 is safe for 30 minutes, then I ask how it went.")
    await office.skip(minutes=29)
    await office.until(office.nothing_is_owed, "everything shown")
    assert "How did it go" not in f"{await office.direct_messages('maya')}"
    await office.skip(minutes=1)
    asked = await office.told("maya", "How did it go with #1001 Dana R.?")
    assert buttons(asked) == ["Connected", "Left a voicemail", "No answer", "Still on"]
    await office.skip(minutes=3)
    await office.until(office.nothing_is_owed, "everything shown")
    assert f"{await office.direct_messages('maya')}".count("How did it go") == 1


@pytest.mark.parametrize(("answer", "stage"), [("Connected", "contacted"), ("Left a voicemail", "attempted"), ("No answer", "attempted")])
async def test_how_it_went_is_answered_in_one_tap(office: Office, answer: str, stage: str) -> None:
    lead = await claimed_by_maya(office)
    await office.presses("maya", "I'm calling", lead)
    await office.hears("maya", "Good luck!")
    await office.skip(minutes=30)
    await office.told("maya", "How did it go")

    await office.presses_in_direct("maya", answer, lead)

    await office.hears("maya", f"Logged for #1001: {answer}.")
    await office.thread_says(lead, f"Maya Torres: {answer}.")
    await office.told("maya", "#1001: done, thank you.")
    assert await stage_of(office, lead) == stage
    await office.skip(minutes=20)
    await office.until(office.nothing_is_owed, "everything shown")
    await office.card_of(lead, says="Maya Torres has it")


async def test_still_on_holds_it_once_more(office: Office) -> None:
    lead = await claimed_by_maya(office)
    await office.presses("maya", "I'm calling", lead)
    await office.hears("maya", "Good luck!")
    await office.skip(minutes=30)
    await office.told("maya", "How did it go")

    await office.presses_in_direct("maya", "Still on", lead)

    await office.told("maya", "#1001: done, thank you.")
    await office.skip(minutes=20)
    await office.until(office.nothing_is_owed, "everything shown")
    await office.card_of(lead, says="Maya Torres has it")


async def test_log_is_two_taps_and_a_note_for_those_who_want(any_office: Office) -> None:
    office = any_office
    lead = await claimed_by_maya(office)
    await office.presses("maya", "Log", lead)
    await office.screen_of("maya", says="How did it go?")

    await office.logs_on_screen("maya", "Connected", note="Wants to move by June")

    await office.thread_says(lead, "Maya Torres: Connected.")
    assert await stage_of(office, lead) == "contacted"
    assert await office.has_no_screen("maya")
    assert office.services is not None
    [body] = await office.services.store.read(lambda session: session.exec(select(Event.body).where(Event.kind == "logged")).all())
    assert "Wants to move by June" in (body or "")
    assert "June" not in f"{await office.thread_of(lead)}"  # the channel may be wider than the team


async def test_the_clock_stands_still_once_a_call_is_logged(office: Office) -> None:
    lead = await claimed_by_maya(office)
    await office.logs("maya", lead, "No answer")
    await office.thread_says(lead, "Maya Torres: No answer.")

    await office.skip(minutes=40)

    await office.until(office.nothing_is_owed, "everything shown")
    await office.card_of(lead, says="Maya Torres has it")
    assert "waits for your call" not in f"{await office.direct_messages('maya')}"


async def test_a_lead_that_was_given_back_meanwhile_is_not_logged_and_the_screen_says_so(office: Office) -> None:
    lead = await claimed_by_maya(office)
    await office.presses("maya", "Log", lead)
    await office.screen_of("maya", says="How did it go?")
    await office.presses("maya", "Give back", lead)
    await office.presses("luis", "Claim", lead)
    await office.card_of(lead, says="Luis Ortega has it")

    await office.logs_on_screen("maya", "Connected")

    await office.screen_of("maya", says="#1001 is with Luis Ortega, so I did not change it.")
    assert await stage_of(office, lead) == "new"


async def test_a_free_lead_is_claimed_first(office: Office) -> None:
    lead = await claimed_by_maya(office)
    await office.presses("maya", "Log", lead)
    await office.screen_of("maya", says="How did it go?")
    await office.presses("maya", "Give back", lead)
    await office.card_of(lead, says="callable till")

    await office.logs_on_screen("maya", "Connected")

    await office.screen_of("maya", says="#1001 is free. Claim it first.")


async def stage_of(office: Office, lead: int) -> str:
    assert office.services is not None
    record = await office.services.store.read(lead_record, lead)
    assert record is not None
    return str(record["stage"])


async def test_a_call_that_is_logged_seconds_after_the_claim_is_shown_to_the_team_lead_alone(any_office: Office) -> None:
    office = any_office
    lead = await claimed_by_maya(office)

    await office.logs("maya", lead, "Connected")

    told = await office.told("tess", f"Maya Torres logged #{lead}")
    assert re.search(r"\d+ seconds? after claiming it: worth a look", words(told))
    assert buttons(told) == ["Open"]
    await office.until(office.nothing_is_owed, "everything shown")
    everywhere = [*await office.direct_messages("maya"), *await office.direct_messages("sam"), *await office.thread_of(lead)]
    assert "worth a look" not in f"{everywhere}"


async def test_a_call_that_is_logged_after_a_while_is_nobody_s_business(office: Office) -> None:
    lead = await claimed_by_maya(office)
    await office.skip(seconds=25)

    await office.logs("maya", lead, "Connected")

    await office.thread_says(lead, "Maya Torres: Connected.")
    await office.until(office.nothing_is_owed, "everything shown")
    assert "logged" not in f"{await office.direct_messages('tess')}"

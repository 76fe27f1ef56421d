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


async def test_log_of_a_free_lead_says_so_before_the_screen_and_the_button_claims_it(any_office: Office) -> None:
    office = any_office
    lead = await office.lead_arrives()

    await office.types("maya", f"/log {lead}")

    await office.hears("maya", f"#{lead} is free. Claim it first.")
    assert await office.has_no_screen("maya")
    [asked] = [each for each in await office.messages() if "Claim it first" in f"{each}"]
    await office.presses_on(asked, "maya", "Claim")
    await office.card_of(lead, says="Maya Torres has it")


async def test_log_below_an_old_message_of_a_lead_that_was_given_back_opens_no_screen(office: Office) -> None:
    lead = await claimed_by_maya(office)
    yours = await office.told("maya", f"Yours: #{lead}")
    await office.presses("maya", "Give back", lead)
    await office.card_of(lead, says="callable till")

    await office.presses_on(yours, "maya", "Log")

    await office.hears("maya", f"#{lead} is free. Claim it first.")
    assert await office.has_no_screen("maya")


async def test_what_was_typed_stands_on_the_screen_once_the_lead_is_free_and_is_saved_after_claim(any_office: Office) -> None:
    office = any_office
    lead = await claimed_by_maya(office)
    await office.presses("maya", "Log", lead)
    await office.screen_of("maya", says="How did it go?")
    await office.presses("maya", "Give back", lead)
    await office.card_of(lead, says="callable till")

    await office.logs_on_screen("maya", "Connected", note="Wants to move by June")
    await office.screen_of("maya", says=f"#{lead} is free. Claim it first.")
    assert "Wants to move by June" in f"{await office.see('views/U0MAYA')}"
    await office.presses_on_screen("maya", "Claim")
    await office.screen_of("maya", says=f"#{lead} is yours")
    assert "Wants to move by June" in f"{await office.see('views/U0MAYA')}"
    await office.logs_on_screen("maya", "Connected", note="Wants to move by June")

    await office.thread_says(lead, "Maya Torres: Connected.")


@pytest.mark.parametrize("line", ["/log {}", "/stage {}", "/lead note {}", "/lead later {}", "/lead remind {}"])
async def test_no_screen_opens_about_a_lead_that_is_somebody_elses(office: Office, line: str) -> None:
    lead = await claimed_by_maya(office)

    await office.types("luis", line.format(lead))

    await office.hears("luis", f"#{lead} is with Maya Torres, so I did not change it.")
    assert await office.has_no_screen("luis")


async def test_no_claim_is_offered_to_who_may_not_claim(office: Office) -> None:
    lead = await office.lead_arrives()

    await office.types("cora", f"/log {lead}")

    assert "Claim" not in await office.hears("cora", "As compliance you cannot do this.")


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

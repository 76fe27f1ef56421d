"""An officer puts a lead off, is reminded, and comes back: in the zone of the team, and inside the borrower's hours."""

from datetime import datetime, time

import pytest

from bot.store.outbound import Reminder
from tests.doubles.office import AUSTIN, Office, tuesday
from tests.doubles.shown import buttons


async def tried_by_maya(office: Office) -> int:
    """A lead of Maya's whose borrower she spoke to."""
    lead = await office.lead_arrives()
    await office.presses("maya", "Claim", lead)
    await office.told("maya", "Yours: #1001")
    await office.logs("maya", lead, "Connected")
    await office.thread_says(lead, "Maya Torres: Connected.")
    return lead


@pytest.mark.parametrize(
    ("choice", "said", "hours"),
    [("In 1 hour", "Tuesday", 1), ("This evening, 6 pm", "6:00 pm CT", 6), ("Tomorrow, 9 am", "Wednesday", 21)],
)
async def test_later_rings_at_the_time_that_took_one_tap(office: Office, choice: str, said: str, hours: int) -> None:
    lead = await tried_by_maya(office)

    await office.presses_in_direct("maya", "Later", lead, choose=choice)

    await office.hears("maya", "#1001: I remind you", said)
    await office.card_of(lead, says="Next touch: ")
    await office.told("maya", "Yours", "Next touch: ")
    await office.skip(hours=hours, minutes=-1)
    await office.until(office.nothing_is_owed, "everything shown")
    assert "come back to" not in f"{await office.direct_messages('maya')}"
    await office.skip(minutes=1)
    rung = await office.told("maya", "You wanted to come back to #1001 Dana R. now.")
    assert buttons(rung) == ["I'm calling", "Text", "Log", "Later"]
    await office.until(office.nothing_is_owed, "everything shown")
    assert "Next touch" not in f"{await office.cards_of(lead)}"


async def test_a_time_is_typed_on_the_screen_with_a_note_and_said_back_in_full(any_office: Office) -> None:
    office = any_office
    lead = await tried_by_maya(office)
    await office.presses_in_direct("maya", "Later", lead, choose="Pick a time")
    await office.screen_of("maya", says="When do you come back to it?")

    await office.fills_in("maya", when="friday 2pm", note="Pay stubs by then")

    said = await office.screen_of("maya", says="#1001: I remind you Friday, ")
    assert "2:00 pm CT" in said
    await office.skip(days=3, hours=2)
    await office.told("maya", "You wanted to come back to #1001 Dana R.: Pay stubs by then")


async def test_a_time_that_cannot_be_read_is_asked_for_again_and_then_taken(office: Office) -> None:
    lead = await tried_by_maya(office)
    await office.presses_in_direct("maya", "Later", lead, choose="Pick a time")
    await office.screen_of("maya", says="When do you come back to it?")

    await office.fills_in("maya", when="when she feels like it")
    assert await office.errors_before("maya") == {
        "when": "I do not find a time ahead in that. These work: tomorrow 9am, friday, in 2 hours, 12/3 2pm."
    }
    await office.fills_in("maya", when="in 2 hours")

    await office.screen_of("maya", says="#1001: I remind you Tuesday, ")


async def test_undo_takes_it_back(office: Office) -> None:
    lead = await tried_by_maya(office)
    await office.presses_in_direct("maya", "Later", lead, choose="In 1 hour")
    await office.hears("maya", "I remind you")
    await office.card_of(lead, says="Next touch: ")

    await office.presses_in_direct("maya", "Undo", lead)

    await office.hears("maya", "Undone. #1001 is as it was before.")
    await office.skip(hours=2)
    await office.until(office.nothing_is_owed, "everything shown")
    assert "come back to" not in f"{await office.direct_messages('maya')}"


async def test_undo_on_the_screen_answers_there(office: Office) -> None:
    lead = await tried_by_maya(office)
    await office.presses_in_direct("maya", "Later", lead, choose="Pick a time")
    await office.screen_of("maya", says="When do you come back to it?")
    await office.fills_in("maya", when="friday")
    await office.screen_of("maya", says="I remind you Friday")

    await office.presses_on_screen("maya", "Undo")

    await office.screen_of("maya", says="Undone. #1001 is as it was before.")


async def test_a_fresh_lead_does_not_sleep_before_the_first_try(office: Office) -> None:
    lead = await office.lead_arrives()
    await office.presses("maya", "Claim", lead)
    await office.told("maya", "Yours: #1001")

    await office.presses_in_direct("maya", "Later", lead, choose="In 1 hour")

    await office.hears("maya", "You have not tried to reach #1001 since it is yours", "Try once and log it")
    await office.skip(minutes=5)
    await office.told("maya", "waits for your call")


async def test_a_screen_of_later_before_the_first_try_keeps_its_note(office: Office) -> None:
    await office.lead_arrives()
    await office.presses("maya", "Claim", 1001)
    await office.told("maya", "Yours: #1001")
    await office.types("maya", "/lead later 1001")
    await office.screen_of("maya", says="When do you come back to it?")

    await office.fills_in("maya", when="tomorrow 9am", note="ask for the W-2")

    assert "You have not tried to reach #1001" in (await office.errors_before("maya"))["when"]


async def test_a_time_outside_the_hours_is_kept_and_the_first_minute_is_one_press_away(office: Office) -> None:
    lead = await tried_by_maya(office)
    await office.types("maya", "/lead later 1001 tomorrow 6am")
    await office.hears("maya", "I remind you Wednesday", "6:00 am CT", "The first minute is Wednesday", "9:00 am CT")

    await office.presses("maya", "Move it there", lead)

    await office.hears("maya", "I remind you Wednesday", "9:00 am CT.")
    await office.skip(hours=20, minutes=59)
    await office.until(office.nothing_is_owed, "everything shown")
    assert "come back to" not in f"{await office.direct_messages('maya')}"
    await office.skip(minutes=1)
    await office.told("maya", "You wanted to come back to #1001")


async def test_a_reminder_is_typed_with_its_note_and_ticked_off(any_office: Office) -> None:
    office = any_office
    lead = await tried_by_maya(office)

    await office.types("maya", "/lead remind 1001 tomorrow 9am check docs")

    await office.hears("maya", "#1001: I remind you Wednesday", "9:00 am CT")
    await office.skip(hours=21)
    rung = await office.told("maya", "You wanted to come back to #1001 Dana R.: check docs")
    assert buttons(rung) == ["I'm calling", "Text", "Log", "Later", "Done"]
    await office.presses_in_direct("maya", "Done", lead)
    await office.told("maya", "#1001: done, thank you.")


async def test_without_a_time_the_command_opens_the_screen(office: Office) -> None:
    await tried_by_maya(office)

    await office.types("maya", "/lead remind 1001")

    await office.screen_of("maya", says="When do you come back to it?")
    await office.fills_in("maya", when="in 2 hours", note="check docs")
    await office.screen_of("maya", says="#1001: I remind you")


async def test_a_command_without_a_time_in_it_says_what_works(office: Office) -> None:
    await tried_by_maya(office)
    await office.types("maya", "/lead later 1001 whenever")
    await office.hears("maya", "I do not find a time ahead in that.", "tomorrow 9am")


async def test_who_does_not_own_it_sets_nothing_and_hears_whose_it_is(office: Office) -> None:
    lead = await tried_by_maya(office)
    await office.types("luis", "/lead remind 1001 in 1 hour")
    await office.hears("luis", "#1001 is with Maya Torres")
    await office.types("cora", "/lead remind 1001 in 1 hour")
    await office.hears("cora", "As compliance you cannot do this.")
    assert "Next touch" not in f"{await office.cards_of(lead)}"


async def test_log_asks_when_a_call_back_is_wanted_and_rings_then(any_office: Office) -> None:
    office = any_office
    lead = await office.lead_arrives()
    await office.presses("maya", "Claim", lead)
    await office.told("maya", "Yours")
    await office.presses("maya", "Log", lead)
    await office.screen_of("maya", says="How did it go?")

    await office.logs_on_screen("maya", "Wants a call back")
    assert list((await office.errors_before("maya")).values()) == [
        "When do they want the call? Choose a time above, or type one such as: tomorrow 9am, friday, in 2 hours."
    ]
    await office.logs_on_screen("maya", "Wants a call back", note="At work until 5", when="This evening, 6 pm")

    await office.screen_of("maya", says="#1001: I remind you Tuesday")
    await office.thread_says(lead, "Maya Torres: Wants a call back.")
    await office.skip(hours=6)
    await office.told("maya", "#1001 Dana R. wants your call back now: At work until 5")


async def test_a_typed_time_on_the_log_screen_counts_and_a_bad_one_is_asked_for_again(office: Office) -> None:
    lead = await tried_by_maya(office)
    await office.presses("maya", "Log", lead)
    await office.screen_of("maya", says="How did it go?")
    await office.logs_on_screen("maya", "Connected", typed="soonish")
    assert "I do not find a time ahead" in (await office.errors_before("maya"))["typed"]

    await office.logs_on_screen("maya", "Connected", typed="tomorrow 10:30", when="In 1 hour")

    assert "10:30 am CT" in await office.screen_of("maya", says="#1001: I remind you Wednesday")


async def test_a_call_back_is_typed_with_its_time(office: Office) -> None:
    lead = await tried_by_maya(office)
    await office.types("maya", "/log 1001 call back when she can")
    await office.hears("maya", "When do they want the call?", "/log 1001 call back tomorrow 9am")
    assert "Wants a call back" not in f"{await office.thread_of(lead)}"

    await office.types("maya", "/log 1001 call back tomorrow 9am at work until then")

    await office.hears("maya", "Logged for #1001: Wants a call back.", "I remind you Wednesday")
    await office.skip(hours=21)
    await office.told("maya", "wants your call back now: at work until then")


async def test_a_lead_put_off_from_its_reminder_keeps_the_note(office: Office) -> None:
    lead = await tried_by_maya(office)
    await office.types("maya", "/lead later 1001 in 1 hour ask about the pay stubs")
    await office.hears("maya", "I remind you")
    await office.skip(hours=1)
    await office.told("maya", "ask about the pay stubs")

    await office.presses_in_direct("maya", "Later", lead, choose="In 1 hour")

    await office.told("maya", "#1001: done, thank you.")
    await office.skip(hours=1)
    await office.told("maya", "You wanted to come back to #1001 Dana R.: ask about the pay stubs")


async def test_who_gave_the_lead_back_is_not_reminded_and_the_next_owner_reads_the_note(office: Office) -> None:
    lead = await tried_by_maya(office)
    await office.types("maya", "/lead later 1001 in 1 hour She is at work until 5")
    await office.card_of(lead, says="Next touch: ")
    await office.presses_in_direct("maya", "Give back", lead)
    await office.presses("luis", "Claim", lead)
    await office.card_of(lead, says="Luis Ortega has it")

    await office.types("luis", "/lead show 1001")
    await office.hears("luis", "Maya Torres", "She is at work until 5")  # the note is there for who owns it now

    await office.skip(hours=1)

    await office.until(office.nothing_is_owed, "everything shown")
    for officer in ("maya", "luis"):
        assert "come back to" not in f"{await office.direct_messages(officer)}"
    assert "Next touch" not in f"{await office.cards_of(lead)}"


async def test_this_evening_is_no_choice_once_it_has_begun(office: Office) -> None:
    lead = await tried_by_maya(office)
    await office.clock_says(time(19))
    await office.presses_in_direct("maya", "Later", lead, choose="This evening, 6 pm")
    await office.hears("maya", "I do not find a time ahead in that.")


async def test_tomorrow_at_nine_is_nine_on_the_clock_when_the_clocks_change_in_between(office: Office) -> None:
    lead = await tried_by_maya(office)
    eve = datetime(2041, 3, 9, 12, tzinfo=AUSTIN)  # a Saturday; that night they go from 2 to 3
    await office.skip(seconds=eve.timestamp() - tuesday(time(12)).timestamp())

    await office.presses_in_direct("maya", "Later", lead, choose="Tomorrow, 9 am")

    await office.hears("maya", "#1001: I remind you Sunday, March 10, 9:00 am CT.")
    await office.skip(hours=19, minutes=58)
    await office.until(office.nothing_is_owed, "everything shown")
    assert "come back to" not in f"{await office.direct_messages('maya')}"
    await office.skip(minutes=2)
    await office.told("maya", "You wanted to come back to #1001")


async def test_the_same_reminder_typed_twice_stands_once(any_office: Office) -> None:
    office = any_office
    lead = await tried_by_maya(office)
    await office.types("maya", f"/lead remind {lead} tomorrow 9am check docs")
    await office.hears("maya", f"#{lead}: I remind you")

    await office.types("maya", f"/lead remind {lead} tomorrow 9am check docs")
    await office.hears("maya", f"#{lead}: that reminder stands already, for ")

    assert sum(each.kind == "remind" for each in office.all(Reminder)) == 1

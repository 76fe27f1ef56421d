"""Somebody of ours is called about a lead: once, only while it waits, and a press of 1 claims it as the button does."""

from typing import Any

import pytest

from bot.calls.on_the_line import Asks, Says, Spoken
from bot.config import Config
from bot.outreach.network import KnownCall
from bot.speed_to_lead.paged import take_lead, tell_of_lead
from bot.speed_to_lead.paging import CALLS_AN_HOUR
from bot.store.calls import Call, calls_of, keep_call, owed_calls
from bot.store.people import Officer
from tests.doubles.branch import Branch
from tests.doubles.calls import SID, Calls
from tests.doubles.parallel import in_parallel
from tests.store.test_escalation_steps import follows, minutes_pass


@pytest.fixture
def calls(branch: Branch) -> Calls:
    return Calls(branch)


def waits(calls: Calls, example: Config, whom: str = "maya", **policy: Any) -> int:
    """A lead that nobody takes, about which somebody is to be called after two minutes."""
    written = policy or {"unclaimed": [{"after": 2, "do": "call", "whom": whom}], "repeat_every": 600}
    follows(calls.branch, example, **written)
    lead = calls.branch.new_lead()
    minutes_pass(calls.branch, 3)
    return lead


def the_call(calls: Calls) -> int:
    [call] = calls.branch.all(Call)
    assert call.id is not None
    return call.id


def rings(calls: Calls) -> int:
    call_id = the_call(calls)
    calls.answers(calls.placing(call_id), KnownCall(SID, None))
    return call_id


def hears(calls: Calls, call_id: int, sid: str = SID) -> Spoken:
    return calls.store.transact_now(tell_of_lead, call_id, sid, "twilio", calls.now, "salt")


def takes(calls: Calls, call_id: int, sid: str = SID) -> Spoken:
    return calls.store.transact_now(take_lead, call_id, sid, "twilio", calls.now, "salt")[0]


def test_a_step_calls_whom_it_names_once_beside_the_message(calls: Calls, example: Config) -> None:
    lead = waits(calls, example)
    calls.branch.escalate()

    call_id = the_call(calls)
    assert calls.store.transact_now(owed_calls, calls.now) == [call_id]
    assert calls.branch.told(lead) == [("unclaimed", ["maya"])]
    placing = calls.placing(call_id)
    assert (placing.to, placing.door) == ("+15125550101", "paged")
    assert calls.begin(call_id) is None


def test_of_all_workers_one_rings_the_phone(calls: Calls, example: Config) -> None:
    waits(calls, example)
    call_id = the_call(calls)

    assert sum(each is not None for each in in_parallel([lambda: calls.begin(call_id)] * 4)) == 1


def test_whoever_may_take_it_hears_of_the_lead_and_of_no_borrower_and_takes_it(calls: Calls, example: Config) -> None:
    lead = waits(calls, example)
    call_id = rings(calls)

    heard = hears(calls, call_id)

    number = " ".join(str(lead))
    assert heard == Asks(
        f"Lead {number}, purchase in Texas, grade D, has waited 2 minutes and nobody has taken it. Press 1 to take it.", "en"
    )
    yours = Says(f"Lead {number} is yours. Its name and number are in your chat.", "en")
    assert [takes(calls, call_id) for _ in range(2)] == [yours] * 2  # the network asks again where our answer was lost
    assert calls.branch.view(lead).owner_name == "Maya Torres"
    assert [event.kind for event in calls.branch.events(lead)].count("claimed") == 1
    calls.over(call_id)
    assert calls.stand(call_id) == ("over", "connected")


def test_a_lead_that_was_claimed_meanwhile_rings_no_phone(calls: Calls, example: Config) -> None:
    lead = waits(calls, example)
    calls.branch.claim("luis", lead)

    assert calls.begin(the_call(calls)) is None
    assert calls.stand(the_call(calls)) == ("over", "refused")


def test_a_lead_that_was_claimed_while_the_phone_rang_waits_no_more(calls: Calls, example: Config) -> None:
    lead = waits(calls, example)
    call_id = rings(calls)
    calls.branch.claim("luis", lead)

    assert hears(calls, call_id) == Says(f"Lead {' '.join(str(lead))} waits no more. You have nothing to do.", "en")
    heard = takes(calls, call_id)
    assert isinstance(heard, Says) and heard.words.startswith("Luis Ortega was quicker")
    assert calls.branch.view(lead).owner_name == "Luis Ortega"


def test_of_a_press_on_the_phone_and_a_button_one_wins(calls: Calls, example: Config) -> None:
    lead = waits(calls, example)
    call_id = rings(calls)

    in_parallel([lambda: takes(calls, call_id), lambda: calls.branch.claim("luis", lead)])

    assert [event.kind for event in calls.branch.events(lead)].count("claimed") == 1


def test_who_may_not_take_it_is_asked_for_no_press_and_claims_nothing(calls: Calls, example: Config) -> None:
    lead = waits(calls, example)
    call_id = rings(calls)
    calls.branch.set(Officer, calls.branch.officer_id("maya"), licenses={})

    heard = hears(calls, call_id)

    assert isinstance(heard, Says) and heard.words.endswith("nobody has taken it. Ask somebody to take it.")
    refused = takes(calls, call_id)
    assert isinstance(refused, Says) and "You may not take lead" in refused.words
    assert calls.branch.view(lead).owner_id is None


def test_another_call_of_the_networks_hears_and_claims_nothing(calls: Calls, example: Config) -> None:
    lead = waits(calls, example)
    call_id = rings(calls)

    assert hears(calls, call_id, "CA-of-another") == takes(calls, call_id, "CA-of-another") == Says("", "en")
    assert calls.branch.view(lead).owner_id is None


def test_a_call_to_a_borrower_claims_nothing_here_and_this_one_connects_nobody(calls: Calls, example: Config) -> None:
    waits(calls, example)
    call_id = rings(calls)
    assert calls.whispers(call_id) == calls.presses_one(call_id) == Says("", "en")

    other = calls.asked(calls.lead(phone="(512) 555-0144", first_name="Eve"))
    assert hears(calls, other, "CA9") == takes(calls, other, "CA9") == Says("", "en")


def test_nobody_pressed_one(calls: Calls, example: Config) -> None:
    waits(calls, example)
    call_id = rings(calls)
    hears(calls, call_id)

    calls.over(call_id)

    assert calls.stand(call_id) == ("over", "not_taken")


def test_while_a_lead_is_not_called_a_press_claims_nothing(calls: Calls, example: Config) -> None:
    steps = [{"after": 2, "do": "call", "whom": "tess"}, {"after": 9, "do": "take_back"}]
    follows(calls.branch, example, uncontacted=steps)
    lead = calls.branch.new_lead()
    calls.branch.claim("maya", lead)
    minutes_pass(calls.branch, 3)

    heard = hears(calls, rings(calls))

    assert heard == Says(
        f"Maya Torres has lead {' '.join(str(lead))}, purchase in Texas, grade D, and has not called its borrower in 2 minutes. "
        "Open your chat, and ask somebody to call.",
        "en",
    )


def test_who_called_the_borrower_meanwhile_is_not_called(calls: Calls, example: Config) -> None:
    steps = [{"after": 2, "do": "call", "whom": "owner"}, {"after": 9, "do": "take_back"}]
    follows(calls.branch, example, uncontacted=steps)
    lead = calls.branch.new_lead()
    calls.branch.claim("maya", lead)
    minutes_pass(calls.branch, 3)
    assert "is yours and nobody has called its borrower in 2 minutes" in calls.branch.all(Call)[0].words
    calls.branch.logs("maya", lead, "no_answer")

    assert calls.begin(the_call(calls)) is None


@pytest.mark.parametrize("changed", [{"phone": None}, {"active": False}], ids=str)
def test_who_left_or_has_no_phone_is_not_called(calls: Calls, example: Config, changed: dict[str, Any]) -> None:
    follows(calls.branch, example, unclaimed=[{"after": 2, "do": "call", "whom": "maya"}], repeat_every=600)
    calls.branch.set(Officer, calls.branch.officer_id("maya"), **changed)
    calls.branch.new_lead()
    minutes_pass(calls.branch, 3)

    assert calls.branch.all(Call) == []


@pytest.mark.fault(92)
def test_one_person_gets_so_many_calls_an_hour(calls: Calls, example: Config) -> None:
    maya, now = calls.branch.officer_id("maya"), calls.now
    for _ in range(CALLS_AN_HOUR):
        calls.store.transact_now(keep_call, "paging", {"officer_id": maya, "created_at": now, "due_at": now, "status": "over"})

    waits(calls, example)

    assert len(calls.branch.all(Call)) == CALLS_AN_HOUR


def test_such_calls_are_none_with_the_borrower(calls: Calls, example: Config) -> None:
    lead = waits(calls, example)

    assert calls.store.transact_now(calls_of, lead, 10) == ()


def test_an_officer_who_speaks_spanish_hears_spanish(calls: Calls, example: Config) -> None:
    calls.branch.set(Officer, calls.branch.officer_id("maya"), language="es")
    lead = waits(calls, example)
    calls.branch.set(Officer, calls.branch.officer_id("maya"), language="es")

    heard = hears(calls, rings(calls))

    assert heard.words.endswith("y nadie lo ha tomado. Marca 1 para tomarlo.") and heard.language == "es"  # type: ignore[union-attr]
    assert f"El lead {' '.join(str(lead))}," in heard.words  # type: ignore[union-attr]

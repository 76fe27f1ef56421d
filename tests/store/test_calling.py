"""A call is asked for once, decided again before the borrower's phone rings, and ends as the network's word says, in whatever order."""

from itertools import permutations

import pytest

from bot.calls.calling import CannotCall, Ringing
from bot.calls.on_the_line import Connects, Says
from bot.leads.working import LoggedCall, NotYourLead
from bot.outreach.network import KnownCall, NeverSent, Nobody, NotNow
from bot.rules.roles import may
from bot.store.calls import Call, owed_calls
from bot.store.clocks import UNCONTACTED, clocks_of
from bot.store.events import Event
from bot.store.leads import Lead
from bot.store.people import Officer
from bot.store.suppressions import suppress_phones
from tests.doubles.branch import Branch
from tests.doubles.calls import LEG, SID, Calls
from tests.doubles.parallel import in_parallel
from tests.store.test_permissions import ROLES


@pytest.fixture
def calls(branch: Branch) -> Calls:
    return Calls(branch)


def test_of_all_workers_one_places_a_call(calls: Calls) -> None:
    call_id = calls.asked(calls.lead())

    placed = [each for each in in_parallel([lambda: calls.begin(call_id)] * 4) if each is not None]

    assert len(placed) == 1 and placed[0].to == "+15125550101"


def test_the_same_press_and_one_more_ring_once(calls: Calls) -> None:
    lead = calls.lead()
    by = calls.branch.press("maya", lead)

    outcomes = [calls.asks(lead, by=by), calls.asks(lead, by=by), calls.asks(lead)]

    assert [outcome for outcome, _ in outcomes] == [Ringing(lead, "01")] * 3
    assert len(calls.branch.all(Call)) == 1


@pytest.mark.parametrize("role", ROLES)
def test_a_call_is_asked_for_by_the_roles_that_may_work(calls: Calls, role: str) -> None:
    lead = calls.lead()
    calls.branch.set(Officer, calls.branch.officer_id("maya"), role=role)

    outcome, call_id = calls.asks(lead)

    assert isinstance(outcome, Ringing) is may(role, "work")  # type: ignore[arg-type]
    assert (call_id is not None) is may(role, "work")  # type: ignore[arg-type]


def test_who_left_or_lost_the_role_meanwhile_is_not_connected(calls: Calls) -> None:
    call_id = calls.ringing(calls.lead())
    calls.branch.set(Officer, calls.branch.officer_id("maya"), role="compliance")

    assert isinstance(calls.presses_one(call_id), Says)
    assert calls.stand(call_id) == ("over", "refused")


def test_each_reason_why_no_phone_rings_is_told(calls: Calls) -> None:
    branch, lead = calls.branch, calls.lead()

    assert calls.asks(lead, "luis")[0] == NotYourLead(lead, "Maya Torres")
    assert calls.asks(lead, on=False)[0] == CannotCall(lead, "calls_are_off")
    branch.set(Officer, branch.officer_id("maya"), phone=None)
    assert calls.asks(lead)[0] == CannotCall(lead, "no_phone_of_yours")
    branch.set(Officer, branch.officer_id("maya"), phone="(512) 555-0101")
    branch.store.transact_now(suppress_phones, lead, "do_not_call", branch.clock.now())
    assert calls.asks(lead)[0] == CannotCall(lead, "may_not_be_called")
    by_email = branch.new_lead(phone=None, email="bo@example.com", first_name="Bo")
    branch.claim("maya", by_email)
    assert calls.asks(by_email)[0] == CannotCall(by_email, "no_phone")
    assert branch.all(Call) == []


def test_do_not_call_before_the_press_of_one_is_heard(calls: Calls) -> None:
    lead = calls.lead()
    call_id = calls.ringing(lead)
    calls.branch.store.transact_now(suppress_phones, lead, "do_not_call", calls.now)

    assert isinstance(calls.presses_one(call_id), Says)
    assert calls.stand(call_id) == ("over", "refused") and calls.tries(lead) == []


def test_a_press_that_the_network_brings_twice_gets_the_same_answer_and_is_one_try(calls: Calls) -> None:
    lead = calls.lead()
    call_id = calls.ringing(lead)

    assert [calls.presses_one(call_id) for _ in range(2)] == [Connects("+15125550100")] * 2
    assert [event.kind for event in calls.branch.events(lead)].count("called") == 1


def test_another_call_of_the_networks_gets_nothing(calls: Calls) -> None:
    lead = calls.lead()
    call_id = calls.ringing(lead)

    assert calls.presses_one(call_id, "CA-of-another") == Says("", "en")
    calls.over(call_id, "CA-of-another")
    assert calls.stand(call_id) == ("ringing", None)


def test_our_door_may_be_asked_before_the_network_answers(calls: Calls) -> None:
    lead = calls.lead()
    call_id = calls.asked(lead)
    placing = calls.placing(call_id)

    calls.whispers(call_id)
    assert isinstance(calls.presses_one(call_id), Connects)
    calls.answers(placing, KnownCall(SID, None))

    assert calls.stand(call_id) == ("dialed", None)


@pytest.mark.parametrize("answered", [True, False])
def test_what_the_network_tells_in_any_order_comes_to_the_same(calls: Calls, answered: bool) -> None:
    for number, order in enumerate(permutations(["answered", "leg", "leg", "over"])):
        lead = calls.lead(phone=f"(512) 555-{number + 1000}", first_name=f"D{number}")
        call_id = calls.dialed(lead, f"CA-{number}")
        for what in order:
            if what == "answered" and answered:
                calls.leg(call_id, leg=f"leg-{number}")
            elif what == "leg":
                calls.leg(call_id, "connected" if answered else "no_answer", 30 if answered else None, f"leg-{number}")
            elif what == "over":
                calls.over(call_id, f"CA-{number}")
        assert calls.stand(call_id) == ("over", "connected" if answered else "no_answer"), order
        assert calls.tries(lead) == [("connected" if answered else "no_answer", True)], order
        assert not clocks_of_lead(calls, lead)


def clocks_of_lead(calls: Calls, lead: int) -> bool:
    """Whether the owner's clock runs."""
    clock = calls.store.transact_now(clocks_of, lead)[UNCONTACTED]
    return clock.runs


def test_while_the_borrowers_phone_rings_the_owner_keeps_the_lead(calls: Calls) -> None:
    lead = calls.lead()
    calls.branch.passes(minutes=14, seconds=50)
    calls.dialed(lead)

    calls.branch.passes(seconds=30)

    assert next(each.owner_id for each in calls.branch.all(Lead) if each.id == lead) is not None


def test_a_call_that_failed_is_no_try_and_the_clock_goes_on(calls: Calls) -> None:
    lead = calls.lead()
    call_id = calls.dialed(lead)

    calls.leg(call_id, "failed")

    assert calls.tries(lead) == [] and clocks_of_lead(calls, lead)
    calls.branch.escalate()  # how it went is asked at once
    calls.branch.passes(minutes=6)
    assert next(each.owner_id for each in calls.branch.all(Lead) if each.id == lead) is None


def test_what_left_no_word_is_asked_for_in_the_networks_books(calls: Calls) -> None:
    lead = calls.lead()
    call_id = calls.dialed(lead)
    calls.over(call_id)
    assert calls.asks_network(call_id) is None  # its other end may still be told of
    calls.time_is_over(call_id)
    assert calls.store.transact_now(owed_calls, calls.now) == [call_id]

    assert calls.asks_network(call_id) is not None
    calls.stands(call_id, KnownCall(SID, "connected", 40), [KnownCall(LEG, "busy")])

    assert calls.stand(call_id) == ("over", "busy") and calls.tries(lead) == [("busy", True)]


def test_a_call_that_goes_on_is_asked_about_again(calls: Calls) -> None:
    call_id = calls.dialed(calls.lead())
    calls.leg(call_id)
    calls.time_is_over(call_id)

    assert calls.asks_network(call_id) is not None
    calls.stands(call_id, KnownCall(SID, None), [])

    assert calls.stand(call_id) == ("talking", None)


@pytest.mark.parametrize(("answered", "outcome"), [(True, "connected"), (False, "unknown")])
def test_a_call_that_the_network_has_no_more_is_over(calls: Calls, answered: bool, outcome: str) -> None:
    call_id = calls.dialed(calls.lead())
    if answered:
        calls.leg(call_id)
    calls.time_is_over(call_id)
    assert calls.asks_network(call_id) is not None

    calls.is_gone(call_id)

    assert calls.stand(call_id) == ("over", outcome)
    calls.time_is_over(call_id)
    assert calls.store.transact_now(owed_calls, calls.now) == []


def test_a_lost_answer_is_asked_about_and_never_placed_again(calls: Calls) -> None:
    call_id = calls.asked(calls.lead())
    calls.answers(calls.placing(call_id), Nobody())

    assert calls.begin(call_id) is None
    for _ in range(4):
        calls.time_is_over(call_id)
        assert calls.asks_network(call_id) is not None
        calls.rung(call_id, [])

    assert calls.stand(call_id) == ("over", "unknown")


def test_a_lost_answer_is_found_in_the_networks_books(calls: Calls) -> None:
    other = calls.ringing(calls.lead(), "CA-other")
    call_id = calls.asked(calls.lead(phone="(512) 555-0144", first_name="Eve"))
    calls.placing(call_id)
    calls.time_is_over(call_id)  # whoever placed it died

    assert calls.asks_network(call_id) is not None
    calls.rung(call_id, [KnownCall("CA-other", None), KnownCall(SID, None)])

    assert calls.row(call_id).provider_id == SID and calls.row(other).provider_id == "CA-other"
    assert calls.stand(call_id) == ("ringing", None)


def test_a_busy_network_is_tried_again_within_the_minute_and_no_later(calls: Calls) -> None:
    call_id = calls.asked(calls.lead())
    calls.answers(calls.placing(call_id), NotNow())
    assert calls.stand(call_id) == ("queued", None)
    calls.time_is_over(call_id)
    calls.answers(calls.placing(call_id), NotNow())

    calls.branch.clock.skip(minutes=1)
    calls.time_is_over(call_id)

    assert calls.begin(call_id) is None and calls.stand(call_id) == ("over", "failed")


def test_a_refused_request_calls_nobody(calls: Calls) -> None:
    call_id = calls.asked(calls.lead())
    calls.answers(calls.placing(call_id), NeverSent(21210))

    assert calls.stand(call_id) == ("over", "failed")
    assert [event.meta["outcome"] for event in calls.branch.all(Event) if event.kind == "call_over"] == ["failed"]


def test_what_is_logged_after_a_call_is_about_it_and_the_next_one_is_a_try_of_its_own(calls: Calls) -> None:
    lead = calls.lead()
    call_id = calls.dialed(lead)
    calls.leg(call_id)
    calls.leg(call_id, "connected", 60)

    logged = calls.branch.logs("maya", lead, "left_voicemail")
    calls.branch.clock.skip(hours=1)
    calls.branch.logs("maya", lead, "no_answer")

    assert isinstance(logged, LoggedCall)
    assert calls.tries(lead) == [("left_voicemail", True), ("no_answer", False)]

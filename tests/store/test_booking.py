"""A call that the borrower of a free lead was promised: kept by whoever comes to have the lead, forgotten once its time came."""

from datetime import timedelta

import pytest

from bot.distribution.booking import HasOwner, NobodyCallsThen, TimeBooked, book_lead
from bot.distribution.claiming import Claimed
from bot.leads.staging import stage_lead
from bot.store.clocks import UNCLAIMED, UNCONTACTED, Clock
from bot.store.outbound import Reminder
from tests.conftest import NOON
from tests.doubles.branch import Branch
from tests.doubles.parallel import in_parallel

IN_TWO_HOURS = NOON + timedelta(hours=2)


def booked(branch: Branch) -> int:
    lead = branch.new_lead()
    branch.escalate()
    outcome = branch.store.transact_now(book_lead, branch.press("sam", lead), IN_TWO_HOURS)[0]
    assert isinstance(outcome, TimeBooked)
    return lead


def clock(branch: Branch, kind: str) -> Clock:
    [found] = [each for each in branch.all(Clock) if each.kind == kind]
    return found


def test_no_step_is_taken_until_then_and_then_the_first_one(branch: Branch) -> None:
    lead = booked(branch)
    before = branch.told(lead)
    branch.passes(hours=1, minutes=59)
    assert branch.told(lead) == before

    branch.passes(minutes=1)

    assert [kind for kind, _ in branch.told(lead)[len(before) :]] == ["ring", "booked_now"]
    branch.passes(minutes=2)
    assert branch.told(lead)[-1][0] == "ring"


def test_after_a_downtime_over_its_time_who_promised_hears_of_it_once(branch: Branch) -> None:
    lead = booked(branch)
    before = len(branch.told(lead))

    branch.passes(hours=4)

    assert [kind for kind, told in branch.told(lead)[before:] if "manager" in told] == ["unclaimed"]


def test_who_claims_it_before_has_a_reminder_and_until_then_to_call(branch: Branch) -> None:
    lead = booked(branch)

    assert isinstance(branch.claim("maya", lead), Claimed)

    [reminder] = branch.all(Reminder)
    assert (reminder.officer_id, reminder.kind, reminder.at) == (branch.officer_id("maya"), "call_back", IN_TWO_HOURS)
    assert clock(branch, UNCONTACTED).started_at == IN_TWO_HOURS
    assert clock(branch, UNCLAIMED).due_at is None


def test_given_back_before_it_stands_and_the_next_owner_keeps_it_once(branch: Branch) -> None:
    lead = booked(branch)
    branch.claim("maya", lead)
    branch.give_back("maya", lead)
    assert branch.view(lead).booked_for == IN_TWO_HOURS

    branch.claim("luis", lead)

    waiting = [each for each in branch.all(Reminder) if each.due_at is not None and each.officer_id == branch.officer_id("luis")]
    assert [each.at for each in waiting] == [IN_TWO_HOURS]


def test_claimed_after_its_time_nothing_of_it_is_left(branch: Branch) -> None:
    lead = booked(branch)
    branch.passes(hours=2, minutes=1)

    branch.claim("maya", lead)

    assert branch.all(Reminder) == []
    assert branch.view(lead).booked_for is None
    assert clock(branch, UNCONTACTED).started_at == branch.clock.now()


def test_booked_again_it_is_the_later_time_and_undone_the_earlier_one(branch: Branch) -> None:
    lead = booked(branch)
    again = branch.store.transact_now(book_lead, branch.press("sam", lead), NOON + timedelta(hours=5))[0]
    assert isinstance(again, TimeBooked)

    assert branch.undoes("sam", lead, again.seq).kind == "undone"

    assert branch.view(lead).booked_for == IN_TWO_HOURS
    assert clock(branch, UNCLAIMED).due_at == IN_TWO_HOURS


def test_a_lead_that_slept_sleeps_on_when_its_booking_is_undone(branch: Branch) -> None:
    lead = branch.new_lead()
    branch.store.transact_now(stage_lead, branch.press("tess", lead), "nurture", False, None)
    outcome = branch.store.transact_now(book_lead, branch.press("tess", lead), IN_TWO_HOURS)[0]
    assert isinstance(outcome, TimeBooked)
    assert clock(branch, UNCLAIMED).due_at == IN_TWO_HOURS

    branch.undoes("tess", lead, outcome.seq)

    assert clock(branch, UNCLAIMED).due_at is None


@pytest.mark.parametrize("first", ["claim", "book"])
def test_a_claim_and_a_booking_at_once_both_find_what_the_other_did(branch: Branch, first: str) -> None:
    lead = branch.new_lead()
    press = branch.press("tess", lead)
    calls = [lambda: branch.claim("maya", lead), lambda: branch.store.transact_now(book_lead, press, IN_TWO_HOURS)[0]]

    outcomes = in_parallel(calls if first == "claim" else calls[::-1])

    assert any(isinstance(each, Claimed) for each in outcomes)
    assert any(isinstance(each, TimeBooked | HasOwner) for each in outcomes)
    assert clock(branch, UNCLAIMED).due_at is None


def test_a_time_outside_the_hours_is_refused_with_the_next_one(branch: Branch) -> None:
    lead = branch.new_lead()

    outcome = branch.store.transact_now(book_lead, branch.press("tess", lead), NOON.replace(hour=4) + timedelta(days=1))[0]

    assert isinstance(outcome, NobodyCallsThen)
    assert outcome.opens_at is not None
    assert branch.view(lead).booked_for is None

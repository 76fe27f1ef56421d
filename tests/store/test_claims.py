"""Of all who claim a lead one wins, within license, cap and duty as they are at that moment; the owner may give it back."""

from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from bot.distribution.claiming import AlreadyYours, Claimed, Ended, GaveBack, NotEligible, NotYours, TooLate
from bot.leads.press import NoSuchLead
from bot.rules.eligibility import Reason, Refusal
from bot.store.events import Event, broken_links
from bot.store.leads import Lead
from bot.store.people import Officer
from bot.store.seen import Seen
from tests.doubles.branch import Branch
from tests.doubles.counts import leads_per_stage
from tests.doubles.parallel import in_parallel


def kinds(branch: Branch, lead: int) -> list[str]:
    """The lead's timeline."""
    return [event.kind for event in branch.all(Event) if event.stream == lead]


def test_of_a_hundred_claims_at_once_one_wins_and_the_others_hear_who_was_quicker(branch: Branch) -> None:
    lead = branch.new_lead()
    outcomes = in_parallel([partial(branch.claim, officer, lead) for officer in ("maya", "luis", "priya", "tess") for _ in range(25)])
    (won,) = [outcome for outcome in outcomes if isinstance(outcome, Claimed)]
    assert won == Claimed(lead, 0.0)
    owner = branch.view(lead).owner_name
    assert owner is not None
    assert outcomes.count(AlreadyYours(lead)) == 24
    assert outcomes.count(TooLate(lead, owner, 0.0)) == 75
    assert kinds(branch, lead) == ["arrived", "claimed"]
    assert [posting.topic for posting in branch.postings("notice", lead)] == ["yours"]


def test_a_second_officer_hears_who_was_quicker_and_by_how_much(branch: Branch) -> None:
    lead = branch.new_lead()
    branch.clock.skip(seconds=9)
    assert branch.claim("maya", lead) == Claimed(lead, 9.0)
    branch.clock.skip(seconds=2.5)
    assert branch.claim("luis", lead) == TooLate(lead, "Maya Torres", 2.5)


def test_a_press_that_is_delivered_again_gets_its_first_answer_and_changes_nothing(branch: Branch) -> None:
    lead = branch.new_lead()
    won = branch.claim("maya", lead, "one press")
    branch.clock.skip(minutes=5)
    assert branch.claim("maya", lead, "one press") == won
    assert kinds(branch, lead) == ["arrived", "claimed"]


@pytest.mark.fault(16)
def test_one_press_delivered_fifty_times_at_once_gets_one_answer_and_one_event(branch: Branch) -> None:
    lead = branch.new_lead()
    outcomes = in_parallel([partial(branch.claim, "maya", lead, "one press")] * 50)
    assert outcomes == [Claimed(lead, 0.0)] * 50
    assert kinds(branch, lead) == ["arrived", "claimed"]
    assert branch.count(Seen) == 1


def test_with_a_cap_of_one_two_claims_at_once_give_one_lead(branch: Branch) -> None:
    branch.set(Officer, branch.officer_id("maya"), daily_cap=1)
    leads = [branch.new_lead(phone=f"(512) 555-01{number:02}") for number in range(10)]
    outcomes = in_parallel([partial(branch.claim, "maya", lead) for lead in leads])
    assert sum(isinstance(outcome, Claimed) for outcome in outcomes) == 1
    assert {outcome.because for outcome in outcomes if isinstance(outcome, NotEligible)} == {Refusal(Reason.OVER_CAP, cap=1, count=1)}


def test_the_cap_counts_the_day_of_the_team(branch: Branch) -> None:
    branch.set(Officer, branch.officer_id("maya"), daily_cap=1)
    first, second, third = (branch.new_lead(phone=f"(512) 555-010{number}") for number in range(3))
    assert isinstance(branch.claim("maya", first), Claimed)
    branch.clock.skip(hours=11, minutes=59)  # a minute to midnight in Austin, already tomorrow in UTC
    assert isinstance(branch.claim("maya", second), NotEligible)
    branch.clock.skip(minutes=1)
    assert isinstance(branch.claim("maya", third), Claimed)


def test_a_lead_given_back_still_counts_for_the_cap(branch: Branch) -> None:
    branch.set(Officer, branch.officer_id("maya"), daily_cap=1)
    first, second = branch.new_lead(), branch.new_lead(phone="(512) 555-0111")
    branch.claim("maya", first)
    branch.give_back("maya", first)
    assert isinstance(branch.claim("maya", second), NotEligible)


@pytest.mark.parametrize(
    ("officer", "changed", "reason"),
    [
        ("omar", {}, Reason.NOT_LICENSED),
        ("maya", {"licenses": {"TX": "2026-11-23"}}, Reason.LICENSE_EXPIRED),
        ("maya", {"daily_cap": 0}, Reason.OVER_CAP),
        ("maya", {"off_until": timedelta(hours=1)}, Reason.OFF_DUTY),
        ("maya", {"active": False}, Reason.INACTIVE),
        ("maya", {"purposes": ["refinance"]}, Reason.PURPOSE_NOT_OFFERED),
        ("cora", {}, Reason.ROLE_MAY_NOT_CLAIM),
    ],
)
def test_who_may_not_take_it_is_told_why_and_the_lead_stays_free(
    branch: Branch, officer: str, changed: dict[str, Any], reason: Reason
) -> None:
    lead = branch.new_lead()
    values = {name: branch.clock.at + value if isinstance(value, timedelta) else value for name, value in changed.items()}
    if values:
        branch.set(Officer, branch.officer_id(officer), **values)
    outcome = branch.claim(officer, lead)
    assert isinstance(outcome, NotEligible) and outcome.because.reason is reason
    assert branch.view(lead).owner_id is None and kinds(branch, lead) == ["arrived"]


def test_who_was_refused_may_claim_once_the_reason_is_gone(branch: Branch) -> None:
    lead = branch.new_lead()
    branch.set(Officer, branch.officer_id("maya"), active=False)
    assert isinstance(branch.claim("maya", lead), NotEligible)
    branch.set(Officer, branch.officer_id("maya"), active=True)
    assert isinstance(branch.claim("maya", lead), Claimed)


def test_an_ended_lead_and_a_number_nobody_knows_cannot_be_claimed(branch: Branch) -> None:
    lead = branch.new_lead()
    branch.set(Lead, lead, stage="lost")
    assert branch.claim("maya", lead) == Ended(lead, "lost")
    assert branch.claim("maya", 4711) == NoSuchLead(4711)


def test_the_owner_gives_it_back_and_another_claims_it(branch: Branch) -> None:
    lead = branch.new_lead()
    branch.claim("maya", lead)
    assert branch.give_back("maya", lead) == GaveBack(lead)
    assert branch.view(lead).owner_id is None and branch.view(lead).claimed_at is None
    assert isinstance(branch.claim("luis", lead), Claimed)
    assert [posting.topic for posting in branch.postings("update", lead)] == ["given_back"]


def test_nobody_gives_back_what_is_not_theirs(branch: Branch) -> None:
    lead = branch.new_lead()
    branch.claim("maya", lead)
    assert branch.give_back("luis", lead) == NotYours(lead, "Maya Torres")
    assert branch.view(lead).owner_name == "Maya Torres"


def test_a_give_back_delivered_again_takes_nothing_from_the_next_owner(branch: Branch) -> None:
    lead = branch.new_lead()
    branch.claim("maya", lead)
    branch.give_back("maya", lead, "one press")
    branch.claim("maya", lead)
    assert branch.give_back("maya", lead, "one press") == GaveBack(lead)
    assert branch.view(lead).owner_name == "Maya Torres"


@pytest.mark.fault(18)
def test_claims_and_give_backs_at_once_leave_a_whole_timeline_and_a_true_count(branch: Branch) -> None:
    lead = branch.new_lead()

    def in_and_out(officer: str) -> None:
        for _ in range(5):
            branch.claim(officer, lead)
            branch.give_back(officer, lead)

    in_parallel([partial(in_and_out, officer) for officer in ("maya", "luis", "priya", "tess") * 2])
    owned = [1 if kind == "claimed" else -1 for kind in kinds(branch, lead)[1:]]
    assert all(sum(owned[:upto]) in (0, 1) for upto in range(len(owned) + 1))
    assert (sum(owned) == 1) == (branch.view(lead).owner_id is not None)
    assert branch.store.transact_now(leads_per_stage) == {"new": 1}
    assert branch.store.transact_now(lambda session: list(broken_links(session))) == []

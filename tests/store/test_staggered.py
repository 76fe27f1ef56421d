"""A staggered rule rings its best few at once, and all others some seconds later."""

from bot.config import Config
from tests.doubles.branch import Branch
from tests.store.test_giving_out import gives
from tests.store.test_policies import put_in_force, with_policies

AUSTIN_IN_TEXAS = {"maya", "luis", "priya", "tess"}


def rung(branch: Branch, lead: int) -> list[set[str]]:
    """Who was rung together, in order."""
    return [set(told) for kind, told in branch.told(lead) if kind == "ring"]


def test_the_best_are_rung_at_once_and_the_others_some_seconds_later(branch: Branch) -> None:
    gives(branch, {}, "staggered", first=2, rest_after=45)
    lead = branch.new_lead()
    branch.escalate()
    [first] = rung(branch, lead)
    assert len(first) == 2

    branch.passes(seconds=44)
    assert rung(branch, lead) == [first]

    branch.passes(seconds=1)
    assert rung(branch, lead) == [first, AUSTIN_IN_TEXAS - first]

    branch.passes(minutes=3)
    assert len(rung(branch, lead)) == 2


def test_whom_the_rule_names_are_the_best(branch: Branch) -> None:
    gives(branch, {"tess": 1}, "staggered", first=1, rest_after=10)
    lead = branch.new_lead()
    branch.escalate()
    branch.passes(seconds=10)

    assert rung(branch, lead) == [{"tess"}, AUSTIN_IN_TEXAS - {"tess"}]


def test_nobody_is_rung_later_for_a_lead_that_was_claimed(branch: Branch) -> None:
    gives(branch, {"maya": 1}, "staggered", first=1, rest_after=30)
    lead = branch.new_lead()
    branch.escalate()
    branch.claim("maya", lead)
    branch.passes(seconds=40)

    assert rung(branch, lead) == [{"maya"}]


def test_who_passes_before_the_others_are_rung_changes_nothing_for_them(branch: Branch) -> None:
    gives(branch, {"maya": 1}, "staggered", first=1, rest_after=30)
    lead = branch.new_lead()
    branch.escalate()
    branch.clock.skip(seconds=10)
    branch.lets_go_by("maya", lead, "busy")
    branch.escalate()
    assert rung(branch, lead) == [{"maya"}]

    branch.passes(seconds=20)
    assert rung(branch, lead) == [{"maya"}, AUSTIN_IN_TEXAS - {"maya"}]


def test_after_a_downtime_all_are_rung_together(branch: Branch) -> None:
    gives(branch, {}, "staggered", first=1, rest_after=30)
    lead = branch.new_lead()
    branch.passes(minutes=3)

    assert rung(branch, lead) == [AUSTIN_IN_TEXAS]


def test_a_policy_that_rings_all_at_once_is_staggered_too(branch: Branch, example: Config) -> None:
    put_in_force(branch, with_policies(example, {"key": "loud", "unclaimed": [{"after": 0, "do": "ring_all"}]}, teams="loud"))
    gives(branch, {"luis": 1}, "staggered", first=1, rest_after=20)
    lead = branch.new_lead()
    branch.escalate()
    branch.passes(seconds=20)

    assert rung(branch, lead) == [{"luis"}, AUSTIN_IN_TEXAS - {"luis"}]

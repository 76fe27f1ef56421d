"""Who holds too many leads that they have not called yet claims no more, and hears which one to call first."""

from datetime import timedelta
from functools import partial
from typing import Any

from bot.distribution.assigning import assign_lead
from bot.distribution.claiming import NotEligible
from bot.leads.finding import BestWaiting, CallFirst, next_lead
from bot.rules.eligibility import Reason, Refusal
from bot.store.people import Officer, Team
from tests.doubles.branch import Branch
from tests.doubles.parallel import in_parallel


def caps(branch: Branch, *, team: int | None = None, maya: int | None = None) -> None:
    for row in branch.all(Team):
        branch.set(Team, row.id, open_without_attempt_cap=team)
    branch.set(Officer, branch.officer_id("maya"), open_without_attempt_cap=maya)


def leads(branch: Branch, many: int, **fields: Any) -> list[int]:
    return [branch.new_lead(phone=f"(512) 555-01{number:02}", **fields) for number in range(many)]


def test_a_claim_over_the_cap_is_refused_with_the_lead_that_waits_longest(branch: Branch) -> None:
    caps(branch, team=2)
    first, second, third = leads(branch, 3)
    for lead in (second, first):
        branch.claim("maya", lead)
        branch.clock.skip(seconds=10)

    refused = branch.claim("maya", third)

    assert refused == NotEligible(third, Refusal(Reason.OVER_OPEN_CAP, cap=2, count=2, oldest=second))


def test_a_try_makes_room(branch: Branch) -> None:
    caps(branch, team=1)
    first, second = leads(branch, 2)
    branch.claim("maya", first)
    branch.logs("maya", first, "no_answer")

    assert branch.claim("maya", second).kind == "claimed"


def test_an_officers_own_cap_counts_before_the_teams(branch: Branch) -> None:
    caps(branch, team=1, maya=2)
    first, second, third = leads(branch, 3)

    assert [branch.claim("maya", lead).kind for lead in (first, second, third)] == ["claimed", "claimed", "not_eligible"]
    assert branch.claim("luis", third).kind == "claimed"


def test_who_is_over_the_cap_is_not_rung_until_the_lead_has_waited_long(branch: Branch) -> None:
    caps(branch, maya=1)
    first, second = leads(branch, 2, property_state="OK")
    branch.claim("maya", first)
    branch.escalate()
    assert branch.told(second) == [("ring", ["tess"])]
    assert branch.claim("maya", second).kind == "not_eligible"

    for minutes in (2, 3, 5):
        branch.passes(minutes=minutes)

    assert branch.told(second)[-1] == ("offer", ["tess"]) or branch.told(second)[-1] == ("offer", ["maya"])
    assert branch.claim("maya", second).kind == "claimed"


def test_next_gives_who_is_over_the_cap_the_lead_to_call_first(branch: Branch) -> None:
    caps(branch, team=1)
    first, second = leads(branch, 2)
    branch.claim("maya", first)

    asked = branch.store.transact_now(next_lead, branch.press("maya", 0))[0]
    assert asked == CallFirst(first, Refusal(Reason.OVER_OPEN_CAP, cap=1, count=1, oldest=first))

    branch.logs("maya", first, "left_voicemail")
    assert branch.store.transact_now(next_lead, branch.press("maya", 0))[0] == BestWaiting(second)


def test_who_leads_may_assign_beyond_it(branch: Branch) -> None:
    caps(branch, team=1)
    first, second = leads(branch, 2)
    branch.claim("maya", first)

    assert branch.store.transact_now(assign_lead, branch.press("tess", second), "maya")[0].kind == "assigned"


def test_a_hundred_presses_at_once_never_get_anybody_over_it(branch: Branch) -> None:
    caps(branch, team=2)
    free = leads(branch, 6)
    presses = [partial(branch.claim, "maya", lead) for lead in free]

    kinds = [outcome.kind for outcome in in_parallel(presses)]

    assert sorted(kinds) == ["claimed"] * 2 + ["not_eligible"] * 4


def test_who_let_it_lapse_waits_until_others_had_their_chance(branch: Branch) -> None:
    lead = branch.new_lead()
    branch.claim("maya", lead)
    for _ in range(15):
        branch.passes(minutes=1)
    assert branch.view(lead).owner_name is None

    assert branch.claim("maya", lead) == NotEligible(lead, Refusal(Reason.LET_LAPSE))

    branch.passes(minutes=2)
    branch.passes(minutes=3)
    assert branch.claim("maya", lead).kind == "claimed"


def test_who_let_it_lapse_may_have_it_again_where_hardly_anybody_else_could(branch: Branch) -> None:
    lead = branch.new_lead(property_state="OK")  # Maya and Tess alone
    branch.claim("maya", lead)
    for _ in range(15):
        branch.passes(minutes=1)

    assert branch.claim("maya", lead).kind == "claimed"


def test_others_who_are_off_are_no_others(branch: Branch) -> None:
    lead = branch.new_lead()
    branch.claim("maya", lead)
    for _ in range(15):
        branch.passes(minutes=1)
    for officer in ("luis", "priya"):
        branch.set(Officer, branch.officer_id(officer), off_until=branch.clock.at + timedelta(days=1))

    assert branch.claim("maya", lead).kind == "claimed"

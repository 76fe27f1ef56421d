"""What a rule gave counts: toward the day's limit, in turns, and in the figures only once somebody tried."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import Session

from bot.capture import intake
from bot.config import Config
from bot.distribution.assigning import Assigned, assign_lead
from bot.distribution.booking import book_lead
from bot.rules.routing import Mode, Rule
from bot.store.people import Officer
from bot.store.speeds import Speed
from bot.store.turns import is_locked_at_once
from tests.doubles.branch import Branch, a_lead
from tests.store.test_configuring import put_in_force, without, without_south
from tests.store.test_speeds import counts

IN_TURN = {"maya": 1, "luis": 1}


def gives(branch: Branch, officers: Mapping[str, int], mode: Mode = "round_robin", first: int = 0, rest_after: int = 0) -> None:
    """From now on a rule gives every lead to these officers."""
    rule = Rule("Given", officers=officers, mode=mode, first=first, rest_after=rest_after)
    branch.services.in_force = replace(branch.services.in_force, rules=(rule,))


def given(branch: Branch, number: int) -> str | None:
    """Who is given a new lead, the one with this number of ours."""
    lead = branch.new_lead(first_name=f"Dana{number}", phone=f"(512) 555-01{number:02}")
    branch.escalate()
    return branch.view(lead).owner_name


def test_what_a_rule_gave_counts_toward_the_limit_of_the_day(branch: Branch) -> None:
    gives(branch, {"maya": 1, "luis": 1}, "direct")
    branch.set(Officer, branch.officer_id("maya"), daily_cap=2)

    assert [given(branch, number) for number in range(3)] == ["Maya Torres", "Maya Torres", "Luis Ortega"]


def test_what_a_rule_gave_counts_where_its_officer_claims_another(branch: Branch) -> None:
    gives(branch, {"maya": 1}, "direct")
    branch.set(Officer, branch.officer_id("maya"), daily_cap=1)
    assert given(branch, 0) == "Maya Torres"

    other = branch.new_lead(phone="(512) 555-0111")
    branch.escalate()

    assert branch.claim("maya", other).kind == "not_eligible"


def test_a_lead_that_was_given_makes_no_figure_better_before_its_owner_tries(branch: Branch) -> None:
    gives(branch, IN_TURN)
    lead = branch.new_lead()
    branch.escalate()
    branch.clock.skip(minutes=3)
    assert counts(branch)["claimed"] == counts(branch)["tried"] == {}

    branch.logs("maya", lead, "no_answer")

    [row] = branch.all(Speed)
    assert (row.claimed_by, row.claimed_after, row.tried_after) == (branch.officer_id("maya"), None, 3)
    assert counts(branch)["claimed"] == {} and sum(counts(branch)["tried"].values()) == 1


def test_a_lead_that_was_given_and_let_go_is_claimed_first_by_whoever_claims_it(branch: Branch) -> None:
    gives(branch, IN_TURN)
    lead = branch.new_lead()
    branch.escalate()
    branch.give_back("maya", lead)
    branch.clock.skip(minutes=3)
    branch.claim("luis", lead)

    [row] = branch.all(Speed)
    assert (row.claimed_by, row.claimed_after) == (branch.officer_id("luis"), 3)


def test_a_lead_that_somebody_assigned_is_one_lead_of_an_officers_turns_whatever_their_weight(branch: Branch) -> None:
    gives(branch, {"maya": 100, "luis": 50})
    for number in range(6):
        given(branch, number)
    branch.services.in_force = replace(branch.services.in_force, rules=())
    assigned = branch.new_lead(phone="(512) 555-0188")
    assert branch.store.transact_now(assign_lead, branch.press("tess", assigned), "maya")[0].kind == "assigned"

    gives(branch, {"maya": 100, "luis": 50})
    assert Counter(given(branch, number) for number in range(10, 15)) == {"Maya Torres": 3, "Luis Ortega": 2}


def test_a_lead_that_a_rule_meant_for_one_officer_is_one_lead_of_their_turns(branch: Branch) -> None:
    gives(branch, {"maya": 100, "luis": 50})
    for number in range(6):
        given(branch, number)
    gives(branch, {"maya": 1}, "direct")
    given(branch, 6)

    gives(branch, {"maya": 100, "luis": 50})
    assert Counter(given(branch, number) for number in range(10, 15)) == {"Maya Torres": 3, "Luis Ortega": 2}


def test_a_lead_of_the_night_rings_those_first_whom_its_rule_names(branch: Branch) -> None:
    gives(branch, {"luis": 1}, "claim")
    branch.clock.skip(hours=9)
    lead = branch.new_lead(property_zip="78704")

    branch.passes(hours=12)  # calls to Texas begin at nine
    assert branch.told(lead) == [("ring", ["luis"])]

    branch.passes(minutes=2)
    assert branch.told(lead)[1][0] == "ring" and "maya" in branch.told(lead)[1][1]


def test_more_than_three_whom_a_rule_names_are_all_rung_first(branch: Branch) -> None:
    gives(branch, {"tess": 1, "priya": 1, "luis": 1, "maya": 1, "omar": 1, "mia": 1}, "claim")
    lead = branch.new_lead()
    branch.escalate()
    assert [(kind, sorted(told)) for kind, told in branch.told(lead)] == [("ring", ["luis", "maya", "priya", "tess"])]


def test_where_those_whom_a_rule_names_had_their_rings_of_the_hour_the_best_three_others_ring(branch: Branch) -> None:
    gives(branch, {"luis": 1}, "claim")
    for number in range(6):
        assert given(branch, number) is None
    lead = branch.new_lead(phone="(512) 555-0188")
    branch.escalate()
    [(kind, told)] = branch.told(lead)
    assert kind == "ring" and sorted(told) == ["maya", "priya", "tess"]


def test_an_assignment_that_was_taken_back_was_no_turn(branch: Branch) -> None:
    gives(branch, IN_TURN)
    assert [given(branch, number) for number in range(2)] == ["Maya Torres", "Luis Ortega"]
    lead = branch.new_lead(phone="(512) 555-0188")
    assigned = branch.store.transact_now(assign_lead, branch.press("tess", lead), "maya")[0]
    assert isinstance(assigned, Assigned)
    branch.undoes("tess", lead, assigned.seq)

    assert Counter(given(branch, number) for number in range(10, 12)) == {"Maya Torres": 1, "Luis Ortega": 1}


def test_a_lead_under_way_goes_by_its_rule_when_its_team_is_retired(branch: Branch, example: Config) -> None:
    branch.services.in_force = replace(branch.services.in_force, rules=(Rule("South", team="south", officers={"priya": 1}, mode="direct"),))
    lead = branch.new_lead()
    put_in_force(branch.store, without_south(example, moved_to="austin"))

    branch.escalate()

    assert (branch.view(lead).team_name, branch.view(lead).owner_name) == ("Austin", "Priya Nair")


def test_who_left_the_config_is_passed_over_by_a_rule_that_a_lead_came_under(branch: Branch, example: Config) -> None:
    gives(branch, {"luis": 1, "maya": 1}, "direct")
    lead = branch.new_lead()
    put_in_force(branch.store, without(example, "officers", "luis"))

    branch.escalate()

    assert branch.view(lead).owner_name == "Maya Torres"


def test_where_all_of_a_rules_officers_left_the_team_is_rung(branch: Branch, example: Config) -> None:
    gives(branch, {"luis": 1})
    lead = branch.new_lead()
    put_in_force(branch.store, without(example, "officers", "luis"))

    branch.escalate()

    assert branch.view(lead).owner_name is None
    assert [kind for kind, _ in branch.told(lead)] == ["ring"]


def test_an_imported_lead_whose_borrower_was_promised_a_call_rings_then_and_who_promised_it_hears_so(branch: Branch) -> None:
    gives(branch, {"maya": 1})
    asked = a_lead(submitted_at=branch.clock.now().isoformat())
    quiet = intake.prepare(branch.services, branch.services.in_force.sources["website"], asked, quiet=True)
    received = branch.store.transact_now(intake.record_arrival, quiet)
    branch.store.transact_now(book_lead, branch.press("tess", received.lead), branch.clock.now() + timedelta(hours=2))

    branch.passes(hours=2)

    assert branch.view(received.lead).owner_name is None
    assert branch.told(received.lead) == [("ring", ["maya"]), ("booked_now", ["tess"])]


def test_who_speaks_the_borrowers_language_is_given_the_lead_and_gets_fewer_of_the_others(branch: Branch) -> None:
    gives(branch, IN_TURN)
    spanish = [branch.new_lead(phone=f"(512) 555-01{number}", language="es") for number in (61, 62)]
    branch.escalate()
    assert [branch.view(lead).owner_name for lead in spanish] == ["Luis Ortega"] * 2

    assert [given(branch, number) for number in range(3)] == ["Maya Torres", "Maya Torres", "Maya Torres"]


def test_where_nobody_speaks_it_the_lead_is_given_all_the_same(branch: Branch) -> None:
    gives(branch, {"maya": 1})
    lead = branch.new_lead(language="es")
    branch.escalate()
    assert branch.view(lead).owner_name == "Maya Torres"


def test_who_claims_the_last_lead_of_their_day_just_then_is_given_no_other(replicated: Branch, monkeypatch: pytest.MonkeyPatch) -> None:
    replicated.set(Officer, replicated.officer_id("maya"), daily_cap=1)
    replicated.services.in_force = replace(replicated.services.in_force, rules=())
    free = replicated.new_lead(phone="(512) 555-0188")
    replicated.escalate()
    gives(replicated, {"maya": 1, "luis": 1}, "direct")
    lead = replicated.new_lead()

    def after_a_claim(session: Session, officer: int) -> bool:
        if officer == replicated.officer_id("maya"):
            replicated.claim("maya", free)
        return is_locked_at_once(session, officer)

    monkeypatch.setattr("bot.distribution.giving_out.is_locked_at_once", after_a_claim)
    replicated.escalate()

    assert (replicated.view(free).owner_name, replicated.view(lead).owner_name) == ("Maya Torres", "Luis Ortega")

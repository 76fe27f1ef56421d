"""A lead goes to the officer whom it names itself; where they may not take it, the team hears of it, and why."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.config import Config
from bot.config.models import Partner
from bot.rules.routing import NamedBy, Rule
from bot.store.people import Officer, TeamOfficer
from tests.doubles.branch import Branch
from tests.store.test_configuring import put_in_force, without

EVERY: tuple[NamedBy, ...] = ("recipient", "partner", "last_owner")


def gives(branch: Branch, to: Sequence[NamedBy] = EVERY, officers: Sequence[str] = (), team: str | None = None) -> None:
    """From now on leads go to whom they name; all others in turn to Tess."""
    rules = (
        Rule("Named", team=team, officers=dict.fromkeys(officers, 1), mode="direct", to=tuple(to)),
        Rule("All others", officers={"tess": 1}, mode="round_robin"),
    )
    partner = Partner(key="keller", name="Keller Realty", email="jo@keller.example", officer="luis")
    config = branch.services.in_force.config.model_copy(update={"partners": (partner,)})
    branch.services.in_force = replace(branch.services.in_force, rules=rules, config=config)


def owner_of(branch: Branch, **fields: Any) -> str | None:
    """Who has a new lead once it was given out."""
    lead = branch.new_lead(**fields)
    branch.escalate()
    return branch.view(lead).owner_name


def sold_to(officer: str) -> dict[str, Any]:
    return {"recipient": {"firstName": "Some", "lastName": "Body", "emailAddress": officer}}


NAMING = {
    "by email, as Zillow writes it": (sold_to("Maya@Acme.example"), "Maya Torres"),
    "by NMLS id": ({"recipient": {"nmlsId": 200102}}, "Luis Ortega"),
    "by NMLS id, in a form": ({"loan_officer_nmls_id": "200101"}, "Maya Torres"),
    "by key": ({"officer": "luis"}, "Luis Ortega"),
    "by the whole name": ({"Loan Officer": "maya  torres"}, "Maya Torres"),
    "a partner by name": ({"referred_by": "KELLER Realty"}, "Luis Ortega"),
    "a partner by key": ({"partner": "keller"}, "Luis Ortega"),
    "a partner by email, as Zillow writes the agent's": ({"details": {"agentEmailAddress": "jo@keller.example"}}, "Luis Ortega"),
    "a partner under the name of the agent": ({"agent": "Keller Realty"}, "Luis Ortega"),
    "the vendor's before the partner's": ({**sold_to("maya@acme.example"), "partner": "keller"}, "Maya Torres"),
    "the next who is ours": ({"officer": "nobody@acme.example", "loan_officer": "maya"}, "Maya Torres"),
    "nobody of ours": (sold_to("lee@example.com"), "Tess Lindqvist"),
    "a partner whom nobody knows": ({"partner": "Remax"}, "Tess Lindqvist"),
    "half a name": ({"loan_officer": "Maya"}, "Maya Torres"),  # her key
    "part of a name": ({"loan_officer": "Torres"}, "Tess Lindqvist"),
    "nothing": ({}, "Tess Lindqvist"),
}


@pytest.mark.parametrize(("fields", "owner"), NAMING.values(), ids=NAMING)
def test_a_lead_goes_to_whom_it_names(branch: Branch, fields: dict[str, Any], owner: str) -> None:
    gives(branch)
    assert owner_of(branch, **fields) == owner


def test_a_returning_borrowers_lead_goes_to_who_had_the_last_one_however_long_ago(branch: Branch) -> None:
    gives(branch)
    before = branch.new_lead(officer="luis")
    branch.escalate()
    assert branch.view(before).owner_name == "Luis Ortega"
    branch.clock.skip(days=400)

    assert owner_of(branch, loan_purpose="refinance") == "Luis Ortega"


def test_who_shares_a_phone_with_a_borrower_is_not_that_borrower(branch: Branch) -> None:
    gives(branch)
    assert owner_of(branch, officer="luis") == "Luis Ortega"

    assert owner_of(branch, first_name="Eve") == "Tess Lindqvist"


def test_a_rule_looks_only_at_what_it_says(branch: Branch) -> None:
    gives(branch, ["partner"])
    assert owner_of(branch, **sold_to("maya@acme.example")) == "Tess Lindqvist"


def test_two_officers_of_one_name_are_told_apart_by_nobody(branch: Branch) -> None:
    gives(branch)
    branch.set(Officer, branch.officer_id("luis"), name="Maya Torres")
    assert owner_of(branch, loan_officer="Maya Torres") == "Tess Lindqvist"


def cannot(branch: Branch, why: str) -> None:
    maya = branch.officer_id("maya")
    match why:
        case "off_duty":
            branch.set(Officer, maya, off_until=branch.clock.now() + timedelta(days=2))
        case "not_licensed":
            branch.set(Officer, maya, licenses={"OK": None})
        case "over_cap":
            branch.set(Officer, maya, daily_cap=1)
            other = branch.new_lead(phone="(512) 555-0177", officer="maya")
            branch.escalate()
            assert branch.view(other).owner_name == "Maya Torres"
        case "inactive":
            branch.set(Officer, maya, active=False)
        case "other_team":
            branch.store.transact_now(lambda session: session.delete(session.get_one(TeamOfficer, (1, maya))))
        case "role_may_not_claim":
            branch.set(Officer, maya, role="compliance")


@pytest.mark.parametrize("why", ["off_duty", "not_licensed", "over_cap", "inactive", "other_team", "role_may_not_claim"])
def test_where_who_is_named_may_not_take_it_the_team_is_rung_and_the_timeline_says_why(branch: Branch, why: str) -> None:
    gives(branch, team="austin")
    cannot(branch, why)
    lead = branch.new_lead(**sold_to("maya@acme.example"))
    branch.escalate()

    assert branch.view(lead).owner_name is None
    [told] = [event.meta["meant"] for event in branch.events(lead) if event.kind == "meant_for"]
    assert told == [{"officer": "Maya Torres", "by": "recipient", "because": why}]
    [(kind, rung)] = branch.told(lead)
    assert kind == "ring" and "maya" not in rung
    assert branch.claim("luis", lead).kind == "claimed"


def test_who_is_named_and_may_not_take_it_may_not_claim_it_either(branch: Branch) -> None:
    gives(branch)
    cannot(branch, "not_licensed")
    lead = branch.new_lead(**sold_to("maya@acme.example"))
    branch.escalate()
    assert branch.claim("maya", lead).kind == "not_eligible"


def test_the_next_whom_the_lead_or_the_rule_names_has_it_then(branch: Branch) -> None:
    gives(branch, officers=["priya"])
    cannot(branch, "off_duty")
    assert owner_of(branch, **sold_to("maya@acme.example"), partner="keller") == "Luis Ortega"
    lead = branch.new_lead(**sold_to("maya@acme.example"), phone="(512) 555-0166")
    branch.escalate()
    assert branch.view(lead).owner_name == "Priya Nair"
    assert [event.kind for event in branch.events(lead)].count("meant_for") == 1


def test_what_came_back_to_the_pool_is_not_given_again(branch: Branch) -> None:
    gives(branch)
    lead = branch.new_lead(**sold_to("maya@acme.example"))
    branch.escalate()
    branch.give_back("maya", lead)
    branch.passes(minutes=1)
    assert branch.view(lead).owner_name is None
    assert "meant_for" not in [event.kind for event in branch.events(lead)]


def test_a_lead_of_the_night_that_names_somebody_is_theirs_in_the_morning(branch: Branch) -> None:
    gives(branch)
    branch.clock.skip(hours=9)
    lead = branch.new_lead(**sold_to("maya@acme.example"), property_zip="78704")
    branch.escalate()
    assert branch.view(lead).owner_name is None

    branch.passes(hours=12)

    assert branch.view(lead).owner_name == "Maya Torres"


def test_a_lead_of_the_night_whose_officer_is_off_is_handed_to_the_team_in_the_morning_and_says_so_once(branch: Branch) -> None:
    gives(branch)
    cannot(branch, "off_duty")
    branch.clock.skip(hours=9)
    lead = branch.new_lead(**sold_to("maya@acme.example"), property_zip="78704")

    branch.passes(hours=12)
    branch.passes(minutes=4)

    assert branch.told(lead)[0][0] == "ring"
    assert [event.kind for event in branch.events(lead)].count("meant_for") == 1


def test_the_lead_goes_to_the_team_of_who_is_named_where_the_source_has_another(branch: Branch) -> None:
    gives(branch)
    lead = branch.new_lead(officer="tess", source="website")
    assert branch.view(lead).team_name == "Austin"
    received = branch.arrive("partner", phone="(512) 555-0155", officer="maya")
    assert branch.view(received.lead).team_name == "Austin"  # the source's team is South, where Maya is not


def test_who_left_the_config_is_passed_over(branch: Branch, example: Config) -> None:
    gives(branch)
    lead = branch.new_lead(officer="luis")
    put_in_force(branch.store, without(example, "officers", "luis"))

    branch.escalate()

    assert branch.view(lead).owner_name is None
    [told] = [event.meta["meant"] for event in branch.events(lead) if event.kind == "meant_for"]
    assert told == [{"officer": "Luis Ortega", "by": "recipient", "because": "inactive"}]

"""The scoring of a config: read, shown in words, and held to the inputs that fair lending allows."""

from dataclasses import fields, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from bot.config import Config, canonical_text, describe, warnings
from bot.config.scoring import ScoringConditions
from bot.distribution.scoring import first_score
from bot.rules.money import read_money
from bot.rules.routing import WORDS as ROUTING_WORDS
from bot.rules.scoring import DEFAULT, DEFAULT_POINTS, INPUTS, VERSION, Decay, Scoring
from bot.sources.new_lead import NewLead, Phone
from bot.sources.record import record_of
from tests.config.small import SMALL, load_text, problems_of
from tests.rules.test_scoring import any_scoring

TODAY = date(2026, 11, 24)

WRITTEN = """\
scoring:
  points: {time_now: 40, purpose_refinance: 0}
  rules:
    - {reason: wants a rate quote, when: {intent: rate_quote, credit: {at_least: 700}}, points: 12}
    - {reason: number does not work, when: {bad_number: yes}, points: -30}
  grades: {A: 70, B: 50, C: 20}
  decay: {every_days: 7, points: 5, at_most: 20}
"""


def with_scoring(scoring: str) -> str:
    return f"{SMALL}{scoring}"


def one_rule(conditions: str, points: int = 5) -> str:
    return with_scoring(f"scoring:\n  rules:\n    - {{reason: because, when: {{{conditions}}}, points: {points}}}\n")


def test_a_config_without_scoring_scores_as_it_comes_with_leadbell(tmp_path: Path) -> None:
    config = load_text(tmp_path, SMALL)
    assert config.scored_by == DEFAULT
    assert not any("Scoring" in str(table.title) for table in describe(config))


def test_scoring_survives_being_stored_and_keeps_its_version(tmp_path: Path) -> None:
    config = load_text(tmp_path, with_scoring(WRITTEN))
    stored = Config.model_validate_json(canonical_text(config))
    assert stored == config
    assert stored.scored_by == config.scored_by
    assert config.scored_by.version.startswith(f"{VERSION}-")
    assert config.scored_by.decay == Decay(timedelta(days=7), 5, 20)
    assert config.scored_by.grades == ((70, "A"), (50, "B"), (20, "C"))
    assert config.scored_by.points == {**DEFAULT_POINTS, "time_now": 40, "purpose_refinance": 0}


def test_another_scoring_has_another_version(tmp_path: Path) -> None:
    versions = {load_text(tmp_path, with_scoring(WRITTEN.replace("12", points))).scored_by.version for points in ("12", "13")}
    assert len(versions) == 2


def test_scoring_is_shown_in_words(tmp_path: Path) -> None:
    console = Console(width=80, color_system=None, force_terminal=False)
    with console.capture() as capture:
        console.print(*describe(load_text(tmp_path, with_scoring(WRITTEN))))
    shown = " ".join(capture.get().split())
    assert "Scoring, version 3-" in shown
    assert all(said in shown for said in ("wants a rate quote", "intent rate quote;", "+12", "each 7 days,", "A from 70,"))


ALLOWED_OF_A_LEAD = {"intent", "purpose", "time_frame", "under_contract", "found_home"}
"""What a rule may look at by the name that a request gives it."""
PROTECTED = {
    "name", "names", "age", "birth_date", "sex", "gender", "title", "marital_status", "family", "children", "race", "color", "religion",
    "national_origin", "ethnicity", "disability", "benefits", "zip", "zip_code", "census_tract", "county", "state", "city", "street",
    "language", "email", "email_domain", "photo", "segment", "grade", "military", "first_time_buyer", "income", "hours", "unless",
}  # fmt: skip
OF_A_REQUEST = {field.name for field in fields(NewLead)} - ALLOWED_OF_A_LEAD


@pytest.mark.parametrize("name", sorted(PROTECTED | OF_A_REQUEST | set(ROUTING_WORDS) - set(INPUTS)))
def test_no_score_looks_at_who_or_where_somebody_is(name: str, tmp_path: Path) -> None:
    [problem] = problems_of(tmp_path, one_rule(f"purpose: purchase, {name}: x"))
    assert problem.message == f'"{name}" is no input of a score. Only these are, so that no score can turn on who or where somebody is.'
    assert set(problem.allowed) == set(INPUTS)


def test_the_inputs_of_rules_are_the_allow_list() -> None:
    assert set(ScoringConditions.model_fields) == set(INPUTS)


BAD = {
    "a reason that there is not": (
        with_scoring("scoring: {points: {time_nwo: 30}}\n"),
        '"time_nwo" is not a reason of Leadbell\'s.',
        "time_now",
    ),
    "points beyond": (
        with_scoring("scoring: {points: {time_now: 300}}\n"),
        '"300" is not a whole number of points from -100 to 100.',
        None,
    ),
    "a misspelled input": (
        one_rule("itnent: rate_quote"),
        '"itnent" is no input of a score. Only these are, so that no score can turn on who or where somebody is.',
        "intent",
    ),
    "an unknown intent": (one_rule("intent: rate_qoute"), '"rate_qoute" is not something that a borrower asks for.', "rate_quote"),
    "an unknown source": (one_rule("source: zilow"), '"zilow" is not the key of a source.', "zillow"),
    "something that nobody does": (one_rule("did: repied"), '"repied" is not something that a borrower does.', "replied"),
    "no conditions": (one_rule(""), "A rule without conditions would fit every lead alike. Write at least one under when.", None),
    "much for an open": (
        one_rule("did: opened"),
        "Mail programs open what nobody reads, so opened alone gives at most 3 points.",
        None,
    ),
    "grades that rise": (
        with_scoring("scoring: {grades: {A: 40}}\n"),
        "An A needs more points than a B, a B more than a C, and a C some: 40, 45, 25 do not fall so.",
        None,
    ),
    "a decay of nothing": (
        with_scoring("scoring: {decay: {every_days: 7, points: 0, at_most: 20}}\n"),
        "Each time takes at least one point, and at_most is no less than that.",
        None,
    ),
    "a misspelled block": (with_scoring("scoring: {graeds: {A: 40}}\n"), '"graeds" is not a key here.', "grades"),
}


@pytest.mark.parametrize(("text", "message", "suggestion"), BAD.values(), ids=BAD)
def test_what_is_wrong_with_scoring_is_told(tmp_path: Path, text: str, message: str, suggestion: str | None) -> None:
    assert [(problem.message, problem.suggestion) for problem in problems_of(tmp_path, text)] == [(message, suggestion)]


def test_a_rule_about_what_no_channel_tells_of_is_warned_about(tmp_path: Path) -> None:
    told = [warning.message for warning in warnings(load_text(tmp_path, one_rule("did: [opened]", 3)), TODAY)]
    assert told == ['Nothing tells Leadbell yet that a borrower opened: "because" gives no points until something does.']
    assert warnings(load_text(tmp_path, one_rule("did: [opened, clicked]")), TODAY) == []


WHO_AND_WHERE: dict[str, list[object]] = {
    "first_name": ["Dana", "Đặng", "Jamal", "María José"],
    "last_name": ["Rowe", "Nguyễn", "Hernández", "O'Brien"],
    "emails": [("d@example.com",), ("dana@aol.example",), ("dana@church.example",)],
    "phones": [(Phone("+15125550100"),), (Phone("+13055550100"),)],
    "language": [None, "es", "vi", "ht"],
    "property_zip": [None, "78704", "60621"],
    "property_county": [None, "Travis", "Bronx"],
    "property_city": [None, "Austin", "Detroit"],
    "property_street": [None, "1 Main St"],
    "property_state": ["TX", "MS"],
    "mailing_state": [None, "PR"],
    "mailing_zip": [None, "00901"],
    "income": [None, read_money("90000"), read_money("18000")],
    "military": [None, True, False],
    "first_time_buyer": [None, True],
    "bankruptcy": [None, True],
    "foreclosure": [None, True],
    "has_ssn": [None, True],
    "past_client": [None, True],
    "referral": [None, True],
    "attribution": [{}, {"campaign": "seniors"}],
    "extra": [{}, {"age": "71", "gender": "f", "marital_status": "widowed", "religion": "x", "race": "y", "disability": "z"}],
    "comments": [None, "I am 71, widowed, and on disability benefits", "Soy viuda y tengo tres hijos"],
}


@given(st.fixed_dictionaries({name: st.sampled_from(values) for name, values in WHO_AND_WHERE.items()}), any_scoring())
def test_whoever_asks_for_the_same_loan_has_the_same_score(who: dict[str, Any], scoring: Scoring) -> None:
    wish = NewLead(
        purpose="purchase", intent="rate_quote", time_frame="this month", loan_amount=read_money("310000"), credit_low=700,
        first_name="Ann", phones=(Phone("+15125550199"),), emails=("ann@example.com",), property_state="TX",
    )  # fmt: skip
    scores = [first_score(record_of(lead), "website", scoring) for lead in (wish, replace(wish, **who))]
    assert scores[0] == scores[1]

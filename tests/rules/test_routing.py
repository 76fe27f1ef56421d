"""Routing rules: the first that fits decides, and what is not known fits nothing."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.routing import AMOUNTS, FLAGS, WORDS, Between, Route, Rule, Share, When, decides, may_decide, route_from, route_of

NOON = 12 * 60
TEXAN: dict[str, Any] = {
    "source": "zillow", "state": "TX", "zip": "78704", "purpose": "purchase", "language": "es", "grade": "A",
    "amount": 310_000, "score": 82, "military": True, "minute": NOON,
}  # fmt: skip


def words(**accepted: str) -> When:
    return When(words={name: frozenset(value.split()) for name, value in accepted.items()})


CASES = {
    "no condition": (When(), None),
    "one of several": (words(state="ok tx"), None),
    "whatever the case": (words(grade="a"), None),
    "another state": (words(state="ok co"), "state"),
    "an amount within": (When(amounts={"amount": Between(300_000, 400_000)}), None),
    "the upper bound is out": (When(amounts={"amount": Between(None, 310_000)}), "amount"),
    "a ZIP that begins so": (When(zips=("787", "9")), None),
    "another ZIP": (When(zips=("788",)), "zip"),
    "a flag": (When(flags={"military": True}), None),
    "the opposite flag": (When(flags={"military": False}), "military"),
    "a flag that nobody stated": (When(flags={"has_agent": False}), "has_agent"),
    "within hours": (When(hours=((8 * 60, 17 * 60),)), None),
    "the end of hours is out": (When(hours=((8 * 60, NOON),)), "hours"),
    "a partner whom it does not name": (words(partner="keller"), "partner"),
    "a county that nobody stated": (words(county="travis"), "county"),
    "a credit score that nobody stated": (When(amounts={"credit": Between(None, 850)}), "credit"),
    "kept out": (When(unless=words(source="zillow")), "unless source"),
    "kept out by any": (When(unless=words(source="website", language="es")), "unless language"),
    "not kept out": (When(unless=words(source="website")), None),
}


@pytest.mark.parametrize(("when", "against"), CASES.values(), ids=CASES)
def test_a_rule_says_which_of_its_conditions_keeps_a_lead_out(when: When, against: str | None) -> None:
    assert when.against(TEXAN) == against


def test_the_first_rule_that_fits_decides() -> None:
    rules = [Rule("Oklahoma", words(state="ok")), Rule("Texas", words(state="tx")), Rule("Everybody")]
    assert may_decide(rules, TEXAN) == (rules[1],)
    assert decides(may_decide(rules, TEXAN), ()) is rules[1]


def test_without_a_rule_that_fits_there_is_none() -> None:
    assert decides(may_decide([Rule("Oklahoma", words(state="ok"))], TEXAN), ()) is None


def test_a_rule_for_those_whom_leads_name_takes_only_leads_that_name_one_of_ours_so() -> None:
    sold, sent, rest = Rule("Sold", to=("recipient",)), Rule("Sent", to=("partner", "last_owner")), Rule("Everybody")
    fitting = may_decide([sold, sent, rest, Rule("Never")], TEXAN)
    assert fitting == (sold, sent, rest)
    assert decides(fitting, ()) is rest
    assert decides(fitting, {"last_owner"}) is sent
    assert decides(fitting, {"recipient", "partner"}) is sold


ROUTES = [
    Route("Claimed"),
    Route("Two first", "staggered", {"maya": 1}, 2, 45),
    Route("Shared", "round_robin", share=Share("Austin", 60, 11, 19)),
    Route("Named", "direct", {"maya": 1, "luis": 1}, named={"maya": "recipient"}),
]


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.rule)
def test_how_a_lead_is_given_out_survives_being_stored(route: Route) -> None:
    assert route_from(json.loads(json.dumps(route.as_json()))) == route


def test_those_whom_a_lead_names_come_before_those_whom_its_rule_names() -> None:
    route = route_of(Rule("Named", officers={"luis": 1, "maya": 1}, mode="direct", to=("recipient",)), {"maya": "recipient"})
    assert list(route.officers) == ["maya", "luis"]


SOME = st.frozensets(st.sampled_from("abc"), min_size=1)
BOUNDS = st.builds(Between, st.none() | st.integers(0, 4), st.none() | st.integers(0, 5))
PLAIN = st.builds(
    When,
    words=st.dictionaries(st.sampled_from(WORDS[:2]), SOME, max_size=2),
    flags=st.dictionaries(st.sampled_from(FLAGS[:1]), st.booleans()),
    amounts=st.dictionaries(st.sampled_from(AMOUNTS[:1]), BOUNDS),
    zips=st.lists(st.sampled_from(["7", "78", "787"]), max_size=2).map(tuple),
    hours=st.lists(st.sampled_from([(0, 60), (30, 90), (60, 120)]), max_size=2).map(tuple),
)
WHEN = st.builds(lambda when, unless: When(when.words, when.flags, when.amounts, when.zips, when.hours, unless), PLAIN, st.none() | PLAIN)
FACTS = st.fixed_dictionaries(
    {"minute": st.integers(0, 130)},
    optional={
        **{name: st.sampled_from("abcd") for name in WORDS[:2]},
        FLAGS[0]: st.booleans(),
        AMOUNTS[0]: st.integers(0, 5),
        "zip": st.sampled_from(["70000", "78000", "78700", "90000"]),
    },
)


@given(WHEN, WHEN, FACTS)
def test_where_one_rule_covers_another_whatever_fits_the_other_fits_it_too(wide: When, narrow: When, facts: dict[str, Any]) -> None:
    if wide.covers(narrow) and narrow.against(facts) is None:
        assert wide.against(facts) is None


@given(WHEN)
def test_a_rule_covers_itself(when: When) -> None:
    assert when.covers(when)

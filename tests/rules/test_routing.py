"""Routing rules: the first that fits decides, and what is not known fits nothing."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.routing import AMOUNTS, FLAGS, WORDS, Between, Rule, When, first_that_fits

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
    fitting = first_that_fits(rules, TEXAN)
    assert fitting is not None
    assert fitting.name == "Texas"


def test_without_a_rule_that_fits_there_is_none() -> None:
    assert first_that_fits([Rule("Oklahoma", words(state="ok"))], TEXAN) is None


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

"""Which escalation policy a lead's clock follows."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.escalation_rules import EscalationRule, first_that_fits
from bot.rules.routing import When

HOT = EscalationRule("Hot", "brisk", When(words={"grade": frozenset({"a"})}), "austin", "working_hours")
NIGHT = EscalationRule("Night", "calm", during="off_hours")
RULES = st.builds(
    EscalationRule,
    st.just("any"),
    st.sampled_from(("brisk", "calm")),
    st.sampled_from((When(), HOT.when, When(words={"grade": frozenset({"a", "b"})}))),
    st.sampled_from((None, "austin", "south")),
    st.sampled_from((None, "working_hours", "off_hours")),
)


@pytest.mark.parametrize(
    ("grade", "team", "at_work", "decides"),
    [
        ("A", "austin", True, HOT),
        ("A", "austin", False, NIGHT),
        ("A", "south", True, None),
        ("B", "austin", True, None),
        ("D", "south", False, NIGHT),
    ],
)
def test_the_first_rule_that_fits_decides(grade: str, team: str, at_work: bool, decides: EscalationRule | None) -> None:
    assert first_that_fits((HOT, NIGHT), {"grade": grade}, team, at_work=at_work) == decides


@given(RULES, RULES, st.sampled_from("ABCD"), st.sampled_from(("austin", "south")), st.booleans())
def test_behind_a_rule_that_covers_it_a_rule_never_decides(
    first: EscalationRule, second: EscalationRule, grade: str, team: str, at_work: bool
) -> None:
    if first.covers(second) and second.fits({"grade": grade}, team, at_work=at_work):
        assert first.fits({"grade": grade}, team, at_work=at_work)

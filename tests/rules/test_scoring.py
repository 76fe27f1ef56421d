"""Which lead is worth ringing first, and why."""

from dataclasses import fields, replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.routing import Between, When
from bot.rules.scoring import (
    AMOUNTS,
    DEFAULT_POINTS,
    FLAGS,
    HAPPENINGS,
    VERSION,
    WORDS,
    Decay,
    Grade,
    Reason,
    Scoring,
    ScoringFacts,
    ScoringRule,
    call_wish,
    score,
    wants_call_now,
)

EAGER = ScoringFacts(
    purpose="purchase",
    time_frame="now",
    wants_call_now=True,
    under_contract=True,
    found_home=True,
    credit_low=760,
    loan_amount=280_000,
    property_value=350_000,
    has_phone=True,
    has_email=True,
    has_state=True,
)
NOTHING = ScoringFacts()
ANY_FACTS = st.builds(
    ScoringFacts,
    purpose=st.sampled_from(("purchase", "refinance", "cash_out", "home_equity", "reverse", "construction", "other", None)),
    time_frame=st.sampled_from(("now", "this month", "1-3 months", "3-6 months", "6+ months", "when rates fall", None)),
    wants_call_now=st.booleans(),
    under_contract=st.booleans(),
    found_home=st.booleans(),
    credit_low=st.none() | st.integers(-10, 900),
    loan_amount=st.none() | st.integers(-1, 10**12),
    property_value=st.none() | st.integers(-1, 10**12),
    has_phone=st.booleans(),
    has_email=st.booleans(),
    has_state=st.booleans(),
    source=st.sampled_from(("website", "zillow", None)),
    intent=st.sampled_from(("rate_quote", "full_application", "pre_approval", None)),
    reached=st.booleans(),
    bad_number=st.booleans(),
    did=st.frozensets(st.sampled_from(HAPPENINGS)),
    quiet=st.timedeltas(timedelta(days=-1), timedelta(days=4000)),
)
WORD_OF = {
    "source": ("website", "zillow"),
    "intent": ("rate_quote", "full_application", "pre_approval"),
    "purpose": ("purchase", "refinance", "other"),
    "time_frame": ("now", "this month", "6+ months"),
    "did": HAPPENINGS,
}
BETWEEN = st.builds(Between, st.none() | st.integers(0, 850), st.none() | st.integers(0, 850))
ANY_WHEN = st.builds(
    When,
    words=st.fixed_dictionaries({}, optional={name: st.frozensets(st.sampled_from(WORD_OF[name]), min_size=1) for name in WORDS}),
    flags=st.dictionaries(st.sampled_from(FLAGS), st.booleans(), max_size=3),
    amounts=st.dictionaries(st.sampled_from(AMOUNTS), BETWEEN, max_size=2),
)
ANY_RULE = st.builds(ScoringRule, st.text(min_size=1), st.integers(-100, 100), ANY_WHEN)
ANY_DECAY = st.builds(
    lambda days, points, more: Decay(timedelta(days=days), points, points + more),
    st.integers(1, 365),
    st.integers(1, 50),
    st.integers(0, 50),
)


@st.composite
def any_scoring(draw: st.DrawFn) -> Scoring:
    """Whatever a config may say."""
    c, b, a = sorted(draw(st.lists(st.integers(1, 100), min_size=3, max_size=3, unique=True)))
    return Scoring(
        points={**DEFAULT_POINTS, **draw(st.dictionaries(st.sampled_from(sorted(DEFAULT_POINTS)), st.integers(-100, 100)))},
        rules=tuple(draw(st.lists(ANY_RULE, max_size=5))),
        grades=((a, "A"), (b, "B"), (c, "C")),
        decay=draw(st.none() | ANY_DECAY),
    )


def codes(facts: ScoringFacts) -> set[str]:
    return {reason.code for reason in score(facts).reasons}


def test_the_score_looks_at_the_wish_and_never_at_the_person() -> None:
    assert {field.name for field in fields(ScoringFacts)} == {
        "source",
        "intent",
        "purpose",
        "time_frame",
        "wants_call_now",
        "under_contract",
        "found_home",
        "credit_low",
        "loan_amount",
        "property_value",
        "has_phone",
        "has_email",
        "has_state",
        "reached",
        "bad_number",
        "did",
        "quiet",
    }


def test_the_keenest_lead_has_full_points_and_an_a() -> None:
    assert (score(EAGER).points, score(EAGER).grade) == (100, "A")


def test_a_lead_that_says_nothing_has_no_points_a_d_and_no_reasons() -> None:
    assert (score(NOTHING).points, score(NOTHING).grade, score(NOTHING).reasons) == (0, "D", ())


def test_reasons_come_heaviest_first_and_add_up_to_the_points() -> None:
    reasons = score(replace(EAGER, under_contract=False)).reasons
    assert [reason.points for reason in reasons] == sorted((reason.points for reason in reasons), reverse=True)
    assert reasons[0] == Reason("time_now", DEFAULT_POINTS["time_now"])
    assert sum(reason.points for reason in reasons) == score(replace(EAGER, under_contract=False)).points


@given(ANY_FACTS)
def test_any_facts_score_from_0_to_100_and_only_by_known_reasons(facts: ScoringFacts) -> None:
    found = score(facts)
    assert 0 <= found.points <= 100
    assert {reason.code for reason in found.reasons} <= set(DEFAULT_POINTS)
    assert found == score(facts)


@given(ANY_FACTS)
def test_asking_for_a_call_now_never_lowers_a_score(facts: ScoringFacts) -> None:
    assert score(replace(facts, wants_call_now=True)).points >= score(replace(facts, wants_call_now=False)).points


def test_the_sooner_the_wish_the_higher_the_score() -> None:
    frames = ("now", "this month", "1-3 months", "3-6 months", "6+ months")
    points = [score(replace(NOTHING, time_frame=frame)).points for frame in frames]
    assert points == sorted(set(points), reverse=True)


@pytest.mark.parametrize("time_frame", [None, "", "6+ months", "when rates fall"])
def test_a_far_or_unclear_time_frame_gives_nothing(time_frame: str | None) -> None:
    assert codes(replace(NOTHING, time_frame=time_frame)) == set()


@pytest.mark.parametrize(
    ("credit_low", "code"),
    [(800, "credit_740_up"), (740, "credit_740_up"), (739, "credit_680_up"), (680, "credit_680_up"), (620, "credit_620_up")],
)
def test_the_stated_credit_band_counts_by_its_low_end(credit_low: int, code: str) -> None:
    assert codes(replace(NOTHING, credit_low=credit_low)) == {code}


def test_weak_credit_takes_nothing_away() -> None:
    assert score(replace(NOTHING, credit_low=500)) == score(NOTHING)


@pytest.mark.parametrize(
    ("loan", "code"),
    [(280_000, "loan_to_value_to_80"), (280_001, "loan_to_value_to_97"), (339_500, "loan_to_value_to_97"), (339_501, None)],
)
def test_loan_to_value_counts_up_to_its_bounds(loan: int, code: str | None) -> None:
    assert codes(replace(NOTHING, loan_amount=loan, property_value=350_000)) == ({code} if code else set())


def test_a_home_under_contract_counts_once() -> None:
    assert codes(replace(NOTHING, under_contract=True, found_home=True)) == {"under_contract"}
    assert codes(replace(NOTHING, found_home=True)) == {"found_home"}


def test_completeness_counts_from_three_of_four() -> None:
    two = replace(NOTHING, has_phone=True, has_email=True)
    assert codes(two) == set()
    assert codes(replace(two, has_state=True)) == {"nearly_complete"}
    assert codes(replace(two, has_state=True, loan_amount=1)) == {"complete"}


@pytest.mark.parametrize(("points", "grade"), [(100, "A"), (65, "A"), (64, "B"), (45, "B"), (44, "C"), (25, "C"), (24, "D"), (0, "D")])
def test_points_have_a_grade(points: int, grade: Grade) -> None:
    assert score(replace(NOTHING, wants_call_now=True), Scoring({"wants_call_now": points})).grade == grade


def test_weights_from_elsewhere_are_kept_within_0_and_100() -> None:
    calling = replace(NOTHING, wants_call_now=True)
    assert (score(calling, Scoring({"wants_call_now": 999})).points, score(calling, Scoring({"wants_call_now": -999})).points) == (100, 0)


def test_who_writes_scores_higher() -> None:
    wrote = score(ScoringFacts(purpose="purchase", did=frozenset({"replied"})))
    assert wrote.points == DEFAULT_POINTS["purpose_purchase"] + DEFAULT_POINTS["wrote_to_us"]


@given(ANY_FACTS)
def test_writing_never_lowers_a_score(facts: ScoringFacts) -> None:
    assert score(replace(facts, did=facts.did | {"replied"})).points >= score(facts).points


@pytest.mark.parametrize(
    ("words", "wish"),
    [("Please call me", "asked"), ("please don't call me, text is fine", "refused"), ("Hello?", None), ("call me later", None)],
)
def test_words_say_what_a_borrower_wishes_of_a_call(words: str, wish: str | None) -> None:
    assert call_wish(words) == wish


def test_every_score_says_by_which_version_it_was_made() -> None:
    assert score(EAGER).version == VERSION


@pytest.mark.parametrize(
    ("best_time", "comments"),
    [
        ("now", None),
        (" ASAP ", ""),
        (None, "Please call me"),
        (None, "We found a house.\nCan you call us today?"),
        ("evening", "give me a call"),
        (None, "Llámeme por favor"),
    ],
)
def test_a_borrower_who_asks_for_a_call_wants_one_now(best_time: str | None, comments: str | None) -> None:
    assert wants_call_now(best_time, comments)


@pytest.mark.parametrize(
    ("best_time", "comments"),
    [
        (None, None),
        ("evening", None),
        ("now", "Please do not call, text me"),
        (None, "please don't call me"),
        (None, "please don\u2019t call me"),
        (None, "Please call me after 6"),
        (None, "call me back tomorrow"),
        (None, "no me llame"),
        (None, "recalling my last loan"),
    ],
)
def test_a_borrower_who_asks_for_no_call_or_a_later_one_does_not(best_time: str | None, comments: str | None) -> None:
    assert not wants_call_now(best_time, comments)


def test_a_very_long_comment_is_read_to_its_end() -> None:
    assert not wants_call_now(None, "call " * 4_000)
    assert wants_call_now(None, "llame " * 4_000 + "please call")

"""Which lead is worth ringing first, and why."""

from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.scoring import DEFAULT_WEIGHTS, VERSION, Grade, Reason, ScoringFacts, rescore, score, wants_call_now

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
)


def codes(facts: ScoringFacts) -> set[str]:
    return {reason.code for reason in score(facts).reasons}


def test_the_score_looks_at_the_wish_and_never_at_the_person() -> None:
    assert {field.name for field in fields(ScoringFacts)} == {
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
    }


def test_the_keenest_lead_has_full_points_and_an_a() -> None:
    assert (score(EAGER).points, score(EAGER).grade) == (100, "A")


def test_a_lead_that_says_nothing_has_no_points_a_d_and_no_reasons() -> None:
    assert (score(NOTHING).points, score(NOTHING).grade, score(NOTHING).reasons) == (0, "D", ())


def test_reasons_come_heaviest_first_and_add_up_to_the_points() -> None:
    reasons = score(replace(EAGER, under_contract=False)).reasons
    assert [reason.points for reason in reasons] == sorted((reason.points for reason in reasons), reverse=True)
    assert reasons[0] == Reason("time_now", DEFAULT_WEIGHTS["time_now"])
    assert sum(reason.points for reason in reasons) == score(replace(EAGER, under_contract=False)).points


@given(ANY_FACTS)
def test_any_facts_score_from_0_to_100_and_only_by_known_reasons(facts: ScoringFacts) -> None:
    found = score(facts)
    assert 0 <= found.points <= 100
    assert {reason.code for reason in found.reasons} <= set(DEFAULT_WEIGHTS)
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
    assert score(replace(NOTHING, wants_call_now=True), {"wants_call_now": points}).grade == grade


def test_weights_from_elsewhere_are_kept_within_0_and_100() -> None:
    calling = replace(NOTHING, wants_call_now=True)
    assert (score(calling, {"wants_call_now": 999}).points, score(calling, {"wants_call_now": -999}).points) == (100, 0)


def test_who_writes_scores_higher_once_however_often_they_write() -> None:
    first = rescore(["purpose_purchase"], "Hi, any news?")
    assert first.points == DEFAULT_WEIGHTS["purpose_purchase"] + DEFAULT_WEIGHTS["wrote_to_us"]
    assert rescore([reason.code for reason in first.reasons], "Hello?") == first


def test_the_newest_wish_about_calls_counts() -> None:
    eager = rescore(["purpose_purchase"], "Please call me")
    assert "wants_call_now" in {reason.code for reason in eager.reasons}
    later = rescore([reason.code for reason in eager.reasons], "please don't call me, text is fine")
    assert "wants_call_now" not in {reason.code for reason in later.reasons}


@given(st.lists(st.sampled_from(sorted(DEFAULT_WEIGHTS))), st.text())
def test_writing_never_lowers_a_score_unless_it_asks_for_no_calls(known: list[str], said: str) -> None:
    before = sum(DEFAULT_WEIGHTS[code] for code in set(known) - {"wants_call_now"})
    assert rescore(known, said).points >= min(100, before)
    assert 0 <= rescore(known, said).points <= 100


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

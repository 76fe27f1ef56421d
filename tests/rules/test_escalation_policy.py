"""What happens while nobody claims, calls or answers, and when."""

import json
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.escalation_policy import (
    DEFAULT_POLICY,
    DEFAULT_UNANSWERED,
    DEFAULT_UNCLAIMED,
    DEFAULT_UNCONTACTED,
    Ladder,
    Policy,
    Step,
    StepKind,
    ToDo,
    after_of,
    as_json,
    due_step,
    from_json,
    kind_of,
    to_do,
)


def ladder(afters: set[int], kinds: list[StepKind], repeat_every: int | None) -> Ladder:
    return Ladder(tuple(Step(after, kind) for after, kind in zip(sorted(afters), kinds, strict=False)), repeat_every)


LADDERS = st.builds(
    ladder,
    st.sets(st.integers(0, 200), min_size=1, max_size=8),
    st.lists(st.sampled_from(StepKind), min_size=8, max_size=8),
    st.none() | st.integers(1, 60),
)
POLICIES = st.builds(Policy, LADDERS, LADDERS, LADDERS)
MINUTES = st.floats(0, 2000)


def timetable(steps: Ladder, minutes: int) -> list[str]:
    """What a loop that looks every minute does."""
    done, told = None, []
    for minute in range(minutes + 1):
        if now := to_do(steps, done, minute):
            told.append(f"{minute} {now.kind}")
            done = now.number
    return told


def test_an_unclaimed_lead_rings_wider_and_higher_until_it_is_owned() -> None:
    assert timetable(DEFAULT_UNCLAIMED, 95) == [
        "0 ring_best",
        "2 ring_all",
        "5 tell_team_lead",
        "10 offer_next",
        "15 widen_and_manager",
        "30 tell_manager",
        "60 tell_manager",
        "90 tell_manager",
    ]


def test_an_owner_who_does_not_call_is_nudged_warned_and_loses_the_lead() -> None:
    assert timetable(DEFAULT_UNCONTACTED, 500) == ["5 nudge", "13 warn", "15 take_back"]


def test_a_borrower_who_waits_for_an_answer_is_taken_to_the_cover_and_then_to_the_team_lead() -> None:
    assert timetable(DEFAULT_UNANSWERED, 500) == ["0 tell_owner", "10 tell_cover", "15 tell_team_lead"]


@pytest.mark.parametrize(
    ("elapsed", "number"), [(0, 0), (1.99, 0), (2, 1), (29.9, 4), (30, 5), (59.9, 5), (60, 6), (89.99, 6), (90, 7), (480, 20)]
)
def test_the_step_due_is_the_last_one_whose_time_has_come(elapsed: float, number: int) -> None:
    assert due_step(DEFAULT_UNCLAIMED, elapsed) == number


def test_before_its_first_step_nothing_is_due() -> None:
    assert due_step(DEFAULT_UNCONTACTED, 4.9) is None
    assert to_do(DEFAULT_UNCONTACTED, None, 4.9) is None


def test_a_ladder_that_does_not_repeat_comes_to_an_end() -> None:
    assert after_of(DEFAULT_UNCONTACTED, 2) == 15
    assert after_of(DEFAULT_UNCONTACTED, 3) is None


def test_repetitions_go_on_with_the_numbers() -> None:
    assert [after_of(DEFAULT_UNCLAIMED, number) for number in range(5, 9)] == [30, 60, 90, 120]
    assert kind_of(DEFAULT_UNCLAIMED, 8) == StepKind.TELL_MANAGER


def test_after_a_downtime_of_eight_hours_one_step_catches_up_and_names_what_was_missed() -> None:
    missed = {StepKind.RING_ALL, StepKind.TELL_TEAM_LEAD, StepKind.OFFER_NEXT, StepKind.WIDEN_AND_MANAGER}
    assert to_do(DEFAULT_UNCLAIMED, 0, 480) == ToDo(20, StepKind.TELL_MANAGER, frozenset(missed))
    assert to_do(DEFAULT_UNCLAIMED, 20, 480) is None


def test_a_step_in_time_has_missed_nothing() -> None:
    assert to_do(DEFAULT_UNCLAIMED, 0, 2.5) == ToDo(1, StepKind.RING_ALL, frozenset())


@pytest.mark.fault(38)
def test_a_clock_that_seems_to_have_gone_back_does_nothing_again() -> None:
    assert to_do(DEFAULT_UNCLAIMED, 4, 3) is None


@given(LADDERS, st.integers(0, 30))
def test_a_step_is_due_at_its_minute_and_not_before(steps: Ladder, number: int) -> None:
    if (minutes := after_of(steps, number)) is not None:
        assert due_step(steps, minutes) == number
        assert due_step(steps, minutes - 0.01) == (number - 1 if number else None)


@given(LADDERS, MINUTES)
def test_what_was_done_once_is_not_done_again(steps: Ladder, elapsed: float) -> None:
    if first := to_do(steps, None, elapsed):
        assert to_do(steps, first.number, elapsed) is None


@given(LADDERS, st.lists(MINUTES, max_size=12).map(sorted))
def test_however_seldom_the_loop_looks_the_steps_come_in_order_and_none_is_lost(steps: Ladder, looks: list[float]) -> None:
    done, told, numbers = None, set(), []
    for elapsed in looks:
        if now := to_do(steps, done, elapsed):
            told |= {now.kind} | now.missed
            numbers.append(now.number)
            done = now.number
    assert all(earlier < later for earlier, later in pairwise(numbers))
    assert told == {step.kind for step in steps.steps if looks and step.after <= looks[-1]}


@given(POLICIES)
def test_a_policy_comes_back_from_the_store_as_it_went(policy: Policy) -> None:
    assert from_json(json.loads(json.dumps(as_json(policy)))) == policy


def test_the_stored_rows_read_like_the_policy() -> None:
    rows = as_json(DEFAULT_POLICY)
    assert rows[0] == {"clock": "unclaimed", "after": 0, "kind": "ring_best"}
    assert rows[5] == {"clock": "unclaimed", "after": 30, "kind": "tell_manager", "repeat_every": 30}
    assert rows[-1] == {"clock": "unanswered", "after": 15, "kind": "tell_team_lead"}


@pytest.mark.parametrize(
    "afters", [(), (-1,), (0, 0), (5, 2)], ids=["no step", "before the start", "two at the same time", "in the wrong order"]
)
def test_a_ladder_without_steps_in_order_is_refused(afters: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="one after another"):
        Ladder(tuple(Step(after, StepKind.NUDGE) for after in afters))


@pytest.mark.parametrize("repeat_every", [0, -30])
@pytest.mark.fault(93)
def test_a_step_that_would_repeat_without_a_pause_is_refused(repeat_every: int) -> None:
    with pytest.raises(ValueError, match="at least one"):
        Ladder((Step(0, StepKind.NUDGE),), repeat_every)


def test_a_stored_policy_with_an_unknown_step_or_a_missing_clock_is_refused() -> None:
    rows = as_json(DEFAULT_POLICY)
    with pytest.raises(ValueError, match="shout"):
        from_json([{**rows[0], "kind": "shout"}, *rows[1:]])
    with pytest.raises(ValueError, match="one after another"):
        from_json([row for row in rows if row["clock"] != "unanswered"])

"""Lengths of time in steps: a percentile of them is the exact one's, but for the width of a step."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.durations import EDGES, percentile, step_of, within

LENGTHS = st.lists(st.floats(0, 86_400, allow_nan=False), min_size=1, max_size=200)


def exact_percentile(minutes: list[float], percent: int) -> float:
    """The shortest length that so many percent of all do not exceed."""
    return next(each for each in sorted(minutes) if 100 * sum(other <= each for other in minutes) >= percent * len(minutes))


def counted(minutes: list[float]) -> dict[int, int]:
    steps = [step_of(each) for each in minutes]
    return {step: steps.count(step) for step in steps}


@given(LENGTHS, st.sampled_from([50, 90]))
def test_a_percentile_lies_in_the_same_step_as_the_exact_one(minutes: list[float], percent: int) -> None:
    about, exact = percentile(counted(minutes), percent), exact_percentile(minutes, percent)
    assert about is not None
    assert step_of(about) == step_of(exact)


@given(st.lists(st.floats(0, 10, allow_nan=False), min_size=1), st.sampled_from([50, 90]))
def test_within_the_first_ten_minutes_it_is_true_to_three_seconds(minutes: list[float], percent: int) -> None:
    assert percentile(counted(minutes), percent) == pytest.approx(exact_percentile(minutes, percent), abs=0.0501)


@given(LENGTHS)
def test_who_took_five_minutes_or_less_is_counted_exactly(minutes: list[float]) -> None:
    assert within(counted(minutes), 5) == sum(each <= 5 for each in minutes)


@pytest.mark.parametrize(("percent", "exact"), [(50, 2), (90, 4), (1, 1), (75, 3), (100, 4)])
def test_a_percentile_is_one_of_the_lengths_that_there_were(percent: int, exact: float) -> None:
    assert exact_percentile([4, 1, 3, 2], percent) == exact


def test_of_nothing_there_is_no_percentile() -> None:
    assert percentile({}, 50) is None
    assert percentile({3: 0}, 50) is None


def test_no_step_is_wider_than_a_fifth_of_what_it_holds() -> None:
    assert all((high - low) / low <= 0.2 for low, high in pairwise(EDGES) if low >= 1)


def test_what_took_longer_than_sixty_days_is_told_as_sixty_days() -> None:
    assert percentile(counted([200_000.0]), 50) == 60 * 24 * 60

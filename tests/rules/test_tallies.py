"""Sums of whole blocks of days are the sums of their days, and long numbers add up as what they hold does."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.rules.durations import EDGES
from bot.rules.tallies import BLOCKS, blocks_of, cover, packed, steps_of, tally, unpacked

DAYS = st.dates(date(2020, 1, 1), date(2035, 12, 31))
KINDS = 6
COUNTS = st.lists(st.integers(0, 100_000), min_size=KINDS, max_size=KINDS)
TALLIES = st.lists(st.tuples(st.integers(0, len(EDGES)), COUNTS))


@given(first=DAYS, length=st.integers(1, 366), away=st.integers(-400, 366))
def test_each_day_of_a_window_is_in_one_of_its_blocks_and_no_day_before_it_is_in_any(first: date, length: int, away: int) -> None:
    day, blocks = first + timedelta(days=away), cover(first, first + timedelta(days=length - 1))

    found = [block for block in blocks_of(day) if block in blocks]

    if away < length:
        assert len(found) == (away >= 0)
    else:
        assert len(found) <= 1  # the last block may go on


@given(day=DAYS)
def test_a_day_is_in_one_block_of_each_length(day: date) -> None:
    assert [days for days, _ in blocks_of(day)] == list(BLOCKS)
    assert all(first <= day < first + timedelta(days=days) for days, first in blocks_of(day))


@given(first=DAYS)
def test_thirty_days_take_seven_blocks_at_most_and_a_year_thirteen(first: date) -> None:
    assert len(cover(first, first + timedelta(days=29))) <= 7
    assert len(cover(first, first + timedelta(days=365))) <= 13


@given(rows=TALLIES)
def test_a_sum_of_long_numbers_holds_the_sum_of_each_step_and_kind(rows: list[tuple[int, list[int]]]) -> None:
    total = unpacked(packed(sum(tally(step, counts) for step, counts in rows)))

    for kind, steps in enumerate(steps_of(total, KINDS)):
        assert all(steps.values())
        for step in range(len(EDGES) + 1):
            assert steps.get(step, 0) == sum(counts[kind] for at, counts in rows if at == step)


@given(rows=TALLIES.filter(bool))
def test_what_is_taken_back_is_gone(rows: list[tuple[int, list[int]]]) -> None:
    (step, counts), *others = rows
    rest = sum(tally(*each) for each in others)

    assert rest + tally(step, counts) + tally(step, [-count for count in counts]) == rest

"""The mornings that count when an owner leaves a lead alone."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.rules.callable_time import Calendar
from bot.rules.neglect import mornings_before, next_morning

AUSTIN = "America/Chicago"
WEEK = (*[((8 * 60, 12 * 60), (13 * 60, 20 * 60))] * 5, (), ())
HOURS = Calendar(AUSTIN, WEEK)
NOON = datetime(2026, 11, 24, 12, tzinfo=ZoneInfo(AUSTIN))
"""A Tuesday; that Thursday is Thanksgiving."""


def on(day: int, month: int = 11) -> datetime:
    return datetime.combine(datetime(2026, month, day), time(8), ZoneInfo(AUSTIN))


def test_a_day_begins_once_whatever_its_breaks() -> None:
    assert next_morning(HOURS, NOON) == on(25)
    assert next_morning(HOURS, on(24) - timedelta(seconds=1)) == on(24)
    assert next_morning(HOURS, on(24)) == on(25)


def test_weekends_and_holidays_are_no_mornings() -> None:
    assert next_morning(HOURS, on(25)) == on(27)
    assert next_morning(HOURS, on(27)) == on(30)
    assert mornings_before(HOURS, on(30), 3) == [on(30), on(27), on(25)]


def test_this_mornings_beginning_counts_from_its_minute_on() -> None:
    assert mornings_before(HOURS, on(24), 2) == [on(24), on(23)]
    assert mornings_before(HOURS, on(24) - timedelta(seconds=1), 1) == [on(23)]


def test_who_works_one_day_a_week_has_a_morning_a_week() -> None:
    mondays = ((((9 * 60, 17 * 60)),), (), (), (), (), (), ())
    found = mornings_before(Calendar(AUSTIN, mondays), NOON, 3)
    assert [each.astimezone(ZoneInfo(AUSTIN)).date().isoformat() for each in found] == ["2026-11-23", "2026-11-16", "2026-11-09"]


def test_a_team_that_never_works_has_none() -> None:
    never = ((),) * 7
    assert next_morning(Calendar(AUSTIN, never), NOON) is None
    assert mornings_before(Calendar(AUSTIN, never), NOON, 2) == []


@pytest.mark.parametrize(("month", "day"), [(3, 8), (11, 1)])
def test_the_clocks_time_counts_on_days_when_it_changes(month: int, day: int) -> None:
    every_day = (((2 * 60 + 30, 20 * 60),),) * 7
    at = next_morning(Calendar(AUSTIN, every_day), datetime(2026, month, day, tzinfo=ZoneInfo(AUSTIN)))
    assert at is not None and at.astimezone(ZoneInfo(AUSTIN)).time() == (time(3) if month == 3 else time(2, 30))

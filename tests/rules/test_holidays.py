"""The federal holidays, against the calendar that the Office of Personnel Management prints."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.holidays import FEDERAL, is_federal_holiday, is_holiday, next_holiday


def days_off(year: int) -> list[str]:
    length = date(year, 12, 31).timetuple().tm_yday
    days = (date(year, 1, 1) + timedelta(days=count) for count in range(length))
    return [f"{day:%m-%d}" for day in days if is_federal_holiday(day)]


@pytest.mark.parametrize(
    ("year", "days"),
    [
        (2024, "01-01 01-15 02-19 05-27 06-19 07-04 09-02 10-14 11-11 11-28 12-25"),
        (2025, "01-01 01-20 02-17 05-26 06-19 07-04 09-01 10-13 11-11 11-27 12-25"),
        (2026, "01-01 01-19 02-16 05-25 06-19 07-03 07-04 09-07 10-12 11-11 11-26 12-25"),
        (2027, "01-01 01-18 02-15 05-31 06-18 06-19 07-04 07-05 09-06 10-11 11-11 11-25 12-24 12-25 12-31"),
        (2028, "01-01 01-17 02-21 05-29 06-19 07-04 09-04 10-09 11-10 11-11 11-23 12-25"),
    ],
)
def test_each_year_has_its_holidays_and_the_days_they_are_observed_on(year: int, days: str) -> None:
    assert days_off(year) == days.split()


def test_a_new_year_on_a_saturday_is_observed_in_the_old_year() -> None:
    assert is_federal_holiday(date(2021, 12, 31)) and is_federal_holiday(date(2022, 1, 1))


@given(st.dates(date(1990, 1, 1), date(9999, 12, 28)))
def test_no_three_days_in_a_row_are_holidays(day: date) -> None:
    assert not all(is_federal_holiday(day + timedelta(days=ahead)) for ahead in range(3))


@given(st.integers(1990, 9999))
def test_every_year_has_eleven_holidays_or_a_few_more_days_off(year: int) -> None:
    assert 11 <= len(days_off(year)) <= 15


@given(st.dates(date(1990, 1, 1), date(2100, 1, 1)))
def test_each_federal_holiday_has_one_name_by_which_it_is_a_day_off(day: date) -> None:
    assert is_federal_holiday(day) == is_holiday(day, frozenset(FEDERAL))
    assert sum(is_holiday(day, frozenset([name])) for name in FEDERAL) == is_federal_holiday(day)


def test_a_company_takes_the_holidays_that_it_names_and_no_others() -> None:
    ours = frozenset(["thanksgiving", "2026-12-24"])
    days = [date(2026, 11, 11), date(2026, 11, 26), date(2026, 12, 24), date(2026, 12, 25), date(2027, 11, 25), date(2027, 12, 24)]
    assert [is_holiday(day, ours) for day in days] == [False, True, True, False, True, False]
    assert not is_holiday(date(2026, 11, 26), frozenset())


def test_a_holiday_at_the_weekend_is_taken_on_the_day_that_it_is_observed_too() -> None:
    assert is_holiday(date(2027, 6, 18), frozenset(["juneteenth"])) and is_holiday(date(2027, 6, 19), frozenset(["juneteenth"]))
    assert is_holiday(date(2021, 12, 31), frozenset(["new_year"]))


def test_the_next_holiday_is_found_within_its_time() -> None:
    ours = frozenset(["christmas", "2026-12-24"])
    assert next_holiday(date(2026, 12, 1), ours, timedelta(days=30)) == date(2026, 12, 24)
    assert next_holiday(date(2026, 12, 25), ours, timedelta(days=30)) == date(2026, 12, 25)
    assert next_holiday(date(2026, 12, 1), ours, timedelta(days=14)) is None

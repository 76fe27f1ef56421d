"""Holidays: the federal ones of the United States, on the day itself and on the day they are observed, and days that a company names."""

from datetime import date, timedelta
from functools import lru_cache

Holidays = frozenset[str]
"""Names of federal holidays and ISO dates."""

# 5 U.S.C. 6103(a). Inauguration Day (6103(c)) is a holiday around Washington alone and is left out.
_FIXED = {"new_year": (1, 1), "juneteenth": (6, 19), "independence_day": (7, 4), "veterans_day": (11, 11), "christmas": (12, 25)}
_BY_WEEKDAY = {  # month, weekday from 0 for Monday, which of them
    "martin_luther_king_day": (1, 0, 3), "presidents_day": (2, 0, 3), "labor_day": (9, 0, 1), "columbus_day": (10, 0, 2),
    "thanksgiving": (11, 3, 4),
}  # fmt: skip
_LAST_MONDAY_OF_MAY = "memorial_day"
FEDERAL = (
    *("new_year", "martin_luther_king_day", "presidents_day", "memorial_day", "juneteenth", "independence_day"),
    *("labor_day", "columbus_day", "veterans_day", "thanksgiving", "christmas"),
)
"""Their names, in the order of the year."""


def is_federal_holiday(day: date) -> bool:
    """Whether this is a holiday or the day on which one is observed."""
    return day in _days_off(day.year)


def is_holiday(day: date, holidays: Holidays) -> bool:
    """Whether one of these falls on this day, or is observed on it."""
    return bool(holidays) and (day.isoformat() in holidays or not holidays.isdisjoint(_days_off(day.year).get(day, ())))


def next_holiday(day: date, holidays: Holidays, within: timedelta) -> date | None:
    """The first of these days from this one on, None where none falls within that time."""
    days = (day + timedelta(days=number) for number in range(within.days))
    return next((each for each in days if is_holiday(each, holidays)), None)


@lru_cache(maxsize=32)
def _days_off(year: int) -> dict[date, frozenset[str]]:
    """The days of that year on which federal holidays fall or are observed, with their names."""
    fixed = [(name, date(year, *day)) for name, day in _FIXED.items()]
    if year < date.max.year:
        fixed.append(("new_year", date(year + 1, 1, 1)))  # on a Saturday it is observed on the last day of this year
    end_of_may = date(year, 5, 31)
    named = [
        *fixed,
        *((name, _observed(day)) for name, day in fixed),
        *((name, _nth(year, *which)) for name, which in _BY_WEEKDAY.items()),
        (_LAST_MONDAY_OF_MAY, end_of_may - timedelta(days=end_of_may.weekday())),
    ]
    return {day: frozenset(name for name, fallen_on in named if fallen_on == day) for _, day in named}


def _observed(day: date) -> date:
    """Friday for a Saturday by 5 U.S.C. 6103(b)(1), Monday for a Sunday by Executive Order 11582."""
    return day + timedelta(days={5: -1, 6: 1}.get(day.weekday(), 0))


def _nth(year: int, month: int, weekday: int, which: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (which - 1))

"""The federal holidays of the United States, on the day itself and on the day it is observed."""

from datetime import date, timedelta
from functools import lru_cache

# 5 U.S.C. 6103(a). Inauguration Day (6103(c)) is a holiday around Washington alone and is left out.
_FIXED = ((1, 1), (6, 19), (7, 4), (11, 11), (12, 25))
_BY_WEEKDAY = ((1, 0, 3), (2, 0, 3), (9, 0, 1), (10, 0, 2), (11, 3, 4))  # month, weekday from 0 for Monday, which of them
_LAST_MONDAY_OF_MAY = 5


def is_federal_holiday(day: date) -> bool:
    """Whether this is a holiday or the day on which one is observed."""
    return day in _days_off(day.year)


@lru_cache(maxsize=32)
def _days_off(year: int) -> frozenset[date]:
    fixed = [date(year, month, day) for month, day in _FIXED]
    if year < date.max.year:
        fixed.append(date(year + 1, 1, 1))  # on a Saturday it is observed on the last day of this year
    by_weekday = [_nth(year, month, weekday, which) for month, weekday, which in _BY_WEEKDAY]
    end_of_may = date(year, _LAST_MONDAY_OF_MAY, 31)
    memorial_day = end_of_may - timedelta(days=end_of_may.weekday())
    return frozenset((*fixed, *(_observed(day) for day in fixed), *by_weekday, memorial_day))


def _observed(day: date) -> date:
    """Friday for a Saturday by 5 U.S.C. 6103(b)(1), Monday for a Sunday by Executive Order 11582."""
    return day + timedelta(days={5: -1, 6: 1}.get(day.weekday(), 0))


def _nth(year: int, month: int, weekday: int, which: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (which - 1))

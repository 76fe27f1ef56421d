"""A working day begins when the clocks of the place first show its first hour, and never on a day off."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.rules.callable_time import CLOSED, Calendar
from bot.rules.shifts import next_beginning, next_question

PLACES = ("America/Chicago", "America/Phoenix", "Pacific/Honolulu", "America/Indiana/Indianapolis")
CHANGES = (date(2026, 11, 1), date(2027, 3, 14))
"""Back an hour, and on an hour, at 2 am; in Phoenix and Honolulu nothing happens."""
WITH_A_LUNCH_BREAK = (((480, 720), (780, 1200)),) * 7


def at(zone: str, day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), ZoneInfo(zone))


@pytest.mark.parametrize("zone", PLACES)
@pytest.mark.parametrize("change", CHANGES)
def test_a_day_begins_once_and_ends_once_also_where_clocks_change(zone: str, change: date) -> None:
    hours = Calendar(zone, WITH_A_LUNCH_BREAK)
    assert next_beginning(hours, at(zone, change, 0)) == at(zone, change, 8)
    assert next_beginning(hours, at(zone, change, 8)) == at(zone, change + timedelta(days=1), 8)
    assert next_question(hours, at(zone, change, 8)) == at(zone, change, 19, 45)


@pytest.mark.parametrize("zone", PLACES)
@pytest.mark.parametrize("change", CHANGES)
def test_a_day_that_is_a_holiday_neither_begins_nor_ends(zone: str, change: date) -> None:
    hours = Calendar(zone, WITH_A_LUNCH_BREAK, frozenset([change.isoformat()]))
    next_day = change + timedelta(days=1)
    assert next_beginning(hours, at(zone, change, 0)) == at(zone, next_day, 8)
    assert next_question(hours, at(zone, change, 0)) == at(zone, next_day, 19, 45)


@pytest.mark.parametrize(("change", "begins"), [(CHANGES[0], time(2, 30)), (CHANGES[1], time(3))])
def test_a_beginning_that_the_clocks_skip_is_the_next_time_that_they_show(change: date, begins: time) -> None:
    found = next_beginning(Calendar(PLACES[0], (((150, 1200),),) * 7), at(PLACES[0], change, 0))
    assert found is not None and found.astimezone(ZoneInfo(PLACES[0])).time() == begins


def test_who_never_works_has_no_beginning() -> None:
    assert next_beginning(Calendar(PLACES[0], CLOSED), at(PLACES[0], CHANGES[0], 0)) is None

"""When a working day begins and ends, and who still works then."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.rules.callable_time import LONGEST_BREAK, Calendar, is_open, shown_at

ASKED_BEFORE = timedelta(minutes=15)
"""How long before the end officers are asked what becomes of leads that are still open."""
GOES_ON = timedelta(minutes=30)
"""Who still works so long after the end can take them over."""


def next_question(hours: Calendar, now: datetime) -> datetime | None:
    """The next time after now (UTC) at which a working day has 15 minutes left; None when no hour is open. A lunch break ends no day."""
    there = ZoneInfo(hours.zone)
    today = now.astimezone(there).date()
    for day in (today + timedelta(days=number) for number in range(-1, LONGEST_BREAK.days)):
        spans = hours.on(day)
        if spans:
            asked = shown_at(there, day, spans[-1][1], last=True) - ASKED_BEFORE
            if asked > now:
                return asked
    return None


def next_beginning(hours: Calendar, now: datetime) -> datetime | None:
    """The next time after now (UTC) at which a working day begins; None when no hour is open within LONGEST_BREAK."""
    there = ZoneInfo(hours.zone)
    today = now.astimezone(there).date()
    for day in (today + timedelta(days=number) for number in range(LONGEST_BREAK.days)):
        spans = hours.on(day)
        if spans:
            begins = shown_at(there, day, spans[0][0])
            if begins > now:
                return begins
    return None


def last_beginning(hours: Calendar, now: datetime) -> datetime:
    """When the working day before today's began (UTC); a day ago where none did within LONGEST_BREAK."""
    there = ZoneInfo(hours.zone)
    today = now.astimezone(there).date()
    for day in (today - timedelta(days=number) for number in range(1, LONGEST_BREAK.days)):
        if spans := hours.on(day):
            return shown_at(there, day, spans[0][0])
    return now - timedelta(days=1)


def works_on(hours: Calendar, end: datetime) -> bool:
    """Whether who has these hours is at work half an hour after another one's end."""
    return is_open(end + GOES_ON, (hours,))

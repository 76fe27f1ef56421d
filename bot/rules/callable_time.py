"""Callable minutes, in which service levels are counted: the team works and the borrower may lawfully be called."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from bot.rules.compliance import legal_hours
from bot.rules.holidays import Holidays, is_holiday
from bot.rules.hours import Hours
from bot.rules.zones import Whereabouts

Week = tuple[tuple[tuple[int, int], ...], ...]
"""Seven entries from Monday to Sunday, each with its spans in order: start and end in minutes of the local day, the end not included
and 1440 for midnight. A closed day is empty."""

CLOSED: Week = ((),) * 7

_Span = tuple[datetime, datetime]  # UTC, the end not included

LONGEST_BREAK = timedelta(days=62)
"""How far ahead an open hour is looked for: holidays may close a company for weeks."""
_EVERY_WEEKDAY = timedelta(days=14)
_DAY = timedelta(days=1)
_MINUTE = timedelta(minutes=1)
_SEASONS = (datetime(2026, 1, 5, tzinfo=UTC), datetime(2026, 7, 6, tzinfo=UTC))  # standard and daylight time


@dataclass(frozen=True, slots=True)
class Calendar:
    """Hours that repeat each week on the clocks of one IANA zone, but for holidays, which have hours of their own, mostly none."""

    zone: str
    week: Week
    holidays: Holidays = frozenset()
    holiday_week: Week = CLOSED

    def on(self, day: date) -> tuple[tuple[int, int], ...]:
        """The spans of that local day."""
        return (self.holiday_week if is_holiday(day, self.holidays) else self.week)[day.weekday()]


def week_of(working_hours: Mapping[str, Sequence[Sequence[int]]]) -> Week:
    """Hours as the store keeps them: spans by the number of the weekday as text."""
    return tuple(tuple((start, end) for start, end in working_hours.get(str(day), ())) for day in range(7))


def stored_week(week: Week) -> dict[str, Any]:
    """What `week_of` reads."""
    return {str(day): [list(span) for span in spans] for day, spans in enumerate(week)}


def working_time(zone: str, working_hours: Mapping[str, Any], holidays: Iterable[str]) -> Calendar:
    """When a team, or an officer with hours of their own, works, by what the store keeps of it."""
    return Calendar(zone, week_of(working_hours), frozenset(holidays))


def calendars(team: Calendar, whereabouts: Whereabouts) -> tuple[Calendar, ...]:
    """The team's hours and the borrower's legal ones in every zone the borrower may be in: a minute counts when all are open.

    The team's alone where the two never meet within 14 days, in winter or in summer, so that no lead is forgotten.
    """
    zones, hours, _ = legal_hours(whereabouts)
    legal = tuple(Calendar(zone, _week_of(hours)) for zone in zones)
    return (team, *legal) if _meet((Calendar(team.zone, team.week), *legal)) else (team,)


def after(start: datetime, minutes: float, calendars: tuple[Calendar, ...]) -> datetime | None:
    """The first callable moment (UTC) by which so many callable minutes have passed since `start`; with 0 the first one from `start` on.

    None when LONGEST_BREAK goes by without an open minute. `start` must be aware and `minutes` not negative, else ValueError.
    """
    if minutes < 0:
        raise ValueError("Callable minutes are counted forward.")
    start, left = _utc(start), timedelta(minutes=minutes)
    while True:
        closed_at = None
        for opens, closes in _open_between(start, start + LONGEST_BREAK, calendars):
            if left < closes - opens:
                return opens + left
            left -= closes - opens
            closed_at = closes
        if closed_at is None:
            return None
        start = closed_at


def between(start: datetime, end: datetime, calendars: tuple[Calendar, ...]) -> float:
    """The callable minutes from `start` to `end`, both aware; 0 when `end` is not the later."""
    spans = _open_between(_utc(start), _utc(end), calendars)
    return sum((closes - opens for opens, closes in spans), timedelta()) / _MINUTE


def is_open(at: datetime, calendars: tuple[Calendar, ...]) -> bool:
    """Whether this moment, aware, is callable."""
    at = _utc(at)
    return any(opens <= at < closes for opens, closes in _open_on(calendars, at.date()))


def opens_at(at: datetime, calendars: tuple[Calendar, ...]) -> datetime | None:
    """The first callable moment (UTC) at or after `at`; None when there is none within LONGEST_BREAK."""
    return after(at, 0, calendars)


def shown_at(there: ZoneInfo, day: date, minute: int, *, last: bool = False) -> datetime:
    """The moment (UTC) at which the clocks there show this minute of the day, the first or the last time; 1440 is the next midnight.

    A time that they skip counts as the next one they show.
    """
    local = datetime.combine(day, time(), there) + timedelta(minutes=minute)
    earlier, later = (local.replace(fold=fold).astimezone(UTC) for fold in (0, 1))
    if earlier <= later:
        return later if last else earlier
    return _jump(later, earlier, there)  # in a skipped hour the two readings lie on either side of the jump


def _utc(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError("Callable time needs to know the time zone of a moment.")
    return at.astimezone(UTC)


def _week_of(hours: Hours) -> Week:
    return tuple(((_minutes(span[0]), _minutes(span[1])),) if span else () for span in hours.newest)


def _minutes(local: time) -> int:
    return local.hour * 60 + local.minute


@lru_cache(maxsize=4096)
def _meet(calendars: tuple[Calendar, ...]) -> bool:
    return all(any(_open_between(season, season + _EVERY_WEEKDAY, calendars)) for season in _SEASONS)


def _open_between(start: datetime, end: datetime, calendars: tuple[Calendar, ...]) -> Iterator[_Span]:
    """The open spans in order, cut to what lies between the two moments."""
    day = start.date()
    while day <= end.date():
        for opens, closes in _open_on(calendars, day):
            opens, closes = max(opens, start), min(closes, end)
            if opens < closes:
                yield opens, closes
        day += _DAY


@lru_cache(maxsize=8192)
def _open_on(calendars: tuple[Calendar, ...], day: date) -> tuple[_Span, ...]:
    """When every calendar is open on this day of UTC."""
    first, *others = (_open_by(calendar, day) for calendar in calendars)
    spans = first
    for other in others:
        spans = [(max(ours[0], theirs[0]), min(ours[1], theirs[1])) for ours in spans for theirs in other]
        spans = [(opens, closes) for opens, closes in spans if opens < closes]
    return tuple(spans)


def _open_by(calendar: Calendar, day: date) -> list[_Span]:
    """When this one calendar is open on this day of UTC, which can meet three local days."""
    midnight = datetime.combine(day, time(), UTC)
    spans: list[_Span] = []
    for local_day in (day - _DAY, day, day + _DAY):
        for opens, closes in _local_spans(calendar.zone, calendar.on(local_day), local_day):
            opens, closes = max(opens, midnight), min(closes, midnight + _DAY)
            if spans and spans[-1][1] >= opens:  # where clocks go back at midnight one evening reaches into the next morning
                opens, closes = spans[-1][0], max(closes, spans.pop()[1])
            if opens < closes:
                spans.append((opens, closes))
    return spans


@lru_cache(maxsize=8192)
def _local_spans(zone: str, spans: tuple[tuple[int, int], ...], day: date) -> tuple[_Span, ...]:
    there = ZoneInfo(zone)
    return tuple((shown_at(there, day, opens), shown_at(there, day, closes, last=True)) for opens, closes in spans)


def _jump(before: datetime, after: datetime, there: ZoneInfo) -> datetime:
    """The moment between these two at which the clocks there are changed."""
    offset = before.astimezone(there).utcoffset()
    minutes = range((after - before) // _MINUTE)
    passed = bisect_left(minutes, True, key=lambda minute: (before + minute * _MINUTE).astimezone(there).utcoffset() != offset)
    return before + passed * _MINUTE

"""Who is on call: a list of officers who take turns, handed over on certain days at a certain time, for the hours outside working hours."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import islice, pairwise
from typing import Any
from zoneinfo import ZoneInfo

from bot.rules.callable_time import Calendar, Week, between, is_open, shown_at, stored_week, week_of, working_time

_DAY = timedelta(days=1)
MOST_TURNS = 100
"""How many turns ahead somebody's next one is looked for."""


@dataclass(frozen=True, slots=True)
class Rota:
    """`days` are the weekdays of the hand-over from 0 for Monday, `minute` its time of the local day; `since` is the day from which on the
    first of the officers (by key) has the first turn. A hand-over takes place when clocks first show its time; a time that they skip is
    the next one they show."""

    zone: str
    officers: tuple[str, ...]
    days: tuple[int, ...]
    minute: int
    since: date
    week: Week

    @property
    def hours(self) -> Calendar:
        """When somebody is on call."""
        return Calendar(self.zone, self.week)


@dataclass(frozen=True, slots=True)
class Turn:
    """One officer's turn, from one hand-over (UTC) to the next."""

    officer: str
    begins: datetime
    ends: datetime


@dataclass(frozen=True, slots=True)
class Taken:
    """A colleague took another one's turn, or a part of it."""

    whose: str
    by: str
    begins: datetime
    ends: datetime


def rota_of(zone: str, stored: Mapping[str, Any] | None) -> Rota | None:
    """A team's rota as the store keeps it."""
    if stored is None:
        return None
    since = date.fromisoformat(stored["since"])
    return Rota(zone, tuple(stored["officers"]), tuple(stored["days"]), stored["minute"], since, week_of(stored["hours"]))


def turns(rota: Rota, at: datetime) -> Iterator[Turn]:
    """The turn of this moment (aware), and those after it; each ends when the next begins."""
    hand_overs = _hand_overs(rota, at.astimezone(ZoneInfo(rota.zone)).date() - 8 * _DAY)
    day, begins = next(hand_overs)
    for next_day, ends in hand_overs:
        if ends > at:
            yield Turn(rota.officers[_number(rota, day) % len(rota.officers)], begins, ends)
        day, begins = next_day, ends


def turn_at(rota: Rota, at: datetime) -> Turn:
    return next(turns(rota, at))


def holder(turn: Turn, at: datetime, taken: Sequence[Taken]) -> str:
    """Whose the turn is at this moment, by what colleagues took, in the order in which they did."""
    officer = turn.officer
    for each in taken:
        if each.whose == officer and each.begins <= at < each.ends:
            officer = each.by
    return officer


def on_call(rota: Rota, at: datetime, taken: Sequence[Taken], is_here: Callable[[str], bool]) -> str | None:
    """Who is on call at this moment: whose turn it is, else the next of the list who is here; None when nobody is."""
    turn = turn_at(rota, at)
    first = holder(turn, at, taken)
    place = rota.officers.index(first) if first in rota.officers else rota.officers.index(turn.officer)
    after = (rota.officers[(place + step) % len(rota.officers)] for step in range(len(rota.officers)))
    return next((officer for officer in (first, *after) if is_here(officer)), None)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Somebody is on call from one moment to another (UTC), in place of `whose` turn it is where that is another one; None is nobody."""

    officer: str | None
    whose: str
    begins: datetime
    ends: datetime


def stretches(
    rota: Rota, at: datetime, taken: Sequence[Taken], is_here: Callable[[str, datetime], bool], back_at: Collection[datetime]
) -> Iterator[Stretch]:
    """Who is on call from this moment on, as far as is known now. Each ends where somebody else begins, or the turn is handed over."""
    while True:
        ends = next_change(rota, at, taken, back_at)
        officer = on_call(rota, at, taken, lambda key, at=at: is_here(key, at))  # type: ignore[misc]
        yield Stretch(officer, turn_at(rota, at).officer, at, ends)
        at = ends


def next_change(rota: Rota, at: datetime, taken: Collection[Taken], back_at: Collection[datetime]) -> datetime:
    """When it may next be another one's turn: a hand-over, the beginning or end of what was taken, or somebody's return."""
    bounds = [turn_at(rota, at).ends, *back_at, *(bound for each in taken for bound in (each.begins, each.ends))]
    return min(bound for bound in bounds if bound > at)


def pieces(rota: Rota, at: datetime, taken: Sequence[Taken], officer: str) -> Iterator[tuple[datetime, datetime]]:
    """What this officer has of the turns from this moment on, each in one piece as far as no colleague took any of it."""
    for turn in islice(turns(rota, at), MOST_TURNS):
        begins = max(turn.begins, at)
        inside = sorted({bound for each in taken for bound in (each.begins, each.ends) if begins < bound < turn.ends})
        bounds = [begins, *inside, turn.ends]
        open_since: datetime | None = None
        for start, end in pairwise(bounds):
            if holder(turn, start, taken) == officer:
                open_since = open_since or start
                if end == turn.ends:
                    yield open_since, end
            elif open_since is not None:
                yield open_since, start
                open_since = None


def piece_to_give(rota: Rota, at: datetime, taken: Sequence[Taken], officer: str, day: date | None) -> tuple[datetime, datetime] | None:
    """The next piece of theirs with hours on call in it, or what of it lies on that local day; None when there is none."""
    there = ZoneInfo(rota.zone)
    for begins, ends in pieces(rota, at, taken, officer):
        if day is not None:
            begins, ends = max(begins, shown_at(there, day, 0)), min(ends, shown_at(there, day + _DAY, 0))
        if begins < ends and between(begins, ends, (rota.hours,)) > 0:
            return begins, ends
    return None


def only_on_call(rota: Rota | None, working: Calendar, at: datetime) -> bool:
    """Whether at this moment nobody works but who is on call."""
    return rota is not None and is_open(at, (rota.hours,)) and not is_open(at, (working,))


def answered_time(zone: str, working_hours: Mapping[str, Any], holidays: Iterable[str], rota: Mapping[str, Any] | None) -> Calendar:
    """When somebody answers leads, by what the store keeps of a team: at work, or on call, which somebody is on holidays too."""
    working = working_time(zone, working_hours, holidays)
    if rota is None:
        return working
    on_call = week_of(rota["hours"])
    both = tuple(_joined((*ours, *theirs)) for ours, theirs in zip(working.week, on_call, strict=True))
    return replace(working, week=both, holiday_week=on_call)


def _hand_overs(rota: Rota, first: date) -> Iterator[tuple[date, datetime]]:
    there, day = ZoneInfo(rota.zone), first
    while True:
        if day.weekday() in rota.days:
            yield day, shown_at(there, day, rota.minute)
        day += _DAY


def _number(rota: Rota, day: date) -> int:
    """How many hand-overs lie between the first turn's and that of this day."""
    first = next(rota.since + step * _DAY for step in range(7) if (rota.since + step * _DAY).weekday() in rota.days)

    def since_ever(when: date) -> int:
        weeks, weekday = divmod(when.toordinal() - 1, 7)  # the first day of all was a Monday
        return weeks * len(rota.days) + sum(each < weekday for each in rota.days)

    return since_ever(day) - since_ever(first)


def _joined(spans: Sequence[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    joined: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(joined[-1][1], end)
        else:
            joined.append((start, end))
    return tuple(joined)


def stored_rota(rota: Rota) -> dict[str, Any]:
    """What `rota_of` reads."""
    return {
        "officers": list(rota.officers), "days": list(rota.days), "minute": rota.minute, "since": rota.since.isoformat(),
        "hours": stored_week(rota.week),
    }  # fmt: skip

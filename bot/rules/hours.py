"""The hours in which calls and texts are lawful, on the clocks of every place at once."""

import tomllib
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

from bot.rules.holidays import is_federal_holiday
from bot.rules.zones import Whereabouts, state_of_phone, states_of_zip

_HORIZON = timedelta(days=15)  # every weekday once, also when holidays fall on it a week apart

Span = tuple[time, time]  # local, the end not included
Week = tuple[Span | None, ...]
"""Local hours of the days from Monday to Sunday; None is a closed day."""


@dataclass(frozen=True, slots=True)
class Spell:
    """Hours that hold from a day on."""

    since: date
    week: Week
    on_holidays: bool = True


@dataclass(frozen=True, slots=True)
class Hours:
    """Hours as they change from day to day when a law does: each spell ends where the next begins."""

    spells: tuple[Spell, ...]

    def on(self, day: date) -> Span | None:
        spell = next(each for each in reversed(self.spells) if each.since <= day)
        return spell.week[day.weekday()] if spell.on_holidays or not is_federal_holiday(day) else None

    @property
    def newest(self) -> Week:
        """The week of the last spell, for whoever plans ahead."""
        return self.spells[-1].week

    def also_on_holidays(self) -> "Hours":
        return Hours(tuple(Spell(each.since, each.week) for each in self.spells))


def always(*week: Span | None, on_holidays: bool = True) -> Hours:
    """Hours that never change."""
    return Hours((Spell(date.min, week, on_holidays),))


CALL_BY_HAND = always(*((time(8), time(20)),) * 7)
UNKNOWN_PLACE = always(*((time(12), time(18)),) * 5, None, None)  # on Eastern time this is inside every weekday window of the lower 48
SMS = always(*((time(9), time(20)),) * 6, (time(12), time(18)), on_holidays=False)


def sms_hours(place: Whereabouts) -> Hours:
    """The hours for texts that hold in every state the borrower may be in."""
    return _narrowed(SMS, frozenset(states_of(place)))


def call_hours(place: Whereabouts) -> Hours:
    """The same for calls by hand."""
    return _narrowed(CALL_BY_HAND, frozenset(states_of(place)))


@dataclass(frozen=True, slots=True)
class Cap:
    """So many calls and texts to one person in so long a time: by the law of these states, or everywhere where none is named."""

    states: frozenset[str]
    most: int
    period: timedelta


@cache
def caps() -> tuple[Cap, ...]:
    """How often one person may be called and texted, over all officers and numbers."""
    return tuple(Cap(frozenset(each.get("states", "").split()), each["most"], timedelta(hours=each["hours"])) for each in _data()["cap"])


def caps_by_law(place: Whereabouts) -> tuple[Cap, ...]:
    """Those of them that are the law of a state where the borrower may be."""
    states = states_of(place)
    return tuple(cap for cap in caps() if not cap.states.isdisjoint(states))


def needs_written_consent(place: Whereabouts) -> bool:
    """Whether a state where the borrower may be lets nobody be called for an offer who did not agree in writing."""
    return not states_of(place).isdisjoint(_written_consent())


@cache
def _written_consent() -> frozenset[str]:
    return frozenset(state for row in _data()["written_consent"] for state in row["states"].split())


@cache
def _data() -> dict[str, list[dict[str, Any]]]:
    return tomllib.loads(files("bot.rules").joinpath("data/solicitations.toml").read_text(encoding="utf-8"))


@cache
def _by_state() -> dict[str, Hours]:
    spells: dict[str, list[Spell]] = {}
    for row in _data()["hours"]:
        monday, saturday, sunday = (_span(each) for each in row["week"])
        spell = Spell(row.get("effective_from", date.min), (*(monday,) * 5, saturday, sunday), row.get("holidays", True))
        for state in row["states"].split():
            spells.setdefault(state, []).append(spell)
    return {state: _from_the_beginning(found) for state, found in spells.items()}


def _from_the_beginning(spells: list[Spell]) -> Hours:
    """In order, with the law of the United States before the first."""
    in_order = sorted(spells, key=lambda spell: spell.since)
    if in_order[0].since > date.min:
        in_order.insert(0, Spell(date.min, ((time(8), time(21)),) * 7))
    return Hours(tuple(in_order))


def _span(written: str) -> Span | None:
    opens, _, closes = written.partition("-")
    return (time(int(opens)), time(int(closes))) if closes else None


@cache
def _narrowed(hours: Hours, states: frozenset[str]) -> Hours:
    """What holds under these hours and under the law of each of these states."""
    for state in sorted(states & _by_state().keys()):
        hours = _both(hours, _by_state()[state])
    return hours


def _both(one: Hours, other: Hours) -> Hours:
    days = sorted({spell.since for hours in (one, other) for spell in hours.spells})
    return Hours(tuple(_both_on(day, one, other) for day in days))


def _both_on(day: date, *hours: Hours) -> Spell:
    ours, theirs = (next(spell for spell in reversed(each.spells) if spell.since <= day) for each in hours)
    week = tuple(_common(*spans) for spans in zip(ours.week, theirs.week, strict=True))
    return Spell(day, week, ours.on_holidays and theirs.on_holidays)


def next_common_opening(now: datetime, zones: tuple[str, ...], hours: Hours) -> tuple[datetime, str] | None:
    """The first moment from now on that is open everywhere: each zone pushes it on until none does. None when no hour is common."""
    moment, pushed_by = now, zones[0]
    while moment < now + _HORIZON:
        latest, zone = max(((_next_opening(moment, zone, hours), zone) for zone in zones), key=_moment)
        if latest == moment:
            return moment, pushed_by
        moment, pushed_by = latest, zone
    return None


def next_closing(now: datetime, zones: tuple[str, ...], hours: Hours) -> tuple[datetime, str]:
    """When the first zone closes, and which, of zones that all are open now."""
    return min(((_closing(now, zone, hours), zone) for zone in zones), key=_moment)


def _common(one: Span | None, other: Span | None) -> Span | None:
    if one is None or other is None:
        return None
    opens, closes = max(one[0], other[0]), min(one[1], other[1])
    return (opens, closes) if opens < closes else None


def states_of(place: Whereabouts) -> set[str]:
    """Every state the borrower may be in."""
    states = {place.property_state, place.mailing_state, *(state_of_phone(number) for number in place.phones)}
    for state, zip_code in ((place.property_state, place.property_zip), (place.mailing_state, place.mailing_zip)):
        by_zip = states_of_zip(zip_code)
        states.update(() if state in by_zip else by_zip)
    return {state for state in states if state}


def _next_opening(moment: datetime, zone: str, hours: Hours) -> datetime:
    """The first moment from this one on that is open in the zone. Days open and close at local times, so a changed clock is heeded."""
    there = ZoneInfo(zone)
    local = moment.astimezone(there)
    for ahead in range(_HORIZON.days):
        day = local.date() + timedelta(days=ahead)
        span = hours.on(day)
        if span and (ahead or local.time() < span[1]):
            return max(moment, datetime.combine(day, span[0], there).astimezone(UTC))
    return moment + _HORIZON


def _closing(moment: datetime, zone: str, hours: Hours) -> datetime:
    """When the day closes that is open at this moment."""
    there = ZoneInfo(zone)
    day = moment.astimezone(there).date()
    span = hours.on(day)
    return datetime.combine(day, span[1], there).astimezone(UTC) if span else moment


def _moment(timed: tuple[datetime, str]) -> datetime:
    return timed[0]

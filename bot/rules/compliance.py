"""When a borrower may be called: the legal hours of every place the borrower may be in."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from bot.rules.zones import Whereabouts, candidate_zones

Rule = Literal["call_by_hand_8_to_20", "unknown_place_12_to_18_eastern_weekdays", "no_common_hour", "no_phone"]

_HORIZON = timedelta(days=8)  # every weekday once, and one more


@dataclass(frozen=True, slots=True)
class Hours:
    """Local hours, open from `opens` up to but not including `closes`, on these weekdays (0 is Monday)."""

    opens: time
    closes: time
    weekdays: frozenset[int]


CALL_BY_HAND = Hours(time(8), time(20), frozenset(range(7)))
UNKNOWN_PLACE = Hours(time(12), time(18), frozenset(range(5)))  # on Eastern time this is inside every weekday window of the lower 48


@dataclass(frozen=True, slots=True)
class Window:
    """The legal hours as they stand now. Open: `closes_at` is the first moment not allowed. Closed: `opens_at` is the next one that is,
    None when there is none. `zone` is the one whose clock decides that moment; `zones` are all that were heeded. Times are UTC."""

    open: bool
    closes_at: datetime | None
    opens_at: datetime | None
    zone: str | None
    zones: tuple[str, ...]
    rule: Rule


@dataclass(frozen=True, slots=True)
class Allowed:
    until: datetime
    zone: str


@dataclass(frozen=True, slots=True)
class WaitUntil:
    at: datetime
    zone: str
    rule: Rule


@dataclass(frozen=True, slots=True)
class Refused:
    rule: Rule


Judgement = Allowed | WaitUntil | Refused


def judge_call_by_hand(whereabouts: Whereabouts, now: datetime) -> Judgement:
    """Whether an officer may dial now. `now` is aware; the times answered are UTC, each with the zone to say it in."""
    if not whereabouts.phones:
        return Refused("no_phone")
    hours = window(whereabouts, now)
    if hours.closes_at and hours.zone:
        return Allowed(hours.closes_at, hours.zone)
    if hours.opens_at and hours.zone:
        return WaitUntil(hours.opens_at, hours.zone, hours.rule)
    return Refused(hours.rule)


def window(whereabouts: Whereabouts, now: datetime) -> Window:
    """The window for a call by hand: 8:00 to 20:00 in every zone the borrower may be in; Eastern weekday afternoons when no zone is known.

    `now` must be aware, else ValueError.
    """
    if now.tzinfo is None:
        raise ValueError("The window needs to know the time zone of now.")
    zones, hours, rule = legal_hours(whereabouts)
    return _window(now.astimezone(UTC), zones, hours, rule)


def legal_hours(whereabouts: Whereabouts) -> tuple[tuple[str, ...], Hours, Rule]:
    """The zones to heed, the local hours that have to hold in every one of them, and the rule that asks for it."""
    zones = candidate_zones(whereabouts)
    if zones:
        return zones, CALL_BY_HAND, "call_by_hand_8_to_20"
    return ("America/New_York",), UNKNOWN_PLACE, "unknown_place_12_to_18_eastern_weekdays"


def clock_words(at: datetime, zone: str, *, short: bool = False) -> str:
    """The time of day there: "8:00 pm CT", or short "8 pm CT" (minutes stay when there are any)."""
    local = at.astimezone(ZoneInfo(zone))
    minutes = "" if short and local.minute == 0 else f":{local.minute:02}"
    return f"{local.hour % 12 or 12}{minutes} {'am' if local.hour < 12 else 'pm'} {zone_abbreviation(zone, at)}"


def zone_abbreviation(zone: str, at: datetime) -> str:
    """What Americans call the zone all year round: "CT", but "MST" for Phoenix and "AST" for Puerto Rico, where no clock is changed."""
    there = ZoneInfo(zone)
    name = at.astimezone(there).tzname() or zone
    clock_is_changed = datetime(at.year, 1, 1, tzinfo=there).utcoffset() != datetime(at.year, 7, 1, tzinfo=there).utcoffset()
    return _ALL_YEAR.get(name, name) if clock_is_changed or name == "HST" else name


_ALL_YEAR = {f"{zone}{season}": f"{zone}T" for zone in ("E", "C", "M", "P", "AK", "H", "A", "N") for season in ("ST", "DT")}


def _window(now: datetime, zones: tuple[str, ...], hours: Hours, rule: Rule) -> Window:
    opening = _next_common_opening(now, zones, hours)
    if opening is None:
        return Window(False, None, None, None, zones, "no_common_hour")
    opens_at, opening_zone = opening
    if opens_at > now:
        return Window(False, None, opens_at, opening_zone, zones, rule)
    closes_at, closing_zone = min(((_closing(now, zone, hours), zone) for zone in zones), key=_moment)
    return Window(True, closes_at, None, closing_zone, zones, rule)


def _next_common_opening(now: datetime, zones: tuple[str, ...], hours: Hours) -> tuple[datetime, str] | None:
    """The first moment from now on that is open everywhere: each zone pushes it on until none does. None when no hour is common."""
    moment, pushed_by = now, zones[0]
    while moment < now + _HORIZON:
        latest, zone = max(((_next_opening(moment, zone, hours), zone) for zone in zones), key=_moment)
        if latest == moment:
            return moment, pushed_by
        moment, pushed_by = latest, zone
    return None


def _next_opening(moment: datetime, zone: str, hours: Hours) -> datetime:
    """The first moment from this one on that is open in the zone. Days open and close at local times, so a changed clock is heeded."""
    there = ZoneInfo(zone)
    local = moment.astimezone(there)
    day = local.date() if local.time() < hours.closes else local.date() + timedelta(days=1)
    while day.weekday() not in hours.weekdays:
        day += timedelta(days=1)
    return max(moment, datetime.combine(day, hours.opens, there).astimezone(UTC))


def _closing(moment: datetime, zone: str, hours: Hours) -> datetime:
    there = ZoneInfo(zone)
    return datetime.combine(moment.astimezone(there).date(), hours.closes, there).astimezone(UTC)


def _moment(timed: tuple[datetime, str]) -> datetime:
    return timed[0]

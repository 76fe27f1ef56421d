"""The hours in which calls and texts are lawful, on the clocks of every place at once."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.rules.holidays import is_federal_holiday
from bot.rules.zones import Whereabouts, state_of_phone, states_of_zip

_HORIZON = timedelta(days=15)  # every weekday once, also when holidays fall on it a week apart

Span = tuple[time, time]  # local, the end not included


@dataclass(frozen=True, slots=True)
class Hours:
    """Local hours of the days from Monday to Sunday; None is a closed day."""

    week: tuple[Span | None, ...]
    on_holidays: bool = True

    def on(self, day: date) -> Span | None:
        return self.week[day.weekday()] if self.on_holidays or not is_federal_holiday(day) else None


CALL_BY_HAND = Hours(((time(8), time(20)),) * 7)
UNKNOWN_PLACE = Hours((*((time(12), time(18)),) * 5, None, None))  # on Eastern time this is inside every weekday window of the lower 48
SMS = Hours((*((time(9), time(20)),) * 6, (time(12), time(18))), on_holidays=False)

# Where a state's own hours for solicitations are narrower than SMS on some day. Sundays of RI, weekends of PA: no clear source, so closed.
_SIX_DAYS = (*((time(8), time(20)),) * 6, None)
_NARROWER: dict[str, tuple[Span | None, ...]] = {
    "AL": _SIX_DAYS,
    "LA": _SIX_DAYS,
    "MS": _SIX_DAYS,
    "KY": ((time(10), time(21)),) * 7,
    "PA": (*((time(8), time(21)),) * 5, None, None),
    "RI": (*((time(9), time(18)),) * 5, (time(10), time(17)), None),
}


def sms_hours(place: Whereabouts) -> Hours:
    """The hours that hold in every state the borrower may be in."""
    week = SMS.week
    for state in states_of(place) & _NARROWER.keys():
        week = tuple(_common(ours, theirs) for ours, theirs in zip(week, _NARROWER[state], strict=True))
    return replace(SMS, week=week)


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

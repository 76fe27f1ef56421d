"""Working hours: reads "mon-fri: 8am-8pm" into minutes of each weekday, and says them in words."""

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Annotated

from pydantic import BeforeValidator, TypeAdapter, ValidationError, ValidationInfo

from bot.config.problems import say, shown

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
Span = tuple[int, int]
"""Start and end in minutes of the local day; the end is not included and may be 1440, midnight."""
Week = tuple[tuple[Span, ...], ...]
"""Seven entries from Monday to Sunday, each with the spans of that day in order; a closed day is empty."""

_TIME = re.compile(r"(\d{1,2})(?::(\d{2}))?\s*([ap]m)?", re.ASCII)
_HAND_OVER = re.compile(r"([a-z][a-z, –—-]*?)\s*(\d.*)", re.ASCII)
_DASH = re.compile(r"-|–|—|\bto\b")
_EXAMPLE = "Write hours such as 8am-8pm, 9:00-18:00, 9am-12pm, 1pm-6pm, or closed."


def _days(written: object) -> tuple[int, ...]:
    """The weekdays that a key such as mon, mon-fri or "sat, sun" names, Monday as 0."""
    days: list[int] = []
    for part in str(written).lower().split(","):
        ends = [_day(name.strip()) for name in _DASH.split(part)]
        first, last = ends[0], ends[-1]
        if len(ends) > 2 or first is None or last is None:
            raise say(f"{shown(written)} is not a day or a range of days. Write mon, sat-sun or mon-fri.", [day[:3] for day in DAYS])
        days += [(first + step) % 7 for step in range((last - first) % 7 + 1)]
    return tuple(days)


def _day(name: str) -> int | None:
    fits = [number for number, day in enumerate(DAYS) if len(name) >= 3 and day.startswith(name)]
    return fits[0] if fits else None


def _spans(written: object, *, of_any_day: bool = False) -> tuple[Span, ...]:
    """The spans of "9am-12pm, 1pm-6pm"; none for closed. Those `of_any_day` have no next day to go on in."""
    if not isinstance(written, str):
        raise say(f"The hours of a day stand on one line. {_EXAMPLE}")
    text = written.strip().lower()
    if text == "closed":
        return ()
    spans = tuple(_span(part.strip(), of_any_day=of_any_day) for part in text.split(","))
    if any(later[0] < earlier[1] for earlier, later in pairwise(spans)):
        raise say(f"The hours {shown(written)} overlap or are not in order. Write the earlier hours first.")
    return spans


def _span(part: str, *, of_any_day: bool) -> Span:
    ends = [_TIME.fullmatch(end.strip()) for end in _DASH.split(part)]
    if len(ends) != 2 or ends[0] is None or ends[1] is None:
        raise say(f"{shown(part)} is not a range of hours. {_EXAMPLE}")
    start, end = _minutes(ends[0]), _minutes(ends[1])
    if start is None or end is None:
        raise say(f"{shown(part)} has a time that no clock shows. {_EXAMPLE}")
    if end == 0:
        end = 24 * 60
    if end <= start:
        plain = not (ends[0][3] or ends[1][3]) and end < 12 * 60 and end + 12 * 60 > start
        meant = f"{_said(start)}-{_said(end + 12 * 60)}" if plain else None
        if of_any_day and not plain:
            both = f"12am-{_said(end)}, {_said(start)}-12am"
            raise say(f"{shown(part)} goes on past midnight. Write the hours before and after it one by one, the morning first.", (), both)
        raise say(f"{shown(part)} ends before it starts. Hours after midnight belong to the next day.", suggestion=meant)
    return start, end


def _minutes(time: re.Match[str]) -> int | None:
    hour, minute, half = int(time[1]), int(time[2] or 0), time[3]
    if minute > 59 or (half and not 1 <= hour <= 12) or hour * 60 + minute > 24 * 60:
        return None
    if half:
        hour = hour % 12 + (12 if half == "pm" else 0)
    return hour * 60 + minute


def _spans_of_day(written: object, info: ValidationInfo) -> object:
    return written if info.mode == "json" else _spans(written, of_any_day=True)


SpansOfDay = Annotated[tuple[Span, ...], BeforeValidator(_spans_of_day)]

_WRITTEN_WEEK = TypeAdapter(dict[Annotated[tuple[int, ...], BeforeValidator(_days)], Annotated[tuple[Span, ...], BeforeValidator(_spans)]])


def _week(written: object, info: ValidationInfo) -> object:
    if info.mode == "json":  # canonical text holds the finished week
        return written
    if not isinstance(written, dict):
        raise say('Write the days below it, each on its own line, such as "mon-fri: 8am-8pm".')
    week: list[tuple[Span, ...] | None] = [None] * 7
    days_and_spans = _WRITTEN_WEEK.validate_python(written)
    if len(days_and_spans) < len(written):
        raise say("Two lines name the same days. Name each day once.")
    for days, spans in days_and_spans.items():
        for day in days:
            if week[day] is not None:
                raise say(f"The hours of {DAYS[day].title()} are given twice. Name each day once.")
            week[day] = spans
    if not any(week):
        raise say(f"No hour of the week is open. {_EXAMPLE}")
    return tuple(spans or () for spans in week)


WorkingHours = Annotated[Week, BeforeValidator(_week)]
_READ_WEEK: TypeAdapter[Week] = TypeAdapter(WorkingHours)


def _hand_over(written: object, info: ValidationInfo) -> object:
    if info.mode == "json":
        return written
    found = _HAND_OVER.fullmatch(str(written).strip().lower())
    time = _TIME.fullmatch(found[2]) if found else None
    minute = _minutes(time) if time else None
    if found is None or minute is None:
        raise say(f"{shown(written)} is not a day with a time. Write mon 8am, or mon, thu 5pm for two hand-overs a week.")
    return tuple(sorted(set(_days(found[1])))), minute


HandOver = Annotated[tuple[tuple[int, ...], int], BeforeValidator(_hand_over)]
"""The weekdays on which the next one takes over, Monday as 0, and the minute of the day."""


def hand_over_in_words(hand_over: tuple[tuple[int, ...], int]) -> str:
    """ "Mon 8am", "Mon, Thu 5pm"."""
    days, minute = hand_over
    return f"{', '.join(DAYS[day][:3].title() for day in days)} {_said(minute)}"


def read_week(lines: str) -> Week | None:
    """Hours written as in the file, a line for each day or range: "mon-fri: 8am-8pm"; None when they are not understood."""
    pairs = [line.partition(":") for line in lines.splitlines() if line.strip()]
    written = {days.strip(): hours.strip() for days, _, hours in pairs}
    if len(written) < len(pairs):
        return None
    try:
        return _READ_WEEK.validate_python(written)
    except ValidationError:
        return None


def written_week(week: Week) -> str:
    """What `read_week` reads."""
    return "\n".join(f"{days.lower()}: {', '.join(f'{_said(start)}-{_said(end)}' for start, end in spans)}" for days, spans in _runs(week))


def spans_in_words(spans: tuple[Span, ...]) -> str:
    """The spans of a day as people say them: "9am-12pm and 1pm-5pm"."""
    return " and ".join(f"{_said(start)}-{_said(end)}" for start, end in spans)


def in_words(week: Week) -> str:
    """The hours as people say them: "Mon-Fri 8am-8pm, Sat 9am-12pm and 1pm-5pm"; closed days are left out."""
    return ", ".join(f"{days} {spans_in_words(spans)}" for days, spans in _runs(week))


def without(spans: tuple[Span, ...], taken: Iterable[Span]) -> tuple[Span, ...]:
    """What of these spans of a day the others leave."""
    left = list(spans)
    for begins, ends in taken:
        left = [part for start, end in left for part in ((start, min(end, begins)), (max(start, ends), end)) if part[0] < part[1]]
    return tuple(left)


def _runs(week: Week) -> Iterator[tuple[str, tuple[Span, ...]]]:
    first = 0
    for day in range(1, 8):
        if day == 7 or week[day] != week[first]:
            if week[first]:
                ends = DAYS[first][:3].title(), DAYS[day - 1][:3].title()
                yield (ends[0] if day - first == 1 else "-".join(ends)), week[first]
            first = day


def _said(minutes: int) -> str:
    hour, minute = divmod(minutes % (24 * 60), 60)
    return f"{(hour - 1) % 12 + 1}{f':{minute:02}' if minute else ''}{'am' if hour < 12 else 'pm'}"

"""Reads the times that officers type, such as "tomorrow 9am", "in 2 hours" or "friday", and says them back in full."""

import re
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.rules.callable_time import shown_at
from bot.rules.compliance import clock_words
from bot.rules.spoken import full_day

_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_TOMORROW = {"tomorrow", "tomorow", "tommorow", "tommorrow", "tmrw", "tmw", "tmr"}
_PARTS_OF_DAY = {"": 9 * 60, "morning": 9 * 60, "noon": 12 * 60, "afternoon": 14 * 60, "evening": 18 * 60}
_FURTHEST = timedelta(days=731)  # what lies beyond is a slip of the finger
_DAY = timedelta(days=1)
_LONGEST = 60
_IDLE = ("at", "on")

_ONE_LENGTH = r"(\d{1,4}(?:\.\d)?|an?|half an) ?(?:(h|hrs?|hours?)|m|mins?|minutes?)"
_LENGTH = re.compile(rf"(?:in )?{_ONE_LENGTH}(?:(?: and)? ?{_ONE_LENGTH})?", re.ASCII)
_DAYS_ON = re.compile(r"(?:in )?(\d{1,3}|an?) ?(?:(d|days?)|w|wks?|weeks?)", re.ASCII)
_WEEKDAY = re.compile(r"(?:(next)|this)? ?([a-z]{3,9})", re.ASCII)
_NUMBERS = re.compile(r"(?P<month>\d{1,2})/(?P<day>\d{1,2})(?:/(?P<year>\d{4}|\d{2}))?", re.ASCII)
_YEAR_FIRST = re.compile(r"(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})", re.ASCII)
_MONTH_FIRST = re.compile(r"(?P<month>[a-z]{3,9}) (?P<day>\d{1,2})(?:st|nd|rd|th)?(?: (?P<year>\d{4}))?", re.ASCII)
_DAY_FIRST = re.compile(r"(?P<day>\d{1,2})(?:st|nd|rd|th)? (?P<month>[a-z]{3,9})(?: (?P<year>\d{4}))?", re.ASCII)
_LIKE_A_TIME = re.compile(r"(?:at )?(\d{1,2}(?::\d{2}(?: ?[ap]m)?| ?[ap]m))\b", re.IGNORECASE | re.ASCII)
_TIME = re.compile(r"(\d{1,2})(?::?(\d{2}))? ?(?:([ap])m?)?", re.ASCII)


def read_when(text: str, now: datetime, zone: str) -> datetime | None:
    """The moment meant (UTC), always after `now`; None when the words are no time, or one that has passed or lies over two years ahead.

    `now` is aware (else ValueError), `zone` the officer's. A day alone means 9:00; a time alone is today's, or tomorrow's once that has
    passed. Without am or pm, 7 to 11 is in the morning and 12 to 6 in the afternoon. A time that the clocks skip is the next they show.
    """
    if now.tzinfo is None:
        raise ValueError("A time can only be read by somebody who knows the time zone of now.")
    words = _words(text)
    length = _length(" ".join(words))
    at = now.astimezone(UTC) + length if length else _on_the_clock(words, now, ZoneInfo(zone))
    return at if at and now < at <= now + _FURTHEST else None


def read_beginning(text: str, now: datetime, zone: str) -> tuple[datetime, str] | None:
    """The moment that the text begins with, in as many words as make one, and what stands after it: "tomorrow 9am check docs".

    None too where a day is followed by a time that no clock shows: "friday 25:00" is a slip, and not friday with a note.
    """
    ends = [word.end() for word in re.finditer(r"\S+", text[:_LONGEST]) if word[0].lower() not in _IDLE]
    for end in reversed(ends):
        if at := read_when(text[:end].rstrip(":;-"), now, zone):
            rest = text[end:].lstrip(" \t\r\n,.;:-")
            time = _LIKE_A_TIME.match(rest)
            return None if time and _minute(time[1].lower()) is None else (at, rest)
    return None


def said_in_full(at: datetime, zone: str, now: datetime, language: str) -> str:
    """The moment on the clocks of the zone: "Friday, November 27, 9:00 am CT", with the year when it is not this one."""
    local, this_year = at.astimezone(ZoneInfo(zone)), now.astimezone(ZoneInfo(zone)).year
    return f"{full_day(local, language, with_year=local.year != this_year)}, {clock_words(at, zone, language)}"


def _words(text: str) -> list[str]:
    """In small letters, without the words and dots that add nothing; none when the text is too long for a time."""
    if len(text) > _LONGEST:
        return []
    plain = re.sub(r"([ap])\.\s?m\b", r"\1m", text.lower())
    plain = re.sub(r"[,@]|(?<!\d)\.|\.(?!\d)", " ", plain)
    plain = re.sub(r"\bthis (?=morning|afternoon|evening)", "today ", plain.replace("tonight", "this evening"))
    return [word for word in plain.split() if word not in _IDLE]


def _length(text: str) -> timedelta | None:
    """How long "in 2 hours", "90 min", "1h 30m" or "half an hour" is; None for other words."""
    found = _LENGTH.fullmatch(text)
    if not found:
        return None
    amount, hours, more, more_hours = found.groups()
    return _of_unit(amount, hours) + (_of_unit(more, more_hours) if more else timedelta())


def _of_unit(amount: str, hours: str | None) -> timedelta:
    number = {"a": 1.0, "an": 1.0, "half an": 0.5}.get(amount) or float(amount)
    return timedelta(hours=number) if hours else timedelta(minutes=number)


def _on_the_clock(words: list[str], now: datetime, there: ZoneInfo) -> datetime | None:
    """Tries each way to part the words into a day and a time, in either order, the longest day first."""
    today = now.astimezone(there).date()
    for cut in range(len(words), -1, -1):
        head, tail = " ".join(words[:cut]), " ".join(words[cut:])
        for day, time in ((head, tail), (tail, head)):
            days, minute = _days(day, today), _minute(time)
            if days and minute is not None and (day or not (time == "" or time.isdigit())):
                moments = (shown_at(there, day, minute, last=last) for day in days for last in (False, True))
                return next((moment for moment in moments if moment > now), None)
    return None


def _days(text: str, today: date) -> tuple[date, ...]:
    """The days that the words can mean, the nearest first; empty when they name none."""
    if text == "":
        return today, today + _DAY
    if text == "today":
        return (today,)
    if text in _TOMORROW:
        return (today + _DAY,)
    if found := _DAYS_ON.fullmatch(text):
        number = 1 if found[1].startswith("a") else int(found[1])
        return (today + number * (_DAY if found[2] else 7 * _DAY),)
    if text == "next week":
        return (today + (7 - today.weekday()) * _DAY,)
    if (found := _WEEKDAY.fullmatch(text)) and (weekday := _number_of(found[2], _WEEKDAYS)):
        days_ahead = 7 + weekday - today.isoweekday() if found[1] else (weekday - today.isoweekday()) % 7
        return today + days_ahead * _DAY, today + (days_ahead + 7) * _DAY
    return _dates(text, today)


def _dates(text: str, today: date) -> tuple[date, ...]:
    """The day of "12/3", "2026-12-03", "dec 3" or "3rd december 2026"; without a year the next such day."""
    found = next((found for form in (_NUMBERS, _YEAR_FIRST, _MONTH_FIRST, _DAY_FIRST) if (found := form.fullmatch(text))), None)
    if not found:
        return ()
    name, year = found["month"], found["year"]
    month = int(name) if name.isdigit() else (_number_of(name, _MONTHS) or 0)
    years = (int(year) + (2000 if len(year) == 2 else 0),) if year else (today.year, today.year + 1)
    days = [day for year in years if (day := _date(year, month, int(found["day"])))]
    return tuple(day for day in days if day >= today)[:1]


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:  # no calendar shows this day
        return None


def _number_of(name: str, names: tuple[str, ...]) -> int | None:
    """The place of the name, which may be cut short, counted from 1."""
    return next((number for number, full in enumerate(names, 1) if full.lower().startswith(name)), None)


def _minute(text: str) -> int | None:
    """The minute of the day; None when the words are no time of day."""
    if text in _PARTS_OF_DAY:
        return _PARTS_OF_DAY[text]
    found = _TIME.fullmatch(text)
    if not found:
        return None
    hour, minute, half = int(found[1]), int(found[2] or 0), found[3]
    if minute > 59 or hour > 23 or (half and not 1 <= hour <= 12):
        return None
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    elif 1 <= hour <= 6 and not found[1].startswith("0"):
        hour += 12
    return hour * 60 + minute

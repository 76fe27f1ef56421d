"""Dates, times and time frames as senders write them."""

import re
from datetime import UTC, datetime, timedelta

from dateutil import parser

_HOURS_FROM_UTC = {"UTC": 0, "GMT": 0, "Z": 0, "EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7} | {
    "AKST": -9,
    "AKDT": -8,
    "HST": -10,
}
_LONGEST = 60
_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]{1,6})?", re.ASCII)
_FULL_DATE = re.compile(r"(?:19|20)[0-9]{2}|[0-9]{1,2}[/.-][0-9]{1,2}[/.-][0-9]{2}", re.ASCII)
_UNSAID = datetime(2000, 1, 1)  # fills what a text leaves open, so that no clock is asked
_FIRST_YEAR, _LAST_YEAR = 2000, 2099
_SPREADSHEET_EPOCH = datetime(1899, 12, 30, tzinfo=UTC)

_FRAMES = {
    "now": ("now", "today", "asap", "as soon as possible", "right now", "this week", "ready now"),
    "this month": ("this month", "immediately", "immediate", "right away", "within a month", "less than a month", "a month"),
    "1-3 months": ("next month", "a few months", "few months", "this quarter", "next quarter"),
    "3-6 months": ("half a year", "within half a year"),
    "6+ months": ("next year", "in a year", "within a year"),
}
_FRAME_OF = {words: frame for frame, all_words in _FRAMES.items() for words in all_words}
_UPPER_DAYS = ((31, "this month"), (93, "1-3 months"), (186, "3-6 months"))
_DAYS_IN = dict.fromkeys(("year", "years", "yr", "yrs"), 365.0) | dict.fromkeys(("month", "months", "mo", "mos"), 30.5)
_DAYS_IN |= dict.fromkeys(("week", "weeks", "wk", "wks"), 7.0) | dict.fromkeys(("day", "days"), 1.0)
_OPEN_ENDS = frozenset(("+", "plus", "more", "over", "after", "least", ">", "longer"))
_JOINING = frozenset(
    [
        "-",
        "–",
        "—",
        ".",
        "<",
        "~",
        "or",
        "and",
        "to",
        "than",
        "within",
        "in",
        "the",
        "next",
        "about",
        "around",
        "at",
        "from",
        "now",
        "between",
        "under",
        "up",
        "less",
        "buying",
    ]
)
_TOKEN = re.compile(r"[a-z]+|[0-9]+|[^\sa-z0-9]")


def read_moment(text: str) -> datetime | None:
    """The moment in UTC, read as UTC when no zone is given; from ISO 8601, US dates, Unix seconds or milliseconds, or a spreadsheet's
    serial number. None without a full date, and outside of 2000 to 2099."""
    text = text.strip()
    if len(text) > _LONGEST:
        return None
    try:
        moment = _from_number(float(text)) if _NUMBER.fullmatch(text) and len(text) != 8 else _from_words(text)
        moment = moment.replace(tzinfo=UTC) if moment and moment.tzinfo is None else moment
        moment = moment.astimezone(UTC) if moment else None
    except (ValueError, OverflowError):
        return None
    return moment if moment and _FIRST_YEAR <= moment.year <= _LAST_YEAR else None


def read_time_frame(text: str) -> str:
    """How soon: "now", "this month", "1-3 months", "3-6 months" or "6+ months" where the words mean one of them, else the words.

    A range counts by its far end; a bare number is days.
    """
    words = " ".join(text[:_LONGEST].lower().split())
    if words in _FRAME_OF:
        return _FRAME_OF[words]
    tokens = set(_TOKEN.findall(words))
    numbers = {token for token in tokens if token.isdecimal() and token.isascii()}
    units = tokens & _DAYS_IN.keys()
    if not numbers or len(units) > 1 or max(map(len, numbers)) > 3 or not tokens - numbers - units <= _JOINING | _OPEN_ENDS:
        return text
    days = max(map(int, numbers)) * (_DAYS_IN[units.pop()] if units else 1) + (10 if tokens & _OPEN_ENDS else 0)
    return next((frame for limit, frame in _UPPER_DAYS if days <= limit), "6+ months")


def _from_words(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        if not _FULL_DATE.search(text):
            return None
        return parser.parse(text, default=_UNSAID, tzinfos=_seconds_from_utc)


def _seconds_from_utc(zone: str | None, seconds: int | None) -> int | None:
    if zone is None or seconds is not None:
        return seconds
    if zone not in _HOURS_FROM_UTC:
        raise ValueError("unknown time zone")
    return _HOURS_FROM_UTC[zone] * 3600


def _from_number(number: float) -> datetime | None:
    if 30_000 <= number < 80_000:
        return _SPREADSHEET_EPOCH + timedelta(days=number)
    seconds = number / 1000 if number >= 10**11 else number
    return datetime.fromtimestamp(seconds, UTC) if 10**8 <= seconds < 10**10 else None

"""A series of texts that leaves by itself: when its next text is due, how officers call it, and what ends it."""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.rules.callable_time import shown_at
from bot.rules.commands import closest as closest_of
from bot.rules.dispositions import Disposition

ENDS_IT = frozenset({
    Disposition.CONNECTED, Disposition.CALL_BACK, Disposition.BAD_NUMBER, Disposition.WRONG_PERSON, Disposition.DO_NOT_CALL,
    Disposition.NOT_INTERESTED, Disposition.ALREADY_HAS_LENDER,
})  # fmt: skip
"""Calls after which nothing leaves by itself any more: the borrower was spoken to, or cannot be reached there."""

REPLIES = ("replied", "opted_out", "wrong_number", "may_be_opt_out")
"""What a borrower's words are taken for. Any of them ends it."""

_LENGTH = re.compile(r"([1-9]\d{0,2}) (minute|hour|day)s?", re.ASCII)
_CLOCK = re.compile(r"([01]\d|2[0-3]):([0-5]\d)", re.ASCII)
_NOT_A_LETTER = re.compile(r"[\W_]+")


def read_length(text: str) -> tuple[int, timedelta] | None:
    """ "10 minutes", "3 hours" or "2 days" as whole days and a length of time; None for other words."""
    found = _LENGTH.fullmatch(text)
    if found is None:
        return None
    number = int(found[1])
    if found[2] == "day":
        return number, timedelta()
    return 0, timedelta(hours=number) if found[2] == "hour" else timedelta(minutes=number)


def read_clock(text: str) -> int | None:
    """The minute of the day of "10:00"; None for other words."""
    found = _CLOCK.fullmatch(text)
    return int(found[1]) * 60 + int(found[2]) if found else None


def step_due(after: str, at: str | None, since: datetime, zone: str) -> datetime:
    """When a step is due (UTC) whose predecessor left at `since`: days are counted on the clocks of the zone, and end at `at` where that
    is given, else at the same time of day. A time that the clocks skip is the next one they show."""
    length = read_length(after)
    if since.tzinfo is None or length is None:
        raise ValueError("A step needs a length of time, and a moment with its time zone to count from.")
    days, rest = length
    if not days:
        return since + rest
    there = ZoneInfo(zone)
    local = since.astimezone(there)
    minute = read_clock(at) if at is not None else None
    if minute is not None:
        return shown_at(there, local.date() + timedelta(days=days), minute)
    seconds = timedelta(seconds=local.second, microseconds=local.microsecond)
    return shown_at(there, local.date() + timedelta(days=days), local.hour * 60 + local.minute) + seconds


def find_sequence(words: str, names: Mapping[str, str]) -> str | None:
    """The key of the sequence that the words name. `names` maps each spelling to a key."""
    return {_plain(name): key for name, key in names.items()}.get(_plain(words))


def closest_sequences(words: str, names: Mapping[str, str]) -> tuple[str, ...]:
    """The keys of the sequences that the words resemble, two at most, to be asked back."""
    by_name = {_plain(name): key for name, key in names.items()}
    return tuple(dict.fromkeys(by_name[name] for name in closest_of(_plain(words), by_name)))


def _plain(text: str) -> str:
    """ "New-lead" and "new_lead" are the same."""
    return _NOT_A_LETTER.sub(" ", text.casefold()).strip()

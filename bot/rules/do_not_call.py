"""Do-not-call registries: how a line of their files reads, of which day a file is, and how old the newest one may be."""

import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

NATIONAL = "national"
"""The registry that the FTC keeps; each other one goes by its state's two letters."""
GOOD_FOR = timedelta(days=31)
"""47 CFR 64.1200(c)(2)(i)(D): the national registry is asked no more than 31 days before a call."""
WARNED_FROM = timedelta(days=24)
"""From this age on, people are told that the national registry runs out."""
LINES = 10_000
"""Numbers of one exchange."""
_NUMBER = rb"(\d{3})[,\t]?(\d{3})-?(\d{4})"
_LINE = re.compile(_NUMBER + rb"((?:[,\t][^,\t\r\n]{0,40}){0,3})\s*")
_DAY = re.compile(r"(?<!\d)(20\d\d)([-_.]?)(\d{1,2})\2(\d{1,2})(?!\d)")


@dataclass(frozen=True, slots=True)
class Listed:
    """What one registry says of a number: whether it stands there, and the day of the file that says so."""

    registry: str
    dated: date
    listed: bool


class Unread(ValueError):
    """A line that is no number of a registry."""


def read_line(line: bytes) -> tuple[bytes, int, bool | None]:
    """The exchange (six digits), the last four, and whether a list of changes adds the number (True) or removes it (False); None in a
    full list. Raises Unread."""
    found = _LINE.fullmatch(line)
    if found is None:
        raise Unread
    area, exchange, last, rest = found.groups()
    return area + exchange, int(last), _change(rest) if rest else None


def _change(rest: bytes) -> bool | None:
    """The FTC writes A or D and a date behind the number, whichever comes first."""
    codes = [each for each in re.split(rb"[,\t]", rest.strip().upper()) if each in (b"A", b"D")]
    if len(codes) > 1:
        raise Unread
    return codes[0] == b"A" if codes else None


def day_in(file_name: str) -> date | None:
    """The one day that the file's name tells; None where it tells none, or several."""
    days = set()
    for year, _, month, day in _DAY.findall(file_name):
        try:
            days.add(date(int(year), int(month), int(day)))
        except ValueError:
            return None
    return days.pop() if len(days) == 1 else None


def good_until(dated: date) -> date:
    """The last day on which a file of that day may be relied on."""
    return dated + GOOD_FOR


def is_good(dated: date, now: datetime) -> bool:
    """Whether a file of that day may be relied on at this moment (aware)."""
    return now.astimezone(UTC).date() <= good_until(dated)


def block_id(salt: str, exchange: bytes) -> int:
    """Under which number the last digits of an exchange are kept: a keyed hash of its six digits, from 0 to 2**63 - 1."""
    digest = hashlib.blake2b(exchange, key=bytes.fromhex(salt), digest_size=8).digest()
    return int.from_bytes(digest, "big") >> 1


def exchange_of(number: str) -> tuple[bytes, int] | None:
    """The exchange and the last four digits of a number of +1 in E.164; None for any other."""
    digits = number[2:]
    if not (number.startswith("+1") and len(digits) == 10 and digits.isascii() and digits.isdigit()):
        return None
    return digits[:6].encode(), int(digits[6:])

"""Whether a lead is wanted that a seller describes without saying who it is, what is bid for it, and the word that proves a bid of ours."""

import hmac
import struct
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

GOOD_FOR = timedelta(minutes=30)
"""How long a bid holds."""
WhyNot = Literal["no_state", "not_licensed", "not_wanted", "duplicate", "cap", "budget", "quota", "unreadable", "away"]

_WORD = struct.Struct(">IIQQ")  # the source, the dollars, the second, and a number of its own
_SIGNATURE = 16
_HEX = bytes.maketrans(b"0123456789abcdef", b"abcdefghijklmnop")  # letters alone: nothing in it looks like a number of somebody's
_LETTERS = bytes.maketrans(b"abcdefghijklmnop", b"0123456789abcdef")


@dataclass(frozen=True, slots=True)
class Bid:
    """Dollars for leads of these states and purposes; none named are all."""

    dollars: int
    states: frozenset[str] = frozenset()
    purposes: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Terms:
    """What a source may sell us. The first bid that fits is the one."""

    bids: tuple[Bid, ...]
    most_per_day: int | None = None
    budget_per_day: int | None = None


@dataclass(frozen=True, slots=True)
class Day:
    """What was bought from a source today."""

    leads: int = 0
    dollars: int = 0


def decide(terms: Terms, licensed: Collection[str], state: str | None, purpose: str | None, *, known: bool, today: Day) -> int | WhyNot:
    """The dollars that are bid, or why none are."""
    if state is None:
        return "no_state"
    if state not in licensed:
        return "not_licensed"
    fits = (bid for bid in terms.bids if (not bid.states or state in bid.states) and (not bid.purposes or purpose in bid.purposes))
    bid = next(fits, None)
    if bid is None:
        return "not_wanted"
    if known:
        return "duplicate"
    if terms.most_per_day is not None and today.leads >= terms.most_per_day:
        return "cap"
    if terms.budget_per_day is not None and today.dollars + bid.dollars > terms.budget_per_day:
        return "budget"
    return bid.dollars


@dataclass(frozen=True, slots=True)
class PingWord:
    """A bid of ours, as the seller shows it again with the whole lead."""

    source_id: int
    dollars: int
    at: datetime
    key: str


def write_word(secret: bytes, source_id: int, dollars: int, at: datetime, number: int) -> tuple[str, str]:
    """The word for a bid, 80 letters, and its key."""
    said = _WORD.pack(source_id, dollars, int(at.timestamp()), number)
    return (said + _sign(secret, said)).hex().encode().translate(_HEX).decode(), f"{number:016x}"


def read_word(secret: bytes, word: str) -> PingWord | None:
    """What a word of ours says; None for any other."""
    try:
        whole = bytes.fromhex(word.encode("ascii").translate(_LETTERS).decode())
    except (UnicodeEncodeError, ValueError):
        return None
    said, signature = whole[: _WORD.size], whole[_WORD.size :]
    if len(said) != _WORD.size or not hmac.compare_digest(signature, _sign(secret, said)):
        return None
    source_id, dollars, second, number = _WORD.unpack(said)
    return PingWord(source_id, dollars, datetime.fromtimestamp(second, UTC), f"{number:016x}")


def _sign(secret: bytes, said: bytes) -> bytes:
    return hmac.digest(secret, b"ping:" + said, "sha256")[:_SIGNATURE]

"""Returns: why a vendor takes a bad lead back and until when, and the words that officers type for it."""

import re
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.rules.commands import closest as closest_of

REASONS = ("wrong_person", "bad_number", "duplicate", "not_our_state", "no_intent")
"""In the order in which they are offered."""
ANSWERS = ("sent", "dropped")
"""What becomes of an open return: the vendor was asked, or nobody will ask."""
HAD_WITHIN = timedelta(days=30)
"""A borrower who came this long ago or less is one whom we had when a vendor sold them to us; one of last year is a new sale."""

_SAID = {
    "wrong_person": ("wrong number", "someone else", "not them"),
    "bad_number": ("disconnected", "not in service", "invalid number", "bad phone"),
    "duplicate": ("dupe", "dup", "double"),
    "not_our_state": ("out of state", "wrong state", "not licensed", "other state"),
    "no_intent": ("not looking", "never asked", "did not ask", "fake", "no interest"),
    "sent": ("mark sent", "mark as sent", "asked", "done"),
    "dropped": ("drop", "drop it", "cancel", "never mind"),
}
_MEANING = {words: what for what in (*REASONS, *ANSWERS) for words in (what, what.replace("_", " "), *_SAID[what])}
_OF_ONE = re.compile(r"(.*?)\s*#?(\d{1,9})", re.DOTALL | re.ASCII)


def due_on(received_at: datetime, return_days: int, zone: str) -> date:
    """The last day on which the vendor takes the lead back, by the team's clock."""
    return received_at.astimezone(ZoneInfo(zone)).date() + timedelta(days=return_days)


def read(text: str) -> tuple[str, int | None] | None:
    """The reason or the answer that the text names exactly, with the number of the one return that is meant where it says so."""
    words = " ".join(text.lower().strip(" .,;:!?").split())
    one = _OF_ONE.fullmatch(words)
    what = _MEANING.get(one[1] if one else words)
    return (what, int(one[2]) if one else None) if what else None


def closest(text: str) -> tuple[str, ...]:
    """What the text resembles, two at most, to be asked back."""
    return tuple(dict.fromkeys(_MEANING[words] for words in closest_of(text.strip(), _MEANING)))

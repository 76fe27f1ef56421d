"""What comes of showing something in a chat platform, and what a platform can answer instead."""

import asyncio
import hashlib
from dataclasses import dataclass


class ChatTrouble(Exception):
    """Nothing could be shown."""


LONGEST_PAUSE = 600.0
"""Seconds after which we ask again at the latest, whatever anybody on the way said."""


class SlowDown(ChatTrouble):
    """The platform refused this call because of its rate; nothing was shown. Try again after `seconds`."""

    def __init__(self, retry_after: str | float | None) -> None:
        """What the answer said of when to try again, in seconds. What stands between us and the platform may name a date, or nothing."""
        try:
            said = float(retry_after or 1)
        except ValueError:
            said = 1.0
        self.seconds = min(said, LONGEST_PAUSE) if said >= 0 else 1.0
        super().__init__(f"asked to wait {self.seconds:g} s")


class MethodLimited(SlowDown):
    """The same of one kind of call wherever it is for: other kinds, in the same place too, may go on."""


class Unclear(ChatTrouble):
    """No answer came, or one that says nothing: it may have been shown or not."""


class MessageGone(ChatTrouble):
    """The message to redraw is no longer there."""


class CardGone(ChatTrouble):
    """The card that a line belongs to is no longer there, or its thread is not: the card is posted anew."""


class PlaceBroken(ChatTrouble):
    """The channel or person cannot be reached at all: archived, left, unknown, or our token is refused."""


class Refused(ChatTrouble):
    """The platform will not show this, however often it is asked."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A message that stands, and a digest of what it shows where."""

    message_id: str
    digest: str


def digest_of(hash_key: bytes, where: str, what: bytes) -> str:
    """Keyed, since what is shown may hold no more than a number that can be guessed."""
    return hashlib.blake2b(where.encode() + b"\n" + what, digest_size=16, key=hash_key).hexdigest()


async def in_time() -> None:
    """Return while the time for a call is not over. Who was stopped for longer, and wakes here, is cancelled before it says anything:
    somebody else has said it."""
    await asyncio.sleep(0)  # in this turn the loop sees that the time is over,
    await asyncio.sleep(0)  # and in this one we hear of it

"""What a chat platform can answer instead of showing something."""

import asyncio


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


async def in_time() -> None:
    """Return while the time for a call is not over. Who was stopped for longer, and wakes here, is cancelled before it says anything:
    somebody else has said it."""
    await asyncio.sleep(0)  # in this turn the loop sees that the time is over,
    await asyncio.sleep(0)  # and in this one we hear of it

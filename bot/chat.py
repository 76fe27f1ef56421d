"""What a chat platform can answer instead of showing something."""


class ChatTrouble(Exception):
    """Nothing could be shown."""


class SlowDown(ChatTrouble):
    """The platform refused this call because of its rate; nothing was shown. Try again after `seconds`."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"asked to wait {seconds:g} s")
        self.seconds = seconds


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

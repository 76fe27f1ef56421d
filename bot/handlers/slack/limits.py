"""Slack counts a method's calls over the whole workspace: once it has enough, one call asks for all of ours, and the others wait."""

import time

from bot.chat import MethodLimited

ANSWERED_WITHIN = 1.0
"""Seconds that the others wait for what the one who asks again hears, before the next one asks."""


class Limits:
    """Of this process: where several run, one call of each asks."""

    def __init__(self) -> None:
        self._limited: dict[str, tuple[float, float]] = {}  # since and until when, monotonic

    def ask(self, method: str) -> float:
        """When this call begins. Raises MethodLimited where it has to wait."""
        now = time.monotonic()
        if method in self._limited:
            since, until = self._limited[method]
            if until > now:
                raise MethodLimited(until - now)
            self._limited[method] = (since, now + ANSWERED_WITHIN)
        return now

    def met(self, method: str, seconds: float) -> MethodLimited:
        """Slack wants no such call for so long."""
        now = time.monotonic()
        self._limited[method] = (now, now + seconds)
        return MethodLimited(seconds)

    def passed(self, method: str, began: float) -> None:
        """A call went through. One that began before Slack had enough says nothing of now."""
        if method in self._limited and self._limited[method][0] <= began:
            del self._limited[method]

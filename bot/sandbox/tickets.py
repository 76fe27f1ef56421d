"""Handles that Slack hands out with a press and that soon go stale: trigger ids and response addresses."""

import secrets
import time
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.sandbox.errors import SlackError
from bot.sandbox.offset_clock import OffsetClock

TRIGGER_SECONDS = 3.0  # of real time: it is the provider's deadline
RESPONSE_POSTS = 5
RESPONSE_LIFE = timedelta(minutes=30)
MOST_KEPT = 10_000


@dataclass
class Trigger:
    user: str
    made_at: float
    exchanged: bool = False


@dataclass
class ResponseUrl:
    """Where answers go: the channel, the person who pressed, the message pressed (None for a command)."""

    channel: str
    user: str
    message_ts: str | None
    expires_at: datetime
    posts_left: int = RESPONSE_POSTS


class Tickets:
    def __init__(self, clock: OffsetClock) -> None:
        self._clock = clock
        self._triggers: dict[str, Trigger] = {}
        self._responses: dict[str, ResponseUrl] = {}

    def new_trigger(self, user: str) -> str:
        trigger_id = f"{secrets.randbelow(10**12)}.{secrets.randbelow(10**12)}.{secrets.token_hex(16)}"
        self._triggers[trigger_id] = Trigger(user, time.monotonic())
        _drop_oldest(self._triggers)
        return trigger_id

    def exchange(self, trigger_id: str) -> str:
        """The user of a trigger id, once. Raises SlackError invalid_, exchanged_ or expired_trigger_id."""
        trigger = self._triggers.get(trigger_id)
        if trigger is None:
            raise SlackError("invalid_trigger_id")
        if trigger.exchanged:
            raise SlackError("exchanged_trigger_id")
        if time.monotonic() - trigger.made_at > TRIGGER_SECONDS:
            raise SlackError("expired_trigger_id")
        trigger.exchanged = True
        return trigger.user

    def new_response(self, channel: str, user: str, message_ts: str | None) -> str:
        key = secrets.token_urlsafe(24)
        self._responses[key] = ResponseUrl(channel, user, message_ts, self._clock.now() + RESPONSE_LIFE)
        _drop_oldest(self._responses)
        return key

    def use_response(self, key: str) -> ResponseUrl:
        """Spend one of the five posts. Raises SlackError expired_url or used_url, status 404."""
        response = self._responses.get(key)
        if response is None or response.expires_at < self._clock.now():
            raise SlackError("expired_url", status=404)
        if response.posts_left == 0:
            raise SlackError("used_url", status=404)
        response.posts_left -= 1
        return response


def _drop_oldest(kept: dict[str, Trigger] | dict[str, ResponseUrl]) -> None:
    if len(kept) > MOST_KEPT:
        del kept[next(iter(kept))]

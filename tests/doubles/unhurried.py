"""How long a test takes says how busy the machine is: so the clock of a story moves by skips alone, and Slack waits for its answers."""

import asyncio
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, tzinfo
from types import SimpleNamespace
from typing import Self
from unittest.mock import patch

from slack_bolt.listener.async_listener import AsyncCustomListener

from tests.doubles.waiting import PATIENCE


@contextmanager
def time_stands_still() -> Iterator[None]:
    """The sandbox's clock, and ours that follows it, stand still between skips."""
    now = datetime.now(UTC)

    class Still(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Self:
            return now.astimezone(tz)  # type: ignore[return-value]

    with ExitStack() as patched:
        for module in ("offset_clock", "control_world", "clock"):
            patched.enter_context(patch(f"bot.sandbox.{module}.datetime", Still))
        yield


@contextmanager
def slack_is_patient() -> Iterator[None]:
    """Where Slack's three seconds are not what a test is about, the stand-in waits longer, and so does Bolt, which has its own three."""
    with (
        patch("bot.sandbox.socket_mode.ACK_SECONDS", PATIENCE),
        patch("bot.sandbox.delivery.ACK_SECONDS", PATIENCE),
        patch("bot.sandbox.tickets.TRIGGER_SECONDS", PATIENCE),
        patch.object(AsyncCustomListener, "ack_timeout", property(lambda _: PATIENCE, lambda *_: None), create=True),
    ):
        yield


@contextmanager
def closing_at_once() -> Iterator[None]:
    """The stand-in ends a request that waits for the clock, and uvicorn looks more often whether it may go."""
    sooner = SimpleNamespace(**{**vars(asyncio), "sleep": lambda seconds: asyncio.sleep(seconds / 10)})
    with patch("bot.sandbox.server.CLOSE_SECONDS", 0.01), patch("uvicorn.server.asyncio", sooner):
        yield

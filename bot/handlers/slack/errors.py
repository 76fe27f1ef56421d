"""When something breaks behind a press: the person is told, and the log says where without saying whom it was about."""

import asyncio
import secrets
from typing import Any

import structlog
from slack_bolt.async_app import AsyncApp, AsyncRespond

from bot.handlers.slack.deliveries import delivery_of
from bot.handlers.slack.people import People
from bot.handlers.slack.words import marked
from bot.runner import places

log = structlog.get_logger()

BOLT_LOOKS_EVERY = 0.01
"""Seconds between Bolt's looks whether a listener has acknowledged."""


def _delivery(body: dict[str, Any]) -> str | None:
    """By which a press can be found again; None for what nobody pressed, typed or wrote, such as an opened page."""
    try:
        return delivery_of(body)
    except (KeyError, TypeError):
        return None


def register(app: AsyncApp, people: People) -> None:
    @app.error
    async def broke(error: Exception, body: dict[str, Any], respond: AsyncRespond | None = None) -> None:
        # Bolt forgets an acknowledgement when the listener breaks before it has looked; Slack would then be answered after 3 s, too late.
        await asyncio.sleep(2 * BOLT_LOOKS_EVERY)
        reference = secrets.token_hex(4)
        log.error("a press broke", delivery=_delivery(body), reference=reference, error=type(error).__name__, where=places(error))
        if respond is not None and body.get("response_url"):
            words = marked.say("trouble", await people.language_of(body), reference=reference)
            await respond(words, response_type="ephemeral", replace_original=False)

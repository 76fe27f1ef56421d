"""Buttons and screens of a version before this one, in Slack: whoever presses one hears that it does nothing any more."""

import re
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.context.respond.async_respond import AsyncRespond

from bot.handlers.slack.commands import Answer, drawn
from bot.handlers.slack.people import People
from bot.handlers.slack.screens import told_screen
from bot.handlers.slack.words import marked
from bot.services import Services

_ANY = re.compile("")


def register(app: AsyncApp, _services: Services, people: People) -> None:
    """To be registered last: it takes whatever nobody else takes."""

    @app.action(_ANY)
    async def pressed(ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond) -> None:
        await ack()
        if body.get("response_url") and (officer := await people.officer(body, respond)):
            await respond(marked.say("outdated", officer.language), response_type="ephemeral", replace_original=False)

    @app.view(_ANY)
    async def submitted(ack: AsyncAck, body: dict[str, Any]) -> None:
        language = await people.language_of(body)
        answer = Answer(marked.say("outdated", language))
        await ack(response_action="update", view=told_screen(body, drawn(answer), language))

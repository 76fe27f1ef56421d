"""Pass and Undo, in Slack."""

from functools import partial
from typing import Any, cast

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.context.respond.async_respond import AsyncRespond

from bot.distribution import passing
from bot.distribution.passing import Passed, Why
from bot.handlers.slack.cards import button, section
from bot.handlers.slack.deliveries import behind_lead, pressed
from bot.handlers.slack.people import People
from bot.handlers.slack.words import marked
from bot.rendering import labels
from bot.services import Services
from bot.wording.passing import say_pass


def register(app: AsyncApp, services: Services, people: People) -> None:
    @app.action("pass")
    async def pass_by(ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond) -> None:
        await ack()
        officer = await people.officer(body, respond)
        if officer is None:
            return
        why = cast(Why, behind_lead(body["actions"][0]))
        outcome = await passing.pass_by(services, pressed(services, body, officer), why)
        words = pass_words(outcome, officer.language)
        blocks = [section(words)]
        if isinstance(outcome, Passed):
            undo = button(labels(officer.language)("button", "undo"), "undo_pass", str(outcome.lead))
            blocks.append({"type": "actions", "elements": [undo]})
        await respond(words, blocks=blocks, response_type="ephemeral", replace_original=False)

    @app.action("undo_pass")
    async def undo_pass(ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond) -> None:
        await ack()
        officer = await people.officer(body, respond)
        if officer is None:
            return
        outcome = await passing.undo_pass(services, pressed(services, body, officer))
        words = pass_words(outcome, officer.language)
        # Blocks stay where a replacement brings none.
        await respond(words, blocks=[section(words)], response_type="ephemeral", replace_original=True)


pass_words = partial(say_pass, marked)

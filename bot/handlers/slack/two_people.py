"""Same request, Two people, and Undo, in Slack."""

from functools import partial
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.context.respond.async_respond import AsyncRespond

from bot.capture import two_people
from bot.capture.two_people import Answer, Told
from bot.handlers.slack.cards import button, section
from bot.handlers.slack.deliveries import pressed
from bot.handlers.slack.people import People
from bot.handlers.slack.words import marked
from bot.rendering import labels
from bot.services import Services
from bot.wording.two_people import say_told


def register(app: AsyncApp, services: Services, people: People) -> None:
    @app.action("same_request")
    async def same_request(ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond) -> None:
        await ack()
        await answer(body, respond, "same_request")

    @app.action("two_people")
    async def different(ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond) -> None:
        await ack()
        await answer(body, respond, "two_people")

    @app.action("undo_told")
    async def undo_told(ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond) -> None:
        await ack()
        officer = await people.officer(body, respond)
        if officer is None:
            return
        words = tell_words(await two_people.undo(services, pressed(services, body, officer)), officer.language)
        await respond(words, blocks=[section(words)], response_type="ephemeral", replace_original=True)

    async def answer(body: dict[str, Any], respond: AsyncRespond, said: Answer) -> None:
        officer = await people.officer(body, respond)
        if officer is None:
            return
        outcome = await two_people.tell(services, pressed(services, body, officer), said)
        words = tell_words(outcome, officer.language)
        blocks = [section(words)]
        if isinstance(outcome, Told):
            undo = button(labels(officer.language)("button", "undo"), "undo_told", str(outcome.lead))
            blocks.append({"type": "actions", "elements": [undo]})
        await respond(words, blocks=blocks, response_type="ephemeral", replace_original=False)


tell_words = partial(say_told, marked)

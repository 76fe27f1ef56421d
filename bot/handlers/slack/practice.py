"""Ring me a practice lead, and its Claim, in Slack."""

from functools import partial
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.context.respond.async_respond import AsyncRespond

from bot.handlers.slack.deliveries import pressed
from bot.handlers.slack.people import People
from bot.handlers.slack.words import marked
from bot.officers import practice
from bot.services import Services
from bot.wording.practice import say_practice


def register(app: AsyncApp, services: Services, people: People) -> None:
    @app.action("practice")
    async def ring_me(ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond) -> None:
        await ack()
        officer = await people.officer(body, respond)
        if officer is None:
            return
        outcome = await practice.ring_practice(services, pressed(services, body, officer))
        words = practice_words(outcome, officer.language)
        if words is not None:
            await respond(words, response_type="ephemeral", replace_original=False)

    @app.action("practice_claim")
    async def claim(ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond) -> None:
        await ack()
        officer = await people.officer(body, respond)
        if officer is None:
            return
        outcome = await practice.claim_practice(services, pressed(services, body, officer))
        words = practice_words(outcome, officer.language)
        if words is not None:
            await respond(words, response_type="ephemeral", replace_original=False)


practice_words = partial(say_practice, marked)

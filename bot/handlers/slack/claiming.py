"""Claim and Give back, in Slack: the buttons, and /lead claim and release."""

from functools import partial
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.context.respond.async_respond import AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from bot.distribution import claiming
from bot.distribution.claiming import Claimed, ClaimOutcome, NotEligible
from bot.handlers.slack.cards import Block, open_button
from bot.handlers.slack.commands import Answer, Asked, Command, tell
from bot.handlers.slack.deliveries import pressed
from bot.handlers.slack.people import People
from bot.handlers.slack.screens import kept_screen
from bot.handlers.slack.words import marked
from bot.services import Services
from bot.wording.claiming import say_claim, say_give_back, say_refusal


def register(app: AsyncApp, services: Services, people: People) -> None:
    @app.action("claim")
    async def claim(ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond, client: AsyncWebClient) -> None:
        await ack()
        officer = await people.officer(body, respond)
        if officer is None:
            return
        outcome = await claiming.claim(services, pressed(services, body, officer))
        if body["container"]["type"] == "view":  # a screen that waits for it, with what was typed
            answer = _claim_answer(outcome, officer.language, services.in_force.company_name)
            await client.views_update(view_id=body["view"]["id"], view=kept_screen(body, answer, officer.language))
            return
        told = claim_words(outcome, officer.language, services.in_force.company_name)
        if told is not None:
            answer = Answer(told, call_first(outcome, officer.language))
            await tell(respond, answer, replace=False)

    @app.action("give_back")
    async def give_back(ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond) -> None:
        await ack()
        officer = await people.officer(body, respond)
        if officer is None:
            return
        outcome = await claiming.give_back(services, pressed(services, body, officer))
        await respond(give_back_words(outcome, officer.language), response_type="ephemeral", replace_original=False)


def call_first(outcome: ClaimOutcome, language: str) -> list[Block]:
    """Opens the lead that who was refused has to call first."""
    if not isinstance(outcome, NotEligible) or outcome.because.oldest is None:
        return []
    return [open_button(outcome.because.oldest, language)]


async def _claim(asked: Asked) -> Answer:
    outcome = await claiming.claim(asked.services, asked.press)
    return _claim_answer(outcome, asked.officer.language, asked.services.in_force.company_name)


def _claim_answer(outcome: ClaimOutcome, language: str, company: str) -> Answer:
    """Where no card stands by that says who won."""
    if isinstance(outcome, Claimed):
        return Answer(marked.say("claimed", language, number=outcome.lead, seconds=outcome.seconds))
    return Answer(claim_words(outcome, language, company) or "", call_first(outcome, language))


async def _release(asked: Asked) -> Answer:
    return Answer(give_back_words(await claiming.give_back(asked.services, asked.press), asked.officer.language))


COMMANDS = (
    Command("claim", _claim, ("take",), needs="claim", takes_words=False),
    Command("release", _release, ("give back", "giveback"), needs="give_back", takes_words=False),
)


claim_words = partial(say_claim, marked)
give_back_words = partial(say_give_back, marked)
refusal_words = partial(say_refusal, marked)

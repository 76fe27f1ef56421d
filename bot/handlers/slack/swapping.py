"""/lead swap with its buttons, in Slack."""

from functools import partial
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.context.respond.async_respond import AsyncRespond

from bot.handlers.slack.cards import button
from bot.handlers.slack.commands import Answer, Asked, Command
from bot.handlers.slack.deliveries import behind_lead, pressed
from bot.handlers.slack.people import People, by_key
from bot.handlers.slack.words import marked
from bot.officers import swapping
from bot.officers.swapping import SwapAskedOf
from bot.rendering import labels
from bot.services import Services
from bot.store.events import COMPANY
from bot.wording.swapping import say_swap


def register(app: AsyncApp, services: Services, people: People) -> None:
    @app.action("swap_take")
    async def take(ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond) -> None:
        await ack()
        officer = await people.officer(body, respond)
        if officer is not None:
            outcome = await swapping.take(services, pressed(services, body, officer), _swap_in(body))
            words = swap_words(outcome, officer.language, services.clock.now())
            await respond(words, response_type="ephemeral", replace_original=False)

    @app.action("swap_off")
    async def call_off(ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond) -> None:
        await ack()
        officer = await people.officer(body, respond)
        if officer is not None:
            outcome = await swapping.call_off(services, pressed(services, body, officer), _swap_in(body))
            words = swap_words(outcome, officer.language, services.clock.now())
            await respond(words, response_type="ephemeral", replace_original=False)


def _swap_in(body: dict[str, Any]) -> int:
    """The swap of a value such as 0:12; it begins with the number of no lead."""
    return int(behind_lead(body["actions"][0]))


async def _swap(asked: Asked) -> Answer:
    language = asked.officer.language
    outcome = await swapping.ask(asked.services, asked.press, await by_key(asked.services, asked.words))
    undo = []
    if isinstance(outcome, SwapAskedOf):
        undo = [button(labels(language)("button", "call_off"), "swap_off", f"{COMPANY}:{outcome.swap}")]
    return Answer(swap_words(outcome, language, asked.services.clock.now()), undo)


COMMANDS = (Command("swap", _swap, needs="go_off", about_a_lead=False),)
swap_words = partial(say_swap, marked)

"""/drip many, /drip confirm and /drip recall, in Slack."""

from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.context.respond.async_respond import AsyncRespond

from bot.handlers.slack.cards import Block, button
from bot.handlers.slack.commands import Answer, Asked, Command, drawn
from bot.handlers.slack.deliveries import behind_lead, pressed
from bot.handlers.slack.people import People
from bot.handlers.slack.words import marked
from bot.nurture import groups
from bot.nurture.groups import Began
from bot.rendering import labels
from bot.services import Services
from bot.store.events import COMPANY
from bot.wording.groups import say_group


def register(app: AsyncApp, services: Services, people: People) -> None:
    @app.action("take_group_back")
    async def take_back(ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond) -> None:
        await ack()
        officer = await people.officer(body, respond)
        if officer is not None:
            group = int(behind_lead(body["actions"][0]))
            outcome = await groups.take_back(services, pressed(services, body, officer), group)
            answer = _answer(outcome, officer.language)
            await respond(answer.words, blocks=drawn(answer), response_type="ephemeral", replace_original=False)


async def _many(asked: Asked) -> Answer:
    """ "/drip many refinance watch segment past client" counts, and begins nothing."""
    return _answer(await groups.propose(asked.services, asked.press, asked.officer, asked.words), asked.officer.language)


async def _confirm(asked: Asked) -> Answer:
    return _answer(await groups.confirm(asked.services, asked.press, asked.words), asked.officer.language)


async def _recall(asked: Asked) -> Answer:
    return _answer(await groups.take_back(asked.services, asked.press, None), asked.officer.language)


COMMANDS = (
    Command("drip many", _many, needs="begin_for_many", about_a_lead=False),
    Command("drip confirm", _confirm, needs="begin_for_many", about_a_lead=False),
    Command("drip recall", _recall, needs="begin_for_many", about_a_lead=False),
)


def _answer(outcome: groups.GroupOutcome, language: str) -> Answer:
    buttons: list[Block] = []
    if isinstance(outcome, Began):
        buttons = [button(labels(language)("button", "take_back"), "take_group_back", f"{COMPANY}:{outcome.group}")]
    return Answer(say_group(marked, outcome, language), buttons)

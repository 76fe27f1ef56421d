"""Call me, in Slack: on the opened lead, below the owner's own message, and as /lead call."""

from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.context.respond.async_respond import AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from bot.calls.calling import CallMeOutcome, NotYet, call_me
from bot.handlers.slack.commands import Answer, Asked, Command, drawn
from bot.handlers.slack.deliveries import pressed
from bot.handlers.slack.messages import until_hours_open
from bot.handlers.slack.people import People, Stranger, stranger_words
from bot.handlers.slack.screens import told_screen
from bot.handlers.slack.words import marked
from bot.services import Services
from bot.store.places import KnownOfficer
from bot.wording.calling import say_call_me


def register(app: AsyncApp, services: Services, people: People) -> None:
    @app.action("call_me")
    async def ring(ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond, client: AsyncWebClient) -> None:
        await ack()
        match await people.who(body):
            case Stranger(guest):
                answer, language = Answer(stranger_words(guest=guest)), "en"
            case KnownOfficer() as officer:
                outcome, language = await call_me(services, pressed(services, body, officer)), officer.language
                answer = _answer(services, outcome, language)
        if body["container"]["type"] == "view":
            await client.views_update(view_id=body["view"]["id"], view=told_screen(body, drawn(answer), language))
        else:
            await respond(answer.words, blocks=drawn(answer), response_type="ephemeral", replace_original=False)


async def _call(asked: Asked) -> Answer:
    return _answer(asked.services, await call_me(asked.services, asked.press), asked.officer.language)


COMMANDS = (Command("call", _call, ("ring",), needs="work", takes_words=False),)


def _answer(services: Services, outcome: CallMeOutcome, language: str) -> Answer:
    words = say_call_me(marked, outcome, language)
    if not isinstance(outcome, NotYet):
        return Answer(words)
    return Answer(words, until_hours_open(outcome.lead, language, anyway=services.in_force.config.lets_call_anyway))

"""Whose words are these? In Slack: one of the leads that fit, another one by its number, or none of ours."""

import re
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.context.respond.async_respond import AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from bot.conversation import relay, taking_on
from bot.conversation.relay import Placed
from bot.handlers.slack.cards import text
from bot.handlers.slack.commands import Answer, drawn, tell
from bot.handlers.slack.deliveries import behind_lead, delivery_of, pressed
from bot.handlers.slack.people import People, Stranger, stranger_words
from bot.handlers.slack.screens import told_screen
from bot.handlers.slack.undoing import undo_button
from bot.handlers.slack.words import marked
from bot.leads.press import press
from bot.rendering import labels
from bot.services import Services
from bot.store.events import COMPANY
from bot.store.places import KnownOfficer
from bot.wording.plain import plain
from bot.wording.relay import say_place


def register(app: AsyncApp, services: Services, people: People) -> None:
    @app.action(re.compile(r"place:\d+"))
    async def placed(ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond) -> None:
        await ack()
        officer = await people.officer(body, respond)
        if officer is not None:
            text_id = int(behind_lead(body["actions"][0]))
            outcome = await relay.place(services, pressed(services, body, officer), text_id)
            await tell(respond, _answer(outcome, officer.language), replace=False)

    @app.action("new_lead")
    async def new(ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond) -> None:
        await ack()
        officer = await people.officer(body, respond)
        if officer is not None:
            text_id = int(behind_lead(body["actions"][0]))
            outcome = await taking_on.begin_lead(services, pressed(services, body, officer), text_id)
            await tell(respond, _answer(outcome, officer.language), replace=False)

    @app.action("place_other")
    async def other(ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond, client: AsyncWebClient) -> None:
        await ack()
        officer = await people.officer(body, respond)
        if officer is not None:
            text_id = behind_lead(body["actions"][0])
            await client.views_open(trigger_id=body["trigger_id"], view=_screen(text_id, officer.language))

    @app.view("place")
    async def named(ack: AsyncAck, body: dict[str, Any]) -> None:
        match await people.who(body):
            case Stranger(guest):
                await ack(response_action="update", view=told_screen(body, drawn(Answer(stranger_words(guest=guest))), "en"))
            case KnownOfficer() as officer:
                typed = body["view"]["state"]["values"]["lead"]["lead"].get("value") or ""
                number = re.fullmatch(r"\s*#?(\d{1,9})\s*", typed)
                if number is None:
                    words = plain.say("no_number", officer.language, said=typed[:40], command=None)
                    await ack(response_action="errors", errors={"lead": words})
                    return
                by = press(services, delivery_of(body), int(number[1]), officer.id)
                outcome = await relay.place(services, by, int(body["view"]["private_metadata"]))
                answer = _answer(outcome, officer.language)
                await ack(response_action="update", view=told_screen(body, drawn(answer), officer.language))


def _answer(outcome: relay.PlaceOutcome, language: str) -> Answer:
    """What the one who answered is told privately, with Undo where the words can be taken out again."""
    words = say_place(marked, outcome, language)
    match outcome:
        case Placed(_, seq) if seq is not None:
            return Answer(words, [undo_button(COMPANY, seq, language)])
    return Answer(words)


def _screen(text_id: str, language: str) -> dict[str, Any]:
    label = labels(language)
    return {
        "type": "modal",
        "callback_id": "place",
        "private_metadata": text_id,
        "title": text(label("button", "other_lead"), 24),
        "submit": text(label("button", "place_there"), 24),
        "close": text(label("button", "close"), 24),
        "blocks": [
            {
                "type": "input",
                "block_id": "lead",
                "label": text(label("field", "lead"), 100),
                "element": {"type": "plain_text_input", "action_id": "lead", "max_length": 20},
            }
        ],
    }

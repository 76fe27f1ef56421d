"""Undo, in Slack: a button on the private answer to what can be taken back."""

from functools import partial
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.context.respond.async_respond import AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from bot.handlers.slack.cards import Block, button
from bot.handlers.slack.commands import Answer
from bot.handlers.slack.deliveries import behind_lead, pressed
from bot.handlers.slack.people import People
from bot.handlers.slack.screens import answer_where_pressed
from bot.handlers.slack.words import marked
from bot.leads import undoing
from bot.rendering import labels
from bot.services import Services
from bot.wording.undoing import say_undo


def register(app: AsyncApp, services: Services, people: People) -> None:
    @app.action("undo")
    async def undo(ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond, client: AsyncWebClient) -> None:
        await ack()
        officer = await people.officer(body, respond)
        if officer is None:
            return
        seq = int(behind_lead(body["actions"][0]))
        words = undo_words(await undoing.undo(services, pressed(services, body, officer), seq), officer.language)
        await answer_where_pressed(body, Answer(words), officer.language, respond, client)


def undo_button(lead: int, seq: int, language: str) -> Block:
    """Takes back the event with this seq of the lead's timeline, or of the company's."""
    return button(labels(language)("button", "undo"), "undo", f"{lead}:{seq}")


undo_words = partial(say_undo, marked)

"""Undo, in Slack: a button on the private answer to what can be taken back."""

from typing import Any, assert_never

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.context.respond.async_respond import AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from bot import undoing
from bot.handlers.slack.cards import Block, button
from bot.handlers.slack.commands import Answer
from bot.handlers.slack.deliveries import pressed, value_of
from bot.handlers.slack.people import People
from bot.handlers.slack.screens import answer_where_pressed
from bot.handlers.slack.words import marked
from bot.rendering import labels
from bot.services import Services
from bot.undoing import NotUndone, Undone


def register(app: AsyncApp, services: Services, people: People) -> None:
    @app.action("undo")
    async def undo(ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond, client: AsyncWebClient) -> None:
        await ack()
        officer = await people.officer(body, respond)
        if officer is None:
            return
        seq = int(value_of(body["actions"][0]).partition(":")[2])
        words = undo_words(await undoing.undo(services, pressed(services, body, officer), seq), officer.language)
        await answer_where_pressed(body, Answer(words), officer.language, respond, client)


def undo_button(lead: int, seq: int, language: str) -> Block:
    """Takes back the event with this seq of the lead's timeline, or of the company's."""
    return button(labels(language)("button", "undo"), "undo", f"{lead}:{seq}")


def undo_words(outcome: undoing.UndoOutcome, language: str) -> str:
    """What the one who pressed Undo is told privately."""
    match outcome:
        case Undone(lead, what):
            return marked.say("undone", language, number=lead, what=what)
        case NotUndone(lead, because, since):
            return marked.say("not_undone", language, number=lead, reason=because, since=since)
    assert_never(outcome)

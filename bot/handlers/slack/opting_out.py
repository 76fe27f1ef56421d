"""Opt-out, and Not an opt-out with its reason, in Slack."""

from functools import partial
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.context.respond.async_respond import AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from bot.conversation import opting_out
from bot.handlers.slack.cards import text
from bot.handlers.slack.commands import Answer, drawn
from bot.handlers.slack.deliveries import behind_lead, pressed, submitted, value_of
from bot.handlers.slack.next_touch import NOTE_LIMIT
from bot.handlers.slack.people import People, Stranger, stranger_words
from bot.handlers.slack.screens import told_screen
from bot.handlers.slack.words import marked
from bot.rendering import labels
from bot.services import Services
from bot.store.places import KnownOfficer
from bot.wording.opting_out import say_opt_out


def register(app: AsyncApp, services: Services, people: People) -> None:
    @app.action("opt_out")
    async def decided(ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond) -> None:
        await ack()
        officer = await people.officer(body, respond)
        if officer is not None:
            text_id = int(behind_lead(body["actions"][0]))
            outcome = await opting_out.decide(services, pressed(services, body, officer), text_id)
            await respond(opt_out_words(outcome, officer.language), response_type="ephemeral", replace_original=False)

    @app.action("no_opt_out")
    async def asked_why(ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond, client: AsyncWebClient) -> None:
        await ack()
        officer = await people.officer(body, respond)
        if officer is not None:
            await client.views_open(trigger_id=body["trigger_id"], view=_screen(value_of(body["actions"][0]), officer.language))

    @app.view("why_no_opt_out")
    async def told_why(ack: AsyncAck, body: dict[str, Any]) -> None:
        match await people.who(body):
            case Stranger(guest):
                await ack(response_action="update", view=told_screen(body, drawn(Answer(stranger_words(guest=guest))), "en"))
            case KnownOfficer() as officer:
                text_id = int(body["view"]["private_metadata"].partition(":")[2])
                reason = body["view"]["state"]["values"]["reason"]["reason"]["value"]
                outcome = await opting_out.decide(services, submitted(services, body, officer), text_id, reason)
                answer = Answer(opt_out_words(outcome, officer.language))
                await ack(response_action="update", view=told_screen(body, drawn(answer), officer.language))


opt_out_words = partial(say_opt_out, marked)


def _screen(value: str, language: str) -> dict[str, Any]:
    """Why the words are no opt-out: compliance reads it."""
    label = labels(language)
    element = {"type": "plain_text_input", "action_id": "reason", "multiline": True, "max_length": NOTE_LIMIT}
    return {
        "type": "modal",
        "callback_id": "why_no_opt_out",
        "private_metadata": value,
        "title": text(label("button", "no_opt_out"), 24),
        "submit": text(label("button", "save"), 24),
        "close": text(label("button", "close"), 24),
        "blocks": [{"type": "input", "block_id": "reason", "label": text(label("field", "what_they_meant"), 100), "element": element}],
    }

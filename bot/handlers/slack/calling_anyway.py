"""Remind me and Call anyway, in Slack: while the borrower may not be called yet, below the owner's own message."""

from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.context.respond.async_respond import AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from bot.calls import calling_anyway
from bot.calls.calling_anyway import NoNumber
from bot.handlers.slack.cards import text
from bot.handlers.slack.commands import Answer, drawn
from bot.handlers.slack.deliveries import lead_number, pressed, submitted
from bot.handlers.slack.next_touch import NOTE_LIMIT
from bot.handlers.slack.people import People, Stranger, stranger_words
from bot.handlers.slack.reminders import reminder_answer
from bot.handlers.slack.screens import told_screen
from bot.handlers.slack.words import marked
from bot.rendering import labels
from bot.services import Services
from bot.store.places import KnownOfficer
from bot.wording.calling_anyway import say_call_anyway, say_kept_to_hours


def register(app: AsyncApp, services: Services, people: People) -> None:
    @app.action("remind_at_opening")
    async def remind(ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond) -> None:
        await ack()
        officer = await people.officer(body, respond)
        if officer is None:
            return
        outcome = await calling_anyway.remind_at_opening(services, pressed(services, body, officer))
        if isinstance(outcome, NoNumber):
            answer = Answer(marked.say("no_number_to_call", officer.language, number=outcome.lead))
        else:
            answer = reminder_answer(outcome, officer.language, services.clock.now())
        await respond(answer.words, blocks=drawn(answer), response_type="ephemeral", replace_original=False)

    @app.action("call_anyway")
    async def ask_why(ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond, client: AsyncWebClient) -> None:
        await ack()
        officer = await people.officer(body, respond)
        if officer is None:
            return
        kept = await calling_anyway.kept_to_hours(services, pressed(services, body, officer))
        if kept is not None:
            answer = Answer(say_kept_to_hours(marked, kept, officer.language))
            await respond(answer.words, blocks=drawn(answer), response_type="ephemeral", replace_original=False)
        else:
            await client.views_open(trigger_id=body["trigger_id"], view=_screen(lead_number(body["actions"][0]), officer.language))

    @app.view("call_anyway")
    async def told_why(ack: AsyncAck, body: dict[str, Any]) -> None:
        # The number goes on the screen itself, which nobody else sees and which is gone once it is closed.
        match await people.who(body):
            case Stranger(guest):
                await ack(response_action="update", view=told_screen(body, drawn(Answer(stranger_words(guest=guest))), "en"))
            case KnownOfficer() as officer:
                reason = body["view"]["state"]["values"]["reason"]["reason"]["value"]
                outcome, lead = await calling_anyway.call_anyway(services, submitted(services, body, officer), reason)
                answer = Answer(say_call_anyway(marked, outcome, lead, officer.language, services.clock.now()))
                await ack(response_action="update", view=told_screen(body, drawn(answer), officer.language))


def _screen(number: int, language: str) -> dict[str, Any]:
    label = labels(language)
    element = {"type": "plain_text_input", "action_id": "reason", "multiline": True, "max_length": NOTE_LIMIT}
    return {
        "type": "modal",
        "callback_id": "call_anyway",
        "private_metadata": str(number),
        "title": text(f"#{number}", 24),
        "submit": text(label("button", "show_number"), 24),
        "close": text(label("button", "close"), 24),
        "blocks": [{"type": "input", "block_id": "reason", "label": text(label("field", "reason"), 100), "element": element}],
    }

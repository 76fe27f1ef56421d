"""Requests that nobody understood, in Slack: looked at on a screen, made a lead, or set aside."""

from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.context.respond.async_respond import AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from bot.capture import source_requests
from bot.capture.source_requests import SetAside, Shown
from bot.handlers.slack.cards import button, text
from bot.handlers.slack.commands import Answer, drawn
from bot.handlers.slack.deliveries import behind_lead, pressed, submitted
from bot.handlers.slack.people import People, Stranger, stranger_words
from bot.handlers.slack.screens import told_screen
from bot.handlers.slack.words import marked
from bot.rendering import labels
from bot.services import Services
from bot.store.events import COMPANY
from bot.store.places import KnownOfficer
from bot.wording.source_requests import say_reviewed

FIELDS = ("first_name", "last_name", "phone", "email", "comments")
LONGEST_WORDS = 3000


def register(app: AsyncApp, services: Services, people: People) -> None:
    @app.action("look_at_request")
    async def looked(ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond, client: AsyncWebClient) -> None:
        await ack()
        officer = await people.officer(body, respond)
        if officer is None:
            return
        shown = await source_requests.look_at(services, officer, _request(body))
        if isinstance(shown, Shown):
            await client.views_open(trigger_id=body["trigger_id"], view=request_screen(shown, officer.language))
        else:
            await respond(say_reviewed(marked, shown, officer.language), response_type="ephemeral", replace_original=False)

    @app.action("set_request_aside")
    async def set_aside(ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond) -> None:
        await ack()
        officer = await people.officer(body, respond)
        if officer is not None:
            request = _request(body)
            outcome = await source_requests.set_aside(services, pressed(services, body, officer), request)
            undo = button(labels(officer.language)("button", "undo"), "take_request_up", f"{COMPANY}:{request}")
            answer = Answer(say_reviewed(marked, outcome, officer.language), [undo] if isinstance(outcome, SetAside) else ())
            await respond(answer.words, blocks=drawn(answer), response_type="ephemeral", replace_original=False)

    @app.action("take_request_up")
    async def take_up(ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond) -> None:
        await ack()
        officer = await people.officer(body, respond)
        if officer is not None:
            outcome = await source_requests.take_up_again(services, pressed(services, body, officer), _request(body))
            await respond(say_reviewed(marked, outcome, officer.language), response_type="ephemeral", replace_original=False)

    @app.view("request")
    async def sent_off(ack: AsyncAck, body: dict[str, Any]) -> None:
        match await people.who(body):
            case Stranger(guest):
                await ack(response_action="update", view=told_screen(body, drawn(Answer(stranger_words(guest=guest))), "en"))
            case KnownOfficer() as officer:
                request = int(body["view"]["private_metadata"].partition(":")[2])
                values = body["view"]["state"]["values"]
                typed = {name: value for name in FIELDS if (value := values.get(name, {}).get(name, {}).get("value"))}
                outcome = await source_requests.make_lead(services, submitted(services, body, officer), request, typed)
                answer = Answer(say_reviewed(marked, outcome, officer.language))
                await ack(response_action="update", view=told_screen(body, drawn(answer), officer.language))


def request_screen(shown: Shown, language: str) -> dict[str, Any]:
    """What came, and the fields of the lead that a person finds in it."""
    label = labels(language)
    words = {"multiline": True, "max_length": LONGEST_WORDS, **({"initial_value": shown.words} if shown.words else {})}
    fields = [
        _field(label("field", "first_name"), "first_name", {"max_length": 60}),
        _field(label("field", "last_name"), "last_name", {"max_length": 60}),
        _field(label("field", "phone"), "phone", {"max_length": 40}),
        _field(label("field", "email"), "email", {"max_length": 254}),
        _field(label("field", "comments"), "comments", words),
    ]
    return {
        "type": "modal",
        "callback_id": "request",
        "private_metadata": f"{COMPANY}:{shown.request}",
        "title": text(shown.source, 24),
        "submit": text(label("button", "make_lead"), 24),
        "close": text(label("button", "close"), 24),
        "blocks": fields,
    }


def _field(label: str, name: str, more: dict[str, Any]) -> dict[str, Any]:
    element = {"type": "plain_text_input", "action_id": name, **more}
    return {"type": "input", "block_id": name, "optional": True, "label": text(label, 100), "element": element}


def _request(body: dict[str, Any]) -> int:
    return int(behind_lead(body["actions"][0]))

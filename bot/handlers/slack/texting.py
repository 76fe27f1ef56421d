"""Text, Send again and It arrived, in Slack: the button, the screen with what the law says, and /lead text."""

import re
from datetime import datetime
from typing import Any, assert_never

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.context.respond.async_respond import AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from bot import texting
from bot.handlers.slack.cards import Block, text
from bot.handlers.slack.commands import Answer, Asked, Command, drawn
from bot.handlers.slack.deliveries import pressed, submitted, value_of
from bot.handlers.slack.people import People, Stranger, stranger_words
from bot.handlers.slack.screens import told_screen
from bot.handlers.slack.words import marked
from bot.handlers.slack.working import not_worked_words
from bot.lead_facts import own_facts, shared_facts
from bot.press import NoSuchLead, Press
from bot.rendering import PLAIN, Words, labels
from bot.rules.compliance import Allowed, WaitUntil
from bot.rules.phones import national
from bot.rules.segments import MOST_CHARACTERS, count_segments
from bot.rules.text import one_line
from bot.services import Services
from bot.store.places import KnownOfficer
from bot.texting import CannotText, Settled, Texted, Texting
from bot.wording.plain import plain
from bot.working import MayNotWork, NotYourLead

borrower = Words("sms", PLAIN)
TEMPLATES = ("first_hello", "missed_you", "back_soon")


def register(app: AsyncApp, services: Services, people: People) -> None:
    @app.action("text")
    async def text_pressed(ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond, client: AsyncWebClient) -> None:
        await ack()
        officer = await people.officer(body, respond)
        if officer is not None:
            answer = await open_text(services, pressed(services, body, officer), officer, client, body["trigger_id"])
            if answer is not None:
                await respond(answer.words, blocks=drawn(answer), response_type="ephemeral", replace_original=False)

    @app.action("text_template")
    async def chosen(ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond, client: AsyncWebClient) -> None:
        await ack()
        officer = await people.officer(body, respond)
        if officer is not None:
            seen = await texting.look(services, submitted(services, body, officer))
            if isinstance(seen, Texting):
                screen = _screen(seen, officer, services, value_of(body["actions"][0]))
                await client.views_update(view_id=body["view"]["id"], hash=body["view"]["hash"], view=screen)

    @app.view("text")
    async def sent(ack: AsyncAck, body: dict[str, Any]) -> None:
        match await people.who(body):
            case Stranger(guest):
                await ack(response_action="update", view=told_screen(body, drawn(Answer(stranger_words(guest=guest))), "en"))
            case KnownOfficer() as officer:
                outcome = await texting.send_sms(services, submitted(services, body, officer), _written(body))
                if isinstance(outcome, Texted) and outcome.leaves_at is None:
                    await ack()
                else:
                    answer = Answer(text_words(outcome, officer.language))
                    await ack(response_action="update", view=told_screen(body, drawn(answer), officer.language))

    @app.action(re.compile("send_again|it_arrived"))
    async def settled(ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond) -> None:
        await ack()
        officer = await people.officer(body, respond)
        if officer is not None:
            action = body["actions"][0]
            text_id = int(value_of(action).partition(":")[2])
            again = action["action_id"] == "send_again"
            outcome = await texting.settle(services, pressed(services, body, officer), text_id, send_again=again)
            await respond(text_words(outcome, officer.language), response_type="ephemeral", replace_original=False)


async def _text(asked: Asked) -> Answer | None:
    """ "/lead text 1042 See you at noon"; without words the screen asks."""
    if not asked.words and asked.trigger is not None:
        return await open_text(asked.services, asked.press, asked.officer, asked.client, asked.trigger)
    return Answer(text_words(await texting.send_sms(asked.services, asked.press, asked.words), asked.officer.language))


COMMANDS = (Command("text", _text, aliases=("sms",), needs="work"),)


async def open_text(
    services: Services, by: Press, officer: KnownOfficer, client: AsyncWebClient, trigger: str, words: str | None = None
) -> Answer | None:
    """Open the screen, with these words where there are some already; or say why there is none."""
    seen = await texting.look(services, by)
    if not isinstance(seen, Texting):
        return Answer(not_worked_words(seen, officer.language))
    await client.views_open(trigger_id=trigger, view=_screen(seen, officer, services, words=words))
    return None


def text_words(outcome: texting.TextOutcome, language: str) -> str:
    """What the one who texts is told privately."""
    match outcome:
        case Texted(lead, _, leaves_at, zone):
            return marked.say("text_queued", language, number=lead, leaves_at=leaves_at, zone=zone)
        case CannotText(_, because):
            return marked.say("text_why", language, because=because, error_code=None)
        case Settled(lead, status):
            return marked.say("text_settled", language, number=lead, status=status)
        case NotYourLead() | MayNotWork() | NoSuchLead():
            return not_worked_words(outcome, language)
    assert_never(outcome)


def _screen(
    seen: Texting, officer: KnownOfficer, services: Services, template: str | None = None, words: str | None = None
) -> dict[str, Any]:
    """What the law says of a text now, a template for those who want, and the words; nothing to send where none may leave."""
    lead, language = seen.lead, officer.language
    label, now = labels(language), services.clock.now()
    gate: list[Block] = [{"type": "section", "text": text(_gate_words(seen, language), 300)}]
    screen: dict[str, Any] = {
        "type": "modal",
        "callback_id": "text",
        "private_metadata": str(lead.number),
        "title": text(f"#{lead.number}", 24),
        "close": text(label("button", "close"), 24),
        "blocks": gate,
    }
    if seen.because is not None:
        return screen
    words = _template(template, seen, officer, services, now) if template else words
    sender = seen.sender or ""
    facts = {**shared_facts(lead, now), "sender": national(sender) if sender.startswith("+") else sender}
    where = plain.say("text_from", language, **facts, segments=count_segments(words).count if words else 0)
    options = [{"text": text(label("text_template", each), 75), "value": each} for each in TEMPLATES]
    choice = {
        "type": "static_select",
        "action_id": "text_template",
        "placeholder": text(label("field", "template"), 150),
        "options": options,
    }
    # Slack keeps what stands in a field of the same id, so the words of another template need a field of their own.
    field = {"type": "plain_text_input", "action_id": "words", "multiline": True, "max_length": MOST_CHARACTERS}
    return {
        **screen,
        "submit": text(label("button", "send"), 24),
        "blocks": [
            *gate,
            {"type": "actions", "block_id": "template", "elements": [choice]},
            {
                "type": "input",
                "block_id": f"words:{template or ''}",
                "label": text(label("field", "words"), 100),
                "element": {**field, "initial_value": words} if words else field,
            },
            {"type": "context", "elements": [text(where, 300)]},
        ],
    }


def _gate_words(seen: Texting, language: str) -> str:
    why = seen.because and plain.say("text_why", language, because=seen.because, error_code=None)
    match seen.judgement:
        case Allowed(until, zone):
            return plain.say("text_gate", language, why=why, opens_at=None, until=until, zone=zone)
        case WaitUntil(at, zone):
            return plain.say("text_gate", language, why=why, opens_at=at, until=None, zone=zone)
    return plain.say("text_gate", language, why=why, opens_at=None, until=None, zone=None)


def _template(name: str, seen: Texting, officer: KnownOfficer, services: Services, now: datetime) -> str:
    lead = seen.lead
    facts = own_facts(lead, now) | {
        "officer": one_line(officer.name, 60).partition(" ")[0],
        "company": one_line(services.in_force.company_name, 80),
    }
    language = lead.details.get("language") or "en"
    match name:
        case "first_hello":
            return borrower.say("first_hello", language, **facts)
        case "missed_you":
            return borrower.say("missed_you", language, **facts)
    return borrower.say("back_soon", language, **facts)


def _written(body: dict[str, Any]) -> str:
    values = body["view"]["state"]["values"]
    return next((str(field["words"].get("value") or "") for block, field in values.items() if block.startswith("words:")), "")

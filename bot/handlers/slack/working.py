"""I'm calling, Log and the answers to "How did it go?", in Slack: the buttons, and /log."""

import re
from typing import Any, assert_never

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.context.respond.async_respond import AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from bot import working
from bot.handlers.slack.cards import button, text
from bot.handlers.slack.commands import LONGEST_VALUE, Answer, Asked, Command, drawn, run_button
from bot.handlers.slack.deliveries import lead_number, pressed, submitted, value_of
from bot.handlers.slack.messages import went_buttons
from bot.handlers.slack.people import People, Stranger, stranger_words
from bot.handlers.slack.undoing import undo_button
from bot.handlers.slack.words import marked
from bot.press import NoSuchLead
from bot.rendering import labels
from bot.rules.dispositions import Disposition, closest, read
from bot.rules.text import one_line
from bot.services import Services
from bot.store.places import KnownOfficer
from bot.working import Calling, LoggedCall, MayNotWork, NotWorked, NotYourLead

NOTE_LIMIT = 2000


def register(app: AsyncApp, services: Services, people: People) -> None:
    @app.action("calling")
    async def calling(ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond) -> None:
        await ack()
        officer = await people.officer(body, respond)
        if officer is None:
            return
        outcome = await working.say_calling(services, pressed(services, body, officer))
        await respond(work_words(outcome, officer.language), response_type="ephemeral", replace_original=False)

    @app.action(re.compile(r"went:\w+"))
    async def went(ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond) -> None:
        await ack()
        officer = await people.officer(body, respond)
        if officer is None:
            return
        disposition = Disposition(value_of(body["actions"][0]).partition(":")[2])
        answer = work_answer(await working.log_call(services, pressed(services, body, officer), disposition, None), officer.language)
        await respond(answer.words, blocks=drawn(answer), response_type="ephemeral", replace_original=False)

    @app.action("log")
    async def log(ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond, client: AsyncWebClient) -> None:
        await ack()
        officer = await people.officer(body, respond)
        if officer is None:
            return
        number = lead_number(body["actions"][0])
        await client.views_open(trigger_id=body["trigger_id"], view=_log_screen(number, officer.language))

    @app.view("log")
    async def log_submitted(ack: AsyncAck, body: dict[str, Any]) -> None:
        # The answer goes on the screen itself, and so into the ack.
        match await people.who(body):
            case Stranger(guest):
                await ack(response_action="update", view=_told_screen(body, stranger_words(guest=guest), "en"))
            case KnownOfficer() as officer:
                values = body["view"]["state"]["values"]
                disposition = Disposition(values["disposition"]["disposition"]["selected_option"]["value"])
                note = values["note"]["note"].get("value")
                outcome = await working.log_call(services, submitted(services, body, officer), disposition, note)
                if isinstance(outcome, LoggedCall):
                    await ack()
                else:
                    await ack(response_action="update", view=_told_screen(body, work_words(outcome, officer.language), officer.language))


async def _log(asked: Asked) -> Answer | None:
    """ "/log 1042 connected wants a 15-year"; without words the screen asks."""
    language, number = asked.officer.language, asked.lead
    understood = read(asked.words)
    if understood is not None:
        disposition, note = understood
        return work_answer(await working.log_call(asked.services, asked.press, disposition, note or None), language)
    if not asked.words and asked.trigger is not None:
        await asked.client.views_open(trigger_id=asked.trigger, view=_log_screen(number, language))
        return None
    meant = closest(asked.words)
    label = labels(language)
    if meant is None:
        return Answer(marked.say("log_how", language, number=number), went_buttons(number, language))
    disposition, note = meant
    line = f"log {number} {disposition.value} {note}".strip()[:LONGEST_VALUE]
    return Answer(
        marked.say("log_meant", language, number=number, disposition=disposition.value),
        [run_button(label("disposition", disposition.value), line), button(label("button", "log"), "log", str(number))],
    )


COMMANDS = (Command("log", _log, needs="work", short=True),)


def work_words(outcome: working.WorkOutcome, language: str) -> str:
    """What the one who works the lead is told privately."""
    match outcome:
        case Calling(lead):
            return marked.say("calling_noted", language, number=lead)
        case LoggedCall(lead, disposition):
            return marked.say("call_logged", language, number=lead, disposition=disposition.value)
        case NotYourLead() | MayNotWork() | NoSuchLead():
            return not_worked_words(outcome, language)
    assert_never(outcome)


def not_worked_words(outcome: NotWorked, language: str) -> str:
    """Why this person could not work the lead."""
    match outcome:
        case NotYourLead(lead, owner):
            return marked.say("not_your_lead", language, number=lead, owner=owner and one_line(owner, 60))
        case MayNotWork(_, role):
            return marked.say("may_not", language, role=role)
        case NoSuchLead(lead):
            return marked.say("no_such_lead", language, number=lead)
    assert_never(outcome)


def work_answer(outcome: working.WorkOutcome, language: str) -> Answer:
    """The same with Undo where something was done that can be taken back."""
    undo = [undo_button(outcome.lead, outcome.seq, language)] if isinstance(outcome, LoggedCall) else []
    return Answer(work_words(outcome, language), undo)


def _log_screen(number: int, language: str) -> dict[str, Any]:
    """Two taps: what came of the call, and save; a note for those who want."""
    label = labels(language)
    options = [{"text": text(label("disposition", each.value), 75), "value": each.value} for each in Disposition]
    return {
        "type": "modal",
        "callback_id": "log",
        "private_metadata": str(number),
        "title": text(f"#{number}", 24),
        "submit": text(label("button", "save"), 24),
        "close": text(label("button", "close"), 24),
        "blocks": [
            {
                "type": "input",
                "block_id": "disposition",
                "label": text(label("field", "disposition"), 100),
                "element": {"type": "static_select", "action_id": "disposition", "options": options},
            },
            {
                "type": "input",
                "block_id": "note",
                "optional": True,
                "label": text(label("field", "note"), 100),
                "element": {"type": "plain_text_input", "action_id": "note", "multiline": True, "max_length": NOTE_LIMIT},
            },
        ],
    }


def _told_screen(body: dict[str, Any], words: str, language: str) -> dict[str, Any]:
    """The screen with a sentence in place of its fields."""
    view = body["view"]
    return {
        "type": "modal",
        "title": {"type": "plain_text", "text": view["title"]["text"]},
        "close": text(labels(language)("button", "close"), 24),
        "blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": words, "verbatim": True}}],
    }

"""Later and reminders, in Slack: the buttons, the screen, and /lead later and remind."""

import re
from datetime import datetime
from typing import Any, cast

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.context.respond.async_respond import AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from bot.handlers.slack.cards import PICK, text
from bot.handlers.slack.commands import Answer, Asked, Command, drawn
from bot.handlers.slack.deliveries import behind_lead, lead_number, pressed, submitted
from bot.handlers.slack.next_touch import NOTE_LIMIT, coming_back_buttons, time_field
from bot.handlers.slack.people import People, Stranger, stranger_words
from bot.handlers.slack.screens import answer_where_pressed, told_screen
from bot.handlers.slack.words import marked
from bot.handlers.slack.working import may_not
from bot.leads import reminders
from bot.leads.next_touch import ComingBack
from bot.leads.reminders import CHOICES, NoSuchTime, ReminderOutcome, RemindsAlready
from bot.rendering import labels
from bot.services import Services
from bot.store.places import KnownOfficer
from bot.store.reminders import Kind
from bot.wording.plain import plain
from bot.wording.reminders import say_reminder


def register(app: AsyncApp, services: Services, people: People) -> None:
    @app.action("later")
    async def later(ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond, client: AsyncWebClient) -> None:
        await ack()
        officer = await people.officer(body, respond)
        if officer is None:
            return
        number, choice = lead_number(body["actions"][0]), behind_lead(body["actions"][0])
        if choice == PICK:
            refused = await may_not(services, pressed(services, body, officer), "remind", officer)
            if refused is not None:
                await respond(refused.words, blocks=drawn(refused), response_type="ephemeral", replace_original=False)
                return
            await client.views_open(trigger_id=body["trigger_id"], view=_pick_screen(number, "later", officer.language))
            return
        outcome: ReminderOutcome | datetime = await reminders.read_moment(services, number, CHOICES[choice])
        if isinstance(outcome, datetime):
            outcome = await reminders.come_back(services, pressed(services, body, officer), "later", outcome)
        answer = reminder_answer(outcome, officer.language, services.clock.now())
        await respond(answer.words, blocks=drawn(answer), response_type="ephemeral", replace_original=False)

    @app.view(re.compile("later|remind"))
    async def picked(ack: AsyncAck, body: dict[str, Any]) -> None:
        # The answer goes on the screen itself, and so into the ack.
        match await people.who(body):
            case Stranger(guest):
                await ack(response_action="update", view=told_screen(body, drawn(Answer(stranger_words(guest=guest))), "en"))
            case KnownOfficer() as officer:
                by, values = submitted(services, body, officer), body["view"]["state"]["values"]
                at = await reminders.read_moment(services, by.lead, values["when"]["when"]["value"])
                if isinstance(at, NoSuchTime):
                    await ack(response_action="errors", errors={"when": plain.say("no_such_time", officer.language)})
                    return
                kind, note = cast(Kind, body["view"]["callback_id"]), values["note"]["note"].get("value")
                outcome, now = await reminders.come_back(services, by, kind, at, note), services.clock.now()
                if isinstance(outcome, ComingBack | RemindsAlready):
                    view = told_screen(body, drawn(reminder_answer(outcome, officer.language, now)), officer.language)
                    await ack(response_action="update", view=view)
                else:  # the screen stays, with the note on it
                    await ack(response_action="errors", errors={"when": say_reminder(plain, outcome, officer.language, now)})

    @app.action("move_there")
    async def move_there(ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond, client: AsyncWebClient) -> None:
        await ack()
        officer = await people.officer(body, respond)
        if officer is None:
            return
        outcome = await reminders.wait_for_hours(services, pressed(services, body, officer), _reminder_id(body))
        answer = reminder_answer(outcome, officer.language, services.clock.now())
        await answer_where_pressed(body, answer, officer.language, respond, client)

    @app.action("came_back")
    async def came_back(ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond) -> None:
        await ack()
        officer = await people.officer(body, respond)
        if officer is None:
            return
        outcome = await reminders.tick_off(services, pressed(services, body, officer), _reminder_id(body))
        answer = reminder_answer(outcome, officer.language, services.clock.now())
        await respond(answer.words, blocks=drawn(answer), response_type="ephemeral", replace_original=False)


async def _typed(asked: Asked, kind: Kind) -> Answer | None:
    """ "/lead later 1042 friday", "/lead remind 1042 tomorrow 9am check docs"; without words the screen asks."""
    language = asked.officer.language
    if not asked.words and asked.trigger is not None:
        refused = await may_not(asked.services, asked.press, "remind", asked.officer)
        if refused is not None:
            return refused
        await asked.client.views_open(trigger_id=asked.trigger, view=_pick_screen(asked.lead, kind, language))
        return None
    understood = await reminders.read_moment_and_note(asked.services, asked.lead, asked.words)
    if isinstance(understood, NoSuchTime):
        return reminder_answer(understood, language, asked.services.clock.now())
    at, note = understood
    outcome = await reminders.come_back(asked.services, asked.press, kind, at, note or None)
    return reminder_answer(outcome, language, asked.services.clock.now())


async def _later(asked: Asked) -> Answer | None:
    return await _typed(asked, "later")


async def _remind(asked: Asked) -> Answer | None:
    return await _typed(asked, "remind")


COMMANDS = (Command("later", _later, needs="work"), Command("remind", _remind, ("reminder",), needs="work"))


def reminder_answer(outcome: ReminderOutcome, language: str, now: datetime) -> Answer:
    """What the officer is told privately, with Undo where something was set."""
    buttons = coming_back_buttons(outcome, language) if isinstance(outcome, ComingBack) else ()
    return Answer(say_reminder(marked, outcome, language, now), buttons)


def _reminder_id(body: dict[str, Any]) -> int:
    return int(behind_lead(body["actions"][0]))


def _pick_screen(number: int, kind: Kind, language: str) -> dict[str, Any]:
    """Asks for the time and a note. What it sets is its callback_id."""
    label = labels(language)
    note = {"type": "plain_text_input", "action_id": "note", "multiline": True, "max_length": NOTE_LIMIT}
    return {
        "type": "modal",
        "callback_id": kind,
        "private_metadata": str(number),
        "title": text(f"#{number}", 24),
        "submit": text(label("button", "save"), 24),
        "close": text(label("button", "close"), 24),
        "blocks": [
            {"type": "input", "block_id": "when", "label": text(label("field", "when"), 100), "element": time_field("when", language)},
            {"type": "input", "block_id": "note", "optional": True, "label": text(label("field", "note"), 100), "element": note},
        ],
    }

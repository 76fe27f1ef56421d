"""I'm calling, Log and the answers to "How did it go?", in Slack: the buttons, and /log."""

import re
from datetime import datetime
from functools import partial
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.context.respond.async_respond import AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from bot.handlers.slack.cards import button, claim_first, section, text
from bot.handlers.slack.commands import LONGEST_VALUE, Answer, Asked, Command, drawn, go_ahead_button, run_button
from bot.handlers.slack.deliveries import behind_lead, knows_owner, pressed, submitted, user_of, value_of
from bot.handlers.slack.messages import STILL_ON, went_buttons
from bot.handlers.slack.next_touch import NOTE_LIMIT, coming_back_buttons, coming_back_words, next_touch_fields, wanted_moment
from bot.handlers.slack.people import People, Stranger, stranger_words
from bot.handlers.slack.screens import asking_screen, kept_screen, told_screen, whisper
from bot.handlers.slack.undoing import undo_button
from bot.handlers.slack.words import marked
from bot.leads import working
from bot.leads.next_touch import ComingBack
from bot.leads.press import Press
from bot.leads.reminders import NoSuchTime, read_moment_and_note
from bot.leads.working import Deed, HeldBefore, LoggedCall, NotWorked, OthersLead
from bot.rendering import labels
from bot.rules.dispositions import EFFECTS, Disposition, closest, read
from bot.services import Services
from bot.store.places import KnownOfficer
from bot.wording.cadence import say_planned
from bot.wording.plain import plain
from bot.wording.working import say_not_worked, say_work


def register(app: AsyncApp, services: Services, people: People) -> None:
    @app.action("calling")
    async def calling(ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond) -> None:
        await ack()
        officer = await people.officer(body, respond)
        if officer is None:
            return
        still_on = value_of(body["actions"][0]).endswith(STILL_ON)
        outcome = await working.say_calling(services, pressed(services, body, officer), still_on=still_on)
        answer = work_answer(outcome, officer.language, services.clock.now())
        await respond(answer.words, blocks=drawn(answer), response_type="ephemeral", replace_original=False)

    @app.action(re.compile(r"went:\w+"))
    async def went(ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond) -> None:
        await ack()
        officer = await people.officer(body, respond)
        if officer is None:
            return
        disposition = Disposition(behind_lead(body["actions"][0]))
        outcome = await working.log_call(services, pressed(services, body, officer), disposition, None)
        answer = work_answer(outcome, officer.language, services.clock.now())
        if isinstance(outcome, OthersLead):
            line = f"log {outcome.lead} {disposition.value}"
            answer = Answer(answer.words, go_ahead_button(officer.language, line, outcome.owner_id))
        await respond(answer.words, blocks=drawn(answer), response_type="ephemeral", replace_original=False)

    @app.action("log")
    async def log(ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond, client: AsyncWebClient) -> None:
        await ack()
        officer = await people.officer(body, respond)
        if officer is None:
            return
        by = pressed(services, body, officer)
        refused = await may_not(services, by, "log", officer)
        if refused is not None:
            await respond(refused.words, blocks=drawn(refused), response_type="ephemeral", replace_original=False)
            return
        await client.views_open(trigger_id=body["trigger_id"], view=_log_screen(by.lead, officer.language))

    @app.view("log")
    async def log_submitted(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        # The answer goes on the screen itself, and so into the ack.
        match await people.who(body):
            case Stranger(guest):
                await ack(response_action="update", view=told_screen(body, drawn(Answer(stranger_words(guest=guest))), "en"))
            case KnownOfficer() as officer:
                values = body["view"]["state"]["values"]
                disposition = Disposition(values["disposition"]["disposition"]["selected_option"]["value"])
                note = values["note"]["note"].get("value")
                by = submitted(services, body, officer)
                next_touch = await wanted_moment(services, by.lead, values)
                if isinstance(next_touch, NoSuchTime):
                    await ack(response_action="errors", errors={"typed": plain.say("no_such_time", officer.language)})
                    return
                if next_touch is None and EFFECTS[disposition].asks_for_time:
                    await ack(response_action="errors", errors={"typed": plain.say("call_back_when", officer.language, number=None)})
                    return
                outcome = await working.log_call(services, by, disposition, note, next_touch, knows_owner=knows_owner(body))
                if isinstance(outcome, OthersLead):
                    asking = asking_screen(body, work_words(outcome, officer.language), outcome.owner_id, officer.language)
                    await ack(response_action="update", view=asking)
                    return
                if isinstance(outcome, NotWorked):
                    await ack(response_action="update", view=kept_screen(body, refused_answer(outcome, by.lead, officer), officer.language))
                    return
                answer = work_answer(outcome, officer.language, services.clock.now())
                if isinstance(outcome, LoggedCall) and outcome.coming_back is None:
                    await ack()
                    await whisper(client, user_of(body), answer)
                else:
                    await ack(response_action="update", view=told_screen(body, drawn(answer), officer.language))


async def _log(asked: Asked) -> Answer | None:
    """ "/log 1042 connected wants a 15-year"; without words the screen asks."""
    language, number = asked.officer.language, asked.lead
    understood = read(asked.words)
    if understood is not None:
        disposition, note = understood
        next_touch = None
        if EFFECTS[disposition].asks_for_time:
            moment = await read_moment_and_note(asked.services, number, note)
            if isinstance(moment, NoSuchTime):
                return Answer(marked.say("call_back_when", language, number=number))
            next_touch, note = moment
        by, knows = asked.press, asked.knows_owner
        outcome = await working.log_call(asked.services, by, disposition, note or None, next_touch, knows_owner=knows)
        if isinstance(outcome, OthersLead):
            line = f"log {number} {asked.words}"
            return Answer(work_words(outcome, language), go_ahead_button(language, line, outcome.owner_id))
        if isinstance(outcome, NotWorked):
            return refused_answer(outcome, number, asked.officer)
        return work_answer(outcome, language, asked.services.clock.now())
    if not asked.words and asked.trigger is not None:
        refused = await may_not(asked.services, asked.press, "log", asked.officer)
        if refused is not None:
            return refused
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


work_words = partial(say_work, marked)
not_worked_words = partial(say_not_worked, marked)


async def may_not(services: Services, by: Press, deed: Deed, officer: KnownOfficer) -> Answer | None:
    """Why this person may not do so, asked before a screen opens: Slack lets one open for three seconds."""
    refused = await working.why_not(services, by, deed)
    return None if refused is None else refused_answer(refused, by.lead, officer)


def refused_answer(outcome: NotWorked, number: int, officer: KnownOfficer) -> Answer:
    """Why, with Claim where that is what is missing."""
    return Answer(not_worked_words(outcome, officer.language), claim_first(outcome, number, officer))


def work_answer(outcome: working.WorkOutcome, language: str, now: datetime) -> Answer:
    """The same with Undo where something was done that can be taken back, and with when the owner comes back."""
    words = work_words(outcome, language)
    match outcome:
        case LoggedCall(coming_back=ComingBack() as next_touch):
            return Answer(words, coming_back_buttons(next_touch, language), [section(coming_back_words(next_touch, language, now))])
        case HeldBefore(lead):
            return Answer(words, went_buttons(lead, language))
        case LoggedCall(lead, seq=seq, planned=planned):
            more = [] if planned is None else [section(say_planned(marked, planned, language, now))]
            return Answer(words, [undo_button(lead, seq, language)], more)
    return Answer(words)


def _log_screen(number: int, language: str) -> dict[str, Any]:
    """Two taps: what came of the call, and save; a note and the next touch for those who want."""
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
            *next_touch_fields(language),
        ],
    }

"""Note, in Slack: /lead note, and a screen of its own."""

from typing import Any, assert_never

from slack_bolt.async_app import AsyncAck, AsyncApp

from bot.handlers.slack.cards import text
from bot.handlers.slack.commands import Answer, Asked, Command, drawn, go_ahead_button
from bot.handlers.slack.deliveries import knows_owner, submitted
from bot.handlers.slack.people import People, Stranger, stranger_words
from bot.handlers.slack.screens import asking_screen, kept_screen, told_screen
from bot.handlers.slack.undoing import undo_button
from bot.handlers.slack.words import marked
from bot.handlers.slack.working import may_not, not_worked_words, refused_answer
from bot.leads import noting
from bot.leads.noting import Noted
from bot.leads.press import NoSuchLead
from bot.leads.working import MayNotWork, NotWorked, NotYourLead, OthersLead
from bot.rendering import labels
from bot.services import Services
from bot.store.places import KnownOfficer
from bot.wording.working import say_others_lead

LONGEST_NOTE = 3000


def register(app: AsyncApp, services: Services, people: People) -> None:
    @app.view("note")
    async def note_submitted(ack: AsyncAck, body: dict[str, Any]) -> None:
        match await people.who(body):
            case Stranger(guest):
                await ack(response_action="update", view=told_screen(body, drawn(Answer(stranger_words(guest=guest))), "en"))
            case KnownOfficer() as officer:
                words = body["view"]["state"]["values"]["note"]["note"]["value"]
                by, knows = submitted(services, body, officer), knows_owner(body)
                outcome = await noting.keep_note(services, by, words, knows_owner=knows)
                if isinstance(outcome, OthersLead):
                    asked = say_others_lead(marked, outcome, "note", officer.language)
                    await ack(response_action="update", view=asking_screen(body, asked, outcome.owner_id, officer.language))
                    return
                if isinstance(outcome, NotWorked):
                    await ack(response_action="update", view=kept_screen(body, refused_answer(outcome, by.lead, officer), officer.language))
                    return
                answer = note_answer(outcome, officer.language)
                await ack(response_action="update", view=told_screen(body, drawn(answer), officer.language))


async def _note(asked: Asked) -> Answer | None:
    language = asked.officer.language
    if asked.words:
        outcome = await noting.keep_note(asked.services, asked.press, asked.words, knows_owner=asked.knows_owner)
        if isinstance(outcome, OthersLead):
            words = say_others_lead(marked, outcome, "note", language)
            return Answer(words, go_ahead_button(language, f"note {asked.lead} {asked.words}", outcome.owner_id))
        if isinstance(outcome, NotWorked):
            return refused_answer(outcome, asked.lead, asked.officer)
        return note_answer(outcome, language)
    if asked.trigger is None:
        return Answer(marked.say("note_what", language, number=asked.lead))
    refused = await may_not(asked.services, asked.press, "note", asked.officer)
    if refused is not None:
        return refused
    await asked.client.views_open(trigger_id=asked.trigger, view=note_screen(asked.lead, language))
    return None


COMMANDS = (Command("note", _note, ("notes",), needs="work"),)


def note_answer(outcome: noting.NoteOutcome, language: str) -> Answer:
    """What the one who wrote a note is told privately."""
    match outcome:
        case Noted(lead, seq):
            return Answer(marked.say("note_kept", language, number=lead), [undo_button(lead, seq, language)])
        case OthersLead():
            return Answer(say_others_lead(marked, outcome, "note", language))
        case NotYourLead() | MayNotWork() | NoSuchLead():
            return Answer(not_worked_words(outcome, language))
    assert_never(outcome)


def note_screen(number: int, language: str) -> dict[str, Any]:
    label = labels(language)
    element = {"type": "plain_text_input", "action_id": "note", "multiline": True, "max_length": LONGEST_NOTE}
    return {
        "type": "modal",
        "callback_id": "note",
        "private_metadata": str(number),
        "title": text(f"#{number}", 24),
        "submit": text(label("button", "save"), 24),
        "close": text(label("button", "close"), 24),
        "blocks": [{"type": "input", "block_id": "note", "label": text(label("field", "note"), 100), "element": element}],
    }

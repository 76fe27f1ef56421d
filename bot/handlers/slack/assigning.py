"""Assign, in Slack: the button on who leads' messages with its screen, and /lead assign."""

import re
from functools import partial
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.context.respond.async_respond import AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from bot.distribution import assigning
from bot.distribution.assigning import Assigned, AssignOutcome, Choice
from bot.handlers.slack.cards import Block, section, text
from bot.handlers.slack.commands import Answer, Asked, Command, drawn, run_button
from bot.handlers.slack.deliveries import lead_number, submitted
from bot.handlers.slack.people import People, Stranger, stranger_words
from bot.handlers.slack.screens import told_screen
from bot.handlers.slack.undoing import undo_button
from bot.handlers.slack.words import marked
from bot.rendering import labels
from bot.rules.text import one_line
from bot.services import Services
from bot.store.places import KnownOfficer, officer_at
from bot.wording.assigning import not_now, say_assigned, say_not_assigned

MOST_CHOICES = 100
_MENTION = re.compile(r"<@(\w+)(?:\|[^>]*)?>")


def register(app: AsyncApp, services: Services, people: People) -> None:
    @app.action("assign")
    async def choose(ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond, client: AsyncWebClient) -> None:
        await ack()
        officer = await people.officer(body, respond)
        if officer is None:
            return
        match await assigning.choose(services, lead_number(body["actions"][0]), officer):
            case Choice() as choice:
                await client.views_open(trigger_id=body["trigger_id"], view=assign_screen(choice, officer.language))
            case refused:
                words = not_assigned_words(refused, officer.language)
                await respond(words, response_type="ephemeral", replace_original=False)

    @app.view("assign")
    async def chosen(ack: AsyncAck, body: dict[str, Any]) -> None:
        match await people.who(body):
            case Stranger(guest):
                await ack(response_action="update", view=told_screen(body, [section(stranger_words(guest=guest))], "en"))
            case KnownOfficer() as officer:
                key = body["view"]["state"]["values"]["officer"]["officer"]["selected_option"]["value"]
                outcome = await assigning.assign(services, submitted(services, body, officer), key)
                blocks = drawn(assign_answer(outcome, officer.language))
                await ack(response_action="update", view=told_screen(body, blocks, officer.language))


async def _assign(asked: Asked) -> Answer | None:
    """ "/lead assign 1042 to Luis"; without a name the screen asks."""
    language, words = asked.officer.language, asked.words
    if mention := _MENTION.search(words):
        found = await asked.services.store.read(officer_at, "slack", mention[1])
        words = found.key if found else words
    match await assigning.choose(asked.services, asked.lead, asked.officer):
        case Choice() as choice:
            pass
        case refused:
            return Answer(not_assigned_words(refused, language))
    if not words and asked.trigger is not None:
        await asked.client.views_open(trigger_id=asked.trigger, view=assign_screen(choice, language))
        return None
    whom = assigning.meant(choice, words)
    if whom.sure:
        outcome = await assigning.assign(asked.services, asked.press, whom.officers[0][0])
        return assign_answer(outcome, language)
    buttons = [run_button(name, f"assign {asked.lead} {key}", place) for place, (key, name) in enumerate(whom.officers)]
    return Answer(marked.say("assign_whom", language, number=asked.lead, said=one_line(whom.said, 40), meant=bool(buttons)), buttons)


COMMANDS = (Command("assign", _assign, ("give", "reassign"), needs="assign"),)


def assign_answer(outcome: AssignOutcome, language: str) -> Answer:
    """What the one who assigned a lead is told privately, with Undo where it went."""
    undo = [undo_button(outcome.lead, outcome.seq, language)] if isinstance(outcome, Assigned) else ()
    return Answer(say_assigned(marked, outcome, language), undo)


not_assigned_words = partial(say_not_assigned, marked)


def assign_screen(choice: Choice, language: str) -> dict[str, Any]:
    """Who may have the lead, to choose from; and who may not, with the reason."""
    label, number = labels(language), choice.lead.number
    may_take = [each for each in choice.team if each.because is None][:MOST_CHOICES]
    options = [{"text": text(each.member.name, 75), "value": each.member.key} for each in may_take]
    blocks: list[Block] = []
    if options:
        element = {"type": "static_select", "action_id": "officer", "options": options}
        blocks.append({"type": "input", "block_id": "officer", "label": text(label("field", "officer"), 100), "element": element})
    else:
        blocks.append(section(marked.say("nobody_to_assign", language, number=number)))
    if others := not_now(choice.team, language):
        blocks.append({"type": "context", "elements": [text(others, 2000)]})
    screen = {
        "type": "modal",
        "callback_id": "assign",
        "private_metadata": str(number),
        "title": text(f"#{number}", 24),
        "close": text(label("button", "close"), 24),
        "blocks": blocks,
    }
    return {**screen, "submit": text(label("button", "assign"), 24)} if options else screen

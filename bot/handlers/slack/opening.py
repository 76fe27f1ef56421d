"""Open, in Slack: a lead on a screen of its own, or in a private answer to /lead show."""

import re
from datetime import datetime
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.context.respond.async_respond import AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from bot.handlers.slack.cards import Block, claim_button, known_fields, section, text
from bot.handlers.slack.commands import Answer, Asked, Command, run_button
from bot.handlers.slack.deliveries import lead_number
from bot.handlers.slack.drips import known_drips
from bot.handlers.slack.messages import call_me, work_buttons
from bot.handlers.slack.people import People
from bot.handlers.slack.returns import return_lines, settle_buttons
from bot.handlers.slack.words import marked
from bot.leads.lead_facts import own_facts, shared_facts
from bot.leads.opening import Earlier, Opened, look_back, open_lead
from bot.leads.press import NoSuchLead
from bot.rendering import labels
from bot.rules.roles import may
from bot.rules.text import one_line
from bot.services import Services
from bot.store.history import History
from bot.store.leads import ENDED_STAGES
from bot.store.places import KnownOfficer
from bot.wording.calling import say_call_of
from bot.wording.history import LINE_LIMIT, say_past
from bot.wording.leads import judged_lines
from bot.wording.plain import plain

_BEFORE = re.compile(r"before (\d{1,9})", re.ASCII)
"""What the button types that shows earlier things."""


def register(app: AsyncApp, services: Services, people: People) -> None:
    @app.action("open")
    async def open_card(ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond, client: AsyncWebClient) -> None:
        await ack()
        officer = await people.officer(body, respond)
        if officer is None:
            return
        match await open_lead(services, lead_number(body["actions"][0]), officer):
            case Opened() as opened:
                await client.views_open(trigger_id=body["trigger_id"], view=screen(opened, officer.language, services.clock.now()))
            case NoSuchLead(number):
                await respond(
                    marked.say("no_such_lead", officer.language, number=number), response_type="ephemeral", replace_original=False
                )


async def show(asked: Asked) -> Answer:
    language = asked.officer.language
    before = _BEFORE.fullmatch(asked.words)
    match await (
        look_back(asked.services, asked.lead, asked.officer, int(before[1]))
        if before
        else open_lead(asked.services, asked.lead, asked.officer)
    ):
        case NoSuchLead(number):
            return Answer(marked.say("no_such_lead", language, number=number))
        case Opened() as opened:
            words, *blocks = opened_blocks(opened, language, asked.services.clock.now())
            title = f"#{opened.lead.number}: {words['text']['text']}"
            buttons = [*what_to_do(opened, asked.officer), *_about_returns(opened, asked.officer)]
            unused = marked.say("left_unused", language, said=one_line(asked.words, 40)) if asked.words and not before else None
            blocks += [section(unused)] if unused else []
            return Answer(title, [*buttons, *_earlier_button(asked.lead, opened.history, language, len(buttons))], blocks)
        case Earlier(number, history, zone):
            title = marked.say("earlier", language, number=number, some=bool(history.past))
            return Answer(title, _earlier_button(number, history, language), _past(history, zone, language))


COMMANDS = (Command("show", show, ("open", "view", "see"), takes_words=False),)


def what_to_do(opened: Opened, officer: KnownOfficer) -> list[Block]:
    """What this person can press about this lead."""
    lead = opened.lead
    if opened.works and lead.stage not in ENDED_STAGES:
        return [*call_me(lead.number, officer.language, on=opened.may_call), *work_buttons(lead, officer.language)]
    if lead.owner_id is None and lead.stage not in ENDED_STAGES and may(officer.role, "claim"):
        return [claim_button(lead.number, officer.language)]
    return []


def _about_returns(opened: Opened, officer: KnownOfficer) -> list[Block]:
    if opened.lead.owner_id != officer.id and not may(officer.role, "work_any"):
        return []
    return settle_buttons(opened.lead.number, opened.returns, officer.language)


def screen(opened: Opened, language: str, now: datetime) -> dict[str, Any]:
    """The modal that shows a lead, as far as this person may see it."""
    title, close = text(f"#{opened.lead.number}", 24), text(labels(language)("button", "close"), 24)
    calling = call_me(opened.lead.number, language, on=opened.may_call)
    actions = [{"type": "actions", "block_id": f"lead:{opened.lead.number}", "elements": calling}] if calling else []
    return {"type": "modal", "title": title, "close": close, "blocks": [*opened_blocks(opened, language, now), *actions]}


def opened_blocks(opened: Opened, language: str, now: datetime) -> list[Block]:
    """The lead as far as this person may see it: who and how to reach them, what is known, when it came."""
    lead = opened.lead
    facts = own_facts(lead, now) if opened.unmasked else shared_facts(lead, now)
    return [
        section(marked.say("opened", language, **facts, unmasked=opened.unmasked)),
        *known_fields(lead, language),
        *({"type": "section", "text": text(line, 1000)} for line in judged_lines(lead, language)),
        *({"type": "section", "text": text(say_call_of(lead, call, language, now), 300)} for call in opened.calls),
        *_past(opened.history, opened.zone, language),
        *known_drips(opened.drips, lead.time_zone, language, now),
        *({"type": "section", "text": text(plain.say("a_note", language, note=note, zone=lead.time_zone), 1000)} for note in opened.notes),
        *([section(return_lines(opened.returns, language))] if opened.returns else []),
        {"type": "context", "elements": [text(plain.say("arrived", language, **facts), 300)]},
    ]


def _past(history: History, zone: str, language: str) -> list[Block]:
    return [{"type": "section", "text": text(say_past(each, zone, language), LINE_LIMIT)} for each in history.past]


def _earlier_button(number: int, history: History, language: str, place: int = 0) -> list[Block]:
    if history.more_before is None:
        return []
    return [run_button(labels(language)("button", "earlier"), f"show #{number} before {history.more_before}", place)]

"""/lead mine, in Slack: the officer's own leads, five a page, each with Open and Later."""

import re
from datetime import datetime
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.context.respond.async_respond import AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from bot.handlers.slack.cards import Block, button, later_choice, text
from bot.handlers.slack.commands import Answer, Asked, Command
from bot.handlers.slack.deliveries import value_of
from bot.handlers.slack.people import People
from bot.handlers.slack.screens import answer_where_pressed
from bot.handlers.slack.words import marked
from bot.leads.mine import MyLeads, Row, my_leads
from bot.rendering import labels
from bot.services import Services
from bot.wording.mine import say_row

ROW_LIMIT = 400


def register(app: AsyncApp, services: Services, people: People) -> None:
    @app.action(re.compile(r"mine:\w+"))
    async def turn_page(ack: AsyncAck, body: dict[str, Any], respond: AsyncRespond, client: AsyncWebClient) -> None:
        await ack()
        officer = await people.officer(body, respond)
        if officer is None:
            return
        listed = await my_leads(services, officer, int(value_of(body["actions"][0])))
        answer = mine_answer(listed, officer.language, services.clock.now())
        await answer_where_pressed(body, answer, officer.language, respond, client)


async def _mine(asked: Asked) -> Answer:
    return mine_answer(await my_leads(asked.services, asked.officer, 0), asked.officer.language, asked.services.clock.now())


COMMANDS = (Command("mine", _mine, ("my",), needs="work", about_a_lead=False),)


def mine_answer(listed: MyLeads, language: str, now: datetime) -> Answer:
    """How many leads there are of each kind, and the rows of this page below."""
    if not listed.rows:
        return Answer(marked.say("mine_empty", language))
    label = labels(language)
    many = [f"{label('mine', section)} {count}" for section, count in listed.counts.items() if count]
    words = marked.say("mine", language, total=sum(listed.counts.values()), many=many, page=listed.page + 1, pages=listed.pages)
    blocks: list[Block] = []
    for place, row in enumerate(listed.rows):
        if place == 0 or row.section != listed.rows[place - 1].section:
            blocks.append({"type": "header", "text": text(label("mine", row.section), 150)})
        blocks += _row_blocks(row, language, now, unmasked=listed.unmasked)
    back = button(label("button", "back"), "mine:back", str(listed.page - 1))
    forth = button(label("button", "next"), "mine:next", str(listed.page + 1))
    return Answer(words, [*([back] if listed.page > 0 else []), *([forth] if listed.page + 1 < listed.pages else [])], blocks)


def _row_blocks(row: Row, language: str, now: datetime, *, unmasked: bool) -> list[Block]:
    lead = row.lead
    opening = button(labels(language)("button", "open"), "open", str(lead.number))
    return [
        {"type": "section", "text": text(say_row(row, language, now, unmasked=unmasked), ROW_LIMIT)},
        {"type": "actions", "block_id": f"lead:{lead.number}", "elements": [opening, later_choice(lead.number, language)]},
    ]

"""/lead mine, in Discord: the officer's own leads, five a page, each with Open and Later."""

from datetime import datetime

from bot.handlers.discord.answers import Answer, Asked, Does
from bot.handlers.discord.cards import open_button
from bot.handlers.discord.commands import Desk, Interaction
from bot.handlers.discord.layouts import Button, Row
from bot.handlers.discord.messages import later_choice
from bot.handlers.discord.words import cut, escape, marked
from bot.leads.mine import MyLeads, my_leads
from bot.rendering import labels
from bot.store.events import COMPANY
from bot.wording.mine import say_row

ROW_LIMIT = 600
"""Five rows of it, and what stands around them, fit into one message."""


def register(desk: Desk) -> None:
    @desk.command("mine", needs="work")
    async def mine(interaction: Interaction) -> None:
        await desk.answer(interaction, _first_page, about_a_lead=False)


async def _first_page(asked: Asked) -> Answer:
    return mine_answer(await my_leads(asked.services, asked.officer, 0), asked.officer.language, asked.services.clock.now())


async def _turn_page(asked: Asked) -> Answer:
    listed = await my_leads(asked.services, asked.officer, int(asked.words))
    told = mine_answer(listed, asked.officer.language, asked.services.clock.now())
    return Answer(told.words, told.buttons, told.more, replaces=True)


DOES: dict[str, Does] = {"mine": _turn_page}


def mine_answer(listed: MyLeads, language: str, now: datetime) -> Answer:
    """How many leads there are of each kind, and the rows of this page below."""
    if not listed.rows:
        return Answer(marked.say("mine_empty", language))
    label = labels(language)
    many = [f"{label('mine', section)} {count}" for section, count in listed.counts.items() if count]
    words = marked.say("mine", language, total=sum(listed.counts.values()), many=many, page=listed.page + 1, pages=listed.pages)
    more: list[str | Row] = []
    for place, row in enumerate(listed.rows):
        if place == 0 or row.section != listed.rows[place - 1].section:
            more.append(f"**{label('mine', row.section)}**")
        said = cut(escape(say_row(row, language, now, unmasked=listed.unmasked)), ROW_LIMIT)
        more.append(Row(said, open_button(row.lead.number, language), later_choice(row.lead.number, language)))
    pages = [(label("button", "back"), listed.page - 1), (label("button", "next"), listed.page + 1)]
    buttons = [Button(name, "mine", f"{COMPANY}:{page}") for name, page in pages if 0 <= page < listed.pages]
    return Answer(words, buttons, more)

"""/lead find and /lead next, in Discord."""

from dataclasses import replace
from functools import partial

from bot.handlers.discord.answers import Answer, Asked
from bot.handlers.discord.cards import open_button
from bot.handlers.discord.commands import Desk, Interaction
from bot.handlers.discord.layouts import LABEL, Button
from bot.handlers.discord.opening import show
from bot.handlers.discord.words import marked
from bot.leads import finding
from bot.leads.finding import BestWaiting, CallFirst, Found, FoundLead, HandedTo, NothingWaits, NotUnderstood
from bot.rendering import labels
from bot.rules.text import one_line, truncate
from bot.wording.claiming import say_refusal
from bot.wording.finding import say_found


def register(desk: Desk) -> None:
    @desk.command("find")
    async def find(interaction: Interaction, name: str) -> None:
        await desk.answer(interaction, partial(_find, name), about_a_lead=False)

    @desk.command("next", needs="claim")
    async def next_(interaction: Interaction) -> None:
        await desk.answer(interaction, _next, about_a_lead=False)


async def _find(words: str, asked: Asked) -> Answer:
    language = asked.officer.language
    found = await finding.find(asked.services, asked.officer, words)
    said = say_found(marked, found, words, language)
    if isinstance(found, NotUnderstood):
        return Answer(said)
    if isinstance(found, Found) and found.sure and found.many == 1:
        return await show(replace(asked, lead=found.leads[0].number))
    return Answer(said, [Button(_line(each, language), "open", str(each.number)) for each in found.leads])


async def _next(asked: Asked) -> Answer:
    match await finding.find_next(asked.services, asked.press):
        case BestWaiting(number) | HandedTo(number):
            return await show(replace(asked, lead=number))
        case CallFirst(oldest, because):
            language, company = asked.officer.language, asked.services.in_force.company_name
            return Answer(say_refusal(marked, oldest, because, language, company), [open_button(oldest, language)])
        case NothingWaits(others, _, serves):
            return Answer(marked.say("nothing_waits", asked.officer.language, others=others, serves=serves))


DOES = {"next_lead": _next}


def _line(each: FoundLead, language: str) -> str:
    parts = (f"#{each.number} {each.name}", labels(language)("stage", each.stage), each.owner and one_line(each.owner, 30))
    return truncate(", ".join(part for part in parts if part), LABEL)

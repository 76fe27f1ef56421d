"""Assign, in Discord: the button on who leads' messages with its screen."""

from typing import Any

from discord import ui

from bot import assigning
from bot.assigning import Assigned, AssignOutcome, Choice
from bot.handlers.discord.answers import Answer, Asked, Opens
from bot.handlers.discord.layouts import OPTIONS
from bot.handlers.discord.screens import Screen, chosen, select_field
from bot.handlers.discord.undoing import undo_button
from bot.handlers.discord.words import marked, shown
from bot.wording.assigning import not_now, say_assigned, say_not_assigned

MOST_LISTS = 4
"""Lists of officers on one screen: it holds five parts, and one says who may not have the lead."""


async def assign_screen(asked: Asked) -> ui.Modal | Answer:
    """Who may have the lead, to choose from; and who may not, with the reason."""
    language = asked.officer.language
    choice = await assigning.choose(asked.services, asked.lead, asked.officer)
    if not isinstance(choice, Choice):
        return Answer(say_not_assigned(marked, choice, language))
    may_take = [(each.member.name, each.member.key) for each in choice.team if each.because is None]
    others = shown(not_now(choice.team, language), 2000)
    if not may_take:
        return Answer(marked.say("nobody_to_assign", language, number=asked.lead), more=[others])
    pages = [may_take[first : first + OPTIONS] for first in range(0, len(may_take), OPTIONS)][:MOST_LISTS]
    fields: list[ui.Item[Any]] = [
        select_field("officer", page, language, place=place, required=len(pages) == 1) for place, page in enumerate(pages)
    ]
    return Screen(asked, _chosen, *fields, *([ui.TextDisplay(f"-# {others}")] if others else []))


async def _chosen(asked: Asked, screen: Screen) -> Answer:
    key = next((found for place in range(MOST_LISTS) if (found := chosen(screen, "officer", place))), "")
    return assign_answer(await assigning.assign(asked.services, asked.press, key), asked.officer.language)


def assign_answer(outcome: AssignOutcome, language: str) -> Answer:
    """What the one who assigned a lead is told privately, with Undo where it went."""
    undo = [undo_button(outcome.lead, outcome.seq, language)] if isinstance(outcome, Assigned) else ()
    return Answer(say_assigned(marked, outcome, language), undo)


OPENS: dict[str, Opens] = {"assign": assign_screen}

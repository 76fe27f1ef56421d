"""Assign, in Discord: the button on who leads' messages with its screen, and /lead assign."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from discord import app_commands, ui

from bot.distribution import assigning
from bot.distribution.assigning import Assigned, AssignOutcome, Choice
from bot.handlers.discord.answers import Answer, Asked, Does, Opens
from bot.handlers.discord.commands import Desk, Interaction, Typing, fitting
from bot.handlers.discord.layouts import OPTIONS, Button
from bot.handlers.discord.screens import Screen, chosen, select_field
from bot.handlers.discord.undoing import undo_button
from bot.handlers.discord.words import marked, shown
from bot.rules.text import one_line
from bot.wording.assigning import not_now, say_assigned, say_not_assigned
from bot.wording.explaining import why_not

MOST_LISTS = 4
"""Lists of officers on one screen: it holds five parts, and one says who may not have the lead."""


def register(desk: Desk) -> None:
    @desk.command("assign", needs="assign")
    @app_commands.autocomplete(to=desk.offering(officers_like))
    async def assign(interaction: Interaction, lead: str | None = None, to: str | None = None) -> None:
        if to:
            await desk.answer(interaction, partial(_typed, to), lead)
        else:
            await desk.open(interaction, assign_screen, lead)


async def officers_like(typing: Typing) -> Sequence[tuple[str, str]]:
    """The team before the lead: whoever may not have it stands last, with the reason."""
    choice = await assigning.choose(typing.services, typing.lead, typing.officer) if typing.lead is not None else None
    if not isinstance(choice, Choice):
        return []
    may, may_not = [], []
    for each in choice.team:
        name, key = one_line(each.member.name, 60), each.member.key
        if each.because is None:
            may.append((name, key))
        else:
            may_not.append((f"{name} ({why_not(each.because.reason, each.because.state, typing.officer.language)})", key))
    return fitting([*may, *may_not], typing.typed)


async def _typed(to: str, asked: Asked) -> Answer:
    """An officer who was chosen, or named in words of one's own."""
    language = asked.officer.language
    choice = await assigning.choose(asked.services, asked.lead, asked.officer)
    if not isinstance(choice, Choice):
        return Answer(say_not_assigned(marked, choice, language))
    whom = assigning.meant(choice, to)
    if whom.sure:
        return assign_answer(await assigning.assign(asked.services, asked.press, whom.officers[0][0]), language)
    buttons = [Button(name, "assign_to", f"{asked.lead}:{key}") for key, name in whom.officers]
    return Answer(marked.say("assign_whom", language, number=asked.lead, said=one_line(whom.said, 40), meant=bool(buttons)), buttons)


async def _assign_to(asked: Asked) -> Answer:
    """Whoever was asked back about, on a press."""
    told = assign_answer(await assigning.assign(asked.services, asked.press, asked.words), asked.officer.language)
    return Answer(told.words, told.buttons, replaces=True)


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


DOES: dict[str, Does] = {"assign_to": _assign_to}
OPENS: dict[str, Opens] = {"assign": assign_screen}

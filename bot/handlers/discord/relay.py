"""Whose words are these? In Discord: one of the leads that fit, another one by its number, or none of ours."""

import re
from dataclasses import replace

from discord import ui

from bot.conversation import relay, taking_on
from bot.conversation.relay import Placed
from bot.handlers.discord.answers import Answer, Asked, Does, Opens
from bot.handlers.discord.screens import Screen, field, written
from bot.handlers.discord.undoing import undo_button
from bot.handlers.discord.words import marked
from bot.store.events import COMPANY
from bot.wording.relay import say_place


async def place(asked: Asked) -> Answer:
    outcome = await relay.place(asked.services, asked.press, int(asked.words))
    return _answer(outcome, asked.officer.language)


def _answer(outcome: relay.PlaceOutcome, language: str) -> Answer:
    """What the one who answered is told privately, with Undo where the words can be taken out again."""
    words = say_place(marked, outcome, language)
    match outcome:
        case Placed(_, seq) if seq is not None:
            return Answer(words, [undo_button(COMPANY, seq, language)])
    return Answer(words)


async def other_screen(asked: Asked) -> ui.Modal:
    return Screen(asked, _named, field("lead", asked.officer.language))


async def _named(asked: Asked, screen: Screen) -> Answer:
    typed = written(screen, "lead") or ""
    number = re.fullmatch(r"\s*#?(\d{1,9})\s*", typed)
    if number is None:
        return Answer(marked.say("no_number", asked.officer.language, said=typed[:40], command=None))
    return await place(replace(asked, lead=int(number[1])))


async def new_lead(asked: Asked) -> Answer:
    outcome = await taking_on.begin_lead(asked.services, asked.press, int(asked.words))
    return _answer(outcome, asked.officer.language)


DOES: dict[str, Does] = {"place": place, "new_lead": new_lead}
OPENS: dict[str, Opens] = {"place_other": other_screen}

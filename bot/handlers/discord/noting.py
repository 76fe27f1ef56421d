"""Note, in Discord: a screen of its own, and /lead note."""

from functools import partial
from typing import assert_never

from discord import ui

from bot import noting
from bot.handlers.discord.answers import Answer, Asked
from bot.handlers.discord.commands import Desk, Interaction
from bot.handlers.discord.screens import Screen, note_field, written
from bot.handlers.discord.undoing import undo_button
from bot.handlers.discord.words import marked
from bot.noting import Noted
from bot.press import NoSuchLead
from bot.wording.working import say_not_worked
from bot.working import MayNotWork, NotYourLead


def register(desk: Desk) -> None:
    @desk.command("note", needs="work")
    async def note(interaction: Interaction, lead: str | None = None, words: str | None = None) -> None:
        if words:
            await desk.answer(interaction, partial(keep_note, words), lead)
        else:
            await desk.open(interaction, note_screen, lead)


async def note_screen(asked: Asked) -> ui.Modal:
    return Screen(asked, _note_submitted, note_field(asked.officer.language, required=True))


async def _note_submitted(asked: Asked, screen: Screen) -> Answer:
    return await keep_note(written(screen, "note") or "", asked)


async def keep_note(words: str, asked: Asked) -> Answer:
    language = asked.officer.language
    outcome = await noting.keep_note(asked.services, asked.press, words)
    match outcome:
        case Noted(lead, seq):
            return Answer(marked.say("note_kept", language, number=lead), [undo_button(lead, seq, language)])
        case NotYourLead() | MayNotWork() | NoSuchLead():
            return Answer(say_not_worked(marked, outcome, language))
    assert_never(outcome)


OPENS = {"note": note_screen}

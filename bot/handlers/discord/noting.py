"""Note, in Discord: a screen of its own, and /lead note."""

from dataclasses import replace
from functools import partial
from typing import assert_never

from discord import ui

from bot.handlers.discord.answers import Answer, Asked
from bot.handlers.discord.commands import Desk, Interaction
from bot.handlers.discord.layouts import Again
from bot.handlers.discord.refused import may_not, refused_answer
from bot.handlers.discord.screens import Screen, note_field, written
from bot.handlers.discord.undoing import undo_button
from bot.handlers.discord.words import marked
from bot.leads import noting
from bot.leads.noting import Noted
from bot.leads.press import NoSuchLead
from bot.leads.working import MayNotWork, NotYourLead, OthersLead
from bot.rendering import labels
from bot.wording.working import say_others_lead


def register(desk: Desk) -> None:
    @desk.command("note", needs="work")
    async def note(interaction: Interaction, lead: str | None = None, words: str | None = None) -> None:
        if words:
            await desk.answer(interaction, partial(keep_note, words), lead)
        else:
            await desk.open(interaction, note_screen, lead)


async def note_screen(asked: Asked) -> ui.Modal | Answer:
    return await may_not(asked, "note") or _note_screen(asked)


def _note_screen(asked: Asked, words: str | None = None) -> Screen:
    return Screen(asked, _note_submitted, note_field(asked.officer.language, required=True, begun=words))


async def _note_submitted(asked: Asked, screen: Screen) -> Answer:
    return await keep_note(written(screen, "note") or "", asked)


async def keep_note(words: str, asked: Asked) -> Answer:
    language = asked.officer.language
    outcome = await noting.keep_note(asked.services, asked.press, words, knows_owner=asked.knows_owner)
    match outcome:
        case Noted(lead, seq):
            return Answer(marked.say("note_kept", language, number=lead), [undo_button(lead, seq, language)])
        case OthersLead(_, owner_id):
            theirs = partial(_note_screen, replace(asked, knows_owner=owner_id), words)
            return Answer(say_others_lead(marked, outcome, "note", language), [Again(labels(language)("button", "go_ahead"), theirs)])
        case NotYourLead() | MayNotWork() | NoSuchLead():
            edit = Again(labels(language)("button", "edit_words"), partial(_note_screen, asked, words))
            refused = refused_answer(outcome, asked)
            return replace(refused, buttons=[*refused.buttons, edit])
    assert_never(outcome)


OPENS = {"note": note_screen}

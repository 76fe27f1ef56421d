"""Undo, in Discord: a button on the private answer to what can be taken back."""

from bot.handlers.discord.answers import Answer, Asked
from bot.handlers.discord.layouts import Button
from bot.handlers.discord.words import marked
from bot.leads import undoing
from bot.rendering import labels
from bot.wording.undoing import say_undo


async def undo(asked: Asked) -> Answer:
    outcome = await undoing.undo(asked.services, asked.press, int(asked.words))
    return Answer(say_undo(marked, outcome, asked.officer.language), replaces=True)


DOES = {"undo": undo}


def undo_button(lead: int, seq: int, language: str) -> Button:
    """Takes back the event with this seq of the lead's timeline."""
    return Button(labels(language)("button", "undo"), "undo", f"{lead}:{seq}")

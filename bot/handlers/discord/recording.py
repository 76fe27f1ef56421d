"""Stop recording and Listen, in Discord: below the line of a call in the lead's thread."""

from typing import Any

import discord
from discord import ui

from bot.calls import recording
from bot.handlers.discord.answers import Answer, Asked, Does
from bot.handlers.discord.words import marked
from bot.rendering import labels
from bot.wording.recording import say_recording


async def _stop(asked: Asked) -> Answer:
    outcome = await recording.stop(asked.services, asked.press, int(asked.words))
    return Answer(say_recording(marked, outcome, asked.officer.language))


async def _hear(asked: Asked) -> Answer:
    outcome, link = await recording.ask_to_hear(asked.services, asked.press, int(asked.words))
    label = labels(asked.officer.language)("button", "hear_recording")
    buttons: list[ui.Button[Any]] = [ui.Button(style=discord.ButtonStyle.link, label=label, url=link)] if link else []
    return Answer(say_recording(marked, outcome, asked.officer.language), buttons)


DOES: dict[str, Does] = {"stop_recording": _stop, "hear_recording": _hear}

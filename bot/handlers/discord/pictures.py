"""View, in Discord: whoever may look gets a link to each picture, privately. The buttons open the browser; Discord fetches nothing."""

from typing import Any

import discord
from discord import ui

from bot.conversation import pictures
from bot.handlers.discord.answers import Answer, Asked, Does
from bot.handlers.discord.words import marked
from bot.rendering import labels
from bot.wording.pictures import say_view


async def view_pictures(asked: Asked) -> Answer:
    outcome, links = await pictures.ask_to_view(asked.services, asked.press, int(asked.words))
    label = labels(asked.officer.language)("button", "picture")
    buttons: list[ui.Button[Any]] = [
        ui.Button(style=discord.ButtonStyle.link, label=f"{label} {place}", url=link) for place, link in enumerate(links, 1)
    ]
    return Answer(say_view(marked, outcome, asked.officer.language), buttons)


DOES: dict[str, Does] = {"view_pictures": view_pictures}

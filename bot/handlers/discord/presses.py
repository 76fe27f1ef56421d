"""A press finds whoever does it: the person is known, the press is taken at once, and its answer is private."""

from collections.abc import Mapping
from functools import partial
from typing import Any

import discord

from bot.handlers.discord.answers import Answer, Asked, Does, Opens, tell
from bot.handlers.discord.errors import report
from bot.handlers.discord.people import People, Stranger, stranger_words
from bot.handlers.discord.words import marked
from bot.leads.press import SeenCard
from bot.runner import do_or_report
from bot.services import Services
from bot.store.places import KnownOfficer


class Presses:
    """What buttons and choices do, by the action in their id."""

    def __init__(self, services: Services, people: People, does: Mapping[str, Does], opens: Mapping[str, Opens]) -> None:
        self._services = services
        self._people = people
        self._does = does
        self._opens = opens

    async def pressed(self, interaction: discord.Interaction[Any], action: str, value: str) -> None:
        await do_or_report(partial(self._do, interaction, action, value), partial(report, interaction))

    async def _do(self, interaction: discord.Interaction[Any], action: str, value: str) -> None:
        if action not in self._opens:
            await interaction.response.defer()
        match await self._people.who(interaction):
            case Stranger() as stranger:
                await tell(interaction, Answer(stranger_words(stranger)))
            case KnownOfficer() as officer:
                if action not in self._opens and action not in self._does:  # a button of a version before this one
                    await tell(interaction, Answer(marked.say("outdated", officer.language)))
                    return
                asked = self._asked(interaction, officer, value)
                if action in self._opens:
                    opened = await self._opens[action](asked)
                    if isinstance(opened, Answer):
                        await tell(interaction, opened)
                    else:
                        await interaction.response.send_modal(opened)
                elif (answer := await self._does[action](asked)) is not None:
                    await tell(interaction, answer)

    def _asked(self, interaction: discord.Interaction[Any], officer: KnownOfficer, value: str) -> Asked:
        number, _, words = value.partition(":")
        message = interaction.message
        card = SeenCard("discord", _channel_of(message), str(message.id)) if message and not message.flags.ephemeral else None
        return Asked(self._services, officer, int(number), words, delivery_of(interaction), card, message)


def _channel_of(message: discord.Message) -> str:
    """Where the card stands: a forum's is the first message of its own post."""
    post = message.channel
    return str(post.parent_id if isinstance(post, discord.Thread) and post.id == message.id else post.id)


def delivery_of(interaction: discord.Interaction[Any]) -> str:
    """The same for whoever is handed this press, and never again."""
    return f"discord:{interaction.id}"

"""Who pressed: a Discord user is an officer, a guest, or somebody we do not know."""

import time
from dataclasses import dataclass
from typing import Any

import discord

from bot.handlers.discord.words import marked
from bot.services import Services
from bot.store.places import KnownOfficer, officer_at

REMEMBERED_FOR = 60.0
"""Seconds that somebody who writes to us alone is taken as still being in the server."""


@dataclass(frozen=True, slots=True)
class Stranger:
    """Somebody who is no officer; `guest` when they are no member of the company's server."""

    guest: bool


def stranger_words(*, guest: bool) -> str:
    """What somebody is told who is no officer."""
    return marked.say("guest" if guest else "stranger", "en")


class People:
    """Answers who a Discord user is, at the moment of doing."""

    def __init__(self, services: Services, client: discord.Client) -> None:
        self._services = services
        self._client = client
        self.guild = 0
        self._members: dict[int, float] = {}

    async def who(self, interaction: discord.Interaction[Any]) -> KnownOfficer | Stranger:
        if not await self._is_member(interaction):
            return Stranger(guest=True)
        known = await self._services.store.read(officer_at, "discord", str(interaction.user.id))
        return known or Stranger(guest=False)

    async def _is_member(self, interaction: discord.Interaction[Any]) -> bool:
        """Whether they belong to the company's server; in a private conversation we have to ask."""
        user = interaction.user
        if isinstance(user, discord.Member):
            return interaction.guild_id == self.guild and not user.flags.guest
        if interaction.guild_id is not None:
            return False
        if time.monotonic() - self._members.get(user.id, float("-inf")) > REMEMBERED_FOR:
            try:
                await self._client.http.get_member(self.guild, user.id)
            except discord.NotFound:
                return False
            self._members[user.id] = time.monotonic()
        return True

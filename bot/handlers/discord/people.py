"""Who pressed: a Discord user is an officer, a guest, or somebody we do not know."""

import asyncio
import time
from dataclasses import dataclass
from typing import Any, Literal, assert_never

import aiohttp
import discord
import structlog

from bot.chat import SlowDown
from bot.handlers.discord.words import marked
from bot.officers.leaving import note_presence
from bot.rendering import LANGUAGES
from bot.services import Services
from bot.store.places import KnownOfficer, officer_at, people_on

log = structlog.get_logger()

UNKNOWN_MEMBER = 10007
REMEMBERED_FOR = 60.0
"""Seconds that somebody who writes to us alone is taken as still being in the server."""


@dataclass(frozen=True, slots=True)
class Stranger:
    """Somebody who is no officer: not known, no full member of the company's server, or in another one."""

    why: Literal["stranger", "guest", "elsewhere"]
    user: int


def stranger_words(stranger: Stranger) -> str:
    """What somebody is told who is no officer, with what their manager has to enter."""
    return "\n\n".join(_stranger_words(stranger, language) for language in LANGUAGES)  # which they read, nobody knows


def _stranger_words(stranger: Stranger, language: str) -> str:
    match stranger.why:
        case "stranger":
            return marked.say("stranger", language, discord_id=stranger.user)
        case "guest":
            return marked.say("guest", language)
        case "elsewhere":
            return marked.say("elsewhere", language)
    assert_never(stranger.why)


class People:
    """Answers who a Discord user is, at the moment of doing."""

    def __init__(self, services: Services, client: discord.Client) -> None:
        self._services = services
        self._client = client
        self.guild = 0
        self._members: dict[int, float] = {}

    async def who(self, interaction: discord.Interaction[Any]) -> KnownOfficer | Stranger:
        user = interaction.user.id
        if interaction.guild_id not in (None, self.guild):
            return Stranger("elsewhere", user)
        if not await self._is_member(interaction):
            return Stranger("guest", user)
        known = await self._services.store.read(officer_at, "discord", str(user))
        return known or Stranger("stranger", user)

    async def _is_member(self, interaction: discord.Interaction[Any]) -> bool:
        """Whether they belong to the company's server; in a private conversation we have to ask."""
        user = interaction.user
        if isinstance(user, discord.Member):
            return not user.flags.guest
        if time.monotonic() - self._members.get(user.id, float("-inf")) > REMEMBERED_FOR:
            try:
                await self._client.http.get_member(self.guild, user.id)
            except discord.NotFound:
                return False
            self._members[user.id] = time.monotonic()
        return True


async def note_who_is_here(services: Services, client: discord.Client, guild: int) -> None:
    """Tell who left the server from who is in it: an officer who left is asked about, and so is one who came back."""
    here, gone = set[str](), set[str]()
    for user in await services.store.read(people_on, "discord"):
        try:
            await _see(client, guild, user)
        except discord.NotFound as error:
            if error.code == UNKNOWN_MEMBER:  # else the config's id is nobody's, or the server is not the one we know
                gone.add(user)
        except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
            log.warning("Discord does not tell who is here at the moment; asked again soon", error=type(error).__name__)
            return
        else:
            here.add(user)
    now, salt = services.clock.now(), services.salt()
    services.owe(await services.store.transact(note_presence, "discord", here, gone, now, salt))


async def _see(client: discord.Client, guild: int, user: str) -> None:
    """Ask for one member, for as long as Discord wants fewer calls: whoever begins anew instead comes to the same limit again."""
    while not client.is_closed():
        try:
            await client.http.get_member(guild, int(user))
        except discord.RateLimited as limited:
            await asyncio.sleep(SlowDown(limited.retry_after).seconds)
        else:
            return
    raise aiohttp.ClientConnectionError

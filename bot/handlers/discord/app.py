"""The Discord side as a whole: one client with every feature, and its way of hearing from Discord, which one process at a time has."""

import asyncio
import secrets
from collections.abc import Awaitable, Callable

import aiohttp
import discord
import structlog

from bot.chat import SlowDown
from bot.errors import LeadbellError, StoreUnavailable
from bot.handlers.discord import (
    accidents,
    asked_to_stop,
    asking_compliance,
    assigning,
    booking,
    building,
    calling,
    calling_anyway,
    claiming,
    consents,
    drips,
    duty,
    emailing,
    explaining,
    finding,
    groups,
    leaving,
    mine,
    moving,
    noting,
    opening,
    opting_out,
    own_voicemail,
    passing,
    pictures,
    practice,
    rates,
    recording,
    relay,
    reminders,
    reports,
    returns,
    rota,
    shift_end,
    source_requests,
    speaking,
    staging,
    swapping,
    team,
    texting,
    two_people,
    undoing,
    working,
)
from bot.handlers.discord.answers import Does, Opens
from bot.handlers.discord.commands import Desk, Translator, Tree
from bot.handlers.discord.layouts import AGAIN, Button, Choice, Client
from bot.handlers.discord.people import People, note_who_is_here
from bot.handlers.discord.platform import DiscordPlatform
from bot.handlers.discord.presses import Presses
from bot.handlers.discord.screens import Kept
from bot.officers.practice import welcome_who_is_found
from bot.services import Services
from bot.store.gateway import RENEW_EVERY, hold_gateway, leave_gateway, somebody_holds
from bot.store.installation import adopt_workspace
from bot.store.places import channels_on

log = structlog.get_logger()

DOES: dict[str, Does] = {
    **claiming.DOES, **passing.DOES, **undoing.DOES, **opening.DOES, **working.DOES, **two_people.DOES, **staging.DOES,
    **practice.DOES, **relay.DOES, **texting.DOES, **calling_anyway.DOES, **reminders.DOES, **leaving.DOES, **shift_end.DOES,
    **opting_out.DOES, **accidents.DOES, **pictures.DOES, **reports.DOES, **speaking.DOES, **drips.DOES, **explaining.DOES,
    **mine.DOES, **assigning.DOES, **returns.DOES, **swapping.DOES, **asking_compliance.DOES, **finding.DOES, **calling.DOES,
    **groups.DOES, **building.DOES, **recording.DOES, **own_voicemail.DOES, **source_requests.DOES,
}  # fmt: skip
OPENS: dict[str, Opens] = {
    **working.OPENS, **staging.OPENS, **noting.OPENS, **relay.OPENS, **texting.OPENS, **emailing.OPENS, **calling_anyway.OPENS,
    **reminders.OPENS, **asking_compliance.OPENS, **opting_out.OPENS, **assigning.OPENS, **accidents.OPENS, **booking.OPENS, **team.OPENS,
    **building.OPENS, **source_requests.OPENS,
}  # fmt: skip
COMMANDS = (
    *(opening, finding, claiming, working, calling, own_voicemail, texting, emailing, asked_to_stop, consents, staging, drips, groups),
    *(building, moving, rates, noting, returns, assigning, explaining, duty, rota, swapping, team, mine, reminders, reports),
)
"""The features that one can type for, in the order in which help names them."""
LONGEST_WAIT = 60.0
LOOK_WHO_IS_HERE_EVERY = 300.0
ASK_EVERY = 2.0
"""Seconds between two looks whether the gateway is free."""
WAIT_OUT = 5.0
"""Seconds that discord.py may wait when Discord asks for fewer calls; beyond that the place waits, and whoever draws goes on."""


class Discord:
    """Discord, once `connect` has signed in. To be built inside a running event loop."""

    def __init__(self, services: Services, token: str) -> None:
        self._services = services
        self._token = token
        self._holder = secrets.token_hex(16)
        self.connected = False
        self._kept = Kept()
        self._begin()

    def _begin(self) -> None:
        """A client that has not signed in yet. One that Discord has closed cannot be opened again."""
        self._intents = discord.Intents(guilds=True)
        self.client = Client(
            intents=self._intents,
            allowed_mentions=discord.AllowedMentions.none(),
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            max_messages=None,
        )
        self.client.http.max_ratelimit_timeout = WAIT_OUT
        self._people = People(self._services, self.client)
        self.client.who = self._people.who
        self.client.keep = self._kept.keep
        self.client.on_press = Presses(self._services, self._people, DOES, {**OPENS, AGAIN: self._kept.open}).pressed
        self._overhearing = accidents.Overhearing(self._services)
        self.client.on_message = self._overhearing.heard
        self.client.add_dynamic_items(Button, Choice)
        self.client.tree = Tree(self.client)
        self._desk = Desk(self._services, self._people)
        for feature in COMMANDS:
            feature.register(self._desk)
        self._desk.register_help()
        for command in self._desk.everything:
            self.client.tree.add_command(command)

    async def connect(self) -> None:
        """Sign in, learn which server is ours, and show; again and again while Discord cannot be reached.

        Raises OtherWorkspace when the channels belong to another server than before.
        """
        await _until_done(self._log_in)
        await self.settle_in()

    async def _log_in(self) -> None:
        try:
            await self.client.login(self._token)
        finally:
            if self.client.application_id is None:  # it was refused, and would leave its connections open
                await self.client.close()
                self._begin()
        flags = self.client.application_flags
        if flags.gateway_message_content or flags.gateway_message_content_limited:
            self.read_threads()

    def read_threads(self) -> None:
        """What is written in threads may be read: the switch in Discord's portal is on. Without it Discord refuses who asks for it."""
        self._intents.guild_messages = self._intents.message_content = True

    async def settle_in(self) -> None:
        """Begin to show, then say what can be typed, which Discord may limit for hours, then look who is here, one by one."""
        await _until_done(self._begin_to_show)
        await _until_done(self._declare_commands)
        await _until_done(self._look)

    async def _begin_to_show(self) -> None:
        """Learn which server is ours from where the teams' channels are."""
        missing: list[str] = []
        for channel in await self._services.store.read(channels_on, "discord"):
            try:
                found = await self.client.fetch_channel(int(channel))
            except (discord.Forbidden, discord.NotFound):
                missing.append(channel)
                continue
            if not isinstance(found, discord.abc.GuildChannel):
                missing.append(channel)
                continue
            await self._services.store.transact(adopt_workspace, "discord", str(found.guild.id))
            self._people.guild = self._overhearing.guild = found.guild.id
        if missing and not self._people.guild:
            raise NoChannelFound
        if missing:
            log.warning("Discord does not show Leadbell these channels: check their ids, and let it view them", channels=missing)
        platform = DiscordPlatform(self._services, self.client, self._hears)
        self._services.platforms = {**self._services.platforms, "discord": platform}
        self._services.owed.set()
        self.connected = True

    async def _signed_in(self) -> None:
        """Wait until the client can ask: the one of before may have been closed for good, and this one not signed in yet."""
        while self.client.is_closed() or self.client.application_id is None:
            await asyncio.sleep(ASK_EVERY)

    async def _declare_commands(self) -> None:
        await self._signed_in()
        await self.client.tree.set_translator(Translator())
        self._desk.ids = {command.name: command.id for command in await self.client.tree.sync()}

    async def _look(self) -> None:
        await self._signed_in()
        await note_who_is_here(self._services, self.client, self._people.guild)
        await welcome_who_is_found(self._services)
        self._services.owed.set()

    async def look_who_is_here(self) -> None:
        """One step of noticing who left the server, by the process that listens."""
        await asyncio.sleep(LOOK_WHO_IS_HERE_EVERY)
        if self.connected and self.client.is_ready():
            await self._look()

    async def hear(self) -> None:
        """One step of having the gateway: wait until it is free, then listen for as long as it is ours.

        Discord hands every press to every listener, so two who listen would do everything twice.
        """
        if self.client.is_closed():
            self.connected = False  # and what is owed waits, however long: the closed client breaks whoever shows through it
            others = {name: platform for name, platform in self._services.platforms.items() if name != "discord"}
            self._services.platforms = others
            declared = self._desk.ids
            self._begin()
            self._desk.ids = declared
            await _until_done(self._log_in)
            await _until_done(self._begin_to_show)
        if not (self.connected and await self._services.store.transact(hold_gateway, self._holder)):
            await asyncio.sleep(ASK_EVERY)
            return
        listening = asyncio.create_task(self.client.connect())
        try:
            async with asyncio.timeout(None) as patience:
                while await self._still_ours(patience):
                    await asyncio.wait([listening], timeout=RENEW_EVERY)
                    if listening.done():
                        listening.result()
                        return
        except discord.PrivilegedIntentsRequired:
            log.error("Discord no longer lets Leadbell read threads: switch Message Content Intent on in its portal; going on without")
            self._intents.guild_messages = self._intents.message_content = False
        except discord.ConnectionClosed as error:
            log.error("Discord ended the connection for good: check DISCORD_TOKEN; signing in anew", code=error.code)
        finally:
            listening.cancel()
            await asyncio.gather(listening, return_exceptions=True)
            if self.client.ws is not None:
                await self.client.ws.close()

    async def _still_ours(self, patience: asyncio.Timeout) -> bool:
        """Renew the lease. A store that does not answer in time ends the listening before another may begin."""
        patience.reschedule(asyncio.get_running_loop().time() + 2 * RENEW_EVERY)
        ours = await self._services.store.transact(hold_gateway, self._holder)
        patience.reschedule(asyncio.get_running_loop().time() + 2 * RENEW_EVERY)
        return ours

    async def _hears(self) -> bool:
        return self.client.is_ready() or await self._services.store.read(somebody_holds, self._holder)

    async def close(self) -> None:
        await self._services.store.transact(leave_gateway, self._holder)
        await self.client.close()


class NoChannelFound(LeadbellError):
    """Leadbell sees none of the teams' channels in Discord. Invite it to the server, let it view them, and check their ids."""


async def _until_done(step: Callable[[], Awaitable[None]]) -> None:
    """Repeat a step until Discord and the store let it through, with longer and longer waits."""
    wait = 1.0
    while True:
        try:
            return await step()
        except discord.RateLimited as limited:
            pause = SlowDown(limited.retry_after).seconds
            log.warning("Discord asks for fewer calls", waits=round(pause))
            await asyncio.sleep(pause)
            continue
        except discord.LoginFailure:
            log.error("Discord refuses us: check DISCORD_TOKEN")
        except discord.HTTPException as error:
            log.error("Discord refuses us: is Leadbell in the server, and may it see the teams' channels?", error=error.code)
        except (StoreUnavailable, NoChannelFound) as error:
            log.error(str(error))
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            log.error("Discord cannot be reached", error=type(error).__name__)
        await asyncio.sleep(wait)
        wait = min(LONGEST_WAIT, wait * 2)

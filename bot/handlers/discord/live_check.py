"""leadbell check --live, in Discord: the token, each channel with what Leadbell may do there, and the officers."""

from collections.abc import AsyncIterator, Iterator

import aiohttp
import discord

from bot.config import Config
from bot.findings import Finding
from bot.settings import Settings

NEEDED = {
    "view_channel": "View Channels",
    "send_messages": "Send Messages",
    "send_messages_in_threads": "Send Messages in Threads",
    "create_public_threads": "Create Public Threads",
    "read_message_history": "Read Message History",
    "manage_threads": "Manage Threads",
}
"""What Leadbell has to be allowed in each channel, by discord.py's name and by the one that people see."""
IN_A_FORUM = {"manage_channels": "Manage Channels"}


async def check_discord(settings: Settings, config: Config) -> AsyncIterator[Finding]:
    """What there is to say of the Discord side, in the order in which to put it right. Nothing is posted."""
    assert settings.discord_token is not None
    try:
        async with discord.Client(intents=discord.Intents.none()) as client:
            await client.login(settings.discord_token.get_secret_value())
            async for finding in _seen_by(client, settings, config):
                yield finding
    except discord.LoginFailure:
        yield Finding("missing", "DISCORD_TOKEN: Discord refuses it. Make a new one in Discord's developer portal, Bot, Reset Token.")
    except discord.HTTPException as error:
        yield Finding("missing", f"Discord answers {error.status}, code {error.code}. Check again in a minute.")
    except (aiohttp.ClientError, OSError, TimeoutError) as error:
        yield Finding("missing", f"Discord cannot be reached ({type(error).__name__}). Leadbell needs to open connections to discord.com.")


async def _seen_by(client: discord.Client, settings: Settings, config: Config) -> AsyncIterator[Finding]:
    assert client.user is not None
    yield Finding("ok", f"Signed in to Discord as {client.user.name}.")
    servers = [await client.fetch_guild(each.id) async for each in client.fetch_guilds()]
    there = {str(channel.id): (server, channel) for server in servers for channel in await server.fetch_channels()}
    wanted = list(_channels(config))
    for number in wanted:
        if number not in there:
            yield Finding("missing", f"Channel {number} is in no server that Leadbell is in. Invite it there, or mend the id.")
            continue
        server, channel = there[number]
        may = channel.permissions_for(await server.fetch_member(client.user.id))
        asked = NEEDED | (IN_A_FORUM if isinstance(channel, discord.ForumChannel) else {})
        lacking = [called for name, called in asked.items() if not getattr(may, name)]
        if lacking:
            yield Finding("missing", f"#{channel.name}: Leadbell lacks {', '.join(lacking)}. Give it that there, or invite it anew.")
        else:
            yield Finding("ok", f"#{channel.name}: Leadbell may do there what it needs.")
    ours = {there[number][0].id: there[number][0] for number in wanted if number in there}
    if len(ours) > 1:
        names = ", ".join(each.name for each in ours.values())
        yield Finding("missing", f"The channels belong to several servers: {names}. Leadbell works in one.")
    for server in list(ours.values())[:1]:
        async for finding in _officers(server, config, only_here=settings.slack_bot_token is None):
            yield finding


def _channels(config: Config) -> Iterator[str]:
    """Each Discord channel of the config once."""
    audit = config.audit.channel if config.audit else None
    named = (*(each for team in config.teams for each in (team.channel, team.wider_channel)), audit)
    yield from dict.fromkeys(channel.discord for channel in named if channel and channel.discord)


async def _officers(server: discord.Guild, config: Config, *, only_here: bool) -> AsyncIterator[Finding]:
    """Who is not there; and where there is no Slack, who has no id here."""
    found = True
    for officer in config.officers:
        if not officer.active:
            continue
        if officer.discord is None:
            if only_here:
                found = False
                yield Finding("missing", f"Officer {officer.key} has no discord: id, so nothing rings for them.")
            continue
        try:
            await server.fetch_member(int(officer.discord))
        except discord.NotFound:
            found = False
            yield Finding("missing", f"Nobody in {server.name} has the discord: id of officer {officer.key}. Mend it, or let them join.")
    if found:
        yield Finding("ok", "Every officer was found in Discord.")

"""leadbell check --live, in Slack: tokens, scopes, who sees the channels, and a message posted, redrawn and deleted in each."""

from collections.abc import AsyncIterator, Iterator
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.config import Channel, Config
from bot.findings import Finding
from bot.handlers.slack.platform import code_of
from bot.handlers.slack.roster import channel_named, members_of, slack_client
from bot.settings import Settings

WITHOUT = {
    "chat:write": "nothing rings",
    "commands": "nobody can type a command",
    "app_mentions:read": "a mention outside of a thread gets no answer; the buttons and `/lead` work",
    "channels:read": "it does not start with Slack, unless every channel is given by id",
    "groups:read": "it does not start with Slack, unless every channel is given by id",
    "channels:history": "words in a thread go unheard; a card whose answer was lost stays unfinished; a deaf socket is noticed later",
    "groups:history": "the same in private channels",
    "files:read": "nobody can text a borrower a picture",
    "im:history": "a message whose answer was lost stays unfinished",
    "im:write": "nobody gets the borrower's number",
    "users:read": "no press works",
    "users:read.email": "it does not start with Slack, unless every officer has a `slack` id there",
}
"""Each scope that Leadbell uses, and what stops without it."""
CHECKED, REDRAWN = "Leadbell is being checked.", "Leadbell is being checked: this message goes at once."
PLAN = (
    "On Slack's free plan messages are shown for 90 days, and a workspace has at most 10 apps. Leadbell keeps every lead itself, "
    "but older threads vanish from view."
)


async def check_slack(settings: Settings, config: Config) -> AsyncIterator[Finding]:
    """What there is to say of the Slack side, in the order in which to put it right."""
    if settings.slack_bot_token is None:
        yield Finding("missing", "SLACK_BOT_TOKEN is not set, so Slack is off. Install the app and copy it from OAuth & Permissions.")
        return
    async with slack_client(settings) as client:
        try:
            identity = await client.auth_test()
        except SlackApiError as error:
            yield Finding("missing", f"SLACK_BOT_TOKEN: Slack answers {code_of(error)}. Copy the token again from OAuth & Permissions.")
            return
        except (SlackClientError, aiohttp.ClientError, OSError, TimeoutError) as error:
            yield Finding("missing", f"Slack cannot be reached ({type(error).__name__}). Leadbell needs to open connections to slack.com.")
            return
        yield Finding("ok", f"Signed in to the Slack workspace {identity['team']} as {identity['user']}.")
        for finding in _scopes(identity):
            yield finding
        yield await _way_in(client, settings)
        for named, allowed in _channels(config):
            async for finding in _guarded(named, _channel(client, named, allowed, str(identity["team_id"]))):
                yield finding
        async for finding in _guarded("The officers", _officers(client, config)):
            yield finding
    yield Finding("note", PLAN)


async def _guarded(what: str, findings: AsyncIterator[Finding]) -> AsyncIterator[Finding]:
    """The findings, and where Slack refuses in the middle, what it said."""
    try:
        async for finding in findings:
            yield finding
    except SlackApiError as error:
        yield Finding("missing", f"{what}: Slack answers {code_of(error) or 'nothing useful'}{_scope_asked_for(error)}.")
    except (SlackClientError, aiohttp.ClientError, OSError, TimeoutError) as error:
        yield Finding("missing", f"{what}: Slack does not answer ({type(error).__name__}). Check again in a minute.")


def _scope_asked_for(error: SlackApiError) -> str:
    needed = error.response.get("needed") if code_of(error) == "missing_scope" else None
    return f": it takes the scope {needed}" if needed else ""


def _scopes(identity: AsyncSlackResponse) -> Iterator[Finding]:
    headers = {name.lower(): value for name, value in identity.headers.items()}
    if "x-oauth-scopes" not in headers:
        yield Finding("note", "This server does not say which scopes the token has.")
        return
    granted = {scope.strip() for scope in headers["x-oauth-scopes"].split(",")}
    for scope, loss in WITHOUT.items():
        if scope not in granted:
            yield Finding("missing", f"The scope {scope}. Without it: {loss}. Add it under OAuth & Permissions and install the app again.")
    if granted.issuperset(WITHOUT):
        yield Finding("ok", f"The token has all {len(WITHOUT)} scopes.")


async def _way_in(client: AsyncWebClient, settings: Settings) -> Finding:
    """How presses and commands reach us."""
    if settings.slack_signing_secret is not None:
        where = f"{settings.public_url or 'https://YOUR-HOST'}/slack/events"
        return Finding(
            "to do",
            f"Slack comes over HTTP: give {where} as the request URL of Event Subscriptions, of Interactivity, and at each of the six "
            "Slash Commands.",
        )
    if settings.slack_app_token is None:
        message = "SLACK_APP_TOKEN is not set, so no press reaches Leadbell. Make it under Basic Information, App-Level Tokens."
        return Finding("missing", message)
    try:
        await client.apps_connections_open(app_token=settings.slack_app_token.get_secret_value())
    except SlackApiError as error:
        code = code_of(error)
        return Finding("missing", f"SLACK_APP_TOKEN: Slack answers {code}. It takes the scope connections:write, and Socket Mode on.")
    except (SlackClientError, aiohttp.ClientError, OSError, TimeoutError) as error:
        return Finding("missing", f"SLACK_APP_TOKEN could not be tried: Slack does not answer ({type(error).__name__}).")
    return Finding("ok", "Socket Mode opens, so presses and commands reach Leadbell.")


def _channels(config: Config) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Each Slack channel of the config once, with what it allows."""
    seen: dict[str, Channel] = {}
    audit = config.audit.channel if config.audit else None
    for channel in (*(each for team in config.teams for each in (team.channel, team.wider_channel)), audit):
        if channel and channel.slack:
            seen.setdefault(channel.slack, channel)
    for named, channel in seen.items():
        yield named, channel.allow


async def _channel(client: AsyncWebClient, named: str, allowed: tuple[str, ...], workspace: str) -> AsyncIterator[Finding]:
    channel = await channel_named(client, named)
    if channel is None:
        yield Finding("missing", f"{named} was not found. Create it, or type /invite @Leadbell there: a private one is not seen before.")
        return
    if not channel.get("is_member"):
        yield Finding("missing", f"{named}: Leadbell is not in it. Type /invite @Leadbell there.")
        return
    refused = [finding async for finding in _outsiders(client, channel, named, allowed, workspace)]
    for finding in refused:
        yield finding
    if not refused:
        posted = await client.chat_postMessage(channel=channel["id"], text=CHECKED)
        try:
            await client.chat_update(channel=channel["id"], ts=posted["ts"], text=REDRAWN)
        finally:
            await client.chat_delete(channel=channel["id"], ts=posted["ts"])
        yield Finding("ok", f"{named}: a message was posted, redrawn and deleted.")


async def _outsiders(
    client: AsyncWebClient, channel: dict[str, Any], named: str, allowed: tuple[str, ...], workspace: str
) -> AsyncIterator[Finding]:
    """Who sees the leads of a channel that should not, unless the config says so."""
    if not channel.get("is_private") and "public" not in allowed:
        yield Finding(
            "missing", f"{named} is public: everybody in the workspace reads its leads. Make it private, or write {_allow('public')}."
        )
    if (channel.get("is_ext_shared") or channel.get("is_pending_ext_shared")) and "other_companies" not in allowed:
        message = (
            f"{named} is shared with another company (Slack Connect). Use a channel of your own, or write {_allow('other_companies')}."
        )
        yield Finding("missing", message)
    if "guests" not in allowed:
        guests = [member.name for member in await members_of(client, str(channel["id"]), workspace) if member.guest]
        if guests:
            who = ", ".join(guests)
            yield Finding("missing", f"{named} has guests: {who}. Remove them from the channel, or write {_allow('guests')}.")


def _allow(what: str) -> str:
    return f"allow: {what} beside slack: in the config"


async def _officers(client: AsyncWebClient, config: Config) -> AsyncIterator[Finding]:
    wanted = [officer for officer in config.officers if officer.active and officer.slack is None]
    lost = []
    for officer in wanted:
        try:
            await client.users_lookupByEmail(email=officer.email)
        except SlackApiError as error:
            if code_of(error) != "users_not_found":
                raise
            lost.append(officer.key)
    for key in lost:
        yield Finding("missing", f"Nobody in Slack has the email of officer {key}. Mend it, or give the member id with slack:.")
    if not lost:
        yield Finding("ok", "Every officer was found in Slack.")

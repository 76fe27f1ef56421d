"""Who is in a channel: read for the first questions and for the check, by token alone."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.proxy_env_variable_loader import load_http_proxy_from_env
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import LeadbellError
from bot.handlers.slack.platform import code_of
from bot.outreach.guard import session_to
from bot.settings import Settings
from bot.store.postings import CALL_LIMIT


class CannotAsk(LeadbellError):
    """Slack does not say who is in a channel."""


@dataclass(frozen=True, slots=True)
class Member:
    """A person in a channel, as Slack knows them. A guest is somebody from outside the company."""

    id: str
    name: str
    email: str | None
    guest: bool


def slack_session(settings: Settings, **options: Any) -> aiohttp.ClientSession:
    """For requests to Slack, which go through a proxy where the environment names one, as the SDK has it."""
    return session_to(settings.slack_api_url, by_proxy=load_http_proxy_from_env() is not None, **options)


@asynccontextmanager
async def slack_client(settings: Settings) -> AsyncIterator[AsyncWebClient]:
    """A client with the bot token, for as long as the block runs."""
    assert settings.slack_bot_token is not None
    async with slack_session(settings) as session:
        yield AsyncWebClient(
            token=settings.slack_bot_token.get_secret_value(),
            base_url=settings.slack_api_url,
            session=session,
            timeout=int(CALL_LIMIT),
            retry_handlers=[AsyncRateLimitErrorRetryHandler(max_retry_count=5)],  # a large channel takes more calls than a minute allows
        )


async def channel_named(client: AsyncWebClient, named: str) -> dict[str, Any] | None:
    """The channel of this name (with #) or id, among those that the bot sees."""
    cursor: str | None = None
    while cursor != "":
        page = await client.conversations_list(types="public_channel,private_channel", exclude_archived=True, limit=500, cursor=cursor)
        for channel in page["channels"]:
            if named in (channel["id"], f"#{channel['name']}"):
                found: dict[str, Any] = channel
                return found
        cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
    return None


async def members_of(client: AsyncWebClient, channel_id: str, workspace: str) -> list[Member]:
    """The people in a channel that the bot is in; bots and those who left are no people."""
    ids: list[str] = []
    cursor: str | None = None
    while cursor != "":
        page = await client.conversations_members(channel=channel_id, limit=200, cursor=cursor)
        ids += page["members"]
        cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
    users = [(await client.users_info(user=user_id))["user"] for user_id in ids]
    return [_member(user, workspace) for user in users if not user.get("is_bot") and not user.get("deleted")]


def _member(user: dict[str, Any], workspace: str) -> Member:
    profile = user.get("profile") or {}
    guest = user.get("is_restricted") or user.get("is_ultra_restricted") or user.get("team_id", workspace) != workspace
    return Member(str(user["id"]), str(profile.get("real_name") or user.get("name", "")), profile.get("email") or None, bool(guest))


async def read_members(settings: Settings, named: str) -> list[Member]:
    """Who is in the channel of this name. Raises CannotAsk when Slack does not say."""
    try:
        async with slack_client(settings) as client:
            identity = await client.auth_test()
            channel = await channel_named(client, named)
            if channel is None or not channel["is_member"]:
                raise CannotAsk(f"Leadbell is not in {named}: type /invite @Leadbell there.")
            return await members_of(client, channel["id"], identity["team_id"])
    except SlackApiError as error:
        raise CannotAsk(f"Slack answers {code_of(error) or 'nothing useful'}.") from None
    except (SlackClientError, aiohttp.ClientError, OSError, TimeoutError) as error:
        raise CannotAsk(f"Slack cannot be reached ({type(error).__name__}).") from None

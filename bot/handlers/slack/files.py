"""What an officer attached to a message in Slack: read from Slack's own file host with our token, and never from anywhere else."""

import asyncio
from collections.abc import Sequence
from typing import Any, Literal
from urllib.parse import urlsplit

import aiohttp
import structlog
from slack_sdk.web.async_client import AsyncWebClient

from bot.outreach.answers import TooLong, read_at_most
from bot.rules.pictures import LARGEST_SENT, MOST, Unsendable

log = structlog.get_logger()

HOST, API = "files.slack.com", "slack.com"
READ_LIMIT = 20.0
"""Seconds for all that came with one message."""

Unread = Unsendable | Literal["file_unreachable"]


async def contents_of(client: AsyncWebClient, files: Sequence[dict[str, Any]]) -> list[bytes] | Unread:
    """What these files hold, as Slack describes them in an event; or why they cannot leave with a text. No more is read than may leave,
    whatever is said of their sizes."""
    if len(files) > MOST:
        return "too_many_files"
    if sum(int(each.get("size") or 0) for each in files) > LARGEST_SENT:
        return "files_too_large"
    contents: list[bytes] = []
    try:
        async with asyncio.timeout(READ_LIMIT):
            for each in files:
                content = await _read(client, str(each.get("url_private_download") or each.get("url_private") or ""))
                if content is None:
                    return "file_unreachable"
                contents.append(content)
                if sum(map(len, contents)) > LARGEST_SENT:
                    return "files_too_large"
    except TooLong:
        return "files_too_large"
    except (aiohttp.ClientError, OSError, TimeoutError, ValueError) as error:
        log.warning("a file in Slack could not be read", error=type(error).__name__)
        return "file_unreachable"
    return contents


async def _read(client: AsyncWebClient, url: str) -> bytes | None:
    """One file. Slack sends whom it does not let read to its sign-in page: we do not follow. Raises
    TooLong."""
    if not is_slacks(url, client.base_url):
        log.warning("a file is not kept by Slack itself")
        return None
    session = client.session
    assert session is not None, "our client has one for its life"
    async with session.get(url, headers={"Authorization": f"Bearer {client.token}"}, allow_redirects=False) as answer:
        if answer.status != 200:
            log.warning("Slack does not let us read a file: has the app the scope files:read?", status=answer.status)
            return None
        return await read_at_most(answer, LARGEST_SENT)


def is_slacks(url: str, base_url: str) -> bool:
    """Whether the token may go there: Slack's file host, or the server that stands in for Slack."""
    asked, api = urlsplit(url), urlsplit(base_url)
    if api.hostname == API or (api.hostname or "").endswith(f".{API}"):
        return asked.scheme == "https" and asked.netloc == HOST
    return (asked.scheme, asked.netloc) == (api.scheme, api.netloc)

"""What an officer attached on a screen in Discord: read from Discord's own file hosts, and never from anywhere else."""

from collections.abc import Sequence
from typing import Literal
from urllib.parse import urlsplit

import aiohttp
import discord
import structlog

from bot.rules.pictures import LARGEST_SENT, MOST, Unsendable

log = structlog.get_logger()

HOSTS = frozenset({"cdn.discordapp.com", "media.discordapp.net"})

Unread = Unsendable | Literal["file_unreachable"]


async def contents_of(files: Sequence[discord.Attachment]) -> list[bytes] | Unread:
    """What these files hold, or why they cannot leave with a text. Discord's word for their sizes is taken before they are read."""
    if len(files) > MOST:
        return "too_many_files"
    if sum(each.size for each in files) > LARGEST_SENT:
        return "files_too_large"
    if not all(is_discords(each.url) for each in files):
        log.warning("a file is not kept by Discord itself")
        return "file_unreachable"
    try:
        return [await each.read() for each in files]
    except (discord.HTTPException, aiohttp.ClientError, OSError, TimeoutError) as error:
        log.warning("a file in Discord could not be read", error=type(error).__name__)
        return "file_unreachable"


def is_discords(url: str) -> bool:
    """Whether Discord itself keeps the file."""
    asked = urlsplit(url)
    return asked.scheme == "https" and asked.netloc in HOSTS

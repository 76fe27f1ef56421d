"""When something breaks behind a press: the person is told, and the log says where without saying whom it was about."""

import secrets
from typing import Any

import aiohttp
import discord
import structlog
from structlog.contextvars import bound_contextvars

from bot.handlers.discord.answers import Answer, no_longer_waits, tell
from bot.handlers.discord.words import marked
from bot.rendering import LANGUAGES
from bot.runner import places

log = structlog.get_logger()


def reported(error: Exception) -> str:
    """Tell the log; the reference by which it is found again there."""
    reference = secrets.token_hex(4)
    log.error("a press broke", reference=reference, error=type(error).__name__, where=places(error))
    return reference


def language_of(interaction: discord.Interaction[Any]) -> str:
    """What their Discord is set to: what broke may be the store, which knows what they read."""
    language = interaction.locale.value.partition("-")[0]
    return language if language in LANGUAGES else "en"


async def report(interaction: discord.Interaction[Any], error: Exception) -> None:
    """Tell the log, and the person who waits."""
    if no_longer_waits(error):  # before anything was done, and Discord itself says to whoever pressed that it failed
        log.warning("a press came too late: Discord no longer waited for it", delivery=f"discord:{interaction.id}")
        return
    with bound_contextvars(delivery=f"discord:{interaction.id}"):
        reference = reported(error)
    try:
        await tell(interaction, Answer(marked.say("trouble", language_of(interaction), reference=reference)))
    except (discord.DiscordException, aiohttp.ClientError, TimeoutError) as untold:
        log.error("nobody could be told", reference=reference, error=type(untold).__name__)

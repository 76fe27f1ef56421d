"""What somebody asked for by a press or a command, and the private answer."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

import aiohttp
import discord
import structlog
from discord import ui
from discord.abc import Messageable

from bot.handlers.discord.layouts import Again, Button, Choice, Parts, Row, drawn
from bot.leads.press import Press, SeenCard, press
from bot.services import Services
from bot.store.places import KnownOfficer

log = structlog.get_logger()

UNKNOWN_WEBHOOK, UNKNOWN_INTERACTION, INVALID_TOKEN = 10015, 10062, 50027
UNKNOWN_MESSAGE = 10008


@dataclass(frozen=True, slots=True)
class Asked:
    """By whom, about which lead, with which words after it. `card` is the message that was pressed."""

    services: Services
    officer: KnownOfficer
    lead: int
    words: str
    delivery: str
    card: SeenCard | None = None
    message: discord.Message | None = None
    knows_owner: int | None = None  # whose lead they were asked about, and said to go ahead

    @property
    def press(self) -> Press:
        return press(self.services, self.delivery, self.lead, self.officer.id, self.card)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the one who asked is told, in markdown, with what can be pressed below.

    It `replaces` the private message that was pressed. `to_all` is what the one who asked lets the channel see.
    """

    words: str
    buttons: Sequence[Button | ui.Button[Any] | Again] = ()
    more: Sequence[str | Row] = ()
    choices: Sequence[Choice] = ()
    replaces: bool = False
    to_all: "Answer | None" = None


Does = Callable[[Asked], Awaitable[Answer | None]]
"""Does it and says what came of it; None when the card and other messages say so."""
Opens = Callable[[Asked], Awaitable["ui.Modal | Answer"]]
"""Asks for more on a screen, or says why not. Discord wants it at once, so nothing slow may come before."""


def no_longer_waits(error: Exception) -> bool:
    """Whether Discord says so of a press: three seconds after it where nobody took it, else a quarter of an hour."""
    return isinstance(error, discord.HTTPException) and error.code in (UNKNOWN_WEBHOOK, UNKNOWN_INTERACTION, INVALID_TOKEN)


async def tell(interaction: discord.Interaction[Any], answer: Answer) -> None:
    """Say it to the one who asked alone: where they asked, or in a direct message once Discord no longer waits for it there."""
    buttons = [interaction.client.keep(each, str(interaction.id)) if isinstance(each, Again) else each for each in answer.buttons]
    view = drawn(Parts([answer.words, *answer.more], buttons, answer.choices))
    try:
        if answer.replaces:
            await _replace(interaction, view)
        elif interaction.response.is_done():
            await interaction.followup.send(view=view, ephemeral=True)
        else:
            await interaction.response.send_message(view=view, ephemeral=True)
    except discord.HTTPException as error:
        if not no_longer_waits(error):
            raise
        await _tell_late(interaction, interaction.user, view)
    if answer.to_all is not None:
        everybody = drawn(Parts([answer.to_all.words, *answer.to_all.more]))
        try:
            await interaction.followup.send(view=everybody)
        except discord.HTTPException as error:
            if not no_longer_waits(error):
                raise
            assert interaction.channel_id is not None
            await _tell_late(interaction, interaction.client.get_partial_messageable(interaction.channel_id), everybody)


async def _replace(interaction: discord.Interaction[Any], view: ui.LayoutView) -> None:
    """Where the private message that was pressed stood. Who dismissed it meanwhile is told by another one."""
    try:
        await interaction.edit_original_response(view=view)
    except discord.NotFound as error:
        if error.code != UNKNOWN_MESSAGE:
            raise
        await interaction.followup.send(view=view, ephemeral=True)


async def _tell_late(interaction: discord.Interaction[Any], where: Messageable, view: ui.LayoutView) -> None:
    """What was asked for is done by now: who cannot be told is not told that it broke."""
    delivery = f"discord:{interaction.id}"
    try:
        await where.send(view=view)
    except (discord.DiscordException, aiohttp.ClientError, OSError) as error:
        log.warning("an answer came too late for Discord, and no message could say it", delivery=delivery, error=type(error).__name__)
    else:
        log.info("an answer came too late for Discord: a message says it", delivery=delivery)

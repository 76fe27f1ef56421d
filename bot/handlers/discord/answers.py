"""What somebody asked for by a press or a command, and the private answer."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

import discord
from discord import ui

from bot.handlers.discord.layouts import Button, Choice, Parts, Row, drawn
from bot.press import Press, SeenCard, press
from bot.services import Services
from bot.store.places import KnownOfficer


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
    buttons: Sequence[Button | ui.Button[Any]] = ()
    more: Sequence[str | Row] = ()
    choices: Sequence[Choice] = ()
    replaces: bool = False
    to_all: "Answer | None" = None


Does = Callable[[Asked], Awaitable[Answer | None]]
"""Does it and says what came of it; None when the card and other messages say so."""
Opens = Callable[[Asked], Awaitable["ui.Modal | Answer"]]
"""Asks for more on a screen, or says why not. Discord wants it at once, so nothing slow may come before."""


async def tell(interaction: discord.Interaction[Any], answer: Answer) -> None:
    """Say it to the one who asked alone."""
    view = drawn(Parts([answer.words, *answer.more], answer.buttons, answer.choices))
    if answer.replaces:
        await interaction.edit_original_response(view=view)
    elif interaction.response.is_done():
        await interaction.followup.send(view=view, ephemeral=True)
    else:
        await interaction.response.send_message(view=view, ephemeral=True)
    if answer.to_all is not None:
        everybody = drawn(Parts([answer.to_all.words, *answer.to_all.more]))
        await interaction.followup.send(view=everybody)

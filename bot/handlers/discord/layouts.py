"""What a message is made of: words, a line between, buttons and choices, within what Discord lets one message hold."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from re import Match
from typing import Any, Self

import discord
from discord import app_commands, ui

from bot.handlers.discord.people import Stranger
from bot.handlers.discord.words import cut
from bot.rules.text import one_line, truncate
from bot.store.places import KnownOfficer

LETTERS = 4000
LABEL, PLACEHOLDER, OPTIONS, IN_A_ROW = 80, 150, 25, 5
OUR_IDS = 1_000_000_000
"""Above what Discord itself gives the parts of a message: our container carries its posting's id, by which it is found again."""

MENU = "menu"

AGAIN = "edit_again"
"""What the button does behind which a screen waits."""

OnPress = Callable[[discord.Interaction[Any], str, str], Awaitable[None]]


class Client(discord.Client):
    """The connection, with what answers the buttons of messages however old."""

    on_press: OnPress
    who: Callable[[discord.Interaction[Any]], Awaitable[KnownOfficer | Stranger]]
    keep: "Callable[[Again, str], Button]"
    on_message: Callable[[discord.Message], Awaitable[None]]
    tree: app_commands.CommandTree[Any]


class Button(ui.DynamicItem[ui.Button[Any]], template=r"lb:(?P<action>[a-z_]+):(?P<value>[\w:-]+)"):
    """A button that says in its own id what it does and to which lead, so that it works after a restart too."""

    def __init__(self, label: str, action: str, value: str, *, primary: bool = False) -> None:
        style = discord.ButtonStyle.primary if primary else discord.ButtonStyle.secondary
        super().__init__(ui.Button(label=one_line(label, LABEL) or "-", style=style, custom_id=f"lb:{action}:{value}"))
        self.action, self.value = action, value

    @classmethod
    async def from_custom_id(cls, _: discord.Interaction[Any], item: ui.Item[Any], match: Match[str], /) -> Self:
        assert isinstance(item, ui.Button)
        return cls(item.label or "", match["action"], match["value"])

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        await interaction.client.on_press(interaction, self.action, self.value)


class Choice(ui.DynamicItem[ui.Select[Any]], template=r"ls:(?P<action>[a-z_]+):(?P<value>[\w:-]+)"):
    """A list to choose one from. The value chosen says which lead and what, as a button's does; in a MENU it begins with the action."""

    def __init__(self, placeholder: str, action: str, value: str, options: Sequence[tuple[str, str]]) -> None:
        choices = [discord.SelectOption(label=one_line(label, LABEL) or "-", value=chosen) for label, chosen in options[:OPTIONS]]
        super().__init__(
            ui.Select(placeholder=truncate(placeholder, PLACEHOLDER), custom_id=f"ls:{action}:{value}", options=choices, required=False)
        )
        self.action = action

    @classmethod
    async def from_custom_id(cls, _: discord.Interaction[Any], item: ui.Item[Any], match: Match[str], /) -> Self:
        assert isinstance(item, ui.Select)
        options = [(option.label, option.value) for option in item.options]
        return cls(item.placeholder or "", match["action"], match["value"], options)

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        if not self.item.values:
            await interaction.response.defer()
        elif self.action == MENU:
            await interaction.client.on_press(interaction, *self.item.values[0].split(":", 1))
        else:
            await interaction.client.on_press(interaction, self.action, self.item.values[0])


@dataclass(frozen=True, slots=True)
class Again:
    """A button behind which a screen waits with what was typed already: too much for the button's own id."""

    label: str
    opens: Callable[[], ui.Modal]


@dataclass(frozen=True, slots=True)
class Row:
    """A paragraph in markdown with a button beside it and a choice below."""

    words: str
    button: Button
    choice: Choice


@dataclass(frozen=True, slots=True)
class Parts:
    """A message before it is drawn: paragraphs in markdown, and below them rows of what can be pressed."""

    words: Sequence[str | Row]
    buttons: Sequence[Button | ui.Button[Any]] = ()
    choices: Sequence[Choice] = ()


def drawn(parts: Parts, posting_id: int | None = None) -> ui.LayoutView:
    """The parts as one message. What does not fit is cut from the end, the buttons never."""
    box: ui.Container[Any] = ui.Container(id=None if posting_id is None else OUR_IDS + posting_id)
    left = LETTERS - sum(
        isinstance(each, Row) for each in parts.words
    )  # each row keeps a letter at least, since its button stands beside it
    for paragraph in parts.words:
        if isinstance(paragraph, Row):
            fitting = cut(paragraph.words, left + 1)
            left -= len(fitting) - 1
            box.add_item(ui.Section(ui.TextDisplay(fitting), accessory=paragraph.button))
            box.add_item(ui.ActionRow(paragraph.choice))
        elif paragraph and left > 1:
            fitting = cut(paragraph, left)
            left -= len(fitting)
            box.add_item(ui.TextDisplay(fitting))
    for first in range(0, len(parts.buttons), IN_A_ROW):
        box.add_item(ui.ActionRow(*parts.buttons[first : first + IN_A_ROW]))
    for choice in parts.choices:
        box.add_item(ui.ActionRow(choice))
    view = ui.LayoutView(timeout=None)
    view.add_item(box)
    return view


def quoted(message: discord.Message | None) -> str:
    """The last paragraph of a message of ours, in markdown."""
    container = message.components[0] if message and message.components else None
    parts = container.children if isinstance(container, discord.components.Container) else ()
    return next((part.content for part in reversed(parts) if isinstance(part, discord.components.TextDisplay)), "")


def posting_of(message: discord.Message) -> int | None:
    """The posting that this message shows, None when it shows none."""
    first = next(iter(message.components), None)
    if isinstance(first, discord.components.Container) and (first.id or 0) >= OUR_IDS:
        return (first.id or 0) - OUR_IDS
    return None

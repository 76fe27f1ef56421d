"""Screens that ask for more than a button can carry, and answer in private once they are sent off."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import discord
from discord import ui

from bot.handlers.discord.answers import Answer, Asked, tell
from bot.handlers.discord.errors import report
from bot.handlers.discord.layouts import AGAIN, Again, Button
from bot.handlers.discord.people import Stranger, stranger_words
from bot.handlers.discord.words import marked
from bot.rendering import labels
from bot.rules.pictures import MOST
from bot.rules.text import truncate
from bot.runner import do_or_report
from bot.store.events import COMPANY

NOTE_LIMIT = 2000
TIME_LIMIT = 60
OPEN_FOR = 3600.0
"""Seconds after which a screen is forgotten that nobody sent off, and one that waits behind a button."""
LABEL, OPTION, PLACEHOLDER = 45, 100, 100


class Screen(ui.Modal):
    """Fields about one lead; each is known by its custom_id."""

    def __init__(self, asked: Asked, submitted: "Submitted", *fields: ui.Item[Any]) -> None:
        super().__init__(title=f"#{asked.lead}" if asked.lead else "Leadbell", timeout=OPEN_FOR)
        self._asked = asked
        self._submitted = submitted
        for each in fields:
            self.add_item(each)

    async def on_submit(self, interaction: discord.Interaction[Any]) -> None:
        await do_or_report(partial(self._answer, interaction), partial(report, interaction))

    async def _answer(self, interaction: discord.Interaction[Any]) -> None:
        await interaction.response.defer(ephemeral=True)
        match await interaction.client.who(interaction):  # whoever left since the screen was opened is a stranger by now
            case Stranger() as stranger:
                await tell(interaction, Answer(stranger_words(stranger)))
            case officer:
                asked = replace(self._asked, officer=officer, delivery=f"discord:{interaction.id}", card=None)
                await tell(interaction, await self._submitted(asked, self))

    def edited(self, answer: Answer) -> Answer:
        """An answer that says why nothing was done: what was typed here waits below it. No screen opens from a screen, so behind Edit."""
        asked = self._asked
        for each in self.walk_children():
            if isinstance(each, ui.TextInput):
                each.default = each.value or None
            elif isinstance(each, ui.Select):
                for option in each.options:
                    option.default = option.value in each.values
        edit = Again(labels(asked.officer.language)("button", "edit_words"), partial(Screen, asked, self._submitted, *self.children))
        return replace(answer, buttons=[*answer.buttons, edit])


class Kept:
    """Screens that wait behind a button, in memory: for so long as one may stand open."""

    def __init__(self) -> None:
        self._opens: dict[str, Callable[[], ui.Modal]] = {}

    def keep(self, again: Again, interaction: str) -> Button:
        """The button, below the answer to this interaction."""
        self._opens[interaction] = again.opens
        asyncio.get_running_loop().call_later(OPEN_FOR, self._opens.pop, interaction, None)
        return Button(again.label, AGAIN, f"{COMPANY}:{interaction}", primary=True)

    async def open(self, asked: Asked) -> ui.Modal | Answer:
        opens = self._opens.get(asked.words)
        return opens() if opens is not None else Answer(marked.say("nothing_kept", asked.officer.language))


Submitted = Callable[[Asked, Screen], Awaitable[Answer]]


def select_field(
    name: str,
    options: Sequence[tuple[str, str]],
    language: str,
    *,
    required: bool = True,
    place: int = 0,
    begun: Sequence[str] | None = None,
    chosen: str | None = None,
) -> ui.Label[Any]:
    """A list to choose from; `place` tells it from others of this name, where one does not hold them all. Several may be chosen where some
    may be `begun` with; `chosen` is the one of a list of which one may be."""
    set_already = {chosen, *(begun or ())}
    choices = [discord.SelectOption(label=truncate(label, OPTION), value=value, default=value in set_already) for label, value in options]
    most = 1 if begun is None else len(choices)
    menu: ui.Select[Any] = ui.Select(
        custom_id=_id(name, place), options=choices, required=required, min_values=1 if required else 0, max_values=most
    )
    return ui.Label(text=truncate(labels(language)("field", name), LABEL), component=menu)


def field(
    name: str,
    language: str,
    *,
    placeholder: str | None = None,
    required: bool = False,
    most: int = TIME_LIMIT,
    begun: str | None = None,
) -> ui.Label[Any]:
    """A place for a few words on one line, which may hold some already."""
    hint = placeholder and truncate(placeholder, PLACEHOLDER)
    entry: ui.TextInput[Any] = ui.TextInput(custom_id=name, required=required, max_length=most, placeholder=hint, default=begun)
    return ui.Label(text=truncate(labels(language)("field", name), LABEL), component=entry)


def words_field(name: str, language: str, *, most: int, required: bool = True, begun: str | None = None) -> ui.Label[Any]:
    """A place for many words, which may hold some already."""
    entry: ui.TextInput[Any] = ui.TextInput(
        custom_id=name, required=required, max_length=most, style=discord.TextStyle.paragraph, default=begun
    )
    return ui.Label(text=truncate(labels(language)("field", name), LABEL), component=entry)


def files_field(language: str) -> ui.Label[Any]:
    """A place for pictures and papers, none needed."""
    upload: ui.FileUpload[Any] = ui.FileUpload(custom_id="files", required=False, max_values=MOST)
    return ui.Label(text=truncate(labels(language)("field", "files"), LABEL), component=upload)


def note_field(language: str, *, required: bool = False, begun: str | None = None) -> ui.Label[Any]:
    return words_field("note", language, most=NOTE_LIMIT, required=required, begun=begun and begun[:NOTE_LIMIT])


def written(screen: Screen, name: str) -> str | None:
    """What was typed into a field, None when nothing was."""
    return next((item.value or None for item in screen.walk_children() if isinstance(item, ui.TextInput) and item.custom_id == name), None)


def attached(screen: Screen) -> list[discord.Attachment]:
    """What was attached."""
    uploads = (item for item in screen.walk_children() if isinstance(item, ui.FileUpload))
    return next((list(item.values) for item in uploads), [])


def chosen(screen: Screen, name: str, place: int = 0) -> str | None:
    """What was chosen in a field, None when nothing was."""
    menus = (item for item in screen.walk_children() if isinstance(item, ui.Select) and item.custom_id == _id(name, place))
    return next((item.values[0] if item.values else None for item in menus), None)


def all_chosen(screen: Screen, name: str) -> list[str]:
    """Everything that was chosen in a field."""
    menus = (item for item in screen.walk_children() if isinstance(item, ui.Select) and item.custom_id == name)
    return next((list(item.values) for item in menus), [])


def _id(name: str, place: int) -> str:
    return f"{name}:{place}" if place else name

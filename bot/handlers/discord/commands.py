"""Commands in Discord: /lead and its short forms, each declared by its feature's file, and what is offered while one types."""

import inspect
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import discord
from discord import app_commands

from bot.handlers.discord.answers import Answer, Asked, Does, Opens, tell
from bot.handlers.discord.errors import report, reported
from bot.handlers.discord.layouts import posting_of
from bot.handlers.discord.people import People, Stranger, stranger_words
from bot.handlers.discord.presses import delivery_of
from bot.handlers.discord.words import marked, shown
from bot.leads import finding
from bot.leads.finding import FoundLead
from bot.rendering import LANGUAGES, labels
from bot.rules.commands import HELP
from bot.rules.roles import Action, may
from bot.rules.text import one_line, truncate
from bot.runner import do_or_report
from bot.services import Services
from bot.store.events import COMPANY
from bot.store.last_opened import last_opened
from bot.store.places import KnownOfficer
from bot.store.postings import lead_of_card, lead_of_posting

MOST, CHOICE, DESCRIPTION, MENU_LABEL = 25, 100, 100, 100

Interaction = discord.Interaction[Any]
Run = Callable[..., Coroutine[Any, Any, None]]
Choices = list[app_commands.Choice[str]]
Autocomplete = Callable[[Interaction, str], Coroutine[Any, Any, Choices]]


@dataclass(frozen=True, slots=True)
class Typing:
    """Somebody types into a field of a command. `lead` is the one that the command is about as far as it is written."""

    services: Services
    officer: KnownOfficer
    lead: int | None
    typed: str


Offers = Callable[[Typing], Awaitable[Sequence[tuple[str, str]]]]
"""What fits, each as it is shown and as it is sent."""


class Desk:
    """Takes in what each feature lets one type, and has it done. A lead left out is the thread's, else the last one opened."""

    def __init__(self, services: Services, people: People) -> None:
        self._services = services
        self._people = people
        self._lead = app_commands.Group(name="lead", description=_described(_menu, "lead"))
        self._others: list[app_commands.Command[Any, ..., Any] | app_commands.Group | app_commands.ContextMenu] = []
        self._groups: dict[str, tuple[app_commands.Group, ...]] = {}
        self._needs: dict[str, Action | None] = {}
        self.ids: dict[str, int] = {}
        """What Discord calls each command, by which it becomes pressable in the help."""

    @property
    def everything(self) -> list[app_commands.Command[Any, ..., Any] | app_commands.Group | app_commands.ContextMenu]:
        return [self._lead, *self._others]

    def command(self, name: str, *, needs: Action | None = None, short: bool = False, alone: bool = False) -> Callable[[Run], Run]:
        """Declares what /lead NAME does, and /NAME too where it is `short` or has two words. A field called lead offers leads.

        Discord lets /lead have 25 of them: what is seldom typed stands `alone`, as /NAME, with all of its two words too.
        `needs` is what a role must be allowed for the help to name it; the use-case judges itself.
        """

        def keep(run: Run) -> Run:
            self._needs[name] = needs
            group, _, own = name.rpartition(" ")
            for parent in self._group(group, alone=alone) if group else () if alone else (self._lead,):
                parent.add_command(self._built(own, run, named=name))
            if not group and (short or alone):
                self._others.append(self._built(name, run))
            return run

        return keep

    def _group(self, name: str, *, alone: bool) -> tuple[app_commands.Group, ...]:
        """What the first of two words is: /NAME, and /lead NAME unless it stands alone, which Discord lets nobody type by itself."""
        if name not in self._groups:
            described = _described(_command, name)
            self._groups[name] = tuple(app_commands.Group(name=name, description=described) for _ in range(1 if alone else 2))
            self._others.append(self._groups[name][0])
            for under_lead in self._groups[name][1:]:
                self._lead.add_command(under_lead)
        return self._groups[name]

    def _built(self, name: str, run: Run, *, named: str | None = None) -> app_commands.Command[Any, ..., Any]:
        fields = [each for each in inspect.signature(run).parameters if each != "interaction"]
        described = app_commands.describe(**{each: _described(_option, each) for each in fields})(run)
        built: app_commands.Command[Any, ..., Any] = app_commands.Command(
            name=name, description=_described(_command, named or name), callback=described
        )
        if "lead" in fields:
            built.autocomplete("lead")(self.offering(leads_like))
        return built

    def menu(self, name: str, opens: Opens) -> None:
        """Declares what the menu of a message offers about the lead that it tells of."""

        async def chosen(interaction: Interaction, message: discord.Message) -> None:
            await self.open(interaction, opens, message=message)

        self._others.append(app_commands.ContextMenu(name=_described(_menu, name), callback=chosen))

    def offering(self, offers: Offers) -> Autocomplete:
        """What is offered while somebody types: nothing to a stranger, and to nobody what they may not see."""

        async def offer(interaction: Interaction, typed: str) -> Choices:
            found: list[tuple[str, str]] = []

            async def step() -> None:
                officer = await self._people.who(interaction)
                if isinstance(officer, KnownOfficer):
                    lead = await self._lead_of(interaction, officer, getattr(interaction.namespace, "lead", None))
                    found.extend(await offers(Typing(self._services, officer, lead, typed.strip())))

            async def broke(error: Exception) -> None:
                found[:] = [(marked.say("trouble", "en", reference=reported(error)), typed[:CHOICE] or "-")]

            await do_or_report(step, broke)
            return [app_commands.Choice(name=one_line(name, CHOICE) or "-", value=value) for name, value in found[:MOST]]

        return offer

    async def answer(
        self, interaction: Interaction, does: Does, lead: str | None = None, *, about_a_lead: bool = True, guesses: bool = True
    ) -> None:
        """Where it `guesses`, and no lead is said nor is this the thread of one, the lead that was opened last is meant."""

        async def step() -> None:
            await interaction.response.defer(ephemeral=True)
            asked = await self._asked(interaction, lead, about_a_lead=about_a_lead, guesses=guesses)
            told = asked if isinstance(asked, Answer) else await does(asked)
            if told is not None:
                await tell(interaction, told)

        await do_or_report(step, partial(report, interaction))

    async def open(
        self, interaction: Interaction, opens: Opens, lead: str | None = None, *, message: discord.Message | None = None
    ) -> None:
        async def step() -> None:
            asked = await self._asked(interaction, lead, message=message, guesses=message is None)
            opened = asked if isinstance(asked, Answer) else await opens(asked)
            if isinstance(opened, Answer):
                await tell(interaction, opened)
            else:
                await interaction.response.send_modal(opened)

        await do_or_report(step, partial(report, interaction))

    async def _asked(
        self,
        interaction: Interaction,
        lead: str | None,
        *,
        about_a_lead: bool = True,
        message: discord.Message | None = None,
        guesses: bool = True,
    ) -> Asked | Answer:
        match await self._people.who(interaction):
            case Stranger() as stranger:
                return Answer(stranger_words(stranger))
            case KnownOfficer() as officer:
                if about_a_lead and lead:
                    meant = await finding.find_said(self._services, officer, lead)
                    if len(meant.leads) != 1 or not meant.sure:
                        return _ask_back(interaction, lead, meant.leads, officer.language)
                    return Asked(self._services, officer, meant.leads[0].number, "", delivery_of(interaction))
                number = await self._lead_not_said(interaction, officer, message, guesses=guesses) if about_a_lead else COMPANY
                if number is None and message is not None:
                    return Answer(marked.say("about_no_lead", officer.language))
                if number is None:
                    assert interaction.command is not None
                    return Answer(marked.say("which_lead", officer.language, command=interaction.command.qualified_name, guesses=guesses))
                return Asked(self._services, officer, number, "", delivery_of(interaction))

    async def _lead_of(self, interaction: Interaction, officer: KnownOfficer, said: str | None) -> int | None:
        """The lead that somebody types about, as far as it is known before they are done."""
        if said:
            meant = await finding.find_said(self._services, officer, said)
            return meant.leads[0].number if len(meant.leads) == 1 else None
        return await self._lead_not_said(interaction, officer)

    async def _lead_not_said(
        self, interaction: Interaction, officer: KnownOfficer, message: discord.Message | None = None, *, guesses: bool = True
    ) -> int | None:
        """That of this message, of the thread, or, where it may be guessed, that was opened last."""
        here = await self._lead_here(interaction, message)
        return here or (await self._services.store.read(last_opened, officer.id) if guesses else None)

    async def _lead_here(self, interaction: Interaction, message: discord.Message | None) -> int | None:
        ours = message is not None and interaction.client.user is not None and message.author.id == interaction.client.user.id
        shown = posting_of(message) if message is not None and ours else None
        if shown is not None:
            return await self._services.store.read(lead_of_posting, shown)
        channel = interaction.channel
        if isinstance(channel, discord.Thread):
            return await self._services.store.read(lead_of_card, "discord", str(channel.parent_id), str(channel.id))
        if message is None:
            return None
        return await self._services.store.read(lead_of_card, "discord", str(interaction.channel_id), str(message.id))

    def register_help(self) -> None:
        """Help names what was declared before it."""

        @self.command(HELP)
        async def help_(interaction: Interaction) -> None:
            await self.answer(interaction, self._help, about_a_lead=False)

    async def _help(self, asked: Asked) -> Answer:
        """What this person can type, a line each, to be pressed."""
        language = asked.officer.language
        lines = [
            f"{self._pressable(name)}: {_command(language, name)}"
            for name, needs in self._needs.items()
            if needs is None or may(asked.officer.role, needs)
        ]
        return Answer(marked.say("help", language, implied=True), more=["\n".join(lines)])

    def _pressable(self, name: str) -> str:
        first = name.partition(" ")[0]
        called, known = (name, self.ids.get(first)) if first in self.ids else (f"lead {name}", self.ids.get("lead"))
        return f"</{called}:{known}>" if known is not None else f"/{called}"


class Tree(app_commands.CommandTree[Any]):
    """Reports what breaks outside a feature too, such as a command of an earlier version that somebody's app still offers."""

    async def on_error(self, interaction: Interaction, error: app_commands.AppCommandError, /) -> None:
        await report(interaction, error)


Says = Callable[[str, str], str]


class Translator(app_commands.Translator):
    """Describes commands and their fields in the language of whoever types; their names are the same for all."""

    async def translate(
        self, string: app_commands.locale_str, locale: discord.Locale, _: app_commands.TranslationContextTypes
    ) -> str | None:
        language, says = locale.value.partition("-")[0], string.extras.get("says")
        return says(language, string.extras["key"]) if says and language in LANGUAGES else None


def _described(says: Says, key: str) -> app_commands.locale_str:
    return app_commands.locale_str(says("en", key), says=says, key=key)


def _command(language: str, name: str) -> str:
    """What help says of a command, without the example before it."""
    return truncate(labels(language)("command", name.removesuffix(" show")).partition(": ")[2], DESCRIPTION)


def _menu(language: str, name: str) -> str:
    return truncate(labels(language)("menu", name), MENU_LABEL)


def _option(language: str, name: str) -> str:
    return truncate(labels(language)("option", name), DESCRIPTION)


async def leads_like(typing: Typing) -> Sequence[tuple[str, str]]:
    """Leads by number, name or the last four digits of a phone, as far as this person may look."""
    found = await finding.find_by_name(typing.services, typing.officer, typing.typed)
    return [(_named(each, typing.officer.language), f"#{each.number}") for each in found.leads]


def _ask_back(interaction: Interaction, said: str, meant: Sequence[FoundLead], language: str) -> Answer:
    """Which of several leads, or none, these words mean."""
    if not meant:
        assert interaction.command is not None
        return Answer(marked.say("no_number", language, said=one_line(said, 40), command=interaction.command.qualified_name))
    lines = "\n".join(shown(_named(each, language), CHOICE) for each in meant)
    return Answer(marked.say("which_of", language, said=one_line(said, 40)), more=[lines])


def _named(lead: FoundLead, language: str) -> str:
    return f"#{lead.number} {lead.name}, {labels(language)('stage', lead.stage)}"


def fitting(options: Sequence[tuple[str, str]], typed: str) -> Sequence[tuple[str, str]]:
    """Those whose name or value holds what is typed."""
    said = typed.casefold()
    return [(label, value) for label, value in options if said in label.casefold() or said in value.casefold()]

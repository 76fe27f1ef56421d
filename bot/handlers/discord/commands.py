"""Commands in Discord: /lead and its short forms, with what they may be about offered while one types, and Log call on a message."""

from collections.abc import Sequence
from functools import partial
from typing import Any

import discord
from discord import app_commands

from bot import finding
from bot.finding import BestWaiting, NothingWaits
from bot.handlers.discord.answers import Answer, Asked, Does, Opens, tell
from bot.handlers.discord.claiming import claim_typed, give_back
from bot.handlers.discord.errors import report
from bot.handlers.discord.layouts import Button
from bot.handlers.discord.messages import went_buttons
from bot.handlers.discord.noting import keep_note, note_screen
from bot.handlers.discord.opening import show
from bot.handlers.discord.people import People, Stranger, stranger_words
from bot.handlers.discord.presses import delivery_of
from bot.handlers.discord.staging import set_stage, stage_screen
from bot.handlers.discord.words import marked
from bot.handlers.discord.working import log_call, log_screen
from bot.rendering import labels
from bot.rules import dispositions, stages
from bot.rules.dispositions import Disposition
from bot.rules.stages import STAGES
from bot.rules.text import one_line, truncate
from bot.runner import do_or_report
from bot.services import Services
from bot.store.events import COMPANY
from bot.store.last_opened import last_opened
from bot.store.places import KnownOfficer
from bot.store.postings import lead_of_card

MOST, CHOICE, DESCRIPTION = 25, 100, 100
COMMANDS = ("show", "find", "next", "claim", "release", "log", "stage", "note")
"""What one can type here, in the words of all platforms."""

Choices = list[app_commands.Choice[str]]


class Desk:
    """Has what was typed done by the right feature. A lead left out is the thread's, else the one that the officer last opened."""

    def __init__(self, services: Services, people: People) -> None:
        self._services = services
        self._people = people

    async def answer(
        self, interaction: discord.Interaction[Any], name: str, does: Does, lead: str | None = None, *, about_a_lead: bool = True
    ) -> None:
        async def step() -> None:
            await interaction.response.defer(ephemeral=True)
            asked = await self._asked(interaction, name, lead, about_a_lead=about_a_lead)
            told = asked if isinstance(asked, Answer) else await does(asked)
            if told is not None:
                await tell(interaction, told)

        await do_or_report(step, partial(report, interaction))

    async def open(self, interaction: discord.Interaction[Any], name: str, opens: Opens, lead: str | None) -> None:
        async def step() -> None:
            asked = await self._asked(interaction, name, lead, about_a_lead=True)
            if isinstance(asked, Answer):
                await tell(interaction, asked)
            else:
                await interaction.response.send_modal(await opens(asked))

        await do_or_report(step, partial(report, interaction))

    async def _asked(self, interaction: discord.Interaction[Any], name: str, lead: str | None, *, about_a_lead: bool) -> Asked | Answer:
        match await self._people.who(interaction):
            case Stranger(guest):
                return Answer(stranger_words(guest=guest))
            case KnownOfficer() as officer:
                number = COMPANY if not about_a_lead else await self._lead(interaction, officer, lead)
                if number is None:
                    if lead:
                        return Answer(marked.say("no_number", officer.language, said=one_line(lead, 40)))
                    return Answer(marked.say("which_lead", officer.language, command=name))
                return Asked(self._services, officer, number, "", delivery_of(interaction))

    async def _lead(self, interaction: discord.Interaction[Any], officer: KnownOfficer, said: str | None) -> int | None:
        if said:
            digits = said.strip().removeprefix("#")
            return int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= 9 else None
        return await self.lead_here(interaction) or await self._services.store.read(last_opened, officer.id)

    async def lead_here(self, interaction: discord.Interaction[Any], message_id: int | None = None) -> int | None:
        """The lead of the thread that this was typed in, or of the card with this id."""
        channel = interaction.channel
        if isinstance(channel, discord.Thread):
            return await self._services.store.read(lead_of_card, "discord", str(channel.parent_id), str(channel.id))
        if message_id is None:
            return None
        return await self._services.store.read(lead_of_card, "discord", str(interaction.channel_id), str(message_id))

    async def leads_like(self, interaction: discord.Interaction[Any], typed: str) -> Choices:
        """Leads by number, name or the last four digits of a phone, as far as this person may look."""
        officer = await self._people.who(interaction)
        if isinstance(officer, Stranger):
            return []
        found = await finding.find(self._services, officer, typed.strip())
        label = labels(officer.language)
        return [_choice(f"#{each.number} {each.name}, {label('stage', each.stage)}", str(each.number)) for each in found.leads]


async def stages_like(_: discord.Interaction[Any], typed: str) -> Choices:
    return _like([(labels("en")("stage", each), each) for each in STAGES], typed)


async def dispositions_like(_: discord.Interaction[Any], typed: str) -> Choices:
    return _like([(labels("en")("disposition", each.value), each.value) for each in Disposition], typed)


def _like(options: Sequence[tuple[str, str]], typed: str) -> Choices:
    said = typed.casefold()
    return [_choice(label, value) for label, value in options if said in label.casefold() or said in value][:MOST]


def _choice(name: str, value: str) -> app_commands.Choice[str]:
    return app_commands.Choice(name=truncate(name, CHOICE), value=value)


def commands_of(desk: Desk) -> list[app_commands.Command[Any, ..., Any] | app_commands.Group | app_commands.ContextMenu]:
    """Everything that one can type, and what a message offers."""

    async def leads(interaction: discord.Interaction[Any], current: str) -> Choices:
        return await desk.leads_like(interaction, current)

    group = app_commands.Group(name="lead", description="Your leads: show, find, claim, log and more")

    def on_a_lead(name: str, does: Does) -> None:
        @group.command(name=name, description=_described(name))
        @app_commands.autocomplete(lead=leads)
        async def run(interaction: discord.Interaction[Any], lead: str | None = None) -> None:
            await desk.answer(interaction, name, does, lead)

    for name, does in (("show", show), ("claim", claim_typed), ("release", give_back)):
        on_a_lead(name, does)

    @group.command(name="find", description=_described("find"))
    async def find(interaction: discord.Interaction[Any], words: str) -> None:
        await desk.answer(interaction, "find", partial(_find, words), about_a_lead=False)

    @group.command(name="next", description=_described("next"))
    async def best(interaction: discord.Interaction[Any]) -> None:
        await desk.answer(interaction, "next", _next, about_a_lead=False)

    @group.command(name="note", description=_described("note"))
    @app_commands.autocomplete(lead=leads)
    async def note(interaction: discord.Interaction[Any], lead: str | None = None, words: str | None = None) -> None:
        if words:
            await desk.answer(interaction, "note", partial(_noted, words), lead)
        else:
            await desk.open(interaction, "note", note_screen, lead)

    @app_commands.command(name="log", description=_described("log"))
    @app_commands.autocomplete(lead=leads, result=dispositions_like)
    async def log(
        interaction: discord.Interaction[Any],
        lead: str | None = None,
        result: str | None = None,
        note: str | None = None,
        when: str | None = None,
    ) -> None:
        if result:
            await desk.answer(interaction, "log", partial(_logged, result, note, when), lead)
        else:
            await desk.open(interaction, "log", log_screen, lead)

    @app_commands.command(name="stage", description=_described("stage"))
    @app_commands.autocomplete(lead=leads, stage=stages_like)
    async def stage(interaction: discord.Interaction[Any], lead: str | None = None, stage: str | None = None) -> None:
        if stage:
            await desk.answer(interaction, "stage", partial(_staged, stage), lead)
        else:
            await desk.open(interaction, "stage", stage_screen, lead)

    @app_commands.context_menu(name="Log call")
    async def log_this(interaction: discord.Interaction[Any], message: discord.Message) -> None:
        number = await desk.lead_here(interaction, message.id)
        await desk.open(interaction, "log", log_screen, str(number) if number else None)

    return [group, log, stage, log_this]


def _described(name: str) -> str:
    """What help says of a command, without the example before it."""
    return truncate(labels("en")("command", name).partition(": ")[2], DESCRIPTION)


async def _find(words: str, asked: Asked) -> Answer:
    language = asked.officer.language
    found = await finding.find(asked.services, asked.officer, words)
    said = marked.say("found", language, said=one_line(words, 60), many=found.many, shown=len(found.leads), sure=found.sure)
    return Answer(said, [Button(f"#{each.number} {each.name}", "open", str(each.number)) for each in found.leads])


async def _next(asked: Asked) -> Answer | None:
    match await finding.find_next(asked.services, asked.officer):
        case BestWaiting(number):
            return await show(Asked(asked.services, asked.officer, number, "", asked.delivery))
        case NothingWaits(others):
            return Answer(marked.say("nothing_waits", asked.officer.language, others=others))


async def _noted(words: str, asked: Asked) -> Answer:
    return await keep_note(asked, words)


async def _logged(result: str, note: str | None, when: str | None, asked: Asked) -> Answer:
    """A result that was chosen, or typed in words of one's own."""
    understood = dispositions.read(result)
    if understood is None:
        return Answer(marked.say("log_how", asked.officer.language, number=asked.lead), went_buttons(asked.lead, asked.officer.language))
    disposition, rest = understood
    return await log_call(asked, disposition, " ".join(part for part in (rest, note) if part) or None, when)


async def _staged(stage: str, asked: Asked) -> Answer:
    understood = stages.read(stage)
    if understood is not None:
        return await set_stage(asked, understood)
    language = asked.officer.language
    known = ", ".join(labels("en")("stage", each) for each in STAGES)  # as they are typed: commands are English
    return Answer(marked.say("no_such_stage", language, number=asked.lead, meant=False, known=known))

"""/drip many, /drip confirm and /drip recall, in Discord."""

from collections.abc import Sequence
from functools import partial

from discord import app_commands

from bot.handlers.discord.answers import Answer, Asked, Does
from bot.handlers.discord.commands import Desk, Interaction, Typing, fitting
from bot.handlers.discord.drips import sequences_offered
from bot.handlers.discord.layouts import Button
from bot.handlers.discord.words import marked
from bot.nurture import groups
from bot.nurture.groups import Began, GroupOutcome
from bot.rendering import labels
from bot.rules.stages import STAGES
from bot.store.events import COMPANY
from bot.wording.groups import say_group
from bot.wording.leads import segment_in_words


def register(desk: Desk) -> None:
    @desk.command("drip many", needs="begin_for_many")
    @app_commands.autocomplete(
        sequence=desk.offering(sequences_offered),
        segment=desk.offering(_segments),
        in_stage=desk.offering(_stages),
        source=desk.offering(_sources),
    )
    async def many(
        interaction: Interaction,
        sequence: str,
        segment: str | None = None,
        in_stage: str | None = None,
        source: str | None = None,
        search: str | None = None,
    ) -> None:
        conditions = {"segment": segment, "stage": in_stage, "source": source}
        said = " ".join([sequence, *(f"{name} {value}" for name, value in conditions.items() if value), search or ""])
        await desk.answer(interaction, partial(_many, said), about_a_lead=False)

    @desk.command("drip confirm", needs="begin_for_many")
    async def confirm(interaction: Interaction, number: str) -> None:
        await desk.answer(interaction, partial(_confirm, number), about_a_lead=False)

    @desk.command("drip recall", needs="begin_for_many")
    async def recall(interaction: Interaction) -> None:
        await desk.answer(interaction, _recall, about_a_lead=False)


async def _segments(typing: Typing) -> Sequence[tuple[str, str]]:
    language = typing.officer.language
    known = [(segment_in_words(each.key, each.name, language), each.key) for each in typing.services.in_force.segments]
    return fitting(known, typing.typed)


async def _stages(typing: Typing) -> Sequence[tuple[str, str]]:
    return fitting([(labels(typing.officer.language)("stage", each), each) for each in STAGES], typing.typed)


async def _sources(typing: Typing) -> Sequence[tuple[str, str]]:
    return fitting([(source.label, key) for key, source in typing.services.in_force.sources.items()], typing.typed)


async def _many(words: str, asked: Asked) -> Answer:
    return _answer(await groups.propose(asked.services, asked.press, asked.officer, words), asked)


async def _confirm(words: str, asked: Asked) -> Answer:
    return _answer(await groups.confirm(asked.services, asked.press, words), asked)


async def _recall(asked: Asked) -> Answer:
    return _answer(await groups.take_back(asked.services, asked.press, None), asked)


async def take_back(asked: Asked) -> Answer:
    return _answer(await groups.take_back(asked.services, asked.press, int(asked.words)), asked)


DOES: dict[str, Does] = {"take_group_back": take_back}


def _answer(outcome: GroupOutcome, asked: Asked) -> Answer:
    language = asked.officer.language
    buttons: Sequence[Button] = ()
    if isinstance(outcome, Began):
        buttons = [Button(labels(language)("button", "take_back"), "take_group_back", f"{COMPANY}:{outcome.group}")]
    return Answer(say_group(marked, outcome, language), buttons)

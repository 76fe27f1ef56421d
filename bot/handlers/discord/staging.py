"""Stage, in Discord: a screen of its own, and a question before what ends a lead."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from discord import app_commands, ui

from bot.handlers.discord.answers import Answer, Asked, Does
from bot.handlers.discord.commands import Desk, Interaction, Typing, fitting
from bot.handlers.discord.layouts import Button
from bot.handlers.discord.refused import may_not, refused_answer
from bot.handlers.discord.screens import Screen, chosen, select_field
from bot.handlers.discord.undoing import undo_button
from bot.handlers.discord.words import marked
from bot.leads import staging
from bot.leads.staging import AsksFirst, Staged, StageOutcome
from bot.leads.working import NotWorked, OthersLead
from bot.rendering import labels
from bot.rules.cadence import GIVE_UP_REASONS
from bot.rules.stages import STAGES, closest, read
from bot.wording.staging import say_stage
from bot.wording.working import say_others_lead


def register(desk: Desk) -> None:
    @desk.command("stage", needs="work", short=True)
    @app_commands.autocomplete(stage=desk.offering(stages_like))
    async def stage(interaction: Interaction, lead: str | None = None, stage: str | None = None) -> None:
        if stage:
            await desk.answer(interaction, partial(_typed, stage), lead)
        else:
            await desk.open(interaction, stage_screen, lead)


async def stages_like(typing: Typing) -> Sequence[tuple[str, str]]:
    label = labels(typing.officer.language)
    return fitting([(label("stage", each), each) for each in STAGES], typing.typed)


async def _typed(stage: str, asked: Asked) -> Answer:
    """A stage that was chosen, or typed in words of one's own."""
    understood = read(stage)
    if understood is not None:
        return await set_stage(asked, understood)
    language, number = asked.officer.language, asked.lead
    meant, label = closest(stage), labels(language)
    known = ", ".join(labels("en")("stage", each) for each in STAGES)  # as they are typed: commands are English
    buttons = [Button(label("stage", each), "set_stage", f"{number}:{each}") for each in meant]
    return Answer(marked.say("no_such_stage", language, number=number, meant=bool(meant), known=known), buttons)


async def _set(asked: Asked) -> Answer:
    """The stage that was asked about, on a press."""
    return replace(await set_stage(*_pressed(asked)), replaces=True)


async def stage_screen(asked: Asked) -> ui.Modal | Answer:
    refused = await may_not(asked, "stage")
    if refused is not None:
        return refused
    label = labels(asked.officer.language)
    return Screen(asked, _stage_submitted, select_field("stage", [(label("stage", each), each) for each in STAGES], asked.officer.language))


async def _stage_submitted(asked: Asked, screen: Screen) -> Answer:
    return await set_stage(asked, chosen(screen, "stage") or "")


async def set_stage(asked: Asked, stage: str) -> Answer:
    outcome = await staging.set_stage(asked.services, asked.press, stage, knows_owner=asked.knows_owner)
    if isinstance(outcome, OthersLead):
        go_ahead = Button(labels(asked.officer.language)("button", "go_ahead"), "set_stage", f"{asked.lead}:{stage}:{outcome.owner_id}")
        return Answer(say_others_lead(marked, outcome, "stage", asked.officer.language), [go_ahead])
    if isinstance(outcome, NotWorked):
        return refused_answer(outcome, asked)
    return stage_answer(outcome, asked.officer.language)


def _pressed(asked: Asked) -> tuple[Asked, str]:
    """The stage that a button carries, and whose lead it was asked about."""
    stage, _, owner_id = asked.words.partition(":")
    return replace(asked, knows_owner=int(owner_id) if owner_id else None), stage


async def _end(told: staging.Told | None, why: str | None, asked: Asked) -> Answer:
    """It ends, and whoever was asked is sure."""
    asked, stage = _pressed(asked)
    outcome = await staging.set_stage(asked.services, asked.press, stage, sure=True, told=told, why=why, knows_owner=asked.knows_owner)
    return replace(stage_answer(outcome, asked.officer.language), replaces=True)


async def _stop_trying(asked: Asked) -> Answer:
    return stage_answer(await staging.set_stage(asked.services, asked.press, staging.GIVEN_UP), asked.officer.language)


OPENS = {"stage": stage_screen}
DOES: dict[str, Does] = {
    "set_stage": _set,
    "stop_trying": _stop_trying,
    "end_sure": partial(_end, None, None),
    "end_told": partial(_end, "told", None),
    "end_not_told": partial(_end, "not_told", None),
    **{f"end_{why}": partial(_end, None, why) for why in GIVE_UP_REASONS},
}


def stage_answer(outcome: StageOutcome, language: str) -> Answer:
    """What the one who set the stage is told privately, with Undo or the question's answers."""
    words = say_stage(marked, outcome, language)
    match outcome:
        case Staged(lead, seq=seq):
            return Answer(words, [undo_button(lead, seq, language)])
        case AsksFirst():
            return Answer(words, _end_buttons(outcome, language))
    return Answer(words)


def _end_buttons(asked: AsksFirst, language: str) -> list[Button]:
    label, about = labels(language), f"{asked.lead}:{asked.stage}"
    value = f"{about}:{asked.owner_id}" if asked.owner_id else about
    if asked.early:
        return [Button(label("give_up", why), f"end_{why}", value) for why in GIVE_UP_REASONS]
    if asked.notice_due is not None:
        return [
            Button(label("button", "borrower_told"), "end_told", value),
            Button(label("button", "borrower_not_told"), "end_not_told", value),
        ]
    return [Button(label("button", "end_lead"), "end_sure", value)]

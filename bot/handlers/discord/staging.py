"""Stage, in Discord: a screen of its own, and a question before what ends a lead."""

from functools import partial
from typing import assert_never

from discord import ui

from bot import staging
from bot.handlers.discord.answers import Answer, Asked, Does
from bot.handlers.discord.layouts import Button
from bot.handlers.discord.screens import Screen, chosen, select_field
from bot.handlers.discord.undoing import undo_button
from bot.handlers.discord.words import marked
from bot.press import NoSuchLead
from bot.rendering import labels
from bot.rules.spoken import long_day
from bot.rules.stages import STAGES
from bot.staging import AsksFirst, InThatStage, Staged, StageOutcome
from bot.wording.working import say_not_worked
from bot.working import MayNotWork, NotYourLead


async def stage_screen(asked: Asked) -> ui.Modal:
    label = labels(asked.officer.language)
    return Screen(asked, _stage_submitted, select_field("stage", [(label("stage", each), each) for each in STAGES], asked.officer.language))


async def _stage_submitted(asked: Asked, screen: Screen) -> Answer:
    return await set_stage(asked, chosen(screen, "stage") or "")


async def set_stage(asked: Asked, stage: str) -> Answer:
    return stage_answer(await staging.set_stage(asked.services, asked.press, stage), asked.officer.language)


async def _end(told: staging.Told | None, asked: Asked) -> Answer:
    """It ends, and whoever was asked is sure."""
    outcome = await staging.set_stage(asked.services, asked.press, asked.words, sure=True, told=told)
    answer = stage_answer(outcome, asked.officer.language)
    return Answer(answer.words, answer.buttons, replaces=True)


OPENS = {"stage": stage_screen}
DOES: dict[str, Does] = {"end_sure": partial(_end, None), "end_told": partial(_end, "told"), "end_not_told": partial(_end, "not_told")}


def stage_answer(outcome: StageOutcome, language: str) -> Answer:
    """What the one who set the stage is told privately."""
    match outcome:
        case Staged(lead, stage, seq, due, told):
            words = marked.say("stage_set", language, number=lead, stage=stage, notice_due=due and long_day(due, language), told=told)
            return Answer(words, [undo_button(lead, seq, language)])
        case AsksFirst(lead, stage, due):
            words = marked.say("stage_ends", language, number=lead, stage=stage, notice_due=due and long_day(due, language))
            return Answer(words, _end_buttons(lead, stage, language, refused=due is not None))
        case InThatStage(lead, stage):
            return Answer(marked.say("in_that_stage", language, number=lead, stage=stage))
        case NotYourLead() | MayNotWork() | NoSuchLead():
            return Answer(say_not_worked(marked, outcome, language))
    assert_never(outcome)


def _end_buttons(lead: int, stage: str, language: str, *, refused: bool) -> list[Button]:
    label, value = labels(language), f"{lead}:{stage}"
    if refused:
        return [
            Button(label("button", "borrower_told"), "end_told", value),
            Button(label("button", "borrower_not_told"), "end_not_told", value),
        ]
    return [Button(label("button", "end_lead"), "end_sure", value)]

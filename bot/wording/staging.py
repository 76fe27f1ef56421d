"""What came of a stage that somebody set, for who set it."""

from typing import assert_never

from bot.leads.press import NoSuchLead
from bot.leads.staging import AsksFirst, InThatStage, Staged, StageOutcome
from bot.leads.working import MayNotWork, NotYourLead, OthersLead
from bot.rendering import Words
from bot.rules.spoken import long_day
from bot.wording.working import say_not_worked, say_others_lead


def say_stage(words: Words, outcome: StageOutcome, language: str) -> str:
    """What they are told privately."""
    match outcome:
        case Staged(lead, stage, _, due, told, why):
            due_on = due and long_day(due, language)
            return words.say("stage_set", language, number=lead, stage=stage, notice_due=due_on, told=told, why=why)
        case AsksFirst(lead, stage, due, early=early):
            return words.say("stage_ends", language, number=lead, stage=stage, notice_due=due and long_day(due, language), early=early)
        case OthersLead():  # it went to somebody else while this was asked
            return say_others_lead(words, outcome, "stage", language)
        case InThatStage(lead, stage):
            return words.say("in_that_stage", language, number=lead, stage=stage)
        case NotYourLead() | MayNotWork() | NoSuchLead():
            return say_not_worked(words, outcome, language)
    assert_never(outcome)

"""What is told to who passes on a lead."""

from typing import assert_never

from bot.distribution import passing
from bot.distribution.passing import MayNotPass, Passed, PassNotNeeded, PassUndone
from bot.leads.press import NoSuchLead
from bot.rendering import Words
from bot.wording.roles import say_may_not


def say_pass(words: Words, outcome: passing.PassOutcome, language: str) -> str:
    """What the one who passed is told privately."""
    match outcome:
        case Passed(lead, why):
            return words.say("passed", language, number=lead, reason=why)
        case PassUndone(lead):
            return words.say("pass_undone", language, number=lead)
        case PassNotNeeded(lead):
            return words.say("pass_not_needed", language, number=lead)
        case MayNotPass(_, role):
            return say_may_not(words, role, "pass", language)
        case NoSuchLead(lead):
            return words.say("no_such_lead", language, number=lead)
    assert_never(outcome)

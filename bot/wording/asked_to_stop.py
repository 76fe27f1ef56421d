"""What is told to who writes down that a borrower wants no more."""

from typing import assert_never

from bot.conversation import asked_to_stop
from bot.conversation.asked_to_stop import HowSaid, NotedStop
from bot.leads.press import NoSuchLead
from bot.leads.working import MayNotWork, NotYourLead
from bot.rendering import Words
from bot.wording.working import say_not_worked


def say_stop(words: Words, outcome: asked_to_stop.StopOutcome, language: str) -> str:
    match outcome:
        case NotedStop(lead, what, seq):
            return words.say("stop_noted", language, number=lead, what=what, back=seq is not None)
        case HowSaid(lead):
            return words.say("stop_how", language, number=lead)
        case NotYourLead() | MayNotWork() | NoSuchLead():
            return say_not_worked(words, outcome, language)
    assert_never(outcome)

"""What is told to who wants to see a borrower's pictures."""

from typing import assert_never

from bot.conversation.pictures import MayView, TextsAreOff, ViewOutcome
from bot.leads.press import NoSuchLead
from bot.leads.working import MayNotWork, NotYourLead
from bot.rendering import Words
from bot.wording.roles import say_may_not


def say_view(words: Words, outcome: ViewOutcome | TextsAreOff, language: str) -> str:
    """What the one who pressed View is told privately."""
    match outcome:
        case MayView(_, pictures, _):
            return words.say("may_view", language, pictures=pictures)
        case TextsAreOff():
            return words.say("text_why", language, because="texts_are_off", error_code=None)
        case NotYourLead():
            return words.say("no_picture", language, because="not_yours")
        case MayNotWork(_, role):
            return say_may_not(words, role, "work", language)
        case NoSuchLead(lead):
            return words.say("no_such_lead", language, number=lead)
    assert_never(outcome)

"""What is told to who asks a lead back, marks a return as sent or drops it."""

from typing import assert_never

from bot.capture.returns import NoOpenReturn, ReturnOutcome, ReturnSettled, ReturnsOpened, WhichReturn
from bot.leads.press import NoSuchLead
from bot.leads.working import MayNotWork, NotYourLead
from bot.rendering import Words
from bot.rules.text import one_line
from bot.wording.asking_back import say_asked_back
from bot.wording.working import say_not_worked


def say_return(words: Words, outcome: ReturnOutcome, language: str) -> str:
    """What they are told privately."""
    match outcome:
        case ReturnsOpened(lead, asked):
            return "\n".join(f"#{lead}: {say_asked_back(words, each, language)}" for each in asked)
        case ReturnSettled(lead, source, status):
            return words.say("return_settled", language, number=lead, source=one_line(source, 40), status=status)
        case WhichReturn(lead):
            return words.say("which_return", language, number=lead)
        case NoOpenReturn(lead):
            return words.say("no_open_return", language, number=lead)
        case NotYourLead() | MayNotWork() | NoSuchLead():
            return say_not_worked(words, outcome, language)
    assert_never(outcome)

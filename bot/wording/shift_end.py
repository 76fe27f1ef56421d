"""What is told to who answers at the end of a working day."""

from typing import assert_never

from bot.officers import shift_end
from bot.officers.shift_end import Answered, MayNotAnswer, NothingOpen
from bot.rendering import Words
from bot.rules.text import one_line
from bot.wording.roles import say_may_not


def say_shift(words: Words, outcome: shift_end.ShiftOutcome, language: str) -> str:
    """What the one who answered is told privately."""
    match outcome:
        case Answered(choice, leads, to):
            return words.say("shift_answered", language, choice=choice, leads=leads, to=to and one_line(to, 60))
        case NothingOpen():
            return words.say("nothing_open", language)
        case MayNotAnswer(role):
            return say_may_not(words, role, "give_back", language)
    assert_never(outcome)

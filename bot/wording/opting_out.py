"""What is told to who decides whether words are an opt-out."""

from bot.conversation import opting_out
from bot.conversation.opting_out import Decided, MayNotDecide
from bot.rendering import Words
from bot.wording.roles import say_may_not


def say_opt_out(words: Words, outcome: opting_out.DecideOutcome, language: str) -> str:
    """What the one who decided is told privately."""
    match outcome:
        case Decided(lead, opted_out, already):
            return words.say("opt_out_decided", language, number=lead, opted_out=opted_out, already=already)
        case MayNotDecide(_, role):
            return say_may_not(words, role, "judge_opt_out", language)

"""What is told to an owner whose borrower wants Spanish."""

from typing import assert_never

from bot.conversation.speaking import CannotHand, HandedTo, InEnglish, SpeakOutcome
from bot.leads.press import NoSuchLead
from bot.leads.working import MayNotWork, NotYourLead
from bot.rendering import Words
from bot.rules.text import one_line
from bot.wording.explaining import why_not
from bot.wording.working import say_not_worked


def say_speaking(words: Words, outcome: SpeakOutcome, language: str) -> str:
    """What the one who decided is told privately."""
    match outcome:
        case HandedTo(lead, officer):
            return words.say("assigned_to", language, number=lead, officer=one_line(officer, 60))
        case CannotHand(lead, officer, None):
            return words.say("theirs_already", language, number=lead, officer=one_line(officer, 60))
        case CannotHand(lead, officer, because):
            assert because is not None
            reason = why_not(because.reason, because.state, language)
            return words.say("may_not_take_it", language, number=lead, officer=one_line(officer, 60), reason=reason)
        case InEnglish(lead):
            return words.say("in_english", language, number=lead)
        case NotYourLead() | MayNotWork() | NoSuchLead():
            return say_not_worked(words, outcome, language)
    assert_never(outcome)

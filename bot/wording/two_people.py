"""What is told to who says whether two leads are the same request or two people."""

from typing import assert_never

from bot.capture import two_people
from bot.capture.two_people import MayNotTell, NotYoursToTell, Told, ToldBefore, TooLateToUndo, Untold
from bot.leads.press import NoSuchLead
from bot.rendering import Words
from bot.rules.text import one_line
from bot.wording.roles import say_may_not


def say_told(words: Words, outcome: two_people.TellOutcome, language: str) -> str:
    """What the one who answered is told privately."""
    match outcome:
        case Told(lead, older, answer):
            return words.say("told", language, number=lead, older=older, same=answer == "same_request")
        case ToldBefore(lead, older, answer, officer):
            same = answer == "same_request"
            return words.say("told_before", language, number=lead, older=older, same=same, officer=one_line(officer, 60))
        case Untold(lead, _):
            return words.say("untold_to_you", language, number=lead)
        case TooLateToUndo(lead):
            return words.say("too_late_to_undo", language, number=lead)
        case NotYoursToTell(lead, older):
            return words.say("not_yours_to_tell", language, number=lead, older=older)
        case MayNotTell(_, role):
            return say_may_not(words, role, "tell_apart", language)
        case NoSuchLead(lead):
            return words.say("no_such_lead", language, number=lead)
    assert_never(outcome)

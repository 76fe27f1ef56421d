"""What is told to who works a lead."""

from typing import Literal, assert_never

from bot.leads import working
from bot.leads.press import NoSuchLead
from bot.leads.working import Calling, HeldBefore, LoggedCall, MayNotWork, NotWorked, NotYourLead, OthersLead
from bot.rendering import Words
from bot.rules.text import one_line
from bot.wording.asking_back import say_asked_back
from bot.wording.roles import say_may_not


def say_work(words: Words, outcome: working.WorkOutcome, language: str) -> str:
    """What the one who works the lead is told privately."""
    match outcome:
        case Calling(lead, minutes):
            return words.say("calling_noted", language, number=lead, minutes=minutes)
        case HeldBefore(lead):
            return words.say("held_before", language, number=lead)
        case LoggedCall(lead, disposition, asked_back=asked_back):
            said = words.say("call_logged", language, number=lead, disposition=disposition.value)
            return "\n".join([said, *(say_asked_back(words, each, language) for each in asked_back)])
        case OthersLead():
            return say_others_lead(words, outcome, "log", language)
        case NotYourLead() | MayNotWork() | NoSuchLead():
            return say_not_worked(words, outcome, language)
    assert_never(outcome)


def say_others_lead(words: Words, outcome: OthersLead, deed: Literal["log", "stage", "note"], language: str) -> str:
    """Somebody else's lead is asked about before."""
    return words.say("others_lead", language, number=outcome.lead, owner=one_line(outcome.owner, 60), deed=deed)


def say_not_worked(words: Words, outcome: NotWorked, language: str) -> str:
    """Why this person could not work the lead."""
    match outcome:
        case NotYourLead(lead, owner, closed):
            return words.say("not_your_lead", language, number=lead, owner=owner and one_line(owner, 60), closed=closed)
        case MayNotWork(_, role):
            return say_may_not(words, role, "work", language)
        case NoSuchLead(lead):
            return words.say("no_such_lead", language, number=lead)
    assert_never(outcome)

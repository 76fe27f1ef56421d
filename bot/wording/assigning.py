"""What is told to who assigns a lead."""

from collections.abc import Iterable
from typing import assert_never

from bot.distribution.assigning import (
    Assigned,
    AssignOutcome,
    HasEnded,
    MayNotAssign,
    MayNotTakeIt,
    NotAssigned,
    NotYourTeam,
    TheirsAlready,
)
from bot.distribution.eligible import Before
from bot.leads.press import NoSuchLead
from bot.rendering import Words, labels
from bot.rules.text import one_line
from bot.wording.explaining import why_not
from bot.wording.roles import say_may_not


def say_assigned(words: Words, outcome: AssignOutcome, language: str) -> str:
    """What the one who assigned a lead is told privately."""
    match outcome:
        case Assigned(lead, officer):
            return words.say("assigned_to", language, number=lead, officer=officer)
        case TheirsAlready(lead, officer):
            return words.say("theirs_already", language, number=lead, officer=officer)
        case MayNotTakeIt(lead, officer, because):
            reason = why_not(because.reason, because.state, language)
            return words.say("may_not_take_it", language, number=lead, officer=officer, reason=reason)
        case HasEnded() | NotYourTeam() | MayNotAssign() | NoSuchLead():
            return say_not_assigned(words, outcome, language)
    assert_never(outcome)


def say_not_assigned(words: Words, outcome: NotAssigned, language: str) -> str:
    match outcome:
        case HasEnded(lead, stage):
            return words.say("has_ended", language, number=lead, stage=stage)
        case NotYourTeam(lead):
            return words.say("not_your_team", language, number=lead)
        case MayNotAssign(_, role):
            return say_may_not(words, role, "assign", language)
        case NoSuchLead(lead):
            return words.say("no_such_lead", language, number=lead)
    assert_never(outcome)


def not_now(team: Iterable[Before], language: str) -> str:
    """Who of the team may not have the lead, and why not; empty where everybody may."""
    reasons = [
        f"{one_line(each.member.name, 60)} ({why_not(each.because.reason, each.because.state, language)})"
        for each in team
        if each.because is not None
    ]
    return f"{labels(language)('field', 'not_now')}: {', '.join(reasons)}" if reasons else ""

"""What is told to who sets, moves or ticks off a reminder."""

from datetime import datetime
from typing import assert_never

from bot.distribution.claiming import Ended
from bot.leads.next_touch import ComingBack
from bot.leads.press import NoSuchLead
from bot.leads.reminders import CameBack, FirstCallDue, NoSuchTime, NothingToMove, ReminderOutcome, RemindsAlready
from bot.leads.working import MayNotWork, NotYourLead
from bot.rendering import Words
from bot.rules.when import said_in_full
from bot.wording.next_touch import say_coming_back
from bot.wording.working import say_not_worked


def say_reminder(words: Words, outcome: ReminderOutcome, language: str, now: datetime) -> str:
    """What the officer is told privately."""
    match outcome:
        case ComingBack():
            return say_coming_back(words, outcome, language, now)
        case RemindsAlready(lead, at, zone):
            return words.say("reminds_already", language, number=lead, when=said_in_full(at, zone, now, language))
        case CameBack(lead):
            return words.say("done", language, number=lead)
        case NothingToMove(lead):
            return words.say("nothing_to_move", language, number=lead)
        case FirstCallDue(lead):
            return words.say("first_call_due", language, number=lead)
        case NoSuchTime():
            return words.say("no_such_time", language)
        case Ended(lead, stage):
            return words.say("ended_so_no_reminder", language, number=lead, stage=stage)
        case NotYourLead() | MayNotWork() | NoSuchLead():
            return say_not_worked(words, outcome, language)
    assert_never(outcome)

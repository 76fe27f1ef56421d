"""What is told to who books a time with the borrower of a free lead."""

from datetime import datetime
from functools import partial
from typing import assert_never

from bot.distribution.assigning import HasEnded, MayNotAssign, NotYourTeam
from bot.distribution.booking import BookOutcome, HasOwner, NobodyCallsThen, TimeBooked
from bot.leads.press import NoSuchLead
from bot.rendering import Words
from bot.rules.text import one_line
from bot.rules.when import said_in_full
from bot.wording.assigning import say_not_assigned


def say_book(words: Words, outcome: BookOutcome, language: str, now: datetime) -> str:
    """What they are told privately."""
    match outcome:
        case TimeBooked(lead, at, zone):
            return words.say("time_booked", language, number=lead, when=partial(said_in_full, at, zone, now))
        case HasOwner(lead, owner):
            return words.say("has_owner", language, number=lead, owner=one_line(owner, 60))
        case NobodyCallsThen(_, opens_at, zone):
            return words.say("nobody_calls_then", language, opens_at=opens_at and partial(said_in_full, opens_at, zone, now))
        case HasEnded() | NotYourTeam() | MayNotAssign() | NoSuchLead():
            return say_not_assigned(words, outcome, language)
    assert_never(outcome)

"""What is told to who says whose words a text is."""

from typing import assert_never

from bot.conversation import relay
from bot.conversation.relay import Placed, PlacedBefore
from bot.leads.press import NoSuchLead
from bot.leads.working import MayNotWork
from bot.rendering import Words
from bot.wording.roles import say_may_not


def say_place(words: Words, outcome: relay.PlaceOutcome, language: str) -> str:
    """What the one who answered is told privately."""
    match outcome:
        case Placed(lead, seq):
            return words.say("placed", language, number=lead, before=False, by_you=False, back=seq is not None)
        case PlacedBefore(by_you):
            return words.say("placed", language, number=None, before=True, by_you=by_you, back=False)
        case MayNotWork(_, role):
            return say_may_not(words, role, "work", language)
        case NoSuchLead(lead):
            return words.say("no_such_lead", language, number=lead)
    assert_never(outcome)

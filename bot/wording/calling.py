"""What is told of calls through the network: to who asks for one, in the lead's thread, and once it is over."""

from datetime import datetime
from typing import Any, assert_never

from bot.calls.calling import CallMeOutcome, CannotCall, NotYet, Ringing
from bot.leads.lead_facts import shared_facts
from bot.leads.press import NoSuchLead
from bot.leads.working import MayNotWork, NotYourLead
from bot.rendering import Words
from bot.rules.calling import CAPPED
from bot.rules.text import one_line
from bot.store.calls import CallRow
from bot.store.views import LeadView
from bot.wording.plain import plain
from bot.wording.working import say_not_worked


def say_call_me(words: Words, outcome: CallMeOutcome, language: str) -> str:
    """What the one who asks for a call is told privately."""
    match outcome:
        case Ringing(lead, ending):
            return words.say("phone_rings", language, number=lead, ending=ending)
        case NotYet(lead, opens_at, zone, rule):
            return words.say(
                "call_me_not_yet", language, number=lead, opens_at=opens_at, zone=zone, waits_for=rule, capped=rule in CAPPED.values()
            )
        case CannotCall(lead, because):
            return words.say("call_me_why", language, number=lead, because=because)
        case NotYourLead() | MayNotWork() | NoSuchLead():
            return say_not_worked(words, outcome, language)
    assert_never(outcome)


def called_facts(lead: LeadView, call: CallRow, now: datetime) -> dict[str, Any]:
    """What a line about a call may say of it and of the lead."""
    how_it_went = {"seconds": call.seconds, "outcome": call.outcome, "stands": call.status, "dialed": call.dialed_at is not None}
    officer, theirs = one_line(call.officer_name or "", 60), call.kind == "from_borrower"
    return shared_facts(lead, now) | how_it_went | {"officer": officer, "theirs": theirs, "recording": call.recording}


def say_call_of(lead: LeadView, call: CallRow, language: str, now: datetime) -> str:
    """A call in the list of a lead's calls."""
    return plain.say("a_call", language, **called_facts(lead, call, now), at=call.dialed_at or call.created_at)

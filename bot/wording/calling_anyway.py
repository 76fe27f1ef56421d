"""The number that is shown once, to who calls outside the hours, or why it is not."""

from datetime import datetime
from typing import assert_never

from bot.calls.calling_anyway import CallAnyway, CallAnywayOutcome, KeptToHours, NoNumber
from bot.leads.lead_facts import shared_facts
from bot.leads.press import NoSuchLead
from bot.leads.working import MayNotWork, NotYourLead
from bot.outreach.calls import call_of
from bot.rendering import Words
from bot.rules.calling import number_to_call
from bot.rules.phones import national
from bot.store.views import LeadView
from bot.wording.working import say_not_worked


def say_call_anyway(words: Words, outcome: CallAnywayOutcome, lead: LeadView | None, language: str, now: datetime) -> str:
    match outcome:
        case CallAnyway(number):
            phone = None if lead is None else number_to_call(call_of(lead), now)
            if lead is None or phone is None:
                return words.say("no_number_to_call", language, number=number)
            facts = {**shared_facts(lead, now), "phone": phone, "national": national(phone)}
            return words.say("call_anyway", language, **facts)
        case NoNumber(number):
            return words.say("no_number_to_call", language, number=number)
        case KeptToHours():
            return say_kept_to_hours(words, outcome, language)
        case NotYourLead() | MayNotWork() | NoSuchLead():
            return say_not_worked(words, outcome, language)
    assert_never(outcome)


def say_kept_to_hours(words: Words, kept: KeptToHours, language: str) -> str:
    """Why nobody may call yet, and when."""
    return words.say("kept_to_hours", language, number=kept.lead, opens_at=kept.opens_at, zone=kept.zone)

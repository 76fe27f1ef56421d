"""When an owner comes back to a lead, said back in full."""

from datetime import datetime

from bot.leads.next_touch import ComingBack
from bot.rendering import Words
from bot.rules.text import one_line
from bot.rules.when import said_in_full


def say_coming_back(words: Words, outcome: ComingBack, language: str, now: datetime) -> str:
    """The time in full, and the first minute at which the borrower may be called where that is later."""
    callable_from = outcome.callable_at and said_in_full(outcome.callable_at, outcome.callable_zone, now, language)
    when = said_in_full(outcome.at, outcome.zone, now, language)
    whom = outcome.whom and one_line(outcome.whom, 60)
    return words.say("coming_back", language, number=outcome.lead, whom=whom, when=when, callable_from=callable_from)

"""When a borrower who was not reached is tried again, said after a try in vain."""

from datetime import datetime

from bot.leads.cadence import Planned
from bot.rendering import Words
from bot.rules.when import said_in_full


def say_planned(words: Words, planned: Planned, language: str, now: datetime) -> str:
    """The next try and its time, or that nothing more is planned."""
    when = planned.at and said_in_full(planned.at, planned.zone, now, language)
    return words.say("planned", language, made=planned.made, of=planned.of, when=when)

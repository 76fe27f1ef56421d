"""What is told to who goes off duty or comes back."""

from datetime import datetime
from typing import assert_never

from bot.officers import duty
from bot.officers.duty import CameOn, MayNotGoOff, NobodyCovers, NoTime, WasOn, WentOff
from bot.rendering import Words
from bot.rules.text import one_line
from bot.rules.when import said_in_full
from bot.wording.roles import say_may_not


def say_duty(words: Words, outcome: duty.DutyOutcome, language: str, now: datetime) -> str:
    """What they are told privately."""
    match outcome:
        case WentOff(until, zone, cover=cover):
            return words.say("went_off", language, until=said_in_full(until, zone, now, language), cover=cover and one_line(cover, 60))
        case NobodyCovers(said, meant, off):
            named = [one_line(name, 60) for name in meant[:5]]
            return words.say("cover_with_whom", language, said=one_line(said, 60), meant=named, off=off)
        case CameOn(best=best):
            return words.say("came_on", language, best=best)
        case WasOn():
            return words.say("was_on", language)
        case NoTime():
            return words.say("off_until_when", language)
        case MayNotGoOff(role):
            return say_may_not(words, role, "go_off", language)
    assert_never(outcome)

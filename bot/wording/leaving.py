"""What is told to who says what becomes of a leaver's leads."""

from typing import assert_never

from bot.officers.leaving import BackAgain, LeadsMoved, LeaverOutcome, MayNotDecide, NothingLeft, StaysOff
from bot.rendering import Words
from bot.rules.text import one_line
from bot.wording.roles import say_may_not

MOST_NUMBERS = 30
"""Numbers of leads that one sentence lists."""


def say_leaver(words: Words, outcome: LeaverOutcome, language: str) -> str:
    """What the one who answered is told privately."""
    match outcome:
        case LeadsMoved(officer, how, to, moved, kept):
            numbers = [f"#{number}" for number in kept[:MOST_NUMBERS]]
            facts = {"officer": one_line(officer, 60), "how": how, "to": to and one_line(to, 60), "moved": moved}
            return words.say("leads_moved", language, **facts, kept=numbers, kept_count=len(kept))
        case NothingLeft(officer):
            return words.say("nothing_left", language, officer=one_line(officer, 60))
        case BackAgain(officer):
            return words.say("came_back", language, officer=one_line(officer, 60), active=True, asked=False)
        case StaysOff(officer):
            return words.say("came_back", language, officer=one_line(officer, 60), active=False, asked=False)
        case MayNotDecide(role):
            return say_may_not(words, role, "assign", language)
    assert_never(outcome)

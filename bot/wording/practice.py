"""What is told to who practices."""

from typing import assert_never

from bot.leads.press import NoSuchLead
from bot.officers import practice
from bot.officers.practice import MayNotPractice, PracticeOver, PracticeRings, PracticeTook
from bot.rendering import Words
from bot.wording.roles import say_may_not


def say_practice(words: Words, outcome: practice.PracticeOutcome, language: str) -> str | None:
    """What the one who practices is told privately; how long they took stands in the message itself."""
    match outcome:
        case PracticeRings(lead, already):
            return words.say("practice_rings", language, number=lead, already=already)
        case PracticeTook():
            return None
        case PracticeOver(lead):
            return words.say("practice_over", language, number=lead)
        case MayNotPractice(role):
            return say_may_not(words, role, "practice", language)
        case NoSuchLead(lead):
            return words.say("no_such_lead", language, number=lead)
    assert_never(outcome)

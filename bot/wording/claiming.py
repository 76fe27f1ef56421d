"""What is told to who claims a lead or gives one back."""

from typing import assert_never

from bot.distribution import claiming
from bot.distribution.claiming import AlreadyYours, Claimed, Ended, GaveBack, MayNotGiveBack, NotEligible, NotYours, OnlyInTurn, TooLate
from bot.leads.lead_facts import refusal_facts
from bot.leads.press import NoSuchLead
from bot.rendering import Words
from bot.rules.eligibility import Refusal
from bot.rules.text import one_line
from bot.wording.roles import say_may_not


def say_claim(words: Words, outcome: claiming.ClaimOutcome, language: str, company: str) -> str | None:
    """What the one who pressed Claim is told privately. The winner hears from the card and by direct message."""
    match outcome:
        case Claimed():
            return None
        case AlreadyYours(lead):
            return words.say("already_yours", language, number=lead)
        case TooLate(lead, winner, seconds):
            return words.say("too_late", language, number=lead, winner=one_line(winner, 60), seconds=seconds)
        case Ended(lead, stage):
            return words.say("ended", language, number=lead, stage=stage)
        case NotEligible(lead, because):
            return say_refusal(words, lead, because, language, company)
        case OnlyInTurn(lead):
            return words.say("only_in_turn", language, number=lead)
        case NoSuchLead(lead):
            return words.say("no_such_lead", language, number=lead)
    assert_never(outcome)


def say_give_back(words: Words, outcome: claiming.GiveBackOutcome, language: str) -> str:
    """What the one who gave a lead back is told privately."""
    match outcome:
        case GaveBack(lead):
            return words.say("gave_back", language, number=lead)
        case NotYours(lead, owner):
            return words.say("not_yours", language, number=lead, owner=owner and one_line(owner, 60))
        case Ended(lead, stage):
            return words.say("ended_so_it_stays", language, number=lead, stage=stage)
        case MayNotGiveBack(_, role):
            return say_may_not(words, role, "give_back", language)
        case NoSuchLead(lead):
            return words.say("no_such_lead", language, number=lead)
    assert_never(outcome)


def say_refusal(words: Words, lead: int, because: Refusal, language: str, company: str) -> str:
    """Why the one who asks may not take the lead."""
    return words.say("not_eligible", language, number=lead, company=one_line(company, 80), **refusal_facts(because))

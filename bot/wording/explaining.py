"""Why a lead rang for somebody or did not, and why somebody is passed over."""

from bot.distribution import explaining
from bot.distribution.explaining import Explained
from bot.leads.press import NoSuchLead
from bot.rendering import Safe, Words, labels
from bot.rules.compliance import clock_words
from bot.rules.text import one_line
from bot.rules.when import said_in_full
from bot.updates import Meant
from bot.wording.claiming import say_refusal
from bot.wording.leads import reasons_in_words

MOST_NAMES = 10
"""How many colleagues one sentence names."""


def say_why(words: Words, outcome: Explained | NoSuchLead, language: str, company: str) -> str:
    """Who heard of the lead, the part of the one who asks, and the rule."""
    if isinstance(outcome, NoSuchLead):
        return words.say("no_such_lead", language, number=outcome.lead)
    lead, because = outcome.lead, outcome.because
    refused = Safe(say_refusal(words, lead, because, language, company)) if outcome.mine == "refused" and because is not None else None
    rung = [f"{one_line(ring.name, 60)} ({clock_words(ring.at, outcome.zone, language)})" for ring in outcome.rung]
    skipped = [f"{one_line(name, 60)} ({why_not(skip, state, language)})" for name, skip, state in outcome.skipped]
    route, follows = outcome.route, outcome.follows
    return words.say(
        "why", language, number=lead, mine=outcome.mine, refused=refused, all_after=outcome.all_after,
        rung=rung[:MOST_NAMES], more_rung=len(rung[MOST_NAMES:]), skipped=skipped[:MOST_NAMES], more_skipped=len(skipped[MOST_NAMES:]),
        grade=outcome.grade, points=outcome.points, reasons=reasons_in_words(outcome.reasons, language),
        rule=route and one_line(route.rule, 100), mode=route and route.mode, named=bool(route and route.officers),
        share=route and route.share, meant=[meant_in_words(each, language) for each in outcome.meant],
        first=route and route.first, rest_after=route and route.rest_after,
        policy=follows and follows.policy, step=follows and follows.step and follows.step.value,
        due_at=follows and said_in_full(follows.at, outcome.zone, follows.now, language),
    )  # fmt: skip


def meant_in_words(meant: Meant, language: str) -> str:
    """Whom a lead names, by whom, and what was against them."""
    against = None if meant.because is None else labels(language)("why_not", meant.because)
    parts = [labels(language)("named_by", meant.by), against]
    return f"{one_line(meant.officer, 60)} ({', '.join(part for part in parts if part)})"


def why_not(skip: explaining.Skip, state: str | None, language: str) -> str:
    """Why somebody is passed over, in few words."""
    words = labels(language)("why_not", skip)
    return f"{words}, {state}" if state else words

"""Who is rung for a lead, and in which order."""

from collections.abc import Iterable
from operator import attrgetter
from typing import NamedTuple

from bot.rules.scoring import Grade

RINGS_AN_HOUR = 6


class Candidate(NamedTuple):
    """An officer who may claim the lead and is on duty, with what decides the order.

    `last_ring` grows with every ring that the company gives, such as the id of its posting, 0 for never: a time would tie those who
    are rung together, and the tie would favor the same officer again and again. `speaks_language` is about the language that the lead
    stated, true when it stated none. `passed` and `let_lapse` are about this lead: who pressed Pass, and who claimed it and lost it
    for not calling. `reachable` says that our messages reach them.
    """

    officer_id: int
    open_leads_without_attempt: int
    speaks_language: bool
    last_ring: int
    rings_last_hour: int
    passed: bool
    let_lapse: bool
    named: bool = False  # by the rule that the lead came under
    reachable: bool = True


def rank(candidates: Iterable[Candidate], grade: Grade) -> tuple[int, ...]:
    """The ids of the officers to ring, the best first: whom its rule names, who speaks the lead's language, then who has the fewest leads
    not yet called, then who was not rung the longest.

    Left out: who passed, who may not ring now, who let this lead lapse while two others remain, and whom no message reaches while it
    reaches somebody else. Empty means that nobody is free.
    """
    free = [candidate for candidate in candidates if not candidate.passed and may_ring(candidate, grade)]
    free = [candidate for candidate in free if candidate.reachable] or free
    others = [candidate for candidate in free if not candidate.let_lapse]
    ranked = others if len(others) >= 2 else free
    for fact, greatest_first in _LEAST_TELLING_FIRST:  # each sort leaves equals as the one before put them
        ranked.sort(key=fact, reverse=greatest_first)
    return tuple(candidate.officer_id for candidate in ranked)


def may_ring(candidate: Candidate, grade: Grade) -> bool:
    """Whether the officer can bear one more ring this hour; a lead of grade A always rings."""
    return grade == "A" or candidate.rings_last_hour < RINGS_AN_HOUR


_LEAST_TELLING_FIRST = (
    (attrgetter("officer_id"), False),
    (attrgetter("last_ring"), False),
    (attrgetter("open_leads_without_attempt"), False),
    (attrgetter("speaks_language"), True),
    (attrgetter("named"), True),
    (attrgetter("let_lapse"), False),
)

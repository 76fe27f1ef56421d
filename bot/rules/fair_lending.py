"""How quickly groups of leads are answered, side by side, for a review of fair lending."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from statistics import median, quantiles
from types import MappingProxyType

NOT_STATED = "not stated"
SOON = 5.0
"""Minutes within which an answer counts as quick."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One lead: what it is grouped by, and after how many minutes it was claimed and its borrower first tried; None while nobody did.
    The first two lengths are callable minutes, the last one is by the wall clock."""

    state: str | None
    source: str
    language: str | None
    claimed_after: float | None
    tried_after: float | None
    tried_after_wall: float | None


@dataclass(frozen=True, slots=True)
class Group:
    """How the leads of one state, source or language were answered. Lengths are None where nobody was tried."""

    by: str
    value: str
    leads: int
    claimed: int
    tried: int
    tried_soon: int
    claim_median: float | None
    try_median: float | None
    try_90th: float | None
    try_median_wall: float | None


BY: Mapping[str, Callable[[Answer], str]] = MappingProxyType(
    {
        "all": lambda _: "all",
        "state": lambda each: each.state or NOT_STATED,
        "source": lambda each: each.source,
        "language": lambda each: each.language or NOT_STATED,
    }
)


def side_by_side(answers: Iterable[Answer]) -> Iterator[Group]:
    """Everybody, then each state, source and language, by name."""
    known = list(answers)
    for by, value_of in BY.items():
        groups: dict[str, list[Answer]] = {}
        for each in known:
            groups.setdefault(value_of(each), []).append(each)
        for value in sorted(groups):
            yield _group(by, value, groups[value])


def _group(by: str, value: str, answers: list[Answer]) -> Group:
    claims = [each.claimed_after for each in answers if each.claimed_after is not None]
    tries = [each.tried_after for each in answers if each.tried_after is not None]
    wall = [each.tried_after_wall for each in answers if each.tried_after_wall is not None]
    return Group(
        by=by,
        value=value,
        leads=len(answers),
        claimed=len(claims),
        tried=len(tries),
        tried_soon=sum(minutes <= SOON for minutes in tries),
        claim_median=median(claims) if claims else None,
        try_median=median(tries) if tries else None,
        try_90th=_90th(tries),
        try_median_wall=median(wall) if wall else None,
    )


def _90th(minutes: list[float]) -> float | None:
    if len(minutes) < 2:
        return minutes[0] if minutes else None
    return quantiles(minutes, n=10, method="inclusive")[-1]

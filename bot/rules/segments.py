"""Named groups of leads by their wish: for routing, for texts that leave by themselves, and to be read beside a lead."""

from collections.abc import Iterable
from dataclasses import dataclass

from bot.rules.routing import Facts, When


@dataclass(frozen=True, slots=True)
class Segment:
    """`name` is the company's own; one of ours has none, and is named in the reader's language."""

    key: str
    when: When
    name: str | None = None


def _worded(name: str, *words: str) -> When:
    return When(words={name: frozenset(words)})


def _flagged(name: str) -> When:
    return When(flags={name: True})


BUILT_IN = (
    Segment("first_time_buyer", _flagged("first_time_buyer")),
    Segment("purchase", _worded("purpose", "purchase", "construction")),
    Segment("refinance", _worded("purpose", "refinance", "cash_out")),
    Segment("home_equity", _worded("purpose", "home_equity")),
    Segment("reverse", _worded("purpose", "reverse")),
    Segment("investor", _worded("property_use", "investment")),
    Segment("veteran", _flagged("military")),
    Segment("past_client", _flagged("past_client")),
    Segment("referral", _flagged("referral")),
)
"""The segments that every config has. One that it declares under the same key takes the place of ours."""


def all_segments(declared: Iterable[Segment]) -> tuple[Segment, ...]:
    """Ours and those of a config."""
    return tuple(({each.key: each for each in BUILT_IN} | {each.key: each for each in declared}).values())


def segments_of(facts: Facts, segments: Iterable[Segment]) -> dict[str, str | None]:
    """The segments that these facts fit, by key with their names."""
    return {each.key: each.name for each in segments if each.when.against(facts) is None}

"""Who gets a lead: rules in order, the first that fits names the team, who is rung first, and whether the lead is given out or claimed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

Mode = Literal["claim", "staggered", "round_robin", "direct", "blind_pull"]
GIVEN_OUT: tuple[Mode, ...] = ("round_robin", "direct")
"""Where somebody becomes the owner without having claimed anything."""
Facts = Mapping[str, Any]
"""What conditions look at: the names of `WORDS`, `FLAGS` and `AMOUNTS`, `zip`, and `minute` of the team's local day. What is not known is
None or missing; `minute` is known wherever hours are asked. Of what a lead has several of, a frozenset, one is enough."""

WORDS = ("source", "state", "county", "purpose", "loan_type", "property_use", "property_type", "language", "intent", "segment", "grade")
FLAGS = ("first_time_buyer", "military", "has_agent", "found_home", "under_contract", "past_client", "referral")
AMOUNTS = ("amount", "credit", "score")


@dataclass(frozen=True, slots=True)
class Between:
    """Whole numbers from `at_least` on and below `below`; None is no bound."""

    at_least: int | None = None
    below: int | None = None

    def holds(self, number: int) -> bool:
        return (self.at_least is None or number >= self.at_least) and (self.below is None or number < self.below)

    def covers(self, other: "Between") -> bool:
        """Whether whatever the other holds is held here too."""
        from_below = self.at_least is None or (other.at_least is not None and other.at_least >= self.at_least)
        return from_below and (self.below is None or (other.below is not None and other.below <= self.below))


@dataclass(frozen=True, slots=True)
class When:
    """Conditions that must all hold. What is not known about a lead fits no condition, so that nothing is decided by a guess.

    `words` are lower-case; `zips` are the first digits of ZIP codes; `hours` are spans of minutes. Nothing of `unless` may fit: each of its
    conditions alone keeps the lead out.
    """

    words: Mapping[str, frozenset[str]] = field(default_factory=dict)
    flags: Mapping[str, bool] = field(default_factory=dict)
    amounts: Mapping[str, Between] = field(default_factory=dict)
    zips: tuple[str, ...] = ()
    hours: tuple[tuple[int, int], ...] = ()
    unless: "When | None" = None

    def against(self, facts: Facts) -> str | None:
        """The name of the first condition that keeps this lead out; None where all hold."""
        if (failed := next((name for name, holds in self._each(facts) if not holds), None)) is not None:
            return failed
        if self.unless is None:
            return None
        return next((f"unless {name}" for name, holds in self.unless._each(facts) if holds), None)

    def _each(self, facts: Facts) -> Iterator[tuple[str, bool]]:
        for name, accepted in self.words.items():
            known = facts.get(name)
            yield name, not accepted.isdisjoint(known if isinstance(known, frozenset) else (str(known or "").casefold(),))
        for name, wanted in self.flags.items():
            yield name, facts.get(name) is wanted
        for name, bounds in self.amounts.items():
            number = facts.get(name)
            yield name, number is not None and bounds.holds(number)
        if self.zips:
            yield "zip", str(facts.get("zip") or "").startswith(self.zips)
        if self.hours:
            yield "hours", any(start <= facts["minute"] < end for start, end in self.hours)

    def names(self) -> set[str]:
        """The names of everything that is looked at."""
        own = {*self.words, *self.flags, *self.amounts, *(["zip"] if self.zips else ()), *(["hours"] if self.hours else ())}
        return own | (self.unless.names() if self.unless else set())

    def covers(self, other: "When") -> bool:
        """Whether it is plain that whatever fits the other fits this too. May say no where a closer look would say yes."""
        return (
            (self.unless is None or self.unless == other.unless)
            and all(name in other.words and other.words[name] <= accepted for name, accepted in self.words.items())
            and all(other.flags.get(name) is wanted for name, wanted in self.flags.items())
            and all(name in other.amounts and bounds.covers(other.amounts[name]) for name, bounds in self.amounts.items())
            and (not self.zips or (bool(other.zips) and all(each.startswith(self.zips) for each in other.zips)))
            and (not self.hours or (bool(other.hours) and all(_within(span, self.hours) for span in other.hours)))
        )


def _within(span: tuple[int, int], spans: Sequence[tuple[int, int]]) -> bool:
    return any(start <= span[0] and span[1] <= end for start, end in spans)


@dataclass(frozen=True, slots=True)
class Rule:
    """`team` None is the source's. `officers` are keys, with their weights where they take turns; none at all is everybody of the team.

    Staggered, `first` officers are rung at once and the others `rest_after` seconds later.
    """

    name: str
    when: When = field(default_factory=When)
    team: str | None = None
    officers: Mapping[str, int] = field(default_factory=dict)
    mode: Mode = "claim"
    first: int = 0
    rest_after: int = 0


def first_that_fits(rules: Sequence[Rule], facts: Facts) -> Rule | None:
    """The rule that decides; None leaves the lead to its source's team, for whoever claims first."""
    return next((rule for rule in rules if rule.when.against(facts) is None), None)


@dataclass(frozen=True, slots=True)
class Route:
    """How a lead is given out, kept with it: a rule that changes later leaves the leads alone that came under it."""

    rule: str
    mode: Mode = "claim"
    officers: Mapping[str, int] = field(default_factory=dict)
    first: int = 0
    rest_after: int = 0

    def as_json(self) -> dict[str, Any]:
        staggered = {"first": self.first, "rest_after": self.rest_after} if self.mode == "staggered" else {}
        return {"rule": self.rule, "mode": self.mode, "officers": dict(self.officers), **staggered}


def route_of(rule: Rule) -> Route:
    return Route(rule.name, rule.mode, rule.officers, rule.first, rule.rest_after)

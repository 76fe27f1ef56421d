"""Who gets a lead: rules in order, the first that fits names the team, who is rung first, and whether the lead is given out or claimed."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

Mode = Literal["claim", "staggered", "round_robin", "direct", "blind_pull"]
NamedBy = Literal["recipient", "partner", "last_owner"]
"""Who names an officer: the vendor that sold them the lead, the partner who sent the borrower, or the borrower, by an earlier lead."""
GIVEN_OUT: tuple[Mode, ...] = ("round_robin", "direct")
"""Where somebody becomes the owner without having claimed anything."""
Facts = Mapping[str, Any]
"""What conditions look at: the names of `WORDS`, `FLAGS` and `AMOUNTS`, `zip`, and `minute` of the team's local day. What is not known is
None or missing; `minute` is known wherever hours are asked. Of what a lead has several of, a frozenset, one is enough."""

WORDS = (
    *("source", "state", "county", "purpose", "loan_type", "property_use", "property_type", "language", "intent", "segment", "grade"),
    "partner",
)
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

    _keeps_out: tuple[tuple[str, "When"], ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_keeps_out", self.unless.alone() if self.unless else ())

    def against(self, facts: Facts) -> str | None:
        """The name of the first condition that keeps this lead out; None where all hold."""
        for name, accepted in self.words.items():  # written out, since each arrival is held against all rules
            known = facts.get(name)
            if accepted.isdisjoint(known) if isinstance(known, frozenset) else str(known or "").casefold() not in accepted:
                return name
        for name, wanted in self.flags.items():
            if facts.get(name) is not wanted:
                return name
        for name, bounds in self.amounts.items():
            number = facts.get(name)
            if number is None or not bounds.holds(number):
                return name
        if self.zips and not str(facts.get("zip") or "").startswith(self.zips):
            return "zip"
        if self.hours and not any(start <= facts["minute"] < end for start, end in self.hours):
            return "hours"
        return next((f"unless {name}" for name, alone in self._keeps_out if alone.against(facts) is None), None)

    def alone(self) -> tuple[tuple[str, "When"], ...]:
        """Each condition by itself, with its name."""
        return (
            *((name, When(words={name: words})) for name, words in self.words.items()),
            *((name, When(flags={name: flag})) for name, flag in self.flags.items()),
            *((name, When(amounts={name: bounds})) for name, bounds in self.amounts.items()),
            *((("zip", When(zips=self.zips)),) if self.zips else ()),
            *((("hours", When(hours=self.hours)),) if self.hours else ()),
        )

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

    Staggered, `first` officers are rung at once and the others `rest_after` seconds later. `percents` are of the teams that share what
    the rule takes. With `to` it takes only leads that name one of our officers so; those come before `officers`.
    """

    name: str
    when: When = field(default_factory=When)
    team: str | None = None
    officers: Mapping[str, int] = field(default_factory=dict)
    mode: Mode = "claim"
    first: int = 0
    rest_after: int = 0
    percents: Mapping[str, int] = field(default_factory=dict)
    to: tuple[NamedBy, ...] = ()


def may_decide(rules: Sequence[Rule], facts: Facts) -> tuple[Rule, ...]:
    """The rules whose conditions hold, up to the first that takes a lead whomever it names."""
    fitting = []
    for rule in rules:
        if rule.when.against(facts) is None:
            fitting.append(rule)
            if not rule.to:
                break
    return tuple(fitting)


def decides(fitting: Sequence[Rule], named: Collection[NamedBy]) -> Rule | None:
    """The one of them that decides, given by whom an officer of ours is named; None leaves the lead to its source's team, for whoever
    claims first."""
    return next((rule for rule in fitting if not rule.to or not set(named).isdisjoint(rule.to)), None)


@dataclass(frozen=True, slots=True)
class Share:
    """The percent of a team of what a rule takes; it had `had` of `of` leads before this one."""

    team: str
    percent: int
    had: int
    of: int


@dataclass(frozen=True, slots=True)
class Route:
    """How a lead is given out, kept with it: a rule that changes later leaves the leads alone that came under it.

    `named` are those of the officers, by key, whom the lead itself names.
    """

    rule: str
    mode: Mode = "claim"
    officers: Mapping[str, int] = field(default_factory=dict)
    first: int = 0
    rest_after: int = 0
    share: Share | None = None
    named: Mapping[str, NamedBy] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        staggered = {"first": self.first, "rest_after": self.rest_after} if self.mode == "staggered" else {}
        return {"rule": self.rule, "mode": self.mode, "officers": dict(self.officers), **staggered, **self.chosen}

    @property
    def chosen(self) -> dict[str, Any]:
        """What was chosen for this very lead."""
        shared = {"share": asdict(self.share)} if self.share else {}
        return shared | ({"named": dict(self.named)} if self.named else {})


def route_of(rule: Rule, named: Mapping[str, NamedBy] | None = None, share: Share | None = None) -> Route:
    """`named` are officers whom the lead names, the first of them first."""
    first_of_all = named or {}
    officers = {**dict.fromkeys(first_of_all, 1), **rule.officers}
    return Route(rule.name, rule.mode, officers, rule.first, rule.rest_after, share, first_of_all)


def route_from(kept: Mapping[str, Any]) -> Route:
    """As `as_json` wrote it."""
    share = kept.get("share")
    return Route(**{**kept, "share": share and Share(**share)})

"""The scoring of a config: what our own reasons are worth, rules with reasons of its own, grades, and what quiet costs."""

import hashlib
import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated

from pydantic import BeforeValidator, Field, model_validator

from bot.config.entry import Entry
from bot.config.outline import source_key
from bot.config.problems import say
from bot.config.routing import Bounds, CreditScores
from bot.config.values import Days, Flag, Intent, Parts, Percent, Points, Purposes, Text, Worth, many, one_of
from bot.rules import scoring
from bot.rules.routing import Between, When

TIME_FRAMES = ("now", "this month", "1-3 months", "3-6 months", "6+ months")
"""How soon, in the words that sources are read into."""

_many = BeforeValidator(many)
TimeFrame = Annotated[str, one_of("a time frame", {frame: frame for frame in TIME_FRAMES})]
Happening = Annotated[
    scoring.Happening, one_of("something that a borrower does", {each: each.replace("_", " ") for each in scoring.HAPPENINGS})
]
Code = Annotated[str, one_of("a reason of Leadbell's", {code: code.replace("_", " ") for code in scoring.DEFAULT_POINTS})]


class Percents(Bounds):
    at_least: Percent | None = None
    below: Percent | None = None


class Complete(Bounds):
    at_least: Parts | None = None
    below: Parts | None = None


class ScoringConditions(Entry):
    """All that a rule may look at, and all of it must fit. `completeness` is how many are known of phone, email, state and loan amount."""

    source: Annotated[tuple[Annotated[Text, source_key()], ...], _many] = ()
    intent: Annotated[tuple[Intent, ...], _many] = ()
    purpose: Purposes = ()
    time_frame: Annotated[tuple[TimeFrame, ...], _many] = ()
    did: Annotated[tuple[Happening, ...], _many] = ()
    wants_call_now: Flag | None = None
    under_contract: Flag | None = None
    found_home: Flag | None = None
    has_phone: Flag | None = None
    has_email: Flag | None = None
    reached: Flag | None = None
    bad_number: Flag | None = None
    credit: CreditScores | None = None
    loan_to_value: Percents | None = None
    completeness: Complete | None = None

    @property
    def conditions(self) -> When:
        """What the rules judge by."""
        bounds = {name: value for name in scoring.AMOUNTS if isinstance(value := getattr(self, name), Bounds)}
        return When(
            words={name: frozenset(words) for name in scoring.WORDS if (words := getattr(self, name))},
            flags={name: flag for name in scoring.FLAGS if (flag := getattr(self, name)) is not None},
            amounts={name: Between(value.at_least, value.below) for name, value in bounds.items()},
        )


class ScoringRule(Entry):
    """So many points to whom the conditions fit."""

    reason: Text = Field(description='why, in a few words that officers read on the card, such as "wants a rate quote"')
    when: ScoringConditions = Field(description="what a lead must fit")
    points: Worth = Field(description="how many points, from -100 to 100")

    @model_validator(mode="after")
    def _fitting(self) -> "ScoringRule":
        if not (looks_at := self.when.conditions.names()):
            raise say("A rule without conditions would fit every lead alike. Write at least one under when.", scoring.INPUTS)
        if looks_at == {"did"} and self.when.did == (scoring.HINT,) and self.points > scoring.MOST_FOR_A_HINT:
            raise say(f"Mail programs open what nobody reads, so {scoring.HINT} alone gives at most {scoring.MOST_FOR_A_HINT} points.")
        return self


class Grades(Entry):
    """The least points of each grade; whatever has fewer than C is a D."""

    A: Points = 65
    B: Points = 45
    C: Points = 25

    @model_validator(mode="after")
    def _descending(self) -> "Grades":
        if not self.A > self.B > self.C > 0:
            raise say(f"An A needs more points than a B, a B more than a C, and a C some: {self.A}, {self.B}, {self.C} do not fall so.")
        return self


class DecayEntry(Entry):
    """What a borrower loses who is not heard of."""

    every_days: Days = Field(description="after how many quiet days each, such as 7")
    points: Points = Field(description="how many points each time, such as 5")
    at_most: Points = Field(description="how many points altogether at most, such as 20")

    @model_validator(mode="after")
    def _some(self) -> "DecayEntry":
        if not 0 < self.points <= self.at_most:
            raise say("Each time takes at least one point, and at_most is no less than that.")
        return self


class ScoringEntry(Entry):
    """How leads are scored; what is left out stays as it comes with Leadbell."""

    points: Mapping[Code, Worth] = Field(default_factory=dict)
    rules: tuple[ScoringRule, ...] = ()
    grades: Grades = Grades()
    decay: DecayEntry | None = None

    @property
    def scoring(self) -> scoring.Scoring:
        """What leads are scored by. Its version names Leadbell's own and the beginning of a digest over all that is written here."""
        written = json.dumps(self.model_dump(mode="json"), sort_keys=True, separators=(",", ":"))
        decay, grades = self.decay, self.grades
        return scoring.Scoring(
            points={**scoring.DEFAULT_POINTS, **self.points},
            rules=tuple(scoring.ScoringRule(rule.reason, rule.points, rule.when.conditions) for rule in self.rules),
            grades=((grades.A, "A"), (grades.B, "B"), (grades.C, "C")),
            decay=scoring.Decay(timedelta(days=decay.every_days), decay.points, decay.at_most) if decay else None,
            version=f"{scoring.VERSION}-{hashlib.sha256(written.encode()).hexdigest()[:8]}",
        )

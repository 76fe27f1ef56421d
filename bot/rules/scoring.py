"""How soon and how surely a lead wants a loan, in points with their reasons. It orders the work and never keeps a lead from an answer."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any, Literal, get_args

from bot.rules.routing import When

Grade = Literal["A", "B", "C", "D"]
Intent = Literal["rate_quote", "full_application", "pre_approval"]
CallWish = Literal["asked", "refused"]

Happening = Literal["replied", "form_again", "clicked", "visited", "missed_call", "opened"]
HAPPENINGS: tuple[Happening, ...] = get_args(Happening)
"""The closed list of what a borrower may do after they asked."""
HEARD: tuple[Happening, ...] = ("replied", "form_again", "clicked", "visited", "missed_call")
"""Those that a channel of ours tells of."""
HINT: Happening = "opened"
"""Mail programs open what nobody reads: it is worth a hint at most."""
MOST_FOR_A_HINT = 3

VERSION = "3"  # kept with every score; changes with the facts or with what they are worth

DEFAULT_POINTS: Mapping[str, int] = MappingProxyType(
    {
        "purpose_purchase": 10,
        "purpose_refinance": 8,
        "purpose_cash_out": 8,
        "purpose_home_equity": 6,
        "time_now": 25,
        "time_this_month": 20,
        "time_1_to_3_months": 12,
        "time_3_to_6_months": 5,
        "wants_call_now": 15,
        "under_contract": 15,
        "found_home": 8,
        "credit_740_up": 10,
        "credit_680_up": 8,
        "credit_620_up": 4,
        "loan_to_value_to_80": 10,
        "loan_to_value_to_97": 5,
        "complete": 15,
        "nearly_complete": 8,
        "wrote_to_us": 15,
    }
)
DEFAULT_GRADES: tuple[tuple[int, Grade], ...] = ((65, "A"), (45, "B"), (25, "C"))
OWN, QUIET = "own", "quiet"
"""The codes of a reason that a rule of the config words, and of the points that a borrower who is not heard of loses."""

_TIME_FRAMES = {
    "now": "time_now",
    "this month": "time_this_month",
    "1-3 months": "time_1_to_3_months",
    "3-6 months": "time_3_to_6_months",
}
_CREDIT = ((740, "credit_740_up"), (680, "credit_680_up"), (620, "credit_620_up"))
_LOAN_TO_VALUE = ((80, "loan_to_value_to_80"), (97, "loan_to_value_to_97"))
_COMPLETE = {4: "complete", 3: "nearly_complete"}

_CALL_ASKED = re.compile(
    r"\b(?:(?:please|pls|can you|could you) (?:call|phone)|call (?:me|us)|give (?:me|us) a call|call (?:now|asap|right away)"
    r"|(?:por favor )?ll[aá]m[ae](?:me|nos)|me pueden? llamar)\b"
)
_NOT_CALLED = re.compile(r"\b(?:do not|don['\u2019]?t|no need to|never) (?:call|phone)\b|\bno (?:phone )?calls\b|\bno (?:me |nos )?llam")
_CALLED_LATER = re.compile(
    r"\bcall (?:(?:me|us|back) ){0,2}(?:after|at|on|in|between|before|tomorrow|next|later|when|if)\b"
    r"|\bllam\w+ (?:mañana|después|despues|a las|el|en)\b"
)
_BEST_TIME_NOW = {"now", "asap", "right now", "immediately", "as soon as possible", "ahora", "ya"}


@dataclass(frozen=True, slots=True)
class ScoringFacts:
    """All that a score may look at: the wish, never the person. Fair lending keeps out names, age, sex, marital status, language, ZIP
    and email domain. Amounts in whole dollars; `credit_low` is the low end of the band the borrower stated; `did` is what they did
    since they asked, and `quiet` how long nothing was heard of them."""

    source: str | None = None
    intent: str | None = None
    purpose: str | None = None
    time_frame: str | None = None
    wants_call_now: bool = False
    under_contract: bool | None = None
    found_home: bool | None = None
    credit_low: int | None = None
    loan_amount: int | None = None
    property_value: int | None = None
    has_phone: bool = False
    has_email: bool = False
    has_state: bool = False
    reached: bool = False
    bad_number: bool = False
    did: frozenset[Happening] = frozenset()
    quiet: timedelta = timedelta()

    @property
    def completeness(self) -> int:
        """How many are known of phone, email, state and loan amount."""
        return sum((self.has_phone, self.has_email, self.has_state, self.loan_amount is not None))

    @property
    def loan_to_value(self) -> int | None:
        """In percent, rounded up; None where the lead does not tell."""
        if not self.loan_amount or not self.property_value or min(self.loan_amount, self.property_value) < 0:
            return None
        return -(-self.loan_amount * 100 // self.property_value)

    def told(self) -> Mapping[str, Any]:
        """What conditions of the config's own rules look at, by the names of `INPUTS`."""
        return {
            "source": self.source,
            "intent": self.intent,
            "purpose": self.purpose,
            "time_frame": (self.time_frame or "").strip().casefold(),
            "wants_call_now": self.wants_call_now,
            "under_contract": self.under_contract,
            "found_home": self.found_home,
            "credit": self.credit_low,
            "loan_to_value": self.loan_to_value,
            "completeness": self.completeness,
            "has_phone": self.has_phone,
            "has_email": self.has_email,
            "reached": self.reached,
            "bad_number": self.bad_number,
            "did": frozenset[str](self.did),
        }


WORDS = ("source", "intent", "purpose", "time_frame", "did")
FLAGS = ("wants_call_now", "under_contract", "found_home", "has_phone", "has_email", "reached", "bad_number")
AMOUNTS = ("credit", "loan_to_value", "completeness")
INPUTS = (*WORDS, *FLAGS, *AMOUNTS)
"""The allow-list: everything that a rule of the config can look at."""


@dataclass(frozen=True, slots=True)
class ScoringRule:
    """A rule of the config: so many points to whom its conditions fit, for a reason in the company's words."""

    reason: str
    points: int
    when: When


@dataclass(frozen=True, slots=True)
class Decay:
    """So many points less each time that the borrower was not heard of for so long, up to a sum."""

    every: timedelta
    points: int
    at_most: int

    def lost(self, quiet: timedelta) -> int:
        return min(self.at_most, max(0, quiet // self.every) * self.points)


@dataclass(frozen=True, slots=True)
class Scoring:
    """What everything is worth. A code without points counts nothing; `grades` are the least points of each, the best first."""

    points: Mapping[str, int] = field(default_factory=lambda: DEFAULT_POINTS)
    rules: tuple[ScoringRule, ...] = ()
    grades: tuple[tuple[int, Grade], ...] = DEFAULT_GRADES
    decay: Decay | None = None
    version: str = VERSION


DEFAULT = Scoring()


@dataclass(frozen=True, slots=True)
class Reason:
    """What gave or took points. `says` is the company's own word for it, where a rule of its config did."""

    code: str
    points: int
    says: str | None = None

    def as_json(self) -> dict[str, Any]:
        return {"code": self.code, "points": self.points, **({"says": self.says} if self.says else {})}


def reason_from(kept: Any) -> Reason:
    """A reason as it is kept with a lead. Up to version 2 its code was all that was."""
    return Reason(kept, DEFAULT_POINTS.get(kept, 0)) if isinstance(kept, str) else Reason(**kept)


SHOWN = 3
"""How many reasons a card has room for."""


def shown_on_card(reasons: Iterable[Reason]) -> tuple[Reason, ...]:
    """The heaviest that gave something, the heaviest first."""
    return tuple([reason for reason in reasons if reason.points > 0][:SHOWN])


@dataclass(frozen=True, slots=True)
class Score:
    """Points from 0 to 100, their grade, and what gave them, the heaviest first. With the names of the inputs that counted, and the
    version that says by which facts and points."""

    points: int
    grade: Grade
    reasons: tuple[Reason, ...]
    inputs: tuple[str, ...]
    version: str


def score(facts: ScoringFacts, scoring: Scoring = DEFAULT) -> Score:
    """The score of these facts, of which repeating gives the same."""
    found = [(Reason(code, scoring.points[code]), inputs) for code, inputs in _codes(facts) if scoring.points.get(code)]
    told = facts.told() if scoring.rules else {}
    found += [
        (Reason(OWN, rule.points, rule.reason), tuple(rule.when.names())) for rule in scoring.rules if rule.when.against(told) is None
    ]
    if scoring.decay is not None and (lost := scoring.decay.lost(facts.quiet)):
        found.append((Reason(QUIET, -lost), ("recency",)))
    points = min(100, max(0, sum(reason.points for reason, _ in found)))
    reasons = tuple(sorted((reason for reason, _ in found), key=lambda reason: -reason.points))
    inputs = tuple(sorted({name for _, names in found for name in names}))
    return Score(points, grade_of(points, scoring), reasons, inputs, scoring.version)


def grade_of(points: int, scoring: Scoring) -> Grade:
    return next((grade for least, grade in scoring.grades if points >= least), "D")


def loses_next(heard_at: datetime, now: datetime, points: int, scoring: Scoring) -> datetime | None:
    """When a lead that is worth these points now loses the next ones, if the borrower stays quiet; None where there is nothing to lose."""
    decay = scoring.decay
    if decay is None or points == 0 or decay.lost(now - heard_at) == decay.at_most:
        return None
    return heard_at + (max(0, (now - heard_at) // decay.every) + 1) * decay.every


def call_wish(words: str) -> CallWish | None:
    """What plain words say of a call: it is wanted now, or none is. A wish not to be called, or later, wins."""
    said = _as_said(words)
    if _NOT_CALLED.search(said):
        return "refused"
    return "asked" if _CALL_ASKED.search(said) and not _CALLED_LATER.search(said) else None


def wants_call_now(best_time: str | None, comments: str | None) -> bool:
    """Whether the borrower asked to be called at once, in the field for it or in plain words; a wish not to be called, or later, wins."""
    wish = call_wish(comments or "")
    return wish == "asked" or (wish is None and (best_time or "").strip().casefold() in _BEST_TIME_NOW)


def _as_said(words: str) -> str:
    return " ".join(words.casefold().split())


def _codes(facts: ScoringFacts) -> Iterator[tuple[str, tuple[str, ...]]]:
    """What counts of these facts, each with the inputs that say so."""
    if facts.purpose:
        yield f"purpose_{facts.purpose}", ("purpose",)
    if frame := _TIME_FRAMES.get((facts.time_frame or "").strip().casefold()):
        yield frame, ("time_frame",)
    if facts.wants_call_now:
        yield "wants_call_now", ("wants_call_now",)
    if facts.under_contract or facts.found_home:
        name = "under_contract" if facts.under_contract else "found_home"
        yield name, (name,)
    if credit := _first(_CREDIT, facts.credit_low):
        yield credit, ("credit",)
    if (percent := facts.loan_to_value) is not None and (ratio := next((code for most, code in _LOAN_TO_VALUE if percent <= most), None)):
        yield ratio, ("loan_to_value",)
    if complete := _COMPLETE.get(facts.completeness):
        yield complete, ("completeness",)
    if "replied" in facts.did:
        yield "wrote_to_us", ("did",)


def _first(bounds: tuple[tuple[int, str], ...], known: int | None) -> str | None:
    return next((code for least, code in bounds if known is not None and known >= least), None)

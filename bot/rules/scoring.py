"""A first score: how soon and how surely a lead wants a loan. It orders the work and never keeps a lead from being answered."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

Grade = Literal["A", "B", "C", "D"]

VERSION = "2"  # kept with every score; changes with the facts or the weights

DEFAULT_WEIGHTS: Mapping[str, int] = MappingProxyType(
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

_TIME_FRAMES = {
    "now": "time_now",
    "this month": "time_this_month",
    "1-3 months": "time_1_to_3_months",
    "3-6 months": "time_3_to_6_months",
}
_CREDIT = ((740, "credit_740_up"), (680, "credit_680_up"), (620, "credit_620_up"))
_LOAN_TO_VALUE = ((80, "loan_to_value_to_80"), (97, "loan_to_value_to_97"))
_GRADES: tuple[tuple[int, Grade], ...] = ((65, "A"), (45, "B"), (25, "C"))

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
    and email domain. Amounts in whole dollars; `credit_low` is the low end of the band the borrower stated."""

    purpose: str | None = None
    time_frame: str | None = None
    wants_call_now: bool = False
    under_contract: bool = False
    found_home: bool = False
    credit_low: int | None = None
    loan_amount: int | None = None
    property_value: int | None = None
    has_phone: bool = False
    has_email: bool = False
    has_state: bool = False


@dataclass(frozen=True, slots=True)
class Reason:
    code: str
    points: int


@dataclass(frozen=True, slots=True)
class Score:
    """Points from 0 to 100, their grade, and what gave them, the heaviest first. The version says by which facts and weights."""

    points: int
    grade: Grade
    reasons: tuple[Reason, ...]
    version: str


def score(facts: ScoringFacts, weights: Mapping[str, int] = DEFAULT_WEIGHTS) -> Score:
    """The score by these weights; a code without a weight counts nothing."""
    return _scored(_codes(facts), weights)


def rescore(known: Collection[str], words: str, weights: Mapping[str, int] = DEFAULT_WEIGHTS) -> Score:
    """The score of who scored for these reasons and wrote now; a wish to be called, or not to be, is the newest one."""
    codes = dict.fromkeys((*known, "wrote_to_us", *(["wants_call_now"] if wants_call_now(None, words) else [])))
    if _NOT_CALLED.search(_as_said(words)):
        codes.pop("wants_call_now", None)
    return _scored(codes, weights)


def _scored(codes: Iterable[str], weights: Mapping[str, int]) -> Score:
    reasons = [Reason(code, weights[code]) for code in codes if weights.get(code)]
    points = min(100, max(0, sum(reason.points for reason in reasons)))
    grade: Grade = next((grade for least, grade in _GRADES if points >= least), "D")
    return Score(points, grade, tuple(sorted(reasons, key=lambda reason: -reason.points)), VERSION)


def wants_call_now(best_time: str | None, comments: str | None) -> bool:
    """Whether the borrower asked to be called at once, in the field for it or in plain words; a wish not to be called, or later, wins."""
    said = _as_said(comments or "")
    if _NOT_CALLED.search(said):
        return False
    if (best_time or "").strip().casefold() in _BEST_TIME_NOW:
        return True
    return _CALL_ASKED.search(said) is not None and _CALLED_LATER.search(said) is None


def _as_said(words: str) -> str:
    return " ".join(words.casefold().split())


def _codes(facts: ScoringFacts) -> list[str]:
    codes = (
        f"purpose_{facts.purpose}",
        _TIME_FRAMES.get((facts.time_frame or "").strip().casefold()),
        "wants_call_now" if facts.wants_call_now else None,
        "under_contract" if facts.under_contract else "found_home" if facts.found_home else None,
        _credit(facts.credit_low),
        _loan_to_value(facts.loan_amount, facts.property_value),
        _completeness(facts),
    )
    return [code for code in codes if code]


def _credit(low: int | None) -> str | None:
    return next((code for least, code in _CREDIT if low is not None and low >= least), None)


def _loan_to_value(loan: int | None, value: int | None) -> str | None:
    if not loan or not value:
        return None
    return next((code for most, code in _LOAN_TO_VALUE if loan * 100 <= most * value), None)


def _completeness(facts: ScoringFacts) -> str | None:
    known = sum((facts.has_phone, facts.has_email, facts.has_state, facts.loan_amount is not None))
    return {4: "complete", 3: "nearly_complete"}.get(known)

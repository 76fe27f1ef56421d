"""Reads what officers type after /pipeline: whose leads, how many days, and whether the channel may see it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from bot.rules.commands import closest
from bot.rules.text import clean

View = Literal["team", "mine", "source", "speed"]
USUAL_DAYS, MOST_DAYS = 30, 366

_SAID: dict[View, tuple[str, ...]] = {
    "mine": ("mine", "my", "me", "myself"),
    "source": ("source", "sources", "vendor", "vendors"),
    "speed": ("speed", "lateness", "late"),
}
_VIEWS = {word: view for view, said in _SAID.items() for word in said}
_DAYS = {"today": 1, "day": 1, "week": 7, "month": 30, "quarter": 91, "year": 365}
_UNITS = {"d": 1, "day": 1, "days": 1, "w": 7, "week": 7, "weeks": 7, "month": 30, "months": 30}
_SHARE = ("share", "post")
_FILLERS = frozenset(
    {
        "team",
        "teams",
        "all",
        "everybody",
        "everyone",
        "company",
        "leads",
        "pipeline",
        "last",
        "past",
        "this",
        "the",
        "of",
        "for",
        "in",
        "by",
        "and",
        "with",
        "per",
        "days",
    }
)
_ALIKE_AMONG = ("mine", "team", "all", "source", "share", "today", "week", "month", "days")


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked. `team` is its key; None means all that the person may see."""

    view: View = "team"
    team: str | None = None
    days: int = USUAL_DAYS
    share: bool = False
    cut: bool = False  # more days were asked for than are looked at


@dataclass(frozen=True, slots=True)
class NotUnderstood:
    """A word that asks for nothing; `meant` are whole lines with what it resembles in its place, the likeliest first."""

    word: str
    meant: tuple[str, ...]


def read_question(text: str, teams: Mapping[str, str]) -> Question | NotUnderstood:
    """What the words ask for; `teams` are keys by the names that people type, in small letters."""
    words = [word for word in (each.strip(".,:;!?") for each in clean(text).lower().split()) if word]
    asked, at = Question(), 0
    while at < len(words):
        word, taken = words[at], 1
        named, length = _team_at(words, at, teams)
        number, unit = _number(word)
        if named is not None:
            asked, taken = replace(asked, team=named), length
        elif number is not None:
            if not unit and words[at + 1 : at + 2] and words[at + 1] in _UNITS:
                unit, taken = words[at + 1], 2
            wanted = number * _UNITS[unit or "days"]
            asked = replace(asked, days=min(MOST_DAYS, wanted), cut=wanted > MOST_DAYS)
        elif word in _VIEWS:
            asked = replace(asked, view=_VIEWS[word])
        elif word in _DAYS:
            asked = replace(asked, days=_DAYS[word])
        elif word in _SHARE:
            asked = replace(asked, share=True)
        elif word not in _FILLERS:
            others = closest(word, (*_ALIKE_AMONG, *teams)) if word.isalpha() else ()
            return NotUnderstood(word, tuple(" ".join((*words[:at], other, *words[at + 1 :])) for other in others))
        at += taken
    return asked


def _team_at(words: list[str], at: int, teams: Mapping[str, str]) -> tuple[str | None, int]:
    """The team that is named here, in as many words as possible."""
    for length in range(min(4, len(words) - at), 0, -1):
        if (name := " ".join(words[at : at + length])) in teams:
            return teams[name], length
    return None, 0


def _number(word: str) -> tuple[int | None, str]:
    """The number that a word begins with, from 1, and its unit: "30", "30d", "2weeks"."""
    digits = word[: len(word) - len(word.lstrip("0123456789"))]
    unit = word[len(digits) :]
    if not digits or len(digits) > 6 or int(digits) == 0 or (unit and unit not in _UNITS):
        return None, ""
    return int(digits), unit

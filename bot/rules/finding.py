"""Which leads somebody's words look for: "refinance TX older than 90 days" means the same to /lead find and to /drip many."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from bot.rules.text import bare_words

Named = Literal["segment", "purpose", "stage", "source", "state", "officer", "grade"]
Counted = Literal["score_from", "score_below", "older", "newer", "untouched"]
NAMED: tuple[Named, ...] = get_args(Named)
"""What has names. A name without a word before it means the first of these that has it: the segment refinance is wider than the purpose."""
NOBODY = "nobody"
"""The key of no officer: the lead is free."""
Spellings = Mapping[Named, Mapping[str, str]]
"""Each way to write a name, as `bare_words` leaves it, with the key that it means."""


@dataclass(frozen=True, slots=True)
class Sought:
    """One condition: `value` is a key, or a whole number of points or days."""

    part: Named | Counted
    value: str


@dataclass(frozen=True, slots=True)
class Unclear:
    """What was said for a part is no name of one; `words` where it is no condition at all."""

    part: Named | Literal["words"]
    said: str


_KEYWORDS: dict[str, Named] = {
    "segment": "segment", "segmento": "segment", "purpose": "purpose", "propósito": "purpose", "proposito": "purpose",
    "stage": "stage", "etapa": "stage", "source": "source", "fuente": "source", "state": "state", "estado": "state",
    "officer": "officer", "owner": "officer", "oficial": "officer", "grade": "grade", "grado": "grade",
}  # fmt: skip
_IDLE = frozenset(
    "lead leads for in and with of from the that are who all en de del para con y los las que son todos".split()  # noqa: SIM905
)
_OR = frozenset({"or", "o"})
_ALSO_WORDS = frozenset({"al", "co", "de", "hi", "id", "in", "la", "ma", "me", "oh", "ok", "or", "pa"})
"""Codes of states that are words as well: without `state` before them they are written large."""
_LONGEST_NAME = 6
_MOST_WORDS = 60
_LONGEST_DAYS = 3_660
_UNITS = (("d", 1), ("w", 7), ("sem", 7), ("m", 30), ("y", 365), ("a", 365))
_LENGTH = r"(?P<many>\d{1,4}) ?(?P<unit>d|days?|días?|dias?|w|weeks?|semanas?|m|months?|mes|meses|y|years?|años?)"
_MORE = "(?:older than|over|more than|hace más de|hace mas de|más de|mas de)"
_PHRASES: tuple[tuple[Counted, re.Pattern[str]], ...] = (
    (
        "untouched",
        re.compile(
            rf"(?:last contact(?:ed)?|no contact|not contacted|untouched|silent|último contacto|ultimo contacto|sin contacto)"
            rf"(?: for| in| since| desde| por)?(?: {_MORE})? {_LENGTH}(?: ago)?(?= |$)"
        ),
    ),
    (
        "newer",
        re.compile(
            r"(?:newer than|younger than|since|within|(?:the )?last|(?:los |las )?[uú]ltim[oa]s|desde hace|menos de)"
            rf" {_LENGTH}(?: ago)?(?= |$)"
        ),
    ),
    ("older", re.compile(rf"{_MORE} {_LENGTH}(?: old| ago)?(?= |$)")),
    ("older", re.compile(rf"{_LENGTH} old(?= |$)")),
    ("score_below", re.compile(r"(?:score|points|puntaje|puntos) (?:under|below|less than|menos de|<) ?(?P<many>\d{1,3})(?= |$)")),
    (
        "score_from",
        re.compile(
            r"(?:score|points|puntaje|puntos)(?: of| at least| from| over| above| more than| de| desde| más de| mas de)?"
            r" ?(?:>=?)? ?(?P<many>\d{1,3})(?:\+| or more| o más| o mas)?(?= |$)"
        ),
    ),
)


def begins_a_condition(word: str) -> bool:
    """Whether what stands before this word is whole: it says what comes after it."""
    return word.casefold() in _KEYWORDS or word.casefold() in _IDLE


def read_sought(words: str, spellings: Spellings) -> tuple[Sought, ...] | Unclear:
    """The conditions in the order of the words; two of one part with a name mean either, all else must fit. None of no words."""
    said = re.findall(r"[^\s,;]+", words)
    if len(said) > _MOST_WORDS:
        return Unclear("words", said[_MOST_WORDS])
    found: list[Sought] = []
    place, either = 0, False
    while place < len(said):
        word = said[place].casefold()
        if word in _OR and not said[place].isupper() and found and place + 1 < len(said):
            either, place = True, place + 1
            continue
        read = _phrase(said[place:]) or _name(said[place:], spellings, found[-1].part if either else None)
        if isinstance(read, Unclear):
            return read
        if read is None and word in _IDLE:
            place += 1
            continue
        if read is None or (either and (read[0].part != found[-1].part or read[0].part not in NAMED)):
            return Unclear("words", said[place])
        found.append(read[0])
        place, either = place + read[1], False
    return tuple(dict.fromkeys(found))


def _phrase(said: Sequence[str]) -> tuple[Sought, int] | None:
    """A length of time or a number of points, with how many words it takes."""
    line = " ".join(said).casefold()
    for part, pattern in _PHRASES:
        if match := pattern.match(line):
            many = int(match["many"])
            if part in ("older", "newer", "untouched"):
                many *= next(days for begins, days in _UNITS if match["unit"].startswith(begins))
                if not 0 < many <= _LONGEST_DAYS:
                    return None
            return Sought(part, str(many)), len(match[0].split())
    return None


def _name(said: Sequence[str], spellings: Spellings, like: Named | Counted | None) -> tuple[Sought, int] | Unclear | None:
    """A name, after the word for what it is or without, or one more `like` the one before; with how many words both take."""
    part = _KEYWORDS.get(said[0].casefold())
    if part is None and like in NAMED:
        return _longest(said, (like,), spellings, bare=False)
    if part is None:
        return _longest(said, NAMED, spellings, bare=True)
    found = _longest(said[1:], (part,), spellings, bare=False)
    if found is None:
        return Unclear(part, " ".join(said[1:]))
    return found[0], found[1] + 1


def _longest(said: Sequence[str], parts: Sequence[Named], spellings: Spellings, *, bare: bool) -> tuple[Sought, int] | None:
    for many in range(min(_LONGEST_NAME, len(said)), 0, -1):
        name = bare_words(" ".join(said[:many]))
        if bare and name in _ALSO_WORDS and not said[0].isupper():
            continue
        for part in parts:
            if name in spellings.get(part, {}) and not (bare and part == "grade"):
                return Sought(part, spellings[part][name]), many
    return None

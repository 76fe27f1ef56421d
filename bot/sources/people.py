"""Who the borrower is: names taken apart, and email addresses."""

import re
from typing import NamedTuple

_SUFFIXES = frozenset(["jr", "sr", "ii", "iii", "iv", "esq", "md", "phd"])
_TITLES = frozenset(["mr", "mrs", "ms", "miss", "mx", "dr", "prof", "sra"])
_PARTICLES = frozenset(
    [
        "van",
        "von",
        "der",
        "den",
        "de",
        "del",
        "della",
        "la",
        "las",
        "los",
        "di",
        "da",
        "dos",
        "du",
        "le",
        "el",
        "al",
        "bin",
        "ibn",
        "st",
        "saint",
        "san",
        "santa",
        "ter",
        "ten",
    ]
)
_TWO_PEOPLE = re.compile(r" and | ?& ?", re.IGNORECASE)
_AROUND_EMAILS = re.compile(r"[\s<>,;:()\[\]\"\\]+")
_EMAIL = re.compile(r"[^@]+@(?:[\w-]+\.)+[^\W_]{2,}")
_LONGEST_EMAIL = 254


class SplitName(NamedTuple):
    """A name taken apart. `middle` holds what stood between; `two` says that it names two people, of whom this is the first."""

    first: str | None
    middle: str | None
    last: str | None
    two: bool = False


def split_name(text: str) -> SplitName:
    """First and last name of a whole one: "Dana Rowe Jr.", "Rowe, Dana", "Maria de la Cruz", "Dana & Lee Rowe"."""
    text = " ".join(text.split())
    people = _TWO_PEOPLE.split(text, maxsplit=1)
    if len(people) == 2 and all(people):
        one, other = split_name(people[0]), split_name(people[1])
        if people[0].rstrip(".").lower() in _TITLES:
            return other._replace(two=True)
        return SplitName(one.first, one.middle, one.last or other.last, two=True)
    before, _, after = text.partition(",")
    given, suffix = _without_ends(after.replace(",", " "))
    family, own_suffix = _without_ends(before)
    if not given:
        start = next((at for at, word in enumerate(family[1:-1], 1) if word.lower() in _PARTICLES), max(len(family) - 1, 1))
        given, family = family[:start], family[start:]
    last = " ".join([*family, *own_suffix, *suffix]) if family else None
    return SplitName(given[0] if given else text or None, " ".join(given[1:]) or None, last)


def read_emails(text: str) -> tuple[str, ...]:
    """Every address in the text, lower-cased, each once; nothing when there is none."""
    pieces = [piece.strip("'.") for piece in _AROUND_EMAILS.split(text.lower()) if "@" in piece]
    return tuple(dict.fromkeys(piece for piece in pieces if len(piece) <= _LONGEST_EMAIL and _EMAIL.fullmatch(piece)))


def _without_ends(text: str) -> tuple[list[str], list[str]]:
    """The words without titles, and the suffixes (Jr., III) that stood at their end."""
    words, suffix = text.split(), list[str]()
    while words and words[-1].rstrip(".").lower() in _SUFFIXES:
        suffix.insert(0, words.pop())
    while len(words) > 1 and words[0].rstrip(".").lower() in _TITLES:
        words.pop(0)
    return words, suffix

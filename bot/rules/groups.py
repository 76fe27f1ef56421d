"""A sequence for many leads at once: which leads the words ask for."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

CONDITIONS = ("segment", "stage", "source")
_CONDITION = re.compile(rf"(?:^|\s)({'|'.join(CONDITIONS)})(?=\s|$)", re.IGNORECASE)
_WHOLE = re.compile(r"\d{1,9}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Wanted:
    """The words for a sequence, and for each condition that leads must fit, as they were typed."""

    sequence: str
    conditions: Mapping[str, str]


def read_wanted(words: str) -> Wanted:
    """ "refinance watch segment past client stage funded": a name, then conditions that all must fit. A condition that stands twice
    means the last one."""
    sequence, *rest = _CONDITION.split(words)
    found = {name.lower(): said.strip() for name, said in zip(rest[::2], rest[1::2], strict=True)}
    return Wanted(sequence.strip(), found)


def read_number(words: str) -> int | None:
    """The number that somebody typed, such as 180 or 1,200; None where it is none."""
    digits = words.strip().replace(",", "")
    return int(digits) if _WHOLE.fullmatch(digits) else None

"""A sequence for many leads at once: where its name ends, and which number was typed."""

import re
from collections.abc import Collection
from dataclasses import dataclass

from bot.rules.finding import begins_a_condition
from bot.rules.text import bare_words

_WHOLE = re.compile(r"\d{1,9}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Wanted:
    """The words for a sequence, and those for the leads, as they were typed."""

    sequence: str
    leads: str


def read_wanted(words: str, sequences: Collection[str]) -> Wanted:
    """ "refinance watch segment past client stage funded": a name, then which leads. `sequences` are the names there are; the words of none
    end where a condition begins."""
    said, known = words.split(), {bare_words(each) for each in sequences}
    name = next((many for many in range(len(said), 0, -1) if bare_words(" ".join(said[:many])) in known), None)
    if name is None:
        name = next((place for place, word in enumerate(said) if begins_a_condition(word)), len(said))
    return Wanted(" ".join(said[:name]), " ".join(said[name:]))


def read_number(words: str) -> int | None:
    """The number that somebody typed, such as 180 or 1,200; None where it is none."""
    digits = words.strip().replace(",", "")
    return int(digits) if _WHOLE.fullmatch(digits) else None

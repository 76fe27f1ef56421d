"""A source whose names and words differ from ours, and nothing else: which field of theirs is which of ours, written as data."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from string import Template

from bot.sources.request import Kept, Reply

IGNORED = "ignored"
"""Where a field of theirs goes that nobody needs."""
_PLACE = re.compile(r"\.\d+(?=\.|$)")


@dataclass(frozen=True, slots=True)
class Replies:
    """What the source hears, with $lead for our number, 0 after a test, and $duplicate for true or false."""

    kept: Template
    duplicate: Template | None = None
    not_understood: Template | None = None
    status: int = 200
    not_understood_status: int = 200
    content_type: str = "application/json"

    def say_kept(self, kept: Sequence[Kept]) -> Reply:
        first = kept[0] if kept else Kept(0, duplicate=False)
        words = self.duplicate if first.duplicate and self.duplicate is not None else self.kept
        return self._say(self.status, words.substitute(lead=first.lead, duplicate="true" if first.duplicate else "false"))

    def say_not_understood(self) -> Reply | None:
        return None if self.not_understood is None else self._say(self.not_understood_status, self.not_understood.substitute())

    def _say(self, status: int, words: str) -> Reply:
        return Reply(status, words.encode(), self.content_type)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A line of a vendor's mails: words of theirs, in small letters, and after each a field of ours, None after the last ones.

    "{full_name} wants to {purpose} now" is ("", full_name), (" wants to ", purpose), (" now", None).
    """

    parts: tuple[tuple[str, str | None], ...]

    def read(self, line: str) -> Mapping[str, str] | None:
        """What stands in the places of the fields; None where this is another line. Capitals and the number of spaces do not matter."""
        text = " ".join(line.split())
        lower = text.lower()
        if len(lower) != len(text):
            return None  # a letter that is longer in small, as no vendor writes: places in the one would be none in the other
        said: dict[str, str] = {}
        at, name = 0, None
        for words, after in self.parts:
            ends = len(text) - len(words) if lower.endswith(words) else -1
            begins = ends if after is None else lower.find(words, at)
            if begins < at or (name is None and begins != at):
                return None
            if name is not None:
                said[name] = text[at:begins].strip()
            at, name = begins + len(words), after
        if name is not None:
            said[name] = text[at:].strip()
        return said if all(said.values()) else None


@dataclass(frozen=True, slots=True)
class FieldMap:
    """`fields` takes names of theirs, nested ones dotted, to names of ours; `values` takes their words to ours, by our field, in any case;
    `always` is what every lead of theirs has, `test` the field in which they say that a request is none, `lines` how their mails say
    things in sentences; `trigger_leads` says that a credit bureau sold them, so that each must say on what basis."""

    fields: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    always: Mapping[str, str] = field(default_factory=dict)
    test: str | None = None
    lines: tuple[Sentence, ...] = ()
    trigger_leads: bool = False

    def field_of(self, name: str) -> str | None:
        """Our name for this field of theirs, however deep in a list it stands; None leaves it to be recognized by its own name."""
        found = self.fields.get(name.lower())
        return found if found is not None else self.fields.get(_PLACE.sub("", name.lower()))

    def word_of(self, our_field: str, text: str) -> str:
        words = self.values.get(our_field)
        return text if words is None else words.get(" ".join(text.split()).casefold(), text)


NOTHING_MAPPED = FieldMap()

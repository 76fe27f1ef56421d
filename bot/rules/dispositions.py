"""The results of a call, what each sets in motion, and the everyday words that officers log them with."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from rapidfuzz import fuzz, process


class Disposition(StrEnum):
    CONNECTED = "connected"
    LEFT_VOICEMAIL = "left_voicemail"
    NO_ANSWER = "no_answer"
    BUSY = "busy"
    BAD_NUMBER = "bad_number"
    WRONG_PERSON = "wrong_person"
    CALL_BACK = "call_back"
    NOT_INTERESTED = "not_interested"
    DO_NOT_CALL = "do_not_call"
    ALREADY_HAS_LENDER = "already_has_lender"


_TRIED = MappingProxyType({"new": "attempted"})
_SPOKE = MappingProxyType({"new": "contacted", "attempted": "contacted"})
# From the application on a person decides: the borrower then withdraws, which starts duties of its own.
_BEFORE_APPLICATION = ("new", "attempted", "contacted", "qualified", "preapproved", "nurture")


@dataclass(frozen=True, slots=True)
class Effects:
    """What a result sets in motion. Every one is a contact attempt and stops the clock; `is_contact` when the borrower was spoken to.

    `next_stage` maps the lead's stage to the one it moves to; a stage not in it stays.
    """

    is_contact: bool
    next_stage: Mapping[str, str]
    stops_calls_and_sms_to_number: bool = False
    internal_do_not_call: bool = False
    opens_return: bool = False
    asks_for_time: bool = False


_NO_USE = Effects(False, _TRIED, stops_calls_and_sms_to_number=True, opens_return=True)

EFFECTS: Mapping[Disposition, Effects] = MappingProxyType(
    {
        Disposition.CONNECTED: Effects(True, _SPOKE),
        Disposition.LEFT_VOICEMAIL: Effects(False, _TRIED),
        Disposition.NO_ANSWER: Effects(False, _TRIED),
        Disposition.BUSY: Effects(False, _TRIED),
        Disposition.BAD_NUMBER: _NO_USE,
        Disposition.WRONG_PERSON: _NO_USE,
        Disposition.CALL_BACK: Effects(True, _SPOKE, asks_for_time=True),
        Disposition.NOT_INTERESTED: Effects(True, MappingProxyType(dict.fromkeys(_BEFORE_APPLICATION, "not_interested"))),
        Disposition.DO_NOT_CALL: Effects(True, _SPOKE, internal_do_not_call=True),
        Disposition.ALREADY_HAS_LENDER: Effects(True, MappingProxyType(dict.fromkeys(_BEFORE_APPLICATION, "lost"))),
    }
)

_SAID: Mapping[Disposition, tuple[str, ...]] = {
    Disposition.CONNECTED: ("spoke", "spoke to", "spoke with", "talked", "talked to", "talked with", "reached", "contacted", "picked up"),
    Disposition.LEFT_VOICEMAIL: (
        *("voicemail", "voice mail", "vm", "lvm", "left vm", "left a vm", "left a voicemail", "left message", "left a message"),
        *("left msg", "lm", "answering machine", "connected to voicemail", "reached voicemail"),
    ),
    Disposition.NO_ANSWER: (
        *("na", "n a", "no ans", "noans", "nobody answered", "no pick up", "no pickup", "rang out"),
        *("did not answer", "didnt answer", "did not pick up", "didnt pick up"),
    ),
    Disposition.BUSY: ("line busy", "busy signal"),
    Disposition.BAD_NUMBER: (
        *("bad phone", "bad no", "disconnected", "number disconnected", "not in service", "out of service", "invalid number"),
        *("dead number", "fax"),
    ),
    Disposition.WRONG_PERSON: ("wrong number", "wrong guy", "not them", "someone else", "somebody else"),
    Disposition.CALL_BACK: ("callback", "cb", "call later", "call again", "call me back", "call me later"),
    Disposition.NOT_INTERESTED: ("ni", "no interest", "uninterested", "changed mind"),
    Disposition.DO_NOT_CALL: ("dnc", "dont call", "stop calling", "do not contact", "dont contact", "remove me", "take me off", "opt out"),
    Disposition.ALREADY_HAS_LENDER: (
        *("already has a lender", "has lender", "has a lender", "other lender", "another lender", "with another lender"),
        *("went with another lender", "working with another lender", "working with a lender", "has a loan officer"),
    ),
}
_MEANING = {words: disposition for disposition in Disposition for words in (disposition.replace("_", " "), *_SAID.get(disposition, ()))}
_MOST_WORDS = max(len(words.split()) for words in _MEANING)
_LONG_ENOUGH = [words for words in _MEANING if len(words) > 3]  # "vm" resembles too much
_ALIKE = 75  # of 100

_WORD = re.compile(r"[a-z0-9'’]+", re.IGNORECASE | re.ASCII)


def stage_after(disposition: Disposition, stage: str) -> str:
    """The lead's stage once this result is logged."""
    return EFFECTS[disposition].next_stage.get(stage, stage)


def read(text: str) -> tuple[Disposition, str] | None:
    """The result that the text begins with, by name or in everyday words, and the note after it: "lvm will try again". None when unsure."""
    for words, end in reversed(_beginnings(text)):
        if words in _MEANING:
            return _MEANING[words], _note(text, end)
    return None


def closest(text: str) -> tuple[Disposition, str] | None:
    """What the text begins with or else resembles, with the note after it, to be asked back: "Did you mean no_answer?"."""
    if understood := read(text):
        return understood
    likely = [
        (score, words, end)
        for beginning, end in _beginnings(text)
        for words, score, _ in process.extract(beginning, _LONG_ENOUGH, scorer=fuzz.ratio, score_cutoff=_ALIKE, limit=1)
    ]
    if not likely:
        return None
    _, words, end = max(likely)
    return _MEANING[words], _note(text, end)


def _note(text: str, end: int) -> str:
    return text[end:].lstrip(" \t\r\n_,.;:!-–—")


def _beginnings(text: str) -> list[tuple[str, int]]:
    """The first word, the first two and so on, in small letters without marks, each with where it ends in the text."""
    found: list[tuple[str, int]] = []
    for word in list(_WORD.finditer(text[:100]))[:_MOST_WORDS]:
        plain = re.sub("['’]", "", word[0].lower())
        found.append((f"{found[-1][0]} {plain}" if found else plain, word.end()))
    return found

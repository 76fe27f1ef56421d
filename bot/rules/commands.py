"""Reads what officers type after /lead or after the bot's name: the command, the lead it is about, and the words that remain."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from bot.rules.text import clean

HELP, SHOW = "help", "show"

_WORD = re.compile(r"\S+")
_NUMBER = re.compile(r"(?:(?:lead|no\.?|nr\.?)\s+)?(?:#\s*(\d+)|(\d{4,}))(?=[\s,;:.!?]|$)[,;:.!?]*\s*", re.IGNORECASE | re.ASCII)
_NOT_QUITE = re.compile(r"#\S*|(?=\S*\d\S*\d)[\dOoIl]{4,6}(?=\s|$)", re.ASCII)
"""A word that was meant as a number: with a #, or digits with letters that look like some."""
_MOST_DIGITS = 9
_ALIKE = 60  # of 100
_ABOUT_AS_LIKELY = 10
_ASKED_BACK = 2
_AROUND = "/.,:;!?"


@dataclass(frozen=True, slots=True)
class Typed:
    """`lead` is None when no number was typed, `words` what stands after both."""

    command: str
    lead: int | None
    words: str


@dataclass(frozen=True, slots=True)
class UnknownCommand:
    """No command is called so. `meant` are those it resembles, the likeliest first: to be asked back, never to be done."""

    word: str
    meant: tuple[str, ...]
    rest: str


@dataclass(frozen=True, slots=True)
class NoNumber:
    """What should be the number of a lead is none."""

    command: str
    said: str


def read(text: str, names: Mapping[str, str], about_no_lead: Collection[str]) -> Typed | UnknownCommand | NoNumber:
    """What the line asks for. `names` are the words for each command, aliases included; nothing at all asks for help.

    The number may stand before the command too, and alone it asks to be shown. A bare number has four digits or more: "/log 15 minutes"
    speaks of minutes.
    """
    line = clean(text)
    first = _NUMBER.match(line)
    line = line[first.end() :] if first else line
    if not line:
        command, rest = (SHOW if first else HELP), ""
    else:
        called = _called(line, names)
        if called is None:
            return _unknown(line, names, first)
        command, rest = called
    if command in about_no_lead:
        return Typed(command, None, rest)
    number = first
    if number is None and (number := _NUMBER.match(rest)):
        rest = rest[number.end() :]
    if number is None:
        not_quite = _NOT_QUITE.match(rest)
        return NoNumber(command, not_quite[0]) if not_quite else Typed(command, None, rest)
    digits = number[1] or number[2]
    is_one = len(digits) <= _MOST_DIGITS and int(digits) > 0  # 0 would pass for no number, and so for the lead opened last
    return Typed(command, int(digits), rest) if is_one else NoNumber(command, number[0].strip())


def about(lead: int | None, words: str) -> str:
    """The words with the lead's number before them, where they name none themselves."""
    return f"#{lead} {words}".strip() if lead is not None and not _NUMBER.match(words) else words


def closest(word: str, among: Collection[str]) -> tuple[str, ...]:
    """What the word resembles most, with the second only where it is about as likely."""
    found = process.extract(word.lower(), list(among), scorer=fuzz.ratio, score_cutoff=_ALIKE, limit=_ASKED_BACK)
    return tuple(name for name, score, _ in found if score > found[0][1] - _ABOUT_AS_LIKELY)


def _called(line: str, names: Mapping[str, str]) -> tuple[str, str] | None:
    """The command that the line begins with, in one word or two, and the rest."""
    words = list(_WORD.finditer(line))
    for many in (2, 1):
        name = " ".join(word[0].lower().strip(_AROUND) for word in words[:many])
        if name in names:
            return names[name], line[words[min(many, len(words)) - 1].end() :].lstrip()
    return None


def _unknown(line: str, names: Mapping[str, str], number: re.Match[str] | None) -> UnknownCommand:
    word, _, rest = line.partition(" ")
    word = word.strip(_AROUND)
    meant = dict.fromkeys(names[name] for name in closest(word, names))
    before = f"{number[0].strip()} " if number else ""
    return UnknownCommand(word, tuple(meant), f"{before}{rest.strip()}".strip())

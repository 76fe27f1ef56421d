"""What is wrong with a config file, in the words an operator reads: where, what, and what to write instead."""

import re
import textwrap
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic_core import PydanticCustomError
from rapidfuzz import fuzz, process

from bot.errors import LeadbellError

Loc = tuple[str | int, ...]
"""A place in the file: keys and list positions from the top."""

SHOWN_AT_MOST = 50  # blocks of one error; a file that is not a config at all would otherwise fill the screen for minutes

_PLAIN_WORDS = re.compile(r"[\w#/:.,+$ -]{1,40}", re.ASCII)
_LIKE_A_PHONE = re.compile(r"\d([ .+-]*\d){6}", re.ASCII)
_DATE = re.compile(r"\d{4}-\d{1,2}-\d{1,2}", re.ASCII)
_TOKEN = re.compile(
    r"xox[a-z]-|xapp-|sk[-_](live|test)|gh[a-z]_|bearer\s|AC[0-9a-f]{32}"  # the prefixes that vendors give their tokens
    r"|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"  # a UUID
    r"|(?<![a-z0-9+/=])(?=[a-z+/=]*\d)(?=[\d+/=]*[a-z])[a-z0-9+/=]{20,}",  # a long run of letters and digits
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to put right. `path` is dotted, as in officers[2].licenses[0].state, and empty for the file as a whole;
    `line` counts from 1 and is None when no file was read."""

    path: str
    line: int | None
    message: str
    allowed: tuple[str, ...] = ()
    suggestion: str | None = None

    def __str__(self) -> str:
        where = ", ".join(part for part in (f"line {self.line}" if self.line else "", self.path) if part)
        says = [self.message]
        if self.suggestion:
            says.append(f"Did you mean {self.suggestion}?")
        if self.allowed:
            says.append(f"Allowed: {', '.join(self.allowed)}.")
        body = [_indented(sentence) for sentence in says]
        return "\n".join([where or "the whole file", *body])


class ConfigError(LeadbellError):
    """The config file cannot be used as it is. `problems` lists everything wrong with it, in the order of its lines."""

    def __init__(self, file: Path, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(problems, key=lambda problem: problem.line or 0))
        count = "1 problem" if len(self.problems) == 1 else f"{len(self.problems)} problems"
        blocks = [str(problem) for problem in self.problems[:SHOWN_AT_MOST]]
        if len(self.problems) > SHOWN_AT_MOST:
            blocks.append(f"... and {len(self.problems) - SHOWN_AT_MOST} more.")
        super().__init__("\n\n".join([f"{file} has {count}:", *blocks]))


def say(message: str, allowed: Iterable[str] = (), suggestion: str | None = None) -> PydanticCustomError:
    """The error a validator raises to have its words reach the operator as they are."""
    return PydanticCustomError("leadbell", "{message}", {"message": message, "allowed": tuple(allowed), "suggestion": suggestion})


def closest(written: str, meanings: Mapping[str, str]) -> str | None:
    """What the operator probably meant: `meanings` maps every spelling to the value it stands for. None when nothing is near."""
    found = process.extractOne(written.strip().lower(), list(meanings), scorer=fuzz.ratio, score_cutoff=60)
    return meanings[found[0]] if found else None


def looks_like_secret(text: str) -> bool:
    """True for what is shaped like a token or an API key. Long team or officer names with hyphens are not."""
    return _TOKEN.search(text) is not None


def repeatable(value: object) -> bool:
    """True for a short, plain text that is neither a secret nor a phone or an email, and so may stand in an error."""
    if not isinstance(value, str) or not _PLAIN_WORDS.fullmatch(value):
        return False
    return not looks_like_secret(value) and (_DATE.fullmatch(value) is not None or not _LIKE_A_PHONE.search(value))


def shown(value: object) -> str:
    """The value in quotes where it may be repeated, else a word for it; always the beginning of a sentence."""
    if value is None or value == "":
        return "An empty value"
    return f'"{value}"' if repeatable(value) else "This value"


def dotted(loc: Loc) -> str:
    """A place as an operator reads it: officers[2].licenses[0].state. Keys that may hide something are not repeated."""
    path = ""
    for part in loc:
        if isinstance(part, int):
            path += f"[{part}]"
        else:
            path += ("." if path else "") + (part if repeatable(part) else "(a key)")
    return path


def _indented(sentence: str) -> str:
    return textwrap.fill(sentence, 80, initial_indent="    ", subsequent_indent="    ", break_on_hyphens=False, break_long_words=False)

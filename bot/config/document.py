"""Reads the YAML of a config file into plain values, and remembers the line of each."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)
from ruamel.yaml.reader import ReaderError

from bot.config.problems import ConfigError, Loc, Problem, dotted

LARGEST_FILE = 1 << 20  # bytes
LONGEST_TEXT = 200  # characters of one value or key
LONGEST_WORDS = 4_000  # of what is shown to borrowers or said to a source, such as the words they agreed to
WORDS_UNDER = ("mapping", "form")
DEEPEST = 12
MOST_VALUES = 20_000  # counting each repetition by an alias: a few lines of aliases can stand for billions of values

Value = dict[str, Any] | list[Any] | str | None
"""Every plain value stays the text that the operator wrote, so that `+15125550100` keeps its plus and `no` stays a word."""


@dataclass(frozen=True, slots=True)
class Document:
    """A config file as plain values, with the line of each."""

    data: dict[str, Any]
    lines: dict[Loc, int]
    problems: tuple[Problem, ...]

    def line(self, loc: Loc) -> int:
        """The line of this place, or of the nearest thing around it that is in the file."""
        while loc and loc not in self.lines:
            loc = loc[:-1]
        return self.lines.get(loc, 1)

    def problem(self, loc: Loc, message: str, allowed: tuple[str, ...] = (), suggestion: str | None = None) -> Problem:
        """A problem at this place."""
        return Problem(dotted(loc), self.line(loc), message, allowed, suggestion)


def read_document(path: Path) -> Document:
    """The file as a mapping. Raises ConfigError when it cannot be read, is not UTF-8, not YAML, too large or not a mapping."""
    text = _text(path)
    reader = _Reader(text)
    try:
        data = reader.document()
    except _Unreadable as error:
        raise ConfigError(path, [*reader.problems, error.problem]) from None
    if not isinstance(data, dict):
        what = "is empty" if data is None else "must begin with keys such as `company:` and `teams:`, not with a list or a text"
        raise ConfigError(path, [*reader.problems, Problem("", None, f"The file {what}. Copy leadbell.example.yaml and change it.")])
    return Document(data, reader.lines, tuple(reader.problems))


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_FILE + 1)
    except FileNotFoundError:
        message = "There is no such file. Copy leadbell.example.yaml to it and change it, or let LEADBELL_CONFIG name another file."
        raise ConfigError(path, [Problem("", None, message)]) from None
    except OSError as error:
        raise ConfigError(path, [Problem("", None, f"The file cannot be read: {error.strerror}.")]) from None
    if len(content) > LARGEST_FILE:
        raise ConfigError(path, [Problem("", None, "The file is larger than 1 MiB. A config is a few pages; is this the right file?")])
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise ConfigError(path, [Problem("", line, "The text is not UTF-8. Save the file again with the encoding UTF-8.")]) from None


def _reason(error: MarkedYAMLError) -> str:
    problem = error.problem or ""
    if "tag handle" in problem:  # the only reason that repeats a text of the file, which may be a secret
        return ": a value begins with an exclamation mark and needs quotes around it"
    if problem.startswith("mapping values"):
        return ": here is a second colon. A text with a colon and a space in it needs quotes around it"
    if problem.startswith("found character"):
        return f": {problem}. A text that begins with it needs quotes around it"
    began = error.context_mark
    if began and error.problem_mark and began.line != error.problem_mark.line:
        return f": {problem}. What is not finished began on line {began.line + 1}"
    return f": {problem}" if problem else ""


class _Unreadable(Exception):
    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.problem = Problem("", line, message)


class _Reader:
    """Builds values from YAML events: with a limit on depth and size that holds before anything is built, and without tags."""

    def __init__(self, text: str) -> None:
        self.lines: dict[Loc, int] = {}
        self.problems: list[Problem] = []
        self._text = text
        self._events = self._guarded_events()
        self._anchors: dict[str, tuple[Value, int]] = {}
        self._count = 0
        self._line = 1

    def document(self) -> Value:
        data: Value = None
        seen = False
        for event in self._events:
            if isinstance(event, DocumentStartEvent):
                if seen:
                    raise _Unreadable(self._line, "A second document begins here with `---`. Keep everything in one.")
                seen = True
                data = self._value((), next(self._events))
        return data

    def _guarded_events(self) -> Iterator[Any]:
        try:
            for event in YAML(typ="safe", pure=True).parse(self._text):
                self._line = event.start_mark.line + 1
                yield event
        except MarkedYAMLError as error:
            raise _Unreadable(*self._told(error)) from None
        except ReaderError as error:
            line = self._text.count("\n", 0, int(error.position)) + 1
            raise _Unreadable(line, "There is a control character in this line. Type the line again.") from None
        except (YAMLError, ValueError, OverflowError):  # the last two for impossible escapes such as \UFFFFFFFF
            raise _Unreadable(self._line, "This is not readable as YAML, from this line on.") from None

    def _told(self, error: MarkedYAMLError) -> tuple[int, str]:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else self._line
        written = self._text.splitlines()[line - 1 : line]
        indent = written[0][: len(written[0]) - len(written[0].lstrip())] if written else ""
        if "\t" in indent:
            return line, "This line is indented with a tab. YAML wants spaces: two for each level."
        return line, f"This is not readable as YAML{_reason(error)}."

    def _value(self, loc: Loc, event: Any) -> Value:
        line = self._line
        self.lines.setdefault(loc, line)
        before = self._count
        self._counted(1, line)
        if len(loc) > DEEPEST:
            raise _Unreadable(line, "The values are nested too deeply for a config.")
        if isinstance(event, AliasEvent):
            return self._repeated(event.anchor, line)
        if event.tag is not None:
            message = "Tags such as !!str are not used here. Remove the word with the exclamation mark, or put quotes around it."
            self.problems.append(Problem(dotted(loc), line, message))
        value: Value
        if isinstance(event, MappingStartEvent):
            value = self._mapping(loc)
        elif isinstance(event, SequenceStartEvent):
            value = self._sequence(loc)
        else:
            value = self._scalar(loc, event)
        if event.anchor:
            self._anchors[event.anchor] = value, self._count - before
        return value

    def _scalar(self, loc: Loc, event: ScalarEvent) -> str | None:
        text = str(event.value)
        most = LONGEST_WORDS if any(part in WORDS_UNDER for part in loc) else LONGEST_TEXT
        if len(text) > most:
            self.problems.append(Problem(dotted(loc), self._line, f"This text is longer than {most} characters. Make it shorter."))
        return None if event.style is None and text in ("", "~", "null") else text[:most]

    def _repeated(self, anchor: str, line: int) -> Value:
        if anchor not in self._anchors:
            raise _Unreadable(line, "This alias names nothing above it. Mark the part to repeat with & and the same word.")
        value, size = self._anchors[anchor]
        self._counted(size, line)
        return value

    def _counted(self, more: int, line: int) -> None:
        self._count += more
        if self._count > MOST_VALUES:
            raise _Unreadable(line, f"Up to here the file holds more than {MOST_VALUES:,} values, aliases included. Make it smaller.")

    def _mapping(self, loc: Loc) -> dict[str, Any]:
        mapping: dict[str, Any] = {}
        while not isinstance(event := next(self._events), MappingEndEvent):
            line = self._line
            if not isinstance(event, ScalarEvent):
                raise _Unreadable(line, "A key must be one plain word before the colon.")
            key = str(event.value)[:LONGEST_TEXT]
            self._counted(1, line)
            if key not in mapping:
                self.lines[*loc, key] = line
                mapping[key] = self._value((*loc, key), next(self._events))
            else:
                first = self.lines[*loc, key]
                message = f"This key stands on line {first} already. Keep one of the two, or put both values under one key."
                self.problems.append(Problem(dotted((*loc, key)), line, message))
                self._value((*loc, f"{key} again"), next(self._events))
        return mapping

    def _sequence(self, loc: Loc) -> list[Any]:
        items: list[Any] = []
        while not isinstance(event := next(self._events), SequenceEndEvent):
            items.append(self._value((*loc, len(items)), event))
        return items

"""Reads the sequences of texts in messages/drips/, each a YAML file, with every problem told at once."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

from jinja2 import Environment, TemplateSyntaxError, meta
from pydantic import AfterValidator, Field, StringConstraints, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from bot.config.entry import Entry
from bot.config.problems import ConfigError, Problem, dotted, say
from bot.config.values import SegmentKey
from bot.rules.drips import read_clock, read_length
from bot.rules.stages import STAGES, ends

MERGE_FIELDS = frozenset({"first_name", "officer", "officer_nmls", "company", "nmls", "purpose", "city", "label"})
"""What a text may be filled with. `label` gives the short words of messages/labels."""
LONGEST_WORDS = 480
EARLIEST, LATEST = 9 * 60, 20 * 60
"""The minutes of the day between which a text is legal nearly everywhere: a time beyond never comes."""
_PARSER = Environment(autoescape=False)


def _length(text: str) -> str:
    if read_length(text) is None:
        raise say(f'"{text}" is no length of time. Write such as 10 minutes, 3 hours or 2 days.')
    return text


def _clock(text: str) -> str:
    minute = read_clock(text)
    if minute is None:
        raise say(f'"{text}" is no time of day. Write it in quotes as "10:00".')
    if not EARLIEST <= minute < LATEST:
        raise say(f'At "{text}" no text may leave. Choose a time from "09:00" to "19:59".')
    return text


def _stage(text: str) -> str:
    if text not in STAGES or ends(text):
        raise say(f'"{text}" is no stage of an open lead.', [stage for stage in STAGES if not ends(stage)])
    return text


def _template(text: str) -> str:
    try:
        unknown = meta.find_undeclared_variables(_PARSER.parse(text)) - MERGE_FIELDS
    except TemplateSyntaxError as error:
        raise say(f"The template cannot be read: {error.message}") from None
    if unknown:
        raise say(f"Nothing is known by the name {sorted(unknown)[0]}.", sorted(MERGE_FIELDS))
    return text


Name = Annotated[str, StringConstraints(min_length=1, max_length=40)]
Sms = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_WORDS), AfterValidator(_template)]


class InBoth(Entry):
    """Words in each language that borrowers are written to in."""

    en: Sms
    es: Sms


class Names(Entry):
    en: Name
    es: Name


class Step(Entry):
    """One text: how long after the one before it, and at what time of the borrower's day where that is a day later or more."""

    after: Annotated[str, AfterValidator(_length)]
    at: Annotated[str, AfterValidator(_clock)] | None = None
    sms: InBoth


def _first_says_who_and_how_to_stop(steps: tuple[Step, ...]) -> tuple[Step, ...]:
    first = steps[0].sms
    if not all("STOP" in words for words in (first.en, first.es)):
        raise say("The first text must say how to opt out: Reply STOP.")
    if not all({"company", "nmls"} <= meta.find_undeclared_variables(_PARSER.parse(words)) for words in (first.en, first.es)):
        raise say("The first text must say who writes: {{ company }} and NMLS {{ nmls }}.")
    if any(step.at is not None and not step.after.rstrip("s").endswith("day") for step in steps):
        raise say("A time of day can only stand beside days.")
    return steps


class Sequence(Entry):
    """Texts that leave by themselves, one after another, while the lead is in one of these stages, to leads of one of these segments."""

    key: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{1,39}$")]
    name: Names
    stages: Annotated[tuple[Annotated[str, AfterValidator(_stage)], ...], Field(min_length=1)]
    segments: tuple[SegmentKey, ...] = ()  # of which a lead must belong to one; none: all leads
    steps: Annotated[tuple[Step, ...], Field(min_length=1, max_length=60), AfterValidator(_first_says_who_and_how_to_stop)]

    def named(self, language: str) -> str:
        """What officers who read this language call it."""
        return self.name.es if language == "es" else self.name.en


def read_sequences(folder: Path) -> dict[str, Sequence]:
    """The sequences of the folder by key. Raises ConfigError with every problem of the first file that has any."""
    return {sequence.key: sequence for sequence in map(read_sequence, sorted(folder.glob("*.yaml")))}


def read_sequence(path: Path) -> Sequence:
    """The sequence in this file, which is named after its key. Raises ConfigError with every problem."""
    try:
        sequence = Sequence.model_validate(YAML(typ="safe", pure=True).load(path.read_text("utf-8")))
    except (YAMLError, UnicodeDecodeError) as error:
        raise ConfigError(path, [Problem("", None, f"This is not YAML in UTF-8: {type(error).__name__}.")]) from None
    except ValidationError as error:
        raise ConfigError(path, _told(error)) from None
    if sequence.key != path.stem:
        raise ConfigError(path, [Problem("key", None, f"The file is named {path.stem}, so its key has to be that.")])
    return sequence


def _told(error: ValidationError) -> Iterator[Problem]:
    for detail in error.errors(include_url=False, include_input=False):
        context = detail.get("ctx", {})
        ours = detail["type"] == "leadbell"
        yield Problem(
            dotted(detail["loc"]), None, context["message"] if ours else f"{detail['msg']}.", context["allowed"] if ours else (), None
        )

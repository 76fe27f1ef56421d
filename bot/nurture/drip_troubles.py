"""What stands against a draft of a sequence: what is missing, what cannot be read, and what the law or the carriers mind."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from jinja2 import TemplateSyntaxError
from pydantic import ValidationError

from bot.config import Config
from bot.config.drips import (
    LONGEST_EMAIL,
    LONGEST_SUBJECT,
    LONGEST_TASK,
    LONGEST_WORDS,
    MERGE_FIELDS,
    as_written,
    fields_in,
    problems_of,
    stored,
)
from bot.nurture.drip_steps import FieldMissing, filled, known_in_every_way
from bot.nurture.drips import invented_borrowers
from bot.rendering import LANGUAGES, labels
from bot.rules.building import WRITTEN, Body, Built, document_of
from bot.rules.drips import read_length
from bot.rules.emailing import tidy_subject, tidy_words
from bot.rules.sms_segments import tidy
from bot.rules.stages import STAGES
from bot.rules.wording_lint import Finding, Sender, findings, lacking_in_a_first_text

TroubleCode = Literal[
    "no_stages", "no_steps", "when", "no_words", "no_subject", "unknown_field", "template", "too_long", "no_company", "no_who", "no_stop",
    "reply", "score", "segments", "nothing_new", "newer", "file", "lint",
]  # fmt: skip
"""What may stand against a draft. "newer" alone does not keep it back: a version that came meanwhile will be followed."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """One thing to put right: in which step from 1 and in which language, where it is about one, and what is said there. `found` is what
    the law or the carriers mind."""

    code: TroubleCode
    step: int = 0
    language: str = ""
    said: str = ""
    found: Finding | None = None


@cache
def stage_names(language: str) -> Mapping[str, str]:
    """What each stage is called."""
    return {each: labels(language)("stage", each) for each in STAGES}


@cache
def stage_spellings() -> Mapping[str, str]:
    """Stages by every spelling that may be typed."""
    named = {name: key for language in LANGUAGES for key, name in stage_names(language).items()}
    return {**named, **{key.replace("_", " "): key for key in STAGES}, **{key: key for key in STAGES}}


def troubles_of(body: Body, key: str, config: Config, live: str | None, *, newer: bool) -> tuple[Trouble, ...]:
    """All that is to be put right, the first steps first. `live` is the document that begins now."""
    found: list[Trouble] = [] if body.head.get("stages") else [Trouble("no_stages")]
    known = {each.key for each in config.segments_in_force}
    found += [Trouble("segments", said=each) for each in body.head.get("segments") or () if each not in known]
    document, unread = document_of(body, key, stage_spellings())
    found += _exits(document.get("ends") or {})
    found += [] if body.steps else [Trouble("no_steps")]
    first = next((place for place, each in enumerate(body.steps, 1) if each.channel == "sms"), 0)
    for place, step in enumerate(body.steps, 1):
        if place in unread:
            found.append(Trouble("when", place, said=step.fields.get("when", "")))
        if step.channel in WRITTEN:
            for language in LANGUAGES:
                found += troubles_of_words(step, place, language, config, first=place == first)
    if not found:
        try:
            made = stored(as_written(document))
        except ValidationError as error:
            found += [Trouble("file", said=str(each.message)) for each in problems_of(error)]
        else:
            found += [Trouble("nothing_new")] if made == live else []
    return (*found, *([Trouble("newer")] if newer else []))


def _exits(ends: Mapping[str, Any]) -> list[Trouble]:
    reply = ends.get("reply")
    length = read_length(reply) if reply else None
    found = [Trouble("reply", said=str(reply))] if reply and (length is None or not length.whole_days) else []
    for name in ("score_below", "score_at_least"):
        said = ends.get(name)
        if said is not None and not (isinstance(said, int) and said <= 100):
            found.append(Trouble("score", said=str(said)))
    return found


def troubles_of_words(step: Built, place: int, language: str, config: Config, *, first: bool) -> list[Trouble]:
    """What stands against the words of a step in one language, as far as they can be read."""
    said, subject = step.fields.get(language, "").strip(), step.fields.get(f"subject_{language}", "").strip()
    if not said:
        return [Trouble("no_words", place, language)]
    if step.channel == "email" and not subject:
        return [Trouble("no_subject", place, language)]
    most = {"sms": LONGEST_WORDS, "email": LONGEST_EMAIL}.get(step.channel, LONGEST_TASK)
    if len(said) > most or len(subject) > LONGEST_SUBJECT:
        return [Trouble("too_long", place, language, str(most if len(said) > most else LONGEST_SUBJECT))]
    try:
        fields = fields_in(said) | fields_in(subject)
    except TemplateSyntaxError as error:
        return [Trouble("template", place, language, error.message or "")]
    if unknown := sorted(fields - MERGE_FIELDS):
        return [Trouble("unknown_field", place, language, unknown[0])]
    if step.channel == "task":
        return []
    found = _of_text(said, place, language, first=first) if step.channel == "sms" else []
    return found or _lint(step, place, language, config, first=first)


def _of_text(said: str, place: int, language: str, *, first: bool) -> list[Trouble]:
    fields = fields_in(said)
    if first and not {"company", "nmls"} <= fields:
        return [Trouble("no_who", place, language)]
    if "company" not in fields:
        return [Trouble("no_company", place, language)]
    return [Trouble("no_stop", place, language)] if first and "STOP" not in said else []


def _lint(step: Built, place: int, language: str, config: Config, *, first: bool) -> list[Trouble]:
    told: dict[Finding, None] = {}
    written = "\n".join(step.fields.get(name, "") for name in (language, f"subject_{language}"))
    for facts in known_in_every_way(written, invented_borrowers(config)[0]):
        try:
            subject, words = words_of(step, language, facts)
        except FieldMissing:
            continue  # it is passed over for such a borrower
        by_text = step.channel == "sms"
        told |= dict.fromkeys(findings("\n".join(filter(None, (subject, words))), "advertising", by_text=by_text))
        told |= dict.fromkeys(lacking_in_a_first_text(words, Sender(config.company.display_name)) if first else ())
    return [Trouble("lint", place, language, found=each) for each in told]


def is_readable(step: Built, language: str) -> bool:
    """Whether the words of a step hold nothing but words and fields that are known. Others are never filled: they were typed in chat."""
    try:
        fields = fields_in(step.fields.get(language, "")) | fields_in(step.fields.get(f"subject_{language}", ""))
    except TemplateSyntaxError:
        return False
    return fields <= MERGE_FIELDS


def words_of(step: Built, language: str, facts: Mapping[str, object]) -> tuple[str | None, str]:
    """Subject and words of a readable step, as they would leave. Raises FieldMissing."""
    words = filled(step.fields.get(language, ""), language, facts)
    if step.channel != "email":
        return None, tidy(words)
    return tidy_subject(filled(step.fields.get(f"subject_{language}", ""), language, facts)), tidy_words(words)

"""Reads sequences of texts, emails and tasks, from files or out of the store, with every problem told at once."""

import json
from collections.abc import Iterator, Mapping
from io import StringIO
from pathlib import Path
from typing import Annotated, Any

from jinja2 import Environment, TemplateSyntaxError, nodes
from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, ValidationError, model_validator
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.scalarstring import LiteralScalarString

from bot.config.entry import Entry
from bot.config.problems import ConfigError, Problem, dotted, say
from bot.config.values import SegmentKey, many
from bot.rules.drips import DATES, EARLIEST, EVENTS, LATEST, read_clock, read_length
from bot.rules.stages import STAGES, may_be_written_to

MERGE_FIELDS = frozenset({
    "first_name", "officer", "officer_nmls", "company", "nmls", "purpose", "city", "years", "label",
})  # fmt: skip
"""What words may be filled with. `label` gives the short words of messages/labels; `years` is how many anniversaries it makes since the day
that the sequence goes by."""
LABEL_GROUPS = ("asking", "purpose")
"""The groups of short words that `label` gives."""
LONGEST_WORDS = 480
LONGEST_SUBJECT, LONGEST_EMAIL, LONGEST_TASK = 200, 4000, 280
MOST_STEPS = 60
END = "end"
HAS = ("email", "phone", "owner")
GRADES = ("A", "B", "C", "D")
_PARSER = Environment(autoescape=False)


def _length(text: str) -> str:
    if read_length(text) is None:
        raise say(f'"{text}" is no length of time. Write such as 10 minutes, 3 hours, 2 days, 6 weeks, 3 months or 1 year.')
    return text


def _whole_days(text: str) -> str:
    length = read_length(text)
    if length is None or not length.whole_days:
        raise say(f'"{text}" is no number of days. Write such as 10 days, 6 weeks or 3 months.')
    return text


def _clock(text: str) -> str:
    minute = read_clock(text)
    if minute is None:
        raise say(f'"{text}" is no time of day. Write it in quotes as "10:00".')
    if not EARLIEST <= minute < LATEST:
        raise say(f'At "{text}" no text may leave. Choose a time from "09:00" to "19:59".')
    return text


def _stage(text: str) -> str:
    if text not in STAGES:
        raise say(f'"{text}" is no stage.', STAGES)
    return text


def _running_stage(text: str) -> str:
    """Whose loan was funded may be written to, and partners; nobody else who is no lead any more."""
    if text not in STAGES or not may_be_written_to(text):
        raise say(f'"{text}" is no stage of an open or a funded lead, or a partner.', [each for each in STAGES if may_be_written_to(each)])
    return text


def _event(text: str) -> str:
    if text not in EVENTS and not (text.startswith("stage ") and text.removeprefix("stage ") in STAGES):
        raise say(f'"{text}" is nothing that a step can wait for.', [*EVENTS, "stage NAME"])
    return text


def _among(known: tuple[str, ...], what: str) -> AfterValidator:
    def check(text: str) -> str:
        if text not in known:
            raise say(f'"{text}" is no {what}.', known)
        return text

    return AfterValidator(check)


def _template(text: str) -> str:
    try:
        unknown = fields_in(text) - MERGE_FIELDS
    except TemplateSyntaxError as error:
        raise say(f"The template cannot be read: {error.message}") from None
    if unknown:
        raise say(f"Nothing is known by the name {sorted(unknown)[0]}.", sorted(MERGE_FIELDS))
    return text


def fields_in(template: str) -> set[str]:
    """What these words are filled with. Raises jinja2's TemplateSyntaxError for what cannot be read, and for what is more than words: they
    are typed in chat too, and whatever else Jinja knows would run here, or break for some borrowers and hold up all other sequences."""
    try:
        parsed = _PARSER.parse(template)
    except RecursionError:
        raise TemplateSyntaxError(_TOO_DEEP, 1) from None
    fields, within = set[str](), [(node, 0) for node in parsed.iter_child_nodes()]
    while within:
        node, depth = within.pop()
        if depth > _DEEPEST:
            raise TemplateSyntaxError(_TOO_DEEP, node.lineno or 1)
        if _is_label(node):
            assert isinstance(node, nodes.Call)
            inside: list[nodes.Node] = [node.args[1]]
            fields.add("label")
        elif _is_plain(node):
            inside = list(node.iter_child_nodes())
            fields |= {node.name} if isinstance(node, nodes.Name) else set()
        else:
            raise TemplateSyntaxError("only fields, or, if and label may stand in curly braces", node.lineno or 1)
        within += [(each, depth + 1) for each in inside]
    return fields


_TOO_DEEP = "too much stands inside each other"
_DEEPEST = 20
"""Python itself reads no more than some dozens of levels."""
_PLAIN = (nodes.Output, nodes.TemplateData, nodes.Or, nodes.And, nodes.Not, nodes.If)


def _is_plain(node: nodes.Node) -> bool:
    """What holds words, or chooses them by whether a field is known. Compared, not all fields can be greater than another, and words that
    one borrower in a thousand gets would never be looked at."""
    match node:
        case nodes.Name():
            return node.name != "label"
        case nodes.Const():
            return isinstance(node.value, str)
        case nodes.CondExpr():
            return node.expr2 is not None
    return isinstance(node, _PLAIN)


def _is_label(node: nodes.Node) -> bool:
    """label("asking", purpose or "other"), with a group of messages/labels that is written out."""
    if not (isinstance(node, nodes.Call) and isinstance(node.node, nodes.Name) and node.node.name == "label"):
        return False
    plain = not node.kwargs and node.dyn_args is None and node.dyn_kwargs is None and len(node.args) == 2
    return plain and isinstance(node.args[0], nodes.Const) and node.args[0].value in LABEL_GROUPS


_many = BeforeValidator(many)
Name = Annotated[str, StringConstraints(min_length=1, max_length=40)]
StepKey = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Stages = Annotated[tuple[Annotated[str, AfterValidator(_stage)], ...], _many]
Score = Annotated[int, Field(ge=0, le=100)]
Sms = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_WORDS), AfterValidator(_template)]
SubjectLine = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_SUBJECT), AfterValidator(_template)]
LetterWords = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_EMAIL), AfterValidator(_template)]
TaskWords = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_TASK), AfterValidator(_template)]


class InBoth(Entry):
    """Words in each language that borrowers are written to in."""

    en: Sms
    es: Sms


class Subject(Entry):
    en: SubjectLine
    es: SubjectLine


class Letter(Entry):
    en: LetterWords
    es: LetterWords


class Email(Entry):
    """An email. What the law wants below it is added as it leaves."""

    subject: Subject
    words: Letter


class Task(Entry):
    """What the owner is reminded of, in the language that they read."""

    en: TaskWords
    es: TaskWords


class Names(Entry):
    en: Name
    es: Name


class Condition(Entry):
    """What a lead must fit, all of it; one value or a list of those that do."""

    stage: Stages = ()
    segment: Annotated[tuple[SegmentKey, ...], _many] = ()
    grade: Annotated[tuple[Annotated[str, _among(GRADES, "grade")], ...], _many] = ()
    has: Annotated[tuple[Annotated[str, _among(HAS, "thing a lead may have")], ...], _many] = ()
    contacted: bool | None = None
    clicked: bool | None = None
    replied: bool | None = None
    score_at_least: Score | None = None
    score_below: Score | None = None

    @model_validator(mode="after")
    def _some(self) -> "Condition":
        if not any(getattr(self, name) not in (None, ()) for name in type(self).model_fields):
            raise say("A condition without anything in it fits every lead. Leave it out.", tuple(type(self).model_fields))
        return self


class Branch(Entry):
    """Where such a lead goes on: the key of a later step, or the end."""

    when: Condition
    go_to: StepKey


class Step(Entry):
    """One text, email, task or branch: how long after the one before it, and at what time of the borrower's day."""

    key: StepKey | None = None
    after: Annotated[str, AfterValidator(_length)] | None = None
    from_start: bool = False
    at: Annotated[str, AfterValidator(_clock)] | None = None
    weekdays: bool = False
    on: Annotated[tuple[Annotated[str, AfterValidator(_event)], ...], _many] = ()
    when: Condition | None = None
    unless: Condition | None = None
    sms: InBoth | None = None
    email: Email | None = None
    task: Task | None = None
    branch: Annotated[tuple[Branch, ...], Field(min_length=1)] | None = None

    @model_validator(mode="after")
    def _one_thing_at_one_time(self) -> "Step":
        kinds = ("sms", "email", "task", "branch")
        if len([each for each in kinds if getattr(self, each) is not None]) != 1:
            raise say("A step is one thing: sms, email, task or branch.", kinds)
        if self.after is None and not self.on:
            raise say("Write after, such as after: 2 days, or on for what it waits for.", ("after", "on"))
        length = read_length(self.after) if self.after else None
        if (self.at is not None or self.weekdays) and (length is None or not length.whole_days):
            raise say("A time of day can only stand beside days.")
        if self.from_start and self.after is None:
            raise say("from_start says from when after is counted. Write after, too.")
        if self.key == END:
            raise say(f'The key "{END}" is taken: it is where a branch ends everything.')
        return self


class Trigger(Entry):
    """One thing that begins it."""

    stage: Annotated[str, AfterValidator(_running_stage)] | None = None
    segment: SegmentKey | None = None
    event: Annotated[str, _among(EVENTS, "event")] | None = None
    silent_for: Annotated[str, AfterValidator(_whole_days)] | None = None
    date: Annotated[str, _among(DATES, "day of a borrower's")] | None = None
    before: Annotated[str, AfterValidator(_whole_days)] | None = None

    @model_validator(mode="after")
    def _one_thing(self) -> "Trigger":
        kinds = ("stage", "segment", "event", "silent_for", "date")
        if len([each for each in kinds if getattr(self, each) is not None]) != 1:
            raise say("Each entry of begins is one thing.", kinds)
        if self.before is not None and self.date is None:
            raise say("before can only stand beside date.")
        return self


class Ends(Entry):
    """What ends it besides an opt-out and a stage that it is not for."""

    goal: Stages = ()
    score_below: Score | None = None
    score_at_least: Score | None = None
    reply: Annotated[str, AfterValidator(_whole_days)] | None = None


def _in_order(steps: tuple[Step, ...]) -> tuple[Step, ...]:
    keys = [step.key for step in steps]
    for place, step in enumerate(steps):
        if step.key is not None and step.key in keys[:place]:
            raise say(f'Two steps have the key "{step.key}".')
        later = [key for key in keys[place + 1 :] if key]
        for branch in step.branch or ():
            if branch.go_to != END and branch.go_to not in later:
                raise say(f'"{branch.go_to}" is no later step. A branch only leads onward.', [*later, END])
    return steps


def _first_says_who_and_how_to_stop(steps: tuple[Step, ...]) -> tuple[Step, ...]:
    texts = [words for step in steps if step.sms for words in (step.sms.en, step.sms.es)]
    if not all("STOP" in words for words in texts[:2]):
        raise say("The first text must say how to opt out: Reply STOP.")
    if not all({"company", "nmls"} <= fields_in(words) for words in texts[:2]):
        raise say("The first text must say who writes: {{ company }} and NMLS {{ nmls }}.")
    if not all("company" in fields_in(words) for words in texts):
        raise say("Each text must say who writes: {{ company }}.")
    return steps


class Sequence(Entry):
    """What leaves by itself, one step after another. One document, the same whether a file of messages/drips/ or somebody in chat wrote it;
    the store keeps each version as `stored` gives it (store/drips.py `keep_sequence`), and whoever began with a version goes on with it.

    - `key`, `name` (en, es): what it is called. `stages`: it runs while the lead is in one of them. `segments`: a lead must be in one.
    - `begins`: what begins it by itself, each one of: `stage: funded`; `segment: investor`; `event: clicked`, `missed_call`,
      `asked_again` (another form of theirs) or `rate_drop`;
      `silent_for: 60 days`; `date: closing`, `birthday`, `lock_expiry` or `preapproval_expiry`, with `before: 10 days` where it begins
      before the day. All of it is off until the block `drips` of leadbell.yaml names the sequence under `begin_by_themselves`.
    - `ends`: `goal`, stages that say that it did its work; `score_below`, `score_at_least`; `reply: 30 days` where it goes on so long
      after the borrower wrote, instead of ending. An opt-out, and a call that reached somebody, always end it.
    - `steps`, each one of `sms` (en, es), `email` (`subject` and `words`, each en, es), `task` (en, es: a reminder for the owner), or
      `branch` (a list of `when` and `go_to`, the `key` of a later step or `end`; where none fits, the next step comes).
      `after: 10 minutes` (hours, days, weeks, months, years) counts from the step before, with `from_start: true` from the beginning,
      or from the day that a `date` trigger goes by. `at: "10:00"` is the borrower's clock, `weekdays: true` moves a weekend to Monday.
      `on: [clicked]`, `missed_call`, `asked_again`, `rate_drop` or `stage NAME` has it come as soon as that happens; with `after`,
      whichever is first.
      `when` and `unless` say for which leads it is: `stage`, `segment`, `grade`, `has` (email, phone, owner), `contacted`, `clicked`,
      `replied`, `score_at_least`, `score_below`; others pass it over. Words that name a field that is not known are passed over too,
      unless they go without it: `{{ first_name or "there" }}`, `{% if city %}`.
    """

    key: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{1,39}$")]
    name: Names
    stages: Annotated[tuple[Annotated[str, AfterValidator(_running_stage)], ...], Field(min_length=1)]
    segments: tuple[SegmentKey, ...] = ()  # of which a lead must belong to one; none: all leads
    begins: tuple[Trigger, ...] = ()
    ends: Ends | None = None
    steps: Annotated[
        tuple[Step, ...],
        Field(min_length=1, max_length=MOST_STEPS),
        AfterValidator(_in_order),
        AfterValidator(_first_says_who_and_how_to_stop),
    ]

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
        raise ConfigError(path, problems_of(error)) from None
    if sequence.key != path.stem:
        raise ConfigError(path, [Problem("key", None, f"The file is named {path.stem}, so its key has to be that.")])
    return sequence


def stored(sequence: Sequence) -> str:
    """The document as the store keeps it: the same text for the same sequence. `as_written` reads it back."""
    written = sequence.model_dump(mode="json", exclude_defaults=True)
    return json.dumps(written, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def as_written(document: Mapping[str, Any]) -> Sequence:
    """A document of the store, or of somebody's who changes it. Raises pydantic's ValidationError; `problems_of` says it in words."""
    return Sequence.model_validate(document)


def as_yaml(sequence: Sequence) -> str:
    """The sequence as a file of messages/drips/ holds it: `read_sequence` reads the same out of it."""
    yaml, written = YAML(), StringIO()
    yaml.default_flow_style, yaml.width, yaml.allow_unicode = False, 4096, True
    yaml.indent(mapping=2, sequence=4, offset=2)
    yaml.dump(_in_lines(sequence.model_dump(mode="json", exclude_defaults=True)), written)
    return written.getvalue()


def _in_lines(written: Any) -> Any:
    """Words of several lines as people write them."""
    if isinstance(written, dict):
        return {name: _in_lines(value) for name, value in written.items()}
    if isinstance(written, list):
        return [_in_lines(each) for each in written]
    return LiteralScalarString(written) if isinstance(written, str) and "\n" in written else written


def problems_of(error: ValidationError) -> Iterator[Problem]:
    """What is wrong with a document, each with its place."""
    for detail in error.errors(include_url=False, include_input=False):
        context = detail.get("ctx", {})
        ours = detail["type"] == "leadbell"
        yield Problem(
            dotted(detail["loc"]), None, context["message"] if ours else f"{detail['msg']}.", context["allowed"] if ours else (), None
        )

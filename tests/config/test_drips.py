"""The sequences that Leadbell brings along: legal, short, alike in both languages; and a file that is wrong says everything at once."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import product
from pathlib import Path
from typing import get_args

import pytest
from jinja2 import TemplateSyntaxError

from bot import cli
from bot.app import Leadbell
from bot.clock import SystemClock
from bot.config.drips import MERGE_FIELDS, Sequence, Step, as_written, fields_in, read_sequence, read_sequences, stored
from bot.config.problems import ConfigError
from bot.nurture import drips
from bot.nurture.drip_steps import Unknown, borrower, objection_to
from bot.nurture.drips import library
from bot.rendering import LANGUAGES, messages_folder
from bot.rules.drips import plan_of, step_due
from bot.rules.emailing import tidy_words
from bot.rules.sms_segments import count_segments, tidy
from bot.rules.text import clean
from bot.settings import Settings
from bot.sources.new_lead import Purpose
from tests.conftest import EXAMPLE
from tests.doubles.office import environment

GOOD = (messages_folder() / "drips" / "new_lead.yaml").read_text("utf-8")
STEPS = {f"{sequence.key}-{number}": step for sequence in library().values() for number, step in enumerate(sequence.steps)}
RATES = re.compile(r"\d\s?%|\bAPR\b|\brates?\b|\btasas?\b|guarantee|free money|\blow(est)?\b|act now|limited time", re.IGNORECASE)
"""What asks for disclosures, promises, or is taken for spam by the carriers."""


TEXTS = {name: step for name, step in STEPS.items() if step.sms is not None}
HOSTILE = ("{{ company }}", "<!channel>", "{% for x in y %}", "José\r\nBcc: x@y.example", "\u202eanaD", "*Dana* @everyone", "O'Neil & Søn")


def filled(template: str, language: str, **known: object) -> str:
    """The words with these fields, as a step of a sequence would send them. Raises FieldMissing for those that are not known."""
    facts = dict.fromkeys(("first_name", "officer", "officer_nmls", "company", "nmls", "purpose", "city", "years")) | known
    return borrower.fill(template, language, **{name: value or Unknown(name) for name, value in facts.items()})


def everything_said(step: Step, language: str) -> list[str]:
    """Each template of a step, in this language."""
    parts = [step.sms, step.task, *((step.email.subject, step.email.words) if step.email else ())]
    return [getattr(part, language) for part in parts if part is not None]


KNOWN = {"company": "Acme Mortgage", "nmls": "123456"}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("step", TEXTS.values(), ids=TEXTS)
def test_every_text_reads_well_whatever_is_known_and_takes_two_segments_at_most(step: Step, language: str) -> None:
    assert step.sms is not None
    for purpose, officer, name, city in product(get_args(Purpose), ("Maya Torres", None), ("Dana", ""), ("Austin", None)):
        facts = {"purpose": purpose, "officer": officer, "officer_nmls": officer and "200101", "first_name": name, "city": city, **KNOWN}
        words = tidy(filled(getattr(step.sms, language), language, **facts))
        assert not re.search(r"\s{2}|\s[.,?!]|{|}|None|\(\)", words), words
        assert "Acme Mortgage" in words and RATES.search(words) is None
        assert count_segments(words).count <= 2 and count_segments(words).costly == (), words


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("step", STEPS.values(), ids=STEPS)
def test_every_step_reads_well_with_all_that_is_known_and_with_none_of_it(step: Step, language: str) -> None:
    whole = {"purpose": "purchase", "officer": "Maya Torres", "officer_nmls": "200101", "first_name": "Dana", "city": "Austin"}
    for facts in (whole, {**whole, "first_name": None}, {**whole, "city": None}, {**whole, "officer": None, "officer_nmls": None}, {}):
        for template in everything_said(step, language):
            words = tidy_words(filled(template, language, **KNOWN, **facts))
            assert not re.search(r"[^\S\n]{2}|\s[.,?!]|{|}|None|\(\)|^\s*,|(Hi|Hello|Hola)\s*[,:]?\s*$(?!\n)", words), words
            assert RATES.search(words) is None and "$" not in words, words


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", HOSTILE)
def test_no_step_obeys_what_a_stranger_calls_themselves(name: str, language: str) -> None:
    facts = {"purpose": "purchase", "officer": "Maya Torres", "officer_nmls": "200101", "city": name, **KNOWN}
    for step in STEPS.values():
        for template in everything_said(step, language):
            plain = filled(template, language, first_name="\0", **facts)
            hostile = filled(template, language, first_name=name, **facts)
            assert hostile.count(clean(name)) >= plain.count("\0")
            assert "\u202e" not in hostile and "\r" not in hostile


@pytest.mark.parametrize("key", library())
def test_every_sequence_says_what_it_is_for_and_what_begins_it_is_off_until_somebody_turns_it_on(key: str) -> None:
    sequence = library()[key]
    assert sequence.key == key and sequence.stages
    assert sequence.key == "new_lead" or sequence.key == "long_term" or sequence.begins


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("key", [key for key, sequence in library().items() if any(step.sms for step in sequence.steps)])
def test_the_first_text_says_who_writes_and_how_to_stop(key: str, language: str) -> None:
    first = next(step.sms for step in library()[key].steps if step.sms is not None)
    facts = {"officer": "Maya Torres", "officer_nmls": "200101", "first_name": "Dana", "city": "Austin", "purpose": "purchase", **KNOWN}
    words = filled(getattr(first, language), language, **facts)
    assert "Maya Torres" in words and "NMLS 200101" in words and "NMLS 123456" in words and "STOP" in words


def test_the_new_lead_sequence_is_five_texts_in_twelve_days() -> None:
    at = begun = datetime(2026, 12, 1, 18, 0, tzinfo=UTC)
    for step in library()["new_lead"].steps:
        assert step.after is not None
        at = step_due(step.after, step.at, at, "America/Chicago")

    assert [step.sms is not None for step in library()["new_lead"].steps] == 5 * [True]
    assert timedelta(days=11) <= at - begun <= timedelta(days=13)


def wrong(tmp_path: Path, *changes: tuple[str, str], name: str = "new_lead.yaml") -> str:
    text = GOOD
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    path = tmp_path / name
    path.write_text(text, "utf-8")
    with pytest.raises(ConfigError) as caught:
        read_sequence(path)
    return str(caught.value)


def test_everything_that_is_wrong_is_said_at_once(tmp_path: Path) -> None:
    said = wrong(
        tmp_path,
        ("stages: [new, attempted, nurture]", "stages: [new, denied]"),
        ("after: 10 minutes", "after: soon"),
        ('at: "10:00"', 'at: "21:00"'),
        ("{{ first_name or", "{{ full_name or"),
        ("name:\n  en: New lead", "color: red\nname:\n  en: New lead"),
    )

    assert "has 5 problems" in said
    for part in (
        '"denied" is no stage of an open or a funded lead',
        '"soon" is no length of time',
        'At "21:00" no text may leave',
        "full_name",
        "color",
    ):
        assert part in said


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("Reply STOP to opt out.\n      es", "Bye.\n      es", "The first text must say how to opt out"),
        ("{{ company }}, NMLS {{ nmls }}. You", "{{ company }}. You", "The first text must say who writes"),
        ('after: 1 day\n    at: "10:00"', 'after: 5 hours\n    at: "10:00"', "A time of day can only stand beside days."),
        ("key: new_lead", "key: newer_lead", "so its key has to be that"),
        ('at: "10:00"', "at: noon", "is no time of day"),
        ("{% if officer %}{{ officer }}{% if officer_nmls", "{% if officer {{ officer }}{% if officer_nmls", "The template cannot be read"),
        ("steps:\n", "steps: []\nothers:\n", "at least 1 item"),
    ],
)  # fmt: skip
def test_each_mistake_is_told_in_words(tmp_path: Path, old: str, new: str, why: str) -> None:
    assert why in " ".join(wrong(tmp_path, (old, new)).split())


@pytest.mark.parametrize("deep", [
    "{{ " + "not " * 900 + "city }}", "{{ " + "(" * 900 + "city" + ")" * 900 + " }}", "{% if city %}" * 140 + "{% endif %}" * 140,
    "{{ " + "city or " * 400 + "company }}",
], ids=["not", "brackets", "if", "or"])  # fmt: skip
def test_fields_that_stand_too_deep_inside_each_other_are_told_as_any_other_mistake(deep: str) -> None:
    with pytest.raises(TemplateSyntaxError, match="too much stands inside each other"):
        fields_in(deep)


@pytest.mark.parametrize("step", STEPS.values(), ids=STEPS)
def test_what_the_library_says_names_nothing_but_fields(step: Step) -> None:
    assert all(fields_in(template) <= MERGE_FIELDS for language in LANGUAGES for template in everything_said(step, language))


@pytest.mark.parametrize("typed", ["{{ self }}", "{{ loop }}", "{{ caller }}"])
def test_a_name_that_means_something_to_the_reader_of_templates_alone_is_no_field(typed: str) -> None:
    assert fields_in(typed) - MERGE_FIELDS


@pytest.mark.parametrize("step", STEPS.values(), ids=STEPS)
def test_nothing_of_the_library_is_kept_back_whatever_is_known_of_a_borrower(step: Step) -> None:
    for language, part in product(LANGUAGES, (step.sms, step.email)):
        if part is not None:
            *subject, words = everything_said(step, language)
            assert objection_to("".join(subject), words, language, "sms" if step.sms else "email", "Acme Mortgage", "123456") is None


def test_what_a_step_says_to_few_borrowers_keeps_it_back_too() -> None:
    hidden = "{{ company }} {% if city %}{% if not first_name %}Rates from 5.9%{% endif %}{% endif %}"
    assert objection_to("", hidden, "en", "sms", "Acme Mortgage", "123456") == "rate"


ANYTHING = """
key: trial
name: {en: Trial, es: Ensayo}
stages: [new]
steps:
  - after: 1 day
    email: {subject: {en: Hi, es: Hola}, words: {en: "Hi {{ first_name }}", es: "Hola {{ first_name }}"}}
  - after: 1 week
    key: second
    task: {en: Call, es: Llama}
"""


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("after: 1 day", "on: [sneezed]", '"sneezed" is nothing that a step can wait for.'),
        ("  - after: 1 day\n    email", "  - email", "Write after, such as after: 2 days, or on for what it waits for."),
        ("task: {en: Call, es: Llama}", "when: {has: email}", "A step is one thing: sms, email, task or branch."),
        ("task: {en: Call, es: Llama}", "when: {has: boat}\n    task: {en: a, es: b}", '"boat" is no thing a lead may have.'),
        ("task: {en: Call, es: Llama}", "when: {}\n    task: {en: a, es: b}", "A condition without anything in it fits every lead."),
        ("task: {en: Call, es: Llama}", "branch: [{when: {clicked: true}, go_to: second}]", '"second" is no later step.'),
        ("after: 1 day", "after: 1 hour\n    weekdays: true", "A time of day can only stand beside days."),
        ("key: second", "key: end", 'The key "end" is taken'),
        ("stages: [new]", "stages: [new]\nbegins: [{stage: funded, event: clicked}]", "Each entry of begins is one thing."),
        ("stages: [new]", "stages: [new]\nbegins: [{date: wedding}]", '"wedding" is no day of a borrower'),
        ("stages: [new]", "stages: [new]\nbegins: [{stage: funded, before: 3 days}]", "before can only stand beside date."),
        ("stages: [new]", "stages: [new]\nends: {reply: soon}", '"soon" is no number of days.'),
    ],
)  # fmt: skip
def test_each_mistake_of_a_step_is_told_in_words(tmp_path: Path, old: str, new: str, why: str) -> None:
    path = tmp_path / "trial.yaml"
    path.write_text(ANYTHING, "utf-8")
    assert read_sequence(path).key == "trial"
    assert old in ANYTHING
    path.write_text(ANYTHING.replace(old, new, 1), "utf-8")

    with pytest.raises(ConfigError) as caught:
        read_sequence(path)

    assert why in " ".join(str(caught.value).split())


@pytest.mark.parametrize("sequence", library().values(), ids=library())
def test_what_the_store_keeps_reads_back_the_same(sequence: Sequence) -> None:
    document = stored(sequence)

    assert as_written(json.loads(document)) == sequence
    assert stored(as_written(json.loads(document))) == document
    assert len(plan_of(document).steps) == len(sequence.steps)


@pytest.mark.parametrize("content", [b"key: [", b"\xff\xfe", b"key: a\nkey: b\n", b"!!python/object:os.system {}"])
def test_what_is_no_yaml_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "broken.yaml").write_bytes(content)

    with pytest.raises(ConfigError, match="This is not YAML in UTF-8"):
        read_sequences(tmp_path)


@pytest.fixture
def broken_library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Somebody changed a file of the library, and it cannot be read any more."""
    (tmp_path / "drips").mkdir()
    (tmp_path / "drips" / "new_lead.yaml").write_text(GOOD.replace("after: 10 minutes", "after: soon"), "utf-8")
    monkeypatch.setattr(drips, "messages_folder", lambda: tmp_path)
    library.cache_clear()
    yield
    library.cache_clear()


@pytest.mark.usefixtures("broken_library")
async def test_a_broken_sequence_is_told_before_anything_opens(tmp_path: Path) -> None:
    settings = Settings.model_construct(database_url=f"sqlite:///{tmp_path}/leadbell.db")

    with pytest.raises(ConfigError, match="is no length of time"):
        await Leadbell(settings, SystemClock()).run()

    assert not (tmp_path / "leadbell.db").exists()


@pytest.mark.usefixtures("broken_library")
def test_a_broken_sequence_is_told_by_check(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEADBELL_CONFIG", str(EXAMPLE))
    for name, key in environment().items():
        monkeypatch.setenv(name, key)

    with pytest.raises(ConfigError, match="is no length of time"):
        cli.check()

"""Whoever reads Spanish reads all of it in Spanish: the same messages, made of the same facts, and every short word."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from jinja2 import Environment, nodes

from bot.rendering import LANGUAGES, messages_folder
from bot.rules.sms_segments import count_segments
from bot.wording.plain import plain
from bot.wording.texting import borrower

OTHERS = [language for language in LANGUAGES if language != "en"]
ENGLISH = sorted(messages_folder().glob("*/en/*.j2"))
WORDLESS = {"a_note", "digest_line", "headline", "morning_line"}
"""Messages that only put facts side by side."""
BUTTON_TEXT = 75


def _in(language: str, english: Path) -> Path:
    return english.parent.parent / language / english.name


def _label_groups(language: str) -> dict[str, dict[str, str]]:
    return tomllib.loads((messages_folder() / f"labels.{language}.toml").read_text("utf-8"))


def _facts_of(path: Path) -> set[str]:
    said = Environment(autoescape=True).parse(path.read_text("utf-8"))
    parts = {f"{part.node.name}.{part.attr}" for part in said.find_all(nodes.Getattr) if isinstance(part.node, nodes.Name)}
    return {name.name for name in said.find_all(nodes.Name)} | parts


def test_the_languages_are_the_folders_that_hold_words() -> None:
    assert {path.parent.name for path in messages_folder().rglob("*.j2")} == set(LANGUAGES)
    assert {path.name.split(".")[1] for path in messages_folder().glob("labels.*.toml")} == set(LANGUAGES)


@pytest.mark.parametrize("language", OTHERS)
def test_every_message_is_there_in_each_language(language: str) -> None:
    assert sorted(messages_folder().glob(f"*/{language}/*.j2")) == sorted(_in(language, path) for path in ENGLISH)


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("path", ENGLISH, ids=lambda path: path.stem)
def test_a_message_tells_the_same_facts_in_each_language(path: Path, language: str) -> None:
    assert _facts_of(_in(language, path)) == _facts_of(path)


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("path", ENGLISH, ids=lambda path: path.stem)
def test_a_message_has_the_labels_it_has_in_english(path: Path, language: str) -> None:
    def shown(each: Path) -> set[str]:
        return set(re.findall(r'label\("(\w+)"', each.read_text("utf-8")))

    assert shown(_in(language, path)) == shown(path)


@pytest.mark.parametrize("language", OTHERS)
def test_no_message_was_left_in_english(language: str) -> None:
    assert {path.stem for path in ENGLISH if _in(language, path).read_text("utf-8") == path.read_text("utf-8")} == WORDLESS


@pytest.mark.parametrize("language", OTHERS)
def test_every_short_word_is_there_in_each_language(language: str) -> None:
    there, english = _label_groups(language), _label_groups("en")

    assert {(group, key) for group in there for key in there[group]} == {(group, key) for group in english for key in english[group]}


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_stands_on_a_button_fits_it(language: str) -> None:
    groups = _label_groups(language)

    on_buttons = [text for group in ("button", "disposition", "pass_reason", "more", "later") for text in groups[group].values()]
    assert [text for text in on_buttons if len(text) > BUTTON_TEXT] == []


def test_no_two_answers_of_one_menu_read_the_same() -> None:
    for language in LANGUAGES:
        groups = _label_groups(language)
        for group in ("disposition", "stage", "pass_reason", "more", "later"):
            assert len(set(groups[group].values())) == len(groups[group]), f"{language}: {group}"


@pytest.mark.parametrize(
    ("opens_at", "words"), [("1 p.m. CT", "la 1 p.m. CT"), ("1:15 p.m. CT", "la 1:15 p.m. CT"), ("11 a.m. CT", "las 11 a.m. CT")]
)
def test_one_o_clock_is_a_single_hour_in_spanish(opens_at: str, words: str) -> None:
    said = plain.say("callable", "es", open_until=None, opens_at=opens_at, silenced=False, has_phone=True)

    assert said == f"se puede llamar desde {words}"


@pytest.mark.parametrize("purpose", _label_groups("es")["asking"])
def test_a_spanish_text_to_a_borrower_keeps_to_letters_that_travel_at_full_length(purpose: str) -> None:
    """One á, í, ó or ú would leave 70 letters to a segment instead of 160."""
    facts: dict[str, Any] = {"first_name": "Dana", "officer": "Maya", "company": "Acme Mortgage", "purpose": purpose, "city": "Austin"}
    facts |= {"officer_nmls": "200101", "nmls": "123456", "names": True, "opt_out": True}

    for message in ("first_hello", "greeting", "missed_you", "back_soon", "sign_off"):
        assert count_segments(borrower.say(message, "es", **facts)).costly == ()


def test_a_borrower_who_reads_spanish_is_always_usted() -> None:
    folders = [messages_folder() / room / "es" for room in ("sms", "email", "pages")]
    to_borrowers = [each for folder in folders for each in folder.glob("*.j2")] + [messages_folder() / "voice" / "es" / "voicemail.j2"]
    called = r"t[uú]|tus|te|ti|contigo|(?:llam|escrib|dec|env)[aei]rte|consultaste|pediste|preguntaste|llámanos"
    familiar = re.compile(rf"\b(?:{called})\b", re.I)

    assert [each.name for each in to_borrowers if familiar.search(each.read_text("utf-8"))] == []

"""Segments of a config: named groups of leads, beside those that come with Leadbell."""

from datetime import date
from pathlib import Path

import pytest
from rich.console import Console

from bot.config import Config, advice_on_segments, canonical_text, describe, warnings
from bot.rules.segments import BUILT_IN
from tests.config.small import SMALL, load_text, problems_of

TODAY = date(2026, 11, 24)
JUMBO = """\
segments:
  - {key: jumbo, name: Jumbo loan, when: {amount: {at_least: 800000}, unless: {property_use: investment}}}
"""
RULE = "routing:\n  - {name: Big ones, when: {segment: [jumbo, veteran]}}\n  - name: All others\n"


def test_segments_survive_being_stored_beside_those_that_come_with_leadbell(tmp_path: Path) -> None:
    config = load_text(tmp_path, SMALL + JUMBO + RULE)
    stored = Config.model_validate_json(canonical_text(config))
    assert stored == config
    assert [each.key for each in stored.segments_in_force] == [*(each.key for each in BUILT_IN), "jumbo"]


def test_a_segment_under_the_key_of_one_of_ours_takes_its_place(tmp_path: Path) -> None:
    config = load_text(tmp_path, SMALL + "segments:\n  - {key: referral, name: Sent by friends, when: {source: zillow}}\n")
    [referral] = [each for each in config.segments_in_force if each.key == "referral"]
    assert referral.name == "Sent by friends" and referral.when.words == {"source": frozenset({"zillow"})}


def test_segments_are_shown_in_words(tmp_path: Path) -> None:
    console = Console(width=80, color_system=None, force_terminal=False)
    with console.capture() as capture:
        console.print(*describe(load_text(tmp_path, SMALL + JUMBO)))
    assert "amount from 800,000; unless property use investment" in " ".join(capture.get().split())


BAD = {
    "an unknown segment": ("routing:\n  - {name: Vets, when: {segment: vetran}}\n", '"vetran" is not the key of a segment.', "veteran"),
    "one by its name": (
        JUMBO + "routing:\n  - {name: Big, when: {segment: jumbo loan}}\n",
        '"jumbo loan" is not the key of a segment.',
        "jumbo",
    ),
    "a condition on the hour": ("segments:\n  - {key: late, name: Late, when: {hours: 8pm-10pm}}\n", '"hours" is not a key here.', None),
    "a condition on a segment": (
        "segments:\n  - {key: both, name: Both, when: {segment: veteran}}\n",
        '"segment" is not a key here.',
        None,
    ),
    "no condition": (
        "segments:\n  - {key: all, name: All, when: {}}\n",
        "A segment without conditions would hold every lead. Write at least one under when.",
        None,
    ),
    "a key twice": (JUMBO + JUMBO.partition("\n")[2], "The same key stands on line 32 already. Each entry needs its own.", None),
}


@pytest.mark.parametrize(("text", "message", "suggestion"), BAD.values(), ids=BAD)
def test_what_is_wrong_with_a_segment_is_told(tmp_path: Path, text: str, message: str, suggestion: str | None) -> None:
    told = [(problem.message, problem.suggestion) for problem in problems_of(tmp_path, SMALL + text)]
    assert told == [(message, suggestion)] or (suggestion is None and [said for said, _ in told] == [message])


def test_a_segment_that_nothing_names_is_told_and_one_that_texts_name_is_not(tmp_path: Path) -> None:
    config = load_text(tmp_path, SMALL + JUMBO)
    assert [each.message for each in advice_on_segments(config, {"new_lead": ()})] == [
        'No rule and no texts use the segment "jumbo". It is shown beside leads, and nothing else.'
    ]
    assert list(advice_on_segments(config, {"new_lead": ("jumbo",)})) == []
    assert list(advice_on_segments(load_text(tmp_path, SMALL + JUMBO + RULE), {})) == []


def test_texts_for_a_segment_that_there_is_not_are_told(tmp_path: Path) -> None:
    assert [each.message for each in advice_on_segments(load_text(tmp_path, SMALL), {"big": ("jumbo",)})] == [
        'The texts "big" are for the segment "jumbo", which there is not. Write it under segments.'
    ]


def test_a_segment_that_lets_in_only_what_it_keeps_out_is_told(tmp_path: Path) -> None:
    never = "segments:\n  - {key: none, name: None, when: {purpose: purchase, unless: {purpose: [purchase, refinance]}}}\n"
    assert [each.message for each in warnings(load_text(tmp_path, SMALL + never), TODAY)] == [
        'No lead ever belongs to "none": what its unless keeps out is all that it lets in.'
    ]
    assert warnings(load_text(tmp_path, SMALL + JUMBO), TODAY) == []

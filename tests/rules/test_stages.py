"""The stages of a lead, and how officers name them."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.stages import STAGES, closest, ends, notice_due, read
from bot.store.leads import ENDED_STAGES


@pytest.mark.parametrize("stage", STAGES)
def test_every_stage_is_read_by_its_name(stage: str) -> None:
    assert read(stage) == read(stage.replace("_", " ").title()) == read(f" to {stage}. ") == stage


@pytest.mark.parametrize(
    ("text", "stage"),
    [("CTC", "clear_to_close"), ("pre-approved", "preapproved"), ("uw", "underwriting"), ("app", "application"), ("dupe", "duplicate")],
)
def test_everyday_words_are_read(text: str, stage: str) -> None:
    assert read(text) == stage


@pytest.mark.parametrize(
    ("text", "stage"),
    [
        ("preaproved", "preapproved"),
        ("aplication", "application"),
        ("underwritting", "underwriting"),
        ("clear to clsoe", "clear_to_close"),
        ("contcated", "contacted"),
        ("not qualifed", "not_qualified"),
        ("denid", "denied"),
    ],
)
def test_a_typo_is_asked_back_and_not_taken_for_said(text: str, stage: str) -> None:
    assert read(text) is None
    assert closest(text)[0] == stage


@pytest.mark.parametrize("text", ["", "  ", "xyz", "👍", "42"])
def test_words_that_resemble_no_stage_are_not_guessed_at(text: str) -> None:
    assert read(text) is None
    assert closest(text) == ()


@given(st.text(max_size=200))
def test_no_text_is_too_strange_to_be_looked_at(text: str) -> None:
    assert set(closest(text)) <= set(STAGES)


def test_the_store_ends_the_same_stages() -> None:
    assert {stage for stage in STAGES if ends(stage)} == set(ENDED_STAGES)


def test_a_refusal_has_to_be_told_within_thirty_days_of_the_teams_calendar() -> None:
    late = datetime(2027, 1, 1, 5, 30, tzinfo=UTC)  # still New Year's Eve in Austin
    assert notice_due("denied", late, "America/Chicago") == date(2027, 1, 30)
    assert notice_due("not_qualified", late, "UTC") == date(2027, 1, 31)
    assert [stage for stage in STAGES if notice_due(stage, late, "UTC")] == ["not_qualified", "denied"]

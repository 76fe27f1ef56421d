"""What is bid for a lead that a seller describes, and the word that proves a bid of ours."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.pinging import Bid, Day, Terms, WhyNot, decide, read_word, write_word

TERMS = Terms((Bid(60, frozenset({"TX"}), frozenset({"purchase"})), Bid(30, frozenset({"TX", "OK"}))), most_per_day=3, budget_per_day=150)
AT = datetime(2026, 11, 24, 18, 0, tzinfo=UTC)
SECRET = bytes(32)


@pytest.mark.parametrize(
    ("state", "purpose", "known", "today", "decided"),
    [
        ("TX", "purchase", False, Day(), 60),
        ("TX", "refinance", False, Day(), 30),
        ("TX", None, False, Day(), 30),
        ("OK", "purchase", False, Day(2, 120), 30),
        (None, "purchase", False, Day(), "no_state"),
        ("CA", "purchase", False, Day(), "not_licensed"),
        ("NM", "purchase", False, Day(), "not_wanted"),
        ("TX", "purchase", True, Day(), "duplicate"),
        ("TX", "purchase", False, Day(3, 90), "cap"),
        ("TX", "purchase", False, Day(2, 120), "budget"),
    ],
)
def test_the_first_bid_that_fits_is_made_within_what_the_law_and_the_day_allow(
    state: str | None, purpose: str | None, known: bool, today: Day, decided: int | WhyNot
) -> None:
    assert decide(TERMS, ("TX", "OK", "NM"), state, purpose, known=known, today=today) == decided


@given(st.integers(1, 2**32 - 1), st.integers(0, 100_000), st.integers(0, 2**64 - 1))
def test_a_word_says_what_was_bid_when_and_to_whom(source: int, dollars: int, number: int) -> None:
    word, key = write_word(SECRET, source, dollars, AT, number)

    told = read_word(SECRET, word)

    assert word.isalpha() and word.islower()
    assert told is not None and (told.source_id, told.dollars, told.at, told.key) == (source, dollars, AT, key)


def test_a_word_that_was_changed_or_is_of_another_secret_is_none_of_ours() -> None:
    word, _ = write_word(SECRET, 1, 45, AT, 7)

    for place in range(len(word)):
        assert read_word(SECRET, word[:place] + ("a" if word[place] != "a" else "b") + word[place + 1 :]) is None
    assert read_word(b"another" * 5, word) is None


@given(st.text())
def test_any_other_text_is_none_of_ours(text: str) -> None:
    assert read_word(SECRET, text) is None

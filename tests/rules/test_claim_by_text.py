"""An officer's text claims a lead by its number, however they write it, and by nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.claim_by_text import lead_claimed


@pytest.mark.parametrize(
    "words", ["1042", " #1042 ", "claim 1042", "Claim #1042!", "Reply 1042 to claim".removesuffix(" to claim"), "tomar 1042", '"1042"']
)
def test_the_number_alone_or_after_a_word_for_claiming_claims_it(words: str) -> None:
    assert lead_claimed(words) == 1042


@pytest.mark.parametrize("words", ["", "yes", "1042 or 1043", "not 1042", "10 42", "1042 stop", "9" * 19, "\u0661\u0660\u0664\u0662"])
def test_anything_else_claims_nothing(words: str) -> None:
    assert lead_claimed(words) is None


@given(st.text(max_size=200))
def test_no_words_break_it(words: str) -> None:
    assert lead_claimed(words) is None or any(character.isdigit() for character in words)

"""What comes back to us with our mark is what we said; anything else is nothing."""

from hypothesis import given
from hypothesis import strategies as st

from bot.rules.signed import SHORT, WHOLE, said_by_us, signed

KEY = bytes(range(32))
words = st.text(st.characters(codec="utf-8"), max_size=40)


@given(words, st.sampled_from([SHORT, WHOLE]))
def test_what_we_signed_is_read_back(said: str, digits: int) -> None:
    token = signed(KEY, "link", said, digits)
    assert said_by_us(KEY, "link", token, digits) == said


def test_a_mark_holds_for_one_purpose_and_one_key() -> None:
    token = signed(KEY, "link", "12.7")
    assert said_by_us(KEY, "open", token) is None
    assert said_by_us(bytes(32), "link", token) is None


def test_part_of_a_mark_is_none() -> None:
    token = signed(KEY, "link", "12.7", SHORT)
    assert said_by_us(KEY, "link", token) is None
    assert said_by_us(KEY, "link", signed(KEY, "link", "12.7"), SHORT) is None
    assert said_by_us(KEY, "link", "12.7.") is None


@given(st.text(max_size=200))
def test_whatever_somebody_makes_up_is_refused_without_trouble(token: str) -> None:
    assert said_by_us(KEY, "link", token) is None


def test_a_mark_stays_what_it_is_in_links_that_are_out_there() -> None:
    assert signed(KEY, "link", "31.2", SHORT) == "31.2.213971cf95e0c5d99c12"

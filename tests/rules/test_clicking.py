"""Links in an email: found as they are written, led back to by their token alone, and counted where a person follows them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.clicking import is_a_persons, link_token, links_in, pieces, read_token

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"


def test_addresses_are_found_without_what_ends_the_sentence() -> None:
    words = "Apply at https://acme.example/apply?a=1&b=2. Or (http://acme.example/x), or <https://acme.example>!"

    assert links_in(words) == ["https://acme.example/apply?a=1&b=2", "http://acme.example/x", "https://acme.example"]


@given(st.text(alphabet=st.sampled_from("htps:/ .a?)\n<>"), max_size=200))
def test_the_pieces_are_the_words(words: str) -> None:
    assert "".join(piece for piece, _ in pieces(words)) == words


def test_a_token_is_ours_alone() -> None:
    token = link_token(b"key", 42, 1)

    assert read_token(b"key", token) == (42, 1)
    assert read_token(b"other", token) is None and read_token(b"key", token.replace("42.1", "42.2")) is None
    assert read_token(b"key", "https://evil.example") is None


@pytest.mark.parametrize(
    ("method", "program", "purpose", "persons"),
    [
        ("GET", FIREFOX, "", True),
        ("GET", "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 Safari/604.1", "", True),
        ("HEAD", FIREFOX, "", False),
        ("GET", FIREFOX, "prefetch", False),
        ("GET", "", "", False),
        ("GET", "Barracuda Sentinel (EE)", "", False),
        ("GET", "Mozilla/5.0 (compatible; Proofpoint URL Defense)", "", False),
        ("GET", "python-requests/2.32", "", False),
        ("GET", "Mozilla/5.0 (compatible; Googlebot/2.1)", "", False),
    ],
)
def test_programs_that_look_at_mail_are_nobody(method: str, program: str, purpose: str, persons: bool) -> None:
    assert is_a_persons(method, program, purpose) is persons

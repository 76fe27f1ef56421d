"""The picture in an email: only we can have made its address, and it stands for that email alone."""

import pytest

from bot.rules.clicking import link_token
from bot.rules.mail_opens import open_token, read_open_token


def test_a_token_is_ours_alone() -> None:
    token = open_token(b"key", 42)

    assert token.isascii() and read_open_token(b"key", token) == 42
    assert read_open_token(b"other", token) is None and read_open_token(b"key", token.replace("42", "43", 1)) is None


@pytest.mark.parametrize("token", ["", "42", "42.", f"0.{'0' * 20}", f"٤٢.{'0' * 20}", "9" * 4000, f"{'9' * 40}.{'0' * 20}"])
def test_what_looks_otherwise_is_none_of_ours(token: str) -> None:
    assert read_open_token(b"key", token) is None


def test_a_link_is_no_picture() -> None:
    assert read_open_token(b"key", link_token(b"key", 42, 0)) is None

"""A token goes along to our own sites only, and in a part of the address that no server sees."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.visiting import landing

SITES = ("https://www.acme.example",)


@pytest.mark.parametrize(
    ("target", "where"),
    [
        ("https://www.acme.example/refi?x=1", "https://www.acme.example/refi?x=1#leadbell=1.0.ab"),
        ("https://WWW.acme.example", "https://WWW.acme.example#leadbell=1.0.ab"),
        ("https://www.acme.example/refi#costs", "https://www.acme.example/refi#costs"),
        ("http://www.acme.example/", "http://www.acme.example/"),
        ("https://www.acme.example.evil.example/", "https://www.acme.example.evil.example/"),
        ("https://www.acme.example@evil.example/", "https://www.acme.example@evil.example/"),
        ("https://evil.example/https://www.acme.example", "https://evil.example/https://www.acme.example"),
        ("https://[", "https://["),
    ],
)
def test_a_token_goes_along_to_sites_of_ours_alone(target: str, where: str) -> None:
    assert landing(target, "1.0.ab", SITES) == where


@given(st.text())
def test_any_address_is_led_to_as_it_is(target: str) -> None:
    assert landing(target, "1.0.ab", ()) == target

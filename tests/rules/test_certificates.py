"""Which certificate an address means, and that no other address means any."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.certificates import certificate_in

TOKEN = "eb9fc4dd9bed9ad451a5648946cf4bf09b5bb947"


@pytest.mark.parametrize(
    "address",
    [
        f"https://cert.trustedform.com/{TOKEN}",
        f"https://cert.trustedform.com/{TOKEN}/",
        f"https://CERT.trustedform.com/{TOKEN}?shared_token=x#part",
    ],
)
def test_the_vendors_own_address_means_its_certificate(address: str) -> None:
    assert certificate_in(address) == TOKEN


@pytest.mark.parametrize(
    "address",
    [
        None,
        "",
        TOKEN,
        f"http://cert.trustedform.com/{TOKEN}",
        f"https://cert.trustedform.com.evil.example/{TOKEN}",
        f"https://evil.example/{TOKEN}",
        f"https://user@cert.trustedform.com/{TOKEN}",
        f"https://cert.trustedform.com:8443/{TOKEN}",
        f"https://cert.trustedform.com@evil.example/{TOKEN}",
        f"https://cert.trustedform.com/a/{TOKEN}",
        "https://cert.trustedform.com/..",
        "https://cert.trustedform.com/",
        "https://cert.trustedform.com/%2e%2e",
        "https://cert.trustedform.com/" + "a" * 256,
        "https://[cert.trustedform.com/x",
        f"javascript:https://cert.trustedform.com/{TOKEN}",
    ],
)
def test_any_other_address_means_none(address: str | None) -> None:
    assert certificate_in(address) is None


@given(st.text(max_size=60))
def test_whatever_stands_behind_the_host_is_one_plain_id_or_none(path: str) -> None:
    found = certificate_in(f"https://cert.trustedform.com/{path}")
    assert found is None or (found[0].isalnum() and "/" not in found and found.isascii())

"""A phone or an email is found in what somebody sent, however it is spelled there; what is somebody else's is not."""

import pytest

from bot.rules.mentions import Sought

DANA = Sought(["+15125550142"], ["dana@example.com", "d.rowe+loan@example.com"])


@pytest.mark.parametrize(
    "body",
    [
        b'{"phone":"512-555-0142"',
        b'{"phone":5125550142}',
        b'{"phone":"+1 (512) 555.0142 x7"}',
        b'{"phone":"512\\u002d555\\u002d0142"}',
        b"phone=%28512%29+555%2D0142&name=Dana",
        b"<phone>512&#45;555&#45;0142</phone>",
        b'{"area":"512","number":"5550142"}',
        '{"phone":"512-555-0142"}'.encode("utf-16"),
        "phone: \uff15\uff11\uff12 555 0142".encode(),
    ],
)
def test_a_phone_is_found_in_any_spelling(body: bytes) -> None:
    assert DANA.stand_in(body)


@pytest.mark.parametrize(
    "body",
    [
        b'{"email":"Dana@Example.com"',
        b"email=dana%40example.com&x=1",
        b"note=mail+dana%40example.com",
        b"email=d.rowe%2Bloan%40example.com",
        b'{"note":"mail\\ndana@example.com"}',
        b'{"email":"dana\\u0040example.com"}',
        b"<email>dana&#64;example.com</email>",
        b"Reach me at dana@example.com.",
        '{"email":"dana@example.com"}'.encode("utf-16-le"),
    ],
)
def test_an_email_is_found_in_any_spelling(body: bytes) -> None:
    assert DANA.stand_in(body)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff\xfe\x00%zz\\u12",
        b"&#" + b"9" * 5000 + b";&#x110000;\\ud800",
        b'{"phone":"512-555-0143","email":"petra@example.com"}',
        b"jordana@example.com, x.dana@example.com, dana@example.com.au, dana@example.community",
    ],
)
def test_what_is_somebody_else_s_is_not_found(body: bytes) -> None:
    assert not DANA.stand_in(body)


def test_a_phone_from_abroad_is_found_as_people_write_it_at_home() -> None:
    assert Sought(["+442079460958"], []).stand_in(b"020 7946 0958")


def test_where_nothing_is_looked_for_nothing_is_found() -> None:
    assert not Sought([], []).stand_in(b"512-555-0142 dana@example.com")

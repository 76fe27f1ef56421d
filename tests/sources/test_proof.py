"""A key in the body: found as it stands there, or in the field that it is; nothing long is parsed for who did not prove anything."""

import orjson
import pytest

from bot.sources import proof
from bot.sources.proof import by_field
from bot.sources.request import LeadRequest

KEY = "a-key-of-theirs"
NAMED = by_field("google_key", "Google_key")
LONG = "x" * 100_000


def proves(body: bytes, content_type: str = "application/json") -> bool:
    return NAMED.proves(LeadRequest({"content-type": content_type}, {}, body), KEY)


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/json", b'{"lead_id": "7", "google_key" : "a-key-of-theirs"}'),
        ("application/json", b'{"Google_key":"a-key-of-theirs"}'),
        ("application/json", b'{"google_key": "a\\u002dkey-of-theirs"}'),
        ("application/json; charset=utf-16", '{"google_key": "a-key-of-theirs"}'.encode("utf-16")),
        ("application/x-www-form-urlencoded", b"x=1&google_key=a-key-of-theirs&y=2"),
        ("application/x-www-form-urlencoded", b"google_key=a%2Dkey-of-theirs"),
        ("application/xml", b"<lead><google_key>a-key-of-theirs</google_key></lead>"),
        (
            "multipart/form-data; boundary=b",
            b'--b\r\nContent-Disposition: form-data; name="google_key"\r\n\r\na-key-of-theirs\r\n--b--\r\n',
        ),
    ],
)
def test_the_key_is_found_however_it_is_written(content_type: str, body: bytes) -> None:
    assert proves(body, content_type)
    assert not NAMED.proves(LeadRequest({"content-type": content_type}, {}, body), "a-key-of-others")


@pytest.mark.parametrize("body", [b"", b"{}", b'{"google_key": ""}', b'{"google_key": 7}', b'{"other": "a-key-of-theirs"}', b"google_key"])
def test_no_key_or_another_field_proves_nothing(body: bytes) -> None:
    assert not proves(body)


def test_a_long_body_is_not_parsed_for_a_stranger(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proof, "read_body", lambda *_: pytest.fail("it was parsed"))

    assert not proves(orjson.dumps({"comments": LONG}))
    assert not proves(orjson.dumps({"comments": LONG, "google_key": "another"}))
    assert proves(orjson.dumps({"comments": LONG, "google_key": KEY}))

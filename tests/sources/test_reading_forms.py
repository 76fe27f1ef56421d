"""Forms as web pages send them become fields, whatever their encoding, and files stay outside."""

import pytest

from bot.sources.reading import read_body
from bot.sources.unreadable import Unreadable

FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data; boundary=line"


def part(name: str, value: str, more: str = "") -> bytes:
    return f'--line\r\nContent-Disposition: form-data; name="{name}"{more}\r\n\r\n{value}\r\n'.encode()


def test_a_form_is_read_with_its_blank_fields() -> None:
    assert read_body(FORM, b"first_name=Dana&HomePhone=&loan+amount=%24310%2C000") == {
        "first_name": "Dana",
        "HomePhone": "",
        "loan amount": "$310,000",
    }


def test_the_checkbox_behind_a_hidden_zero_wins() -> None:
    assert read_body(FORM, b"agree=0&agree=1") == {"agree": "1"}


def test_names_in_square_brackets_collect_a_list() -> None:
    fields = read_body(FORM, b"phones[]=5125550100&phones[]=5125550199")
    assert fields == {"phones[]": ["5125550100", "5125550199"]}
    assert fields.notes == ()


@pytest.mark.parametrize("body", [b"name=Ren%E9e", b"name=Ren\xe9e"])
def test_a_form_in_latin_letters_is_read_with_a_note(body: bytes) -> None:
    fields = read_body(FORM, body)
    assert fields == {"name": "Renée"}
    assert len(fields.notes) == 1


def test_a_declared_character_set_needs_no_note() -> None:
    fields = read_body(f"{FORM}; charset=ISO-8859-1", b"name=Ren%E9e")
    assert fields == {"name": "Renée"}
    assert fields.notes == ()


def test_a_form_with_more_than_300_fields_is_refused() -> None:
    with pytest.raises(Unreadable) as caught:
        read_body(FORM, b"&".join(b"a%d=1" % at for at in range(301)))
    assert caught.value.status == 413


def test_a_multipart_form_is_read() -> None:
    body = part("first_name", "Dana") + part("comments", "line one\r\nline two") + b"--line--\r\n"
    assert read_body(MULTIPART, body) == {"first_name": "Dana", "comments": "line one\r\nline two"}


def test_a_file_is_left_behind_with_a_note() -> None:
    fields = read_body(MULTIPART, part("first_name", "Dana") + part("paystub", "%PDF", '; filename="pay.pdf"') + b"--line--\r\n")
    assert fields == {"first_name": "Dana"}
    assert fields.notes == ("A file was sent along and was not kept.",)


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        (MULTIPART, part("first_name", "Dana")),
        (MULTIPART, b"no parts at all"),
        (MULTIPART, b""),
        ("multipart/form-data", part("first_name", "Dana") + b"--line--\r\n"),
        ("multipart/form-data; boundary=" + "x" * 500, b"--x--"),
    ],
)
def test_a_multipart_form_that_cannot_be_taken_apart_is_refused(content_type: str, body: bytes) -> None:
    with pytest.raises(Unreadable) as caught:
        read_body(content_type, body)
    assert (caught.value.status, caught.value.errors[0].type) == (422, "invalid_form")


def test_a_multipart_form_with_more_than_300_parts_is_refused() -> None:
    with pytest.raises(Unreadable) as caught:
        read_body(MULTIPART, part("a", "1") * 301 + b"--line--\r\n")
    assert caught.value.status == 413

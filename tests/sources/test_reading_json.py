"""A JSON body becomes fields within limits, and what is wrong with it is said in words its sender can act on."""

import json
import time

import orjson
import pytest

from bot.sources.flat import flat_fields
from bot.sources.reading import MOST_BYTES, read_body
from bot.sources.unreadable import Unreadable

JSON = "application/json"


def refusal(body: bytes, content_type: str = JSON) -> tuple[int, str]:
    with pytest.raises(Unreadable) as caught:
        read_body(content_type, body)
    [error] = caught.value.errors
    assert error.field == "body"
    return caught.value.status, error.type


def test_an_object_is_read_with_its_types_and_nesting() -> None:
    fields = read_body(
        JSON, b'{"first_name": "Dana", "loan": {"amount": 310000, "veteran": false}, "phones": ["5125550100"], "agent": null}'
    )
    assert fields == {"first_name": "Dana", "loan": {"amount": 310000, "veteran": False}, "phones": ["5125550100"], "agent": None}
    assert fields.notes == ()


@pytest.mark.parametrize(
    "content_type", [JSON, "application/json; charset=UTF-8", "text/json", "application/vnd.lead+json", "text/plain", "", None]
)
def test_json_is_read_under_every_name_it_travels_by(content_type: str | None) -> None:
    assert read_body(content_type, b'{"email": "dana@example.com"}') == {"email": "dana@example.com"}


def test_json_sent_by_curl_as_a_form_is_read_as_json() -> None:
    assert read_body("application/x-www-form-urlencoded", b' {"email": "dana@example.com"}') == {"email": "dana@example.com"}


def test_a_byte_order_mark_is_no_obstacle() -> None:
    assert read_body(JSON, b'\xef\xbb\xbf{"city": "Austin"}') == {"city": "Austin"}


def test_utf16_is_read_when_it_is_declared() -> None:
    assert read_body("application/json; charset=utf-16", '{"name": "Renée"}'.encode("utf-16")) == {"name": "Renée"}


def test_latin_text_without_a_declaration_is_read_with_a_note() -> None:
    fields = read_body(JSON, b'{"name": "Ren\xe9e"}')
    assert fields == {"name": "Renée"}
    assert fields.notes == ("The text was not valid UTF-8 and was read as Windows-1252.",)


def test_the_last_value_of_a_repeated_key_wins_with_a_note() -> None:
    fields = read_body(JSON, b'{"city": "Austin", "city" : "Dallas"}')
    assert fields == {"city": "Dallas"}
    assert len(fields.notes) == 1


def test_a_blank_repetition_does_not_erase_a_value() -> None:
    assert read_body(JSON, b'{"city": "Austin", "city": ""}') == {"city": "Austin"}


def test_a_colon_inside_a_text_is_no_repeated_key() -> None:
    fields = read_body(JSON, b'{"comments": ":call \\": me", "city": ":"}')
    assert fields == {"comments": ':call ": me', "city": ":"}
    assert fields.notes == ()


def test_long_ids_keep_every_digit() -> None:
    assert read_body(JSON, b'{"id": 123456789012345678901234567890}') == {"id": 123456789012345678901234567890}


def test_raw_newlines_lone_surrogates_and_nan_do_not_lose_a_lead() -> None:
    assert read_body(JSON, b'{"comments": "after\nsix \\ud800", "rate": NaN}') == {"comments": "after\nsix \ud800", "rate": None}


def test_a_text_of_more_than_20000_characters_is_cut_with_a_note() -> None:
    fields = read_body(JSON, json.dumps({"loan": {"comments": "x" * 20_001}}).encode())
    assert len(fields["loan"]["comments"]) == 20_000
    assert fields.notes == ("A text was longer than 20,000 characters and was cut.",)


def test_300_values_are_read_and_one_more_is_refused() -> None:
    assert len(read_body(JSON, json.dumps(dict.fromkeys(map(str, range(300)), 1)).encode())) == 300
    assert refusal(json.dumps({"a": dict.fromkeys(map(str, range(300)), 1)}).encode()) == (413, "too_many_fields")


def test_eight_levels_are_read_and_nine_are_refused() -> None:
    assert read_body(JSON, b'{"a":' * 8 + b"1" + b"}" * 8)
    assert refusal(b'{"a":' * 9 + b"1" + b"}" * 9) == (422, "too_deep")


@pytest.mark.parametrize(
    ("body", "status", "kind"),
    [
        (b"x" * (MOST_BYTES + 1), 413, "too_large"),
        (b'{"a":' + b"9" * 31 + b"}", 422, "number_too_long"),
        (b"[" * 100_000, 422, "too_deep"),
        (b'{"a":' * 100_000, 422, "too_deep"),
        (b'[{"a": 1}]', 422, "not_an_object"),
        (b"12", 422, "not_an_object"),
        (b"", 422, "invalid_json"),
        (b"{'a': 1}", 422, "invalid_json"),
        (b'{"a": "\xff', 422, "invalid_json"),
    ],
)
@pytest.mark.fault(76)
def test_a_body_that_is_no_lead_is_refused_with_its_reason(body: bytes, status: int, kind: str) -> None:
    assert refusal(body) == (status, kind)


@pytest.mark.parametrize("charset", ["zip", "hex", "idna", "utf-7", "unicode_escape", "klingon", "\x00"])
def test_character_sets_that_are_none_are_refused(charset: str) -> None:
    assert refusal(b"{}", f"application/json; charset={charset}") == (415, "charset")


@pytest.mark.parametrize("content_type", ["text/html", "application/octet-stream", "nonsense", "image/png; charset=utf-8", "\u2603"])
def test_other_kinds_of_content_are_refused(content_type: str) -> None:
    assert refusal(b"<lead/>", content_type) == (415, "content_type")


def test_an_error_names_the_place_and_nothing_that_was_sent() -> None:
    with pytest.raises(Unreadable) as caught:
        read_body(JSON, b'{"first_name": "Dana",\n "phone": 5125550100x}')
    assert "line 2" in caught.value.errors[0].message
    assert not any(secret in str(caught.value) + caught.value.errors[0].message for secret in ("Dana", "512"))


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"{" + b",".join(b'"%d":1' % at for at in range(90_000)) + b"}", "too_many_fields"),
        (b'{"a":[' + b"1," * 500_000 + b"1]}", "too_many_fields"),
        (b"[" * 1_048_000, "too_deep"),
        (b'{"a":' * 200_000, "too_deep"),
        (b'{"a":' + b"[" * 500_000 + b"]" * 500_000 + b"}", "too_deep"),
        (b'{"a":' + b"9" * 1_048_000 + b"}", "number_too_long"),
    ],
    ids=["keys", "values", "nesting", "nested objects", "nesting that ends", "digits"],
)
@pytest.mark.fault(76)
def test_bombs_of_a_mebibyte_cost_little_and_are_refused(body: bytes, kind: str) -> None:
    started = time.process_time()
    refused = refusal(body)
    assert time.process_time() - started < 1
    assert refused is not None and refused[1] == kind


def test_a_mebibyte_of_quotes_within_one_text_costs_little() -> None:
    started = time.process_time()
    read_body(JSON, b'{"a":"' + b'\\":' * 340_000 + b'"}')
    assert time.process_time() - started < 1


def test_a_name_of_a_mebibyte_is_not_written_before_each_of_its_values() -> None:
    fields = read_body(JSON, orjson.dumps({"x" * 900_000: [{"a": "b"}] * 100}))

    assert max(len(name) for name, _ in flat_fields(fields)) < 500

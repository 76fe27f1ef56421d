"""Whatever strangers send gives a lead or a refusal, never anything else, and what is kept can be stored."""

import json

import orjson
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.rules.text import clean
from bot.sources.field_names import _FIELD_OF
from bot.sources.generic import fingerprint, parse
from bot.sources.new_lead import NewLead
from bot.sources.reading import read_body
from bot.sources.record import record_of
from bot.sources.unreadable import Unreadable

CONTENT_TYPES = st.sampled_from(
    [
        "application/json",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/json; charset=utf-16",
        "",
        None,
    ]
) | st.text(max_size=40)
NAMES = st.sampled_from(sorted(_FIELD_OF)) | st.text(max_size=20)
WORDS = st.sampled_from(["5125550100", "$310k", "1/2/2026", "720-759", "yes", "TX", "78704", "30 days", "Rowe, Dana & Lee", "123-45-6789"])
TEXTS = WORDS | st.text(st.characters(exclude_categories=()), max_size=40) | st.text("0123456789-+.,/: kmtoPAT$%()>#&@", max_size=30)
PLAIN = TEXTS | st.integers() | st.floats() | st.booleans() | st.none()
VALUES = st.recursive(PLAIN, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=4), max_leaves=8)


def lead_or_refusal(content_type: str | None, body: bytes) -> NewLead | Unreadable:
    try:
        return parse(read_body(content_type, body))
    except Unreadable as refusal:
        return refusal


@settings(max_examples=300, deadline=None)
@given(CONTENT_TYPES, st.binary(max_size=200))
def test_any_bytes_give_a_lead_or_a_refusal(content_type: str | None, body: bytes) -> None:
    answer = lead_or_refusal(content_type, body)
    assert isinstance(answer, NewLead) or answer.status in (413, 415, 422)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(["application/json", "application/x-www-form-urlencoded", None]), st.dictionaries(NAMES, VALUES, max_size=8))
def test_any_json_gives_a_lead_or_a_refusal(content_type: str | None, document: dict[str, object]) -> None:
    answer = lead_or_refusal(content_type, json.dumps(document).encode())
    assert isinstance(answer, NewLead) or answer.status in (413, 422)


@settings(max_examples=300, deadline=None)
@given(st.dictionaries(NAMES, VALUES, max_size=8))
def test_with_an_email_everything_else_may_be_wrong(document: dict[str, object]) -> None:
    lead = parse(document | {"email": "dana@example.com"})
    assert "dana@example.com" in lead.emails
    assert fingerprint(lead) == fingerprint(lead)
    orjson.dumps(record_of(lead))


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(NAMES, TEXTS, max_size=8))
def test_every_text_that_is_kept_is_clean(document: dict[str, str]) -> None:
    lead = parse(document | {"email": "dana@example.com"})
    kept = [
        lead.first_name,
        lead.last_name,
        lead.comments,
        lead.external_id,
        lead.credit_band,
        *lead.extra,
        *lead.extra.values(),
        *lead.notes,
    ]
    assert all(clean(text) == text for text in kept if text)

"""Whatever becomes of a vendor's request on its way, or in its next version, gives leads or a refusal, and nothing else."""

import json
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.sources.generic import fingerprint
from bot.sources.record import record_of
from bot.sources.request import LeadRequest
from bot.sources.unreadable import Unreadable
from bot.sources.vendors_test import VendorsTest
from tests.sources.goldens import GOLDENS, Golden

WITH_A_READER = [golden for golden in GOLDENS if golden.vendor in ("adf", "generic", "google_ads", "lendingtree", "typeform", "zillow")]
_MARKUP = [b"<", b">", b"</", b"<![CDATA[", b"<!--", b"&", b"&#0;", b"{", b"[", b'"', b"\x00", b"\xff"]
PIECES = st.binary(max_size=8) | st.sampled_from(_MARKUP)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10) | st.just("5125550100"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


def _read_or_refuse(golden: Golden, body: bytes, content_type: str | None) -> None:
    spoken, names = golden.spoken()
    refused, leads = None, []
    try:
        leads = list(spoken.read(LeadRequest({"content-type": content_type} if content_type else {}, {}, body), names))
    except VendorsTest as test:
        leads = [] if test.lead is None else [test.lead]
    except Unreadable as refusal:
        refused = refusal.status
    assert refused in (None, 413, 415, 422)
    for lead in leads:
        assert lead.phones or lead.emails
        assert fingerprint(lead)
        assert orjson.dumps(record_of(lead))


@pytest.mark.parametrize("golden", WITH_A_READER, ids=lambda golden: golden.name)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_bytes_are_cut_out_repeated_or_put_in(golden: Golden, data: st.DataObject) -> None:
    body = golden.body
    begin = data.draw(st.integers(0, len(body)))
    end = data.draw(st.integers(begin, len(body)))
    kept = data.draw(st.sampled_from([b"", body[begin:end] * 2]))

    _read_or_refuse(golden, body[:begin] + data.draw(PIECES) + kept + body[end:], data.draw(st.sampled_from([golden.content_type, None])))


@pytest.mark.parametrize("golden", [each for each in WITH_A_READER if each.path.suffix == ".json"], ids=lambda golden: golden.name)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_a_value_is_of_another_kind(golden: Golden, data: st.DataObject) -> None:
    document = orjson.loads(golden.body)
    holder, key = data.draw(st.sampled_from(list(_places(document))))
    holder[key] = data.draw(VALUES)

    _read_or_refuse(golden, json.dumps(document).encode(), golden.content_type)


def _places(inside: Any) -> list[tuple[Any, Any]]:
    """Every place in a document where a value stands."""
    keys = list(inside) if isinstance(inside, dict) else range(len(inside)) if isinstance(inside, list) else ()
    return [place for key in keys for place in [(inside, key), *_places(inside[key])]]

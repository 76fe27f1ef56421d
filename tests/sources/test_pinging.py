"""Ping-post on the wire: what a ping says, and what each vendor hears."""

import hashlib
from xml.etree import ElementTree

import orjson
import pytest

from bot.sources.mapping import NOTHING_MAPPED
from bot.sources.pinging import digests_of, read_ping, say_bid, say_bought, say_no, wants_xml, word_in
from bot.sources.request import LeadRequest


def form(body: bytes, **headers: str) -> LeadRequest:
    return LeadRequest({"content-type": "application/x-www-form-urlencoded", **headers}, {}, body)


def test_a_ping_says_where_and_what_for_and_needs_no_phone() -> None:
    ping = read_ping(form(b"lp_campaign_id=7&state=TX&zip_code=78704&loan_purpose=refinance&military=no"), NOTHING_MAPPED)

    assert (ping.state, ping.purpose, ping.digests) == ("TX", "refinance", frozenset())


def test_a_zip_code_says_the_state_where_none_is_told() -> None:
    assert read_ping(LeadRequest({"content-type": "application/json"}, {}, b'{"zip": "78704"}'), NOTHING_MAPPED).state == "TX"
    assert read_ping(LeadRequest({"content-type": "text/xml"}, {}, b"<ping><State>Texas</State></ping>"), NOTHING_MAPPED).state == "TX"
    assert read_ping(form(b"purpose=purchase"), NOTHING_MAPPED).state is None


@pytest.mark.parametrize("kind", ["md5", "sha1", "sha256"])
@pytest.mark.parametrize(
    ("written", "value"),
    [("5125550100", "+15125550100"), ("+15125550100", "+15125550100"), ("d@e.example", "d@e.example")],
)
def test_who_is_known_is_recognized_by_a_digest_of_any_kind(kind: str, written: str, value: str) -> None:
    digest = hashlib.new(kind, written.encode()).hexdigest().upper()

    ping = read_ping(form(f"state=TX&dd={digest}".encode()), NOTHING_MAPPED)

    assert ping.digests & set(digests_of(value))


def test_who_is_told_in_the_open_is_recognized_too() -> None:
    ping = read_ping(form(b"state=TX&phone=(512)+555-0100&email=D%40e.example"), NOTHING_MAPPED)

    assert ping.digests & set(digests_of("+15125550100")) and ping.digests & set(digests_of("d@e.example"))


@pytest.mark.parametrize("name", ["lp_ping_id", "ping_id", "PingID", "ping_token"])
def test_the_word_of_a_bid_comes_back_under_any_usual_name(name: str) -> None:
    assert word_in(form(f"{name}=abc&phone=5125550100".encode())) == "abc"


def test_a_bid_is_said_in_each_vendors_words() -> None:
    said = {name: orjson.loads(say_bid(name, "w", 45, xml=False).body) for name in ("generic", "leadspedia", "leadconduit", "leadexec")}

    assert said == {
        "generic": {"accepted": True, "ping_id": "w", "bid": 45},
        "leadspedia": {"accepted": True, "lp_ping_id": "w", "ping_id": "w", "bid": 45},
        "leadconduit": {"outcome": "success", "ping_id": "w", "price": 45},
        "leadexec": {"isValidPost": True, "ResponseType": 0, "ResponseDetail": "Accepted", "LeadIdentifier": "w", "Price": 45},
    }


def test_that_a_lead_is_bought_is_said_in_each_vendors_words() -> None:
    said = {name: orjson.loads(say_bought(name, 1042, 45, xml=False).body) for name in ("generic", "leadspedia", "leadconduit", "leadexec")}

    assert said == {
        "generic": {"accepted": True, "lead_id": "1042", "price": 45},
        "leadspedia": {"accepted": True, "lead_id": "1042", "price": 45},
        "leadconduit": {"outcome": "success", "leadbell_lead": "1042", "price": 45},
        "leadexec": {"isValidPost": True, "ResponseType": 0, "ResponseDetail": "Accepted", "LeadIdentifier": "1042", "Price": 45},
    }


def test_why_there_is_no_bid_is_said_in_each_vendors_words() -> None:
    said = {name: orjson.loads(say_no(name, "duplicate", xml=False).body) for name in ("generic", "leadconduit", "leadexec")}

    assert said == {
        "generic": {"accepted": False, "reason": "Duplicate"},
        "leadconduit": {"outcome": "failure", "reason": "Duplicate"},
        "leadexec": {"isValidPost": False, "ResponseType": 6, "ResponseDetail": "Duplicate"},
    }


def test_who_speaks_xml_or_asks_for_it_hears_xml() -> None:
    assert wants_xml(form(b"lp_response=XML&state=TX")) and wants_xml(form(b"a=b", accept="text/xml"))
    assert wants_xml(LeadRequest({"content-type": "application/xml"}, {}, b"<a/>")) and not wants_xml(form(b"lp_response=JSON"))

    said = ElementTree.fromstring(say_bid("leadexec", "w", 45, xml=True).body)

    assert [(part.tag, part.text) for part in said][:2] == [("isValidPost", "true"), ("ResponseType", "0")]

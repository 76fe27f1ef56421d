"""Every vendor's requests at the real door: the first, the same again, with other words, forged, broken, too soon, read once more."""

import base64
import hmac
import io
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import aiohttp
import orjson
import pytest
import pytest_asyncio

from bot.capture.source_requests import Replayed, replay
from bot.store.leads import Arrival
from bot.store.source_requests import SourceRequest
from tests.doubles.databases import closed_to_everybody, fresh_postgresql, fresh_sqlite
from tests.doubles.office import KEY, Office, office_at_work
from tests.sources.goldens import GOLDENS, MAPPINGS, Golden

SECRET_IN_GOLDENS = b"hush-hush-hush"
VENDORS = sorted({golden.vendor for golden in GOLDENS})
FIRST = [next(golden for golden in GOLDENS if golden.vendor == vendor and golden.read()["leads"]) for vendor in VENDORS]
NO_LEADS = [golden for golden in GOLDENS if not golden.read()["leads"]]


@dataclass
class Answer:
    status: int
    body: str
    retry_after: str | None = None


def _sources() -> str:
    """A source for each vendor, as a config lists them."""
    written = [
        {
            "key": _key(vendor),
            "label": vendor.replace("_", " ").title(),
            "secret_env": "LEADBELL_KEY_WEBSITE",
            "format": vendor,
            **({"mapping": MAPPINGS[vendor]} if vendor in MAPPINGS else {}),
        }
        for vendor in VENDORS
    ]
    return "\nsources:\n" + "".join(f"  - {orjson.dumps(source).decode()}\n" for source in written)


def _key(vendor: str) -> str:
    return f"of-{vendor.replace('_', '-')}"


@pytest_asyncio.fixture
async def door(tmp_path: Path) -> AsyncIterator[Office]:
    """An office with a source for every vendor."""
    async with office_at_work(tmp_path, fresh_sqlite(tmp_path), changes={"\nsources:\n": _sources()}) as opened:
        yield opened


async def _send(office: Office, golden: Golden, body: bytes | None = None, *, key: str = KEY, charset: str = "") -> Answer:
    """The request with its vendor's proof of this key."""
    body = (golden.body if body is None else body).replace(SECRET_IN_GOLDENS, key.encode())
    headers = {"Content-Type": golden.content_type + charset}
    if golden.vendor == "typeform":
        digest = hmac.new(key.encode(), body, "sha256").digest()
        headers["Typeform-Signature"] = f"sha256={base64.b64encode(digest).decode()}"
    elif SECRET_IN_GOLDENS not in golden.body:
        headers["Authorization"] = f"Bearer {key}"
    address = f"{office.url}/leads/{_key(golden.vendor)}"
    async with aiohttp.ClientSession() as session, session.post(address, data=io.BytesIO(body), headers=headers) as answer:
        return Answer(answer.status, await answer.text(), answer.headers.get("Retry-After"))


async def test_what_a_vendor_sends_twice_is_kept_once_and_answered_alike(door: Office) -> None:
    for golden in FIRST:
        first, again = await _send(door, golden), await _send(door, golden)

        assert (golden.name, first.status) == (golden.name, 200), first.body
        assert first == again

    assert len(door.all(Arrival)) == sum(len(golden.read()["leads"]) for golden in FIRST)


async def test_a_test_or_half_an_answer_is_acknowledged_and_no_lead(door: Office) -> None:
    for golden in NO_LEADS:
        answer = await _send(door, golden)

        assert (golden.name, answer.status, answer.body) == (golden.name, 200, golden.read()["reply"])

    assert door.all(Arrival) == []


async def test_other_words_under_an_id_that_was_used_are_news_of_the_same_lead_and_no_vendor_stops_at_them(door: Office) -> None:
    with_an_id = [golden for golden in FIRST if golden.read()["leads"][0].get("external_id")]
    assert len(with_an_id) == len(FIRST) - 1, "our own format alone has a sample without one"
    for golden in with_an_id:
        first = await _send(door, golden)
        [lead, *_] = golden.read()["leads"]
        name = (lead.get("last_name") or lead["first_name"]).encode()
        other = golden.body.replace(name, name + b"-Smith")
        assert other != golden.body

        assert (golden.name, await _send(door, golden, other)) == (golden.name, first)

    assert len(door.all(Arrival)) == sum(len(golden.read()["leads"]) for golden in with_an_id)
    assert [f"{kept.external_id}" for kept in door.all(Arrival) if "-Smith" not in kept.record] == []


@pytest.mark.fault(6)
async def test_what_comes_while_the_store_is_away_is_kept_when_its_vendor_sends_it_again(tmp_path: Path) -> None:
    async with office_at_work(tmp_path, fresh_postgresql(), changes={"\nsources:\n": _sources()}) as office:
        assert office.services is not None
        with closed_to_everybody(office.services.store):
            for golden in FIRST:
                answer = await _send(office, golden)
                assert (golden.name, answer.status, answer.retry_after) == (golden.name, 503, "5")

        for golden in FIRST:

            async def taken(sent: Golden = golden) -> bool:
                return (await _send(office, sent)).status == 200

            await office.until(taken, f"{golden.name} kept")
        assert len(office.all(Arrival)) == sum(len(golden.read()["leads"]) for golden in FIRST)


async def test_what_was_kept_is_understood_alike_when_it_is_read_once_more(door: Office) -> None:
    for golden in FIRST:
        await _send(door, golden)
    before = [(each.lead_id, each.record) for each in door.all(Arrival)]
    kept = door.all(SourceRequest)  # but for what held a social security number or a birth date
    assert len(kept) > len(FIRST) / 2
    said: list[str] = []
    assert door.services is not None

    for dry_run in (True, False):
        done = await replay(door.services, None, datetime(2020, 1, 1, tzinfo=UTC), said.append, dry_run=dry_run)
        assert done == Replayed(read=len(kept), unchanged=len(kept)), said

    assert [(each.lead_id, each.record) for each in door.all(Arrival)] == before


@pytest.mark.fault(61)
async def test_a_forged_request_of_any_vendor_is_refused_and_kept_nowhere(door: Office) -> None:
    for golden in FIRST:
        answer = await _send(door, golden, key="not-the-key-at-all")

        assert (golden.name, answer.status) == (golden.name, 401)

    assert door.all(Arrival) == []


@pytest.mark.parametrize("damage", ["cut", "deep", "nothing", "zeros"])
async def test_a_request_that_broke_on_its_way_is_no_accident_of_ours(door: Office, damage: str) -> None:
    for golden in FIRST:
        broken = {
            "cut": golden.body[: len(golden.body) // 2],
            "deep": b'{"a":' * 5000 if golden.path.suffix == ".json" else b"<adf>" * 5000,
            "nothing": b"",
            "zeros": bytes(1000),
        }[damage]

        answer = await _send(door, golden, broken)

        assert answer.status < 500, golden.name


async def test_a_request_larger_than_a_lead_can_be_is_refused(door: Office) -> None:
    for golden in FIRST:
        answer = await _send(door, golden, golden.body + b" " * 1_100_000)

        assert (golden.name, answer.status) == (golden.name, 413)


async def test_a_character_set_that_nobody_knows_makes_no_lead(door: Office) -> None:
    for golden in FIRST:
        answer = await _send(door, golden, charset="; charset=klingon")

        not_understood = golden.spoken()[0].not_understood
        expected = (415, answer.body) if not_understood is None else (200, not_understood.body.decode())
        refused = (401, answer.body)  # who proves itself by a field of the body cannot
        assert (answer.status, answer.body) in (expected, refused), golden.name

    assert door.all(Arrival) == []


async def test_a_mark_before_the_body_is_no_trouble(door: Office) -> None:
    marked = [golden for golden in FIRST if golden.path.suffix in (".json", ".xml", ".txt")]
    for golden in marked:
        answer = await _send(door, golden, b"\xef\xbb\xbf" + golden.body)

        assert (golden.name, answer.status) == (golden.name, 200), answer.body


async def test_keys_that_come_twice_and_numbers_as_text_are_no_trouble(door: Office) -> None:
    vendor = next(golden for golden in FIRST if golden.vendor == "lendingtree")
    body = b'{"TrackingNumber": "7", "TrackingNumber": 8, "Phone": 5125550100, "LoanAmount": "310000", "FirstName": 7}'

    answer = await _send(door, vendor, body)

    assert answer.status == 200
    [arrival] = door.all(Arrival)
    assert arrival.external_id == "8"


async def test_zillow_hears_where_the_officer_it_sold_to_takes_applications(tmp_path: Path) -> None:
    begins_at = "https://apply.acme.example/maya"
    changes = {"\nsources:\n": _sources(), "    nmls_id: 200101\n": f"    nmls_id: 200101\n    application_url: {begins_at}\n"}
    quote = next(golden for golden in GOLDENS if golden.name == "zillow/quote.json")
    async with office_at_work(tmp_path, fresh_sqlite(tmp_path), changes=changes) as office:
        named = await _send(office, quote)
        stranger = quote.body.replace(b"maya@acme", b"noor@acme").replace(b"200101", b"200999").replace(b"LC-abc123", b"LC-9")
        other = await _send(office, quote, stranger)

    assert orjson.loads(named.body)["applicationURL"] == begins_at
    assert "applicationURL" not in orjson.loads(other.body)

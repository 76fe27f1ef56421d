"""A seller pings, hears a bid, and posts the whole lead: it is bought at the bid. What has no bid behind it waits for a person."""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from bot.capture.pinging import look
from bot.store.leads import Arrival
from bot.store.pinging import Ping
from bot.store.source_requests import SourceRequest
from tests.doubles.databases import fresh_postgresql, fresh_sqlite
from tests.doubles.office import DANA, Office, office_at_work
from tests.doubles.rows import rows

BEFORE = "  - key: partner\n    label: Partner agents\n"
SELLER = """\
  - key: seller
    label: Lead Seller
    secret_env: LEADBELL_KEY_PARTNER
    ping:
      bids:
        - {bid: 60, states: TX, purposes: purchase}
        - {bid: 30}
      most_per_day: 2
"""


@pytest_asyncio.fixture(params=[fresh_sqlite, fresh_postgresql], ids=["sqlite", "postgresql"])
async def office(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Office]:
    """The example company, which buys from a seller, once on each kind of store."""
    url = fresh_sqlite(tmp_path) if request.param is fresh_sqlite else fresh_postgresql()
    async with office_at_work(tmp_path, url, changes={BEFORE: SELLER + BEFORE}) as opened:
        assert opened.services is not None
        await look(opened.services)
        yield opened


async def pings(office: Office, **fields: str) -> dict[str, Any]:
    status, said, _ = await office.post("seller/ping", json={"state": "TX", "loan_purpose": "purchase", **fields})
    assert status == 200
    return said


async def sends(office: Office, **fields: str) -> dict[str, Any]:
    status, said, _ = await office.post("seller", json={**DANA, **fields})
    assert status == 200
    return said


async def test_a_lead_is_bought_at_the_bid_of_its_ping_and_once(office: Office) -> None:
    assert office.services is not None
    bid = await pings(office)
    assert bid["accepted"] is True and bid["bid"] == 60

    bought = await sends(office, ping_id=bid["ping_id"])
    again = await sends(office, ping_id=bid["ping_id"])

    assert bought == again == {"accepted": True, "lead_id": bought["lead_id"], "price": 60}
    await office.card_of(int(bought["lead_id"]))
    await look(office.services)
    [arrival], [ping] = rows(office.services.store, Arrival), rows(office.services.store, Ping)
    assert (arrival.price, ping.lead_id, ping.bid) == (60, int(bought["lead_id"]), 60)
    assert bid["ping_id"] not in arrival.record


async def test_what_is_not_wanted_is_answered_with_the_reason_and_is_kept_as_a_digest_alone(office: Office) -> None:
    assert office.services is not None
    assert await pings(office, state="CA") == {"accepted": False, "reason": "We are not licensed in this state"}
    await look(office.services)

    [ping] = rows(office.services.store, Ping)

    assert (ping.because, ping.bid, len(ping.digest)) == ("not_licensed", None, 64)


async def test_who_is_here_already_is_not_bought_again(office: Office) -> None:
    assert office.services is not None
    await office.lead_arrives()
    await look(office.services)

    assert (await pings(office, phone_hash=hashlib.md5(b"5125550100").hexdigest()))["reason"] == "Duplicate"
    assert (await pings(office, phone_hash=hashlib.md5(b"5125550101").hexdigest()))["accepted"] is True


async def test_a_day_has_its_cap_and_the_next_day_another(office: Office) -> None:
    assert office.services is not None
    for name, phone in (("Ann", "5125550141"), ("Bea", "5125550142")):
        bid = await pings(office)
        await sends(office, ping_id=bid["ping_id"], first_name=name, phone=phone, email=f"{name}@example.com")
    await look(office.services)
    assert (await pings(office))["reason"] == "Over the daily cap"

    await office.skip(hours=14)
    await look(office.services)

    assert (await pings(office))["accepted"] is True


async def test_a_post_that_no_bid_stands_behind_is_refused_and_waits_with_who_runs_leadbell(office: Office) -> None:
    assert office.services is not None
    bid = await pings(office)
    assert (await sends(office))["reason"] == "The ping id is missing"
    assert (await sends(office, ping_id="abc"))["reason"] == "This ping id is not ours"
    await office.skip(minutes=31)
    assert (await sends(office, ping_id=bid["ping_id"]))["reason"] == "This ping id has expired"

    await look(office.services)
    assert rows(office.services.store, Arrival) == []
    assert [request.state for request in office.all(SourceRequest)] == ["unread"] * 3
    refused = sorted(str(each.because) for each in rows(office.services.store, Ping) if each.key.startswith("post"))
    assert refused == ["expired_ping", "no_ping", "unknown_ping"]


async def test_one_bid_buys_one_lead(office: Office) -> None:
    bid = await pings(office)
    await sends(office, ping_id=bid["ping_id"], lead_id="A-1")

    second = await sends(office, ping_id=bid["ping_id"], lead_id="A-2", first_name="Luz", phone="5125550144", email="luz@example.com")

    assert second == {"accepted": False, "reason": "This ping id was used for another lead"}


async def test_nothing_is_bid_on_a_memory_that_is_old(office: Office) -> None:
    assert office.services is not None
    office.services.ping_book.fresh_until = 0.0

    said = (await pings(office))["reason"]

    assert said in ("Not available at this moment",)


async def test_one_bid_buys_one_lead_though_two_are_sent_at_once(office: Office) -> None:
    bid = await pings(office)
    people = [{"lead_id": f"A-{number}", "first_name": f"P{number}", "phone": f"512555014{number}"} for number in range(4)]

    said = await asyncio.gather(*(sends(office, ping_id=bid["ping_id"], email=f"{each['lead_id']}@example.com", **each) for each in people))

    assert sorted(each["accepted"] for each in said) == [False, False, False, True]
    assert len(office.all(Arrival)) == 1


async def test_two_leads_that_are_bought_under_one_id_are_both_kept(office: Office) -> None:
    first = await sends(office, ping_id=(await pings(office))["ping_id"], lead_id="A-1")
    luz = {"first_name": "Luz", "phone": "5125550144", "email": "luz@example.com", "ping_id": (await pings(office))["ping_id"]}

    second = await sends(office, lead_id="A-1", **luz)
    again = await sends(office, lead_id="A-1", **luz)

    assert second["accepted"] is True and second["lead_id"] != first["lead_id"] and again == second
    assert len(office.all(Arrival)) == 2

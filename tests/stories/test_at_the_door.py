"""Requests that are none of our senders': a body that never ends, an address where nothing is, a way that nobody takes."""

import asyncio
from urllib.parse import urlsplit

import orjson
import pytest

from bot.handlers.web import body
from tests.doubles.office import KEY, Office
from tests.doubles.waiting import PATIENCE

NEVER_ENDS = f"POST /leads/website HTTP/1.1\r\nHost: leadbell\r\nAuthorization: Bearer {KEY}\r\nContent-Length: 100\r\n\r\n{{"


@pytest.mark.fault(78)
async def test_who_never_ends_a_request_is_let_go(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(body, "COMES_WITHIN", 0.05)
    at = urlsplit(office.url)
    reader, writer = await asyncio.open_connection(at.hostname, at.port)
    writer.write(NEVER_ENDS.encode())

    answer = (await asyncio.wait_for(reader.readuntil(b"}]}"), PATIENCE)).decode()

    assert answer.startswith("HTTP/1.1 408 ")
    assert orjson.loads(answer.partition("\r\n\r\n")[2])["errors"][0]["type"] == "too_slow"
    writer.close()


async def test_an_address_where_nothing_is_says_where_leads_go(office: Office) -> None:
    status, answer = await office.get("/lead")

    assert status == 404
    assert answer["errors"] == [
        {"type": "no_such_address", "field": "path", "message": "Nothing is at this address. Leads go to POST /leads/KEY."}
    ]


async def test_a_lead_that_is_asked_for_instead_of_sent_says_how_it_is_sent(office: Office) -> None:
    status, answer = await office.get("/leads/website")

    assert status == 405
    assert answer["errors"] == [{"type": "method", "field": "method", "message": "This address takes POST."}]

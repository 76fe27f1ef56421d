"""The phone network's REST API, as Twilio's documents have it."""

import re
from email.utils import parsedate_to_datetime
from typing import Any

import aiohttp
import pytest

from bot.sandbox.phone.account import ACCOUNT_SID, AUTH_TOKEN, ROOT, SERVICE_SID
from bot.sandbox.phone.segments import segments
from bot.sandbox.server import Sandbox
from tests.sandbox.hands import People
from tests.sandbox.lines import DANA, OURS, Account

ELENA = "+12105550144"


async def test_a_text_is_queued_sent_and_delivered(account: Account, people: People) -> None:
    status, created = await account.send(body="Hi Dana — it's Maya")
    assert status == 201
    assert re.fullmatch(r"SM[0-9a-f]{32}", created["sid"])
    assert (created["status"], created["direction"], created["num_media"]) == ("queued", "outbound-api", "0")
    assert (created["from"], created["to"], created["date_sent"], created["error_code"]) == (OURS, DANA, None, None)
    assert created["uri"] == f"{ROOT}/Messages/{created['sid']}.json"

    async def is_delivered() -> bool:
        return await account.status(created["sid"]) == "delivered"

    await people.until(is_delivered)
    _, fetched = await account.get(created["uri"])
    assert fetched["body"] == "Hi Dana — it's Maya"
    assert parsedate_to_datetime(fetched["date_sent"]) >= parsedate_to_datetime(fetched["date_created"])


async def test_the_service_accepts_before_it_chooses_the_number_that_the_borrower_knows(account: Account, people: People) -> None:
    second = "+15125550198"
    await people.do("phone", numbers=[OURS, second])
    await people.do("sms", **{"from": DANA, "to": second, "body": "hello"})
    _, created = await account.send_with_service()
    assert (created["status"], created["from"], created["num_segments"]) == ("accepted", None, "0")
    assert created["messaging_service_sid"] == SERVICE_SID

    async def is_delivered() -> bool:
        return await account.status(created["sid"]) == "delivered"

    await people.until(is_delivered)
    assert (await account.get(created["uri"]))[1]["from"] == second


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"to": "+1512555"}, 21211),
        ({"to": "+11125550123"}, 21211),
        ({"to": "Dana"}, 21211),
        ({"to": ""}, 21604),
        ({"to": OURS}, 21266),
        ({"From": None}, 21603),
        ({"From": "+15125550111"}, 21606),
        ({"MessagingServiceSid": "MG1"}, 21705),
        ({"body": ""}, 21602),
        ({"body": "a" * 1601}, 21617),
        ({"ValidityPeriod": "0"}, 90007),
        ({"StatusCallback": "http://my_host/status"}, 21609),
        ({"to": "+15005521614"}, 21614),
        ({"to": "+15005521610"}, 21610),
    ],
)
async def test_what_twilio_would_refuse_is_refused_and_nothing_is_sent(
    account: Account, people: People, fields: dict[str, Any], code: int
) -> None:
    status, error = await account.send(**fields)
    assert (status, error["status"], error["code"]) == (400, 400, code)
    assert error["more_info"] == f"https://www.twilio.com/docs/errors/{code}" and error["message"]
    assert (await people.see("texts"))["texts"] == []


async def test_a_wrong_token_opens_nothing(sandbox: Sandbox, session: aiohttp.ClientSession, account: Account) -> None:
    stranger = Account(session, sandbox, "another token")
    for status, error in (await stranger.send(), await stranger.get("/Messages.json")):
        assert (status, error["code"], error["status"]) == (401, 20003, 401)
    async with session.get(f"{sandbox.url}{ROOT}/Messages.json") as response:
        assert response.status == 401
    status, error = await account.get("/2010-04-01/Accounts/AC1/Messages.json")
    assert (status, error["code"]) == (404, 20404)


@pytest.mark.parametrize("path", ["/Messages/SM1.json", "/Messages/SM1/Media.json", "/Messages/SM1/Media/ME1", "/Calls/CA1.json"])
async def test_what_is_not_there_is_not_found(account: Account, path: str) -> None:
    status, error = await account.get(path)
    assert (status, error["code"]) == (404, 20404)


async def test_a_list_is_filtered_by_who_and_read_page_by_page(account: Account, people: People) -> None:
    for number in range(5):
        await people.do("sms", **{"from": DANA, "body": f"text {number}"})
    await people.do("sms", **{"from": ELENA, "body": "another borrower"})
    await account.send(body="an answer")
    assert await account.listed(To=DANA) == ["an answer"]
    assert await account.listed(To=OURS, From=ELENA) == ["another borrower"]
    _, page = await account.get("/Messages.json", To=OURS, From=DANA, PageSize="2")
    read = [message["body"] for message in page["messages"]]
    await people.do("sms", **{"from": DANA, "body": "meanwhile"})
    while page["next_page_uri"]:
        _, page = await account.get(page["next_page_uri"])
        assert {message["from"] for message in page["messages"]} == {DANA}
        read += [message["body"] for message in page["messages"]]
    assert read == ["text 4", "text 3", "text 2", "text 1", "text 0"]


async def test_a_list_is_filtered_by_when_on_the_sandboxs_clock(account: Account, people: People) -> None:
    for day, hour in ((2, 23), (3, 9), (4, 0)):
        await people.do("clock", set=f"2026-03-0{day}T{hour:02}:00:00+00:00")
        await people.do("sms", **{"from": DANA, "body": f"on {day}"})
    on_the_third = {"DateSent": "2026-03-03"}
    since = {"DateSent>": "2026-03-03T09:00:00Z"}
    until = {"DateSent<": "2026-03-03"}
    assert await account.listed(**on_the_third) == ["on 3"]
    assert await account.listed(DateSent="2026-03-03T00:00:00Z") == ["on 3"]
    assert await account.listed(**since) == ["on 4", "on 3"]
    assert await account.listed(**until) == ["on 3", "on 2"]
    assert await account.listed(**since, **until) == ["on 3"]
    status, error = await account.get("/Messages.json", DateSent="yesterday")
    assert (status, error["code"]) == (400, 20001)


async def test_a_picture_is_listed_and_read_through_a_redirect_that_needs_no_key(
    sandbox: Sandbox, session: aiohttp.ClientSession, account: Account, people: People
) -> None:
    sent = await people.do("sms", **{"from": DANA, "body": "", "media": [{"content_type": "image/png", "data": "aGVsbG8="}]})
    sid = sent["text"]["sid"]
    assert sid.startswith("MM")
    _, listed = await account.get(f"/Messages/{sid}/Media.json")
    (picture,) = listed["media_list"]
    assert (picture["content_type"], picture["parent_sid"]) == ("image/png", sid)
    assert (await account.get(picture["uri"]))[1]["sid"] == picture["sid"]
    address = sandbox.url + picture["uri"].removesuffix(".json")
    async with session.get(address, allow_redirects=False) as response:
        assert response.status == 401
    key = {"Authorization": aiohttp.encode_basic_auth(ACCOUNT_SID, AUTH_TOKEN)}
    async with session.get(address, headers=key, allow_redirects=False) as response:
        assert response.status == 307
        place = response.headers["Location"]
    async with session.get(place) as response:
        assert (response.content_type, await response.read()) == ("image/png", b"hello")
    async with session.get(place[:-1] + ("0" if place[-1] != "0" else "1")) as response:
        assert response.status == 404


@pytest.mark.parametrize(
    ("body", "count"),
    [
        ("", 1),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("’" * 70, 1),
        ("’" * 71, 2),
        ("😀" * 35, 1),
        ("😀" * 36, 2),
        ("ñ" * 160, 1),
        ("ñ" + "á" * 70, 2),
    ],
)
def test_segments_are_counted_as_carriers_do(body: str, count: int) -> None:
    assert segments(body) == count

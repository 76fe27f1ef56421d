"""What the demo's page does besides Slack: new leads, the hour, faults on a switch, what is new, which commands there are."""

from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import pytest_asyncio
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.server import running_sandbox
from tests.sandbox.hands import JSON, People
from tests.sandbox.lines import Account

DANA = {"first_name": "Dana", "last_name": "Rowe", "phone": "(512) 555-0123"}


@pytest.fixture
def arrived() -> list[JSON]:
    """What came to the door."""
    return []


@pytest_asyncio.fixture
async def door(people: People, arrived: list[JSON]) -> AsyncIterator[str]:
    """A door for leads, known to the sandbox, which refuses leads without a phone."""

    async def take(request: web.Request) -> web.Response:
        lead = await request.json()
        arrived.append({"source": request.match_info["source"], "key": request.headers["Authorization"], "lead": lead})
        return web.json_response({"lead": 1001, "duplicate": False}, status=200 if "phone" in lead else 422)

    application = web.Application()
    application.router.add_post("/leads/{source}", take)
    async with TestServer(application) as server:
        url = str(server.make_url("/leads"))
        await people.do("door", url=url, key="secret")
        yield url


@pytest.mark.usefixtures("door")
async def test_a_lead_goes_through_the_door_with_its_key_and_the_borrower_is_remembered(people: People, arrived: list[JSON]) -> None:
    sent = await people.do("lead", lead=DANA)
    assert (sent["answered"], sent["answer"]["lead"]) == (200, 1001)
    assert arrived == [{"source": "website", "key": "Bearer secret", "lead": DANA}]
    assert (await people.see("state"))["borrowers"] == [{"name": "Dana Rowe", "phone": "(512) 555-0123"}]


@pytest.mark.usefixtures("door")
async def test_a_refused_lead_is_told_as_it_was_refused(people: People, arrived: list[JSON]) -> None:
    assert (await people.do("lead", lead={"first_name": "Dana"}, source="zillow"))["answered"] == 422
    assert arrived[0]["source"] == "zillow"
    assert (await people.see("state"))["borrowers"] == []


@pytest.mark.parametrize("body", [{"lead": "Dana"}, {"lead": DANA, "source": "../healthz"}])
@pytest.mark.usefixtures("door")
async def test_what_is_no_lead_goes_nowhere(people: People, arrived: list[JSON], body: JSON) -> None:
    assert not (await people.do("lead", **body))["ok"]
    assert arrived == []


async def test_without_a_door_or_with_a_closed_one_it_says_so(people: People) -> None:
    assert "nobody has said" in (await people.do("lead", lead=DANA))["error"]
    await people.do("door", url="http://127.0.0.1:9/leads", key="secret")
    assert "does not answer" in (await people.do("lead", lead=DANA))["error"]


async def test_the_clock_goes_to_the_next_such_hour_in_a_zone(people: People) -> None:
    before = datetime.fromisoformat((await people.see("clock"))["now"])
    reached = datetime.fromisoformat((await people.do("clock", next="08:00", zone="America/Chicago"))["now"])
    assert reached.astimezone(ZoneInfo("America/Chicago")).strftime("%H:%M") == "08:00"
    assert 0 < (reached - before).total_seconds() <= 25 * 3600
    again = datetime.fromisoformat((await people.do("clock", next="08:00", zone="America/Chicago"))["now"])
    assert 22 * 3600 < (again - reached).total_seconds() <= 25 * 3600


@pytest.mark.parametrize("body", [{"next": "late"}, {"next": "08:00", "zone": "Nowhere"}, {"next": "08:00", "zone": "../x"}])
async def test_an_hour_or_a_zone_that_is_none_moves_nothing(people: People, body: JSON) -> None:
    assert not (await people.do("clock", **body))["ok"]
    assert (await people.see("clock"))["offset_s"] == 0


async def test_while_slack_is_switched_off_only_slack_is_away(people: People, client: AsyncWebClient, account: Account) -> None:
    await people.do("faults", switch="slack_down", on=True)
    assert (await people.see("state"))["switched"] == ["slack_down"]
    for _ in range(3):
        with pytest.raises(SlackApiError):
            await client.chat_postMessage(channel="C0LEADS", text="A lead")
    assert (await account.send(body="Hi"))[0] == 201
    assert (await people.do("faults", switch="slack_down", on=False))["switched"] == []
    await client.chat_postMessage(channel="C0LEADS", text="A lead")


async def test_there_is_no_other_switch(people: People) -> None:
    assert "slack_down, twilio_loses, slow" in (await people.do("faults", switch="gravity", on=True))["error"]


async def test_what_is_new_is_told_for_the_places_and_eyes_of_one_person(people: People, client: AsyncWebClient) -> None:
    await client.chat_postMessage(channel="C0LEADS", text="A lead")
    await client.chat_postEphemeral(channel="C0LEADS", user="U0MAYA", text="Only for Maya")
    await client.chat_postMessage(channel="U0LUIS", text="Only for Luis")
    seen = {place["id"]: [one["text"] for one in place["messages"]] for place in (await people.see("inbox/U0LUIS"))["places"]}
    assert seen == {"C0LEADS": ["A lead"], "C0SOUTH": [], "C0WIDE": [], "C0GENERAL": [], "D0LUIS": ["Only for Luis"]}
    assert "C0SOUTH" not in {place["id"] for place in (await people.see("inbox/U0GUS"))["places"]}


async def test_the_commands_are_those_of_the_manifest(people: People) -> None:
    app = await people.see("app")
    assert {"command": "/log", "description": "Log how a call went", "usage_hint": "1042 connected wants a 15-year"} in app["commands"]
    assert all(one["command"].startswith("/") and one["description"] for one in app["commands"])


@pytest.mark.usefixtures("door")
async def test_the_newest_sixty_borrowers_are_remembered_until_a_reset(people: People, arrived: list[JSON]) -> None:
    for number in range(70):
        await people.do("lead", lead={**DANA, "phone": f"(512) 555-01{number:02}"})
    kept = (await people.see("state"))["borrowers"]
    assert (kept[0]["phone"], len(kept), len(arrived)) == ("(512) 555-0169", 60, 70)
    await people.do("reset")
    assert (await people.see("state"))["borrowers"] == []


async def test_borrowers_are_remembered_over_a_restart(session: ClientSession, arrived: list[JSON], door: str, tmp_path: Path) -> None:
    async with running_sandbox(store=tmp_path / "sandbox.db") as first:
        people = People(session, first)
        await people.do("door", url=door, key="secret")
        await people.do("lead", lead=DANA)
    async with running_sandbox(store=tmp_path / "sandbox.db") as second:
        assert len((await People(session, second).see("state"))["borrowers"]) == len(arrived) == 1

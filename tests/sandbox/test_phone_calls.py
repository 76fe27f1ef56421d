"""Calls on the stand-in network: Twilio's resource, the TwiML that a bot answers with, callbacks, and hands at the phones."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.sandbox.phone.account import ACCOUNT_SID, AUTH_TOKEN, ROOT
from bot.sandbox.server import Sandbox
from tests.doubles.waiting import until
from tests.sandbox.hands import People
from tests.sandbox.lines import DANA, OURS

JSON = dict[str, Any]
MAYA = "+15125550101"


@dataclass
class Bot:
    """A bot that answers each path with its TwiML, and keeps what it was asked."""

    url: str = ""
    says: dict[str, str] = field(default_factory=dict)
    heard: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    async def hear(self, request: web.Request) -> web.Response:
        self.heard.append((request.path, {name: str(value) for name, value in (await request.post()).items()}))
        return web.Response(text=self.says.get(request.path, ""), content_type="text/xml")

    def asked(self, path: str) -> list[dict[str, str]]:
        return [form for where, form in self.heard if where == path]


@pytest_asyncio.fixture
async def calls(sandbox: Sandbox, session: aiohttp.ClientSession, people: People) -> AsyncIterator["Line"]:
    bot = Bot()
    application = web.Application()
    application.router.add_post("/{where}", bot.hear)
    async with TestServer(application) as server:
        bot.url = str(server.make_url("")).rstrip("/")
        bot.says = {
            "/answered": f'<Response><Gather numDigits="1" timeout="100" action="{bot.url}/pressed"><Say>Press 1</Say></Gather></Response>',
            "/pressed": f'<Response><Dial callerId="{OURS}" timeout="100" action="{bot.url}/ended"><Number statusCallback="{bot.url}/leg" '
            f'statusCallbackEvent="answered completed">{DANA}</Number></Dial></Response>',
            "/ended": "<Response><Say>Goodbye</Say><Hangup/></Response>",
        }
        yield Line(sandbox, session, people, bot)


@dataclass
class Line:
    sandbox: Sandbox
    session: aiohttp.ClientSession
    people: People
    bot: Bot

    async def create(self, **fields: Any) -> tuple[int, JSON]:
        form = {"To": MAYA, "From": OURS, "Url": f"{self.bot.url}/answered", "StatusCallback": f"{self.bot.url}/over", **fields}
        form = {name: value for name, value in form.items() if value is not None}
        async with self.session.post(f"{self.sandbox.url}{ROOT}/Calls.json", data=form, headers=self._key) as answer:
            return answer.status, await answer.json()

    async def get(self, path: str, **query: str) -> JSON:
        async with self.session.get(f"{self.sandbox.url}{ROOT}{path}", params=query, headers=self._key) as answer:
            found: JSON = await answer.json()
            return found

    @property
    def _key(self) -> dict[str, str]:
        return {"Authorization": aiohttp.encode_basic_auth(ACCOUNT_SID, AUTH_TOKEN)}

    async def stands(self, number: str, status: str) -> JSON:
        """The newest call with this phone, once it stands so."""

        async def seen_so() -> JSON | None:
            async with self.session.get(f"{self.sandbox.url}/_control/calls", params={"number": number}) as answer:
                seen: list[JSON] = (await answer.json())["calls"]
            return seen[-1] if seen and seen[-1]["status"] == status else None

        return await until(seen_so, f"a call with {number} that is {status}")

    async def hands(self, number: str, does: str, digits: str = "") -> None:
        await self.people.do("handset", number=number, does=does, digits=digits)


async def test_a_call_rings_is_asked_what_it_does_and_connects_two_phones(calls: Line) -> None:
    status, made = await calls.create()
    assert (status, made["status"], made["direction"]) == (201, "queued", "outbound-api")
    await calls.stands(MAYA, "ringing")
    await calls.hands(MAYA, "picks_up")
    await calls.stands(MAYA, "in-progress")
    await calls.hands(MAYA, "presses", "1")
    await calls.stands(DANA, "ringing")
    await calls.hands(DANA, "picks_up")
    await calls.stands(DANA, "in-progress")
    await calls.people.do("clock", advance_s=90)
    await calls.hands(DANA, "hangs_up")
    over = await calls.stands(MAYA, "completed")

    assert over["heard"] == ["Press 1", "Goodbye"]
    [pressed], [ended] = calls.bot.asked("/pressed"), calls.bot.asked("/ended")
    assert (pressed["Digits"], pressed["CallStatus"], pressed["CallSid"]) == ("1", "in-progress", made["sid"])
    assert (ended["DialCallStatus"], int(ended["DialCallDuration"]) >= 90) == ("completed", True)
    assert [form["CallStatus"] for form in calls.bot.asked("/leg")] == ["in-progress", "completed"]
    assert [form["ParentCallSid"] for form in calls.bot.asked("/leg")] == [made["sid"]] * 2

    async def told() -> bool:
        return [form["CallStatus"] for form in calls.bot.asked("/over")] == ["completed"]

    await calls.people.until(told)
    legs = (await calls.get("/Calls.json", ParentCallSid=made["sid"]))["calls"]
    assert [(leg["to"], leg["status"], leg["direction"]) for leg in legs] == [(DANA, "completed", "outbound-dial")]
    assert (await calls.get(f"/Calls/{made['sid']}.json"))["status"] == "completed"


@pytest.mark.parametrize(("does", "ends"), [("declines", "busy"), ("lets_it_ring", "no-answer")])
async def test_a_phone_that_is_not_taken_ends_the_call_so(calls: Line, does: str, ends: str) -> None:
    await calls.create()
    await calls.stands(MAYA, "ringing")

    await calls.hands(MAYA, does)

    await calls.stands(MAYA, ends)
    assert calls.bot.asked("/answered") == []


@pytest.mark.parametrize(("line", "ends"), [("busy", "busy"), ("failed", "failed"), ("no_answer", "no-answer")])
async def test_a_phone_may_end_each_call_the_same_way(calls: Line, line: str, ends: str) -> None:
    await calls.people.do("line", number=MAYA, line=line)

    await calls.create()

    await calls.stands(MAYA, ends)


async def test_who_hangs_up_while_the_other_phone_rings_cancels_that(calls: Line) -> None:
    await calls.create()
    await calls.stands(MAYA, "ringing")
    await calls.hands(MAYA, "picks_up")
    await calls.stands(MAYA, "in-progress")
    await calls.hands(MAYA, "presses", "1")
    await calls.stands(DANA, "ringing")

    await calls.hands(MAYA, "hangs_up")

    await calls.stands(DANA, "canceled")
    assert calls.bot.asked("/ended") == []


async def test_somebody_calls_us_and_the_bot_says_what_happens(calls: Line) -> None:
    await calls.people.do("phone", voice_url=f"{calls.bot.url}/ended")

    await calls.people.do("call", **{"from": DANA})

    over = await calls.stands(DANA, "completed")
    assert over["heard"] == ["Goodbye"] and over["direction"] == "inbound"
    [asked] = calls.bot.asked("/ended")
    assert (asked["From"], asked["To"], asked["CallStatus"], asked["Direction"]) == (DANA, OURS, "ringing", "inbound")


async def test_a_bot_that_answers_nonsense_is_told_on_the_line(calls: Line) -> None:
    calls.bot.says["/answered"] = "<html>"
    await calls.create()
    await calls.stands(MAYA, "ringing")

    await calls.hands(MAYA, "picks_up")

    over = await calls.stands(MAYA, "completed")
    assert "application error" in over["heard"][0]


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"To": None}, 21201),
        ({"To": "nobody"}, 21211),
        ({"From": None}, 21213),
        ({"From": "+15125550142"}, 21210),
        ({"Url": None}, 21205),
        ({"Url": "ftp://here"}, 21205),
        ({"StatusCallbackEvent": "sold"}, 21626),
        ({"Timeout": "0"}, 21216),
    ],
)
async def test_a_request_that_twilio_would_refuse_is_refused(calls: Line, fields: JSON, code: int) -> None:
    status, answer = await calls.create(**fields)

    assert (status, answer["code"]) == (400, code)
    assert (await calls.get("/Calls.json"))["calls"] == []

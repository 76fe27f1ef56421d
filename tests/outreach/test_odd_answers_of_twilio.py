"""What Twilio's address answers may be no answer of Twilio's: a proxy's page, or JSON of another shape. Then nobody answered."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiohttp import web

from bot.outreach.network import Nobody, Outgoing, seconds
from bot.outreach.sms import TwilioNetwork
from bot.outreach.voice import TwilioVoice
from tests.conftest import NOON

ACCOUNT = ("AC1", "a token")
OURS, THEIRS = "+15125550199", "+15125550100"
ODD = (
    "<html>", "null", "[]", "[null]", '"words"', "7", "{}",
    '{"messages": null, "calls": null}', '{"messages": [null], "calls": [null]}', '{"messages": 7, "calls": {"a": 1}}',
)  # fmt: skip


@asynccontextmanager
async def twilio_says(body: str, status: int = 200) -> AsyncIterator[str]:
    """A server that has one answer to everything; its address."""

    async def answer(_: web.Request) -> web.Response:
        return web.Response(text=body, status=status, content_type="application/json")

    app = web.Application()
    app.router.add_route("*", "/{anything:.*}", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


@pytest.mark.parametrize("body", ODD)
async def test_an_odd_answer_about_texts_is_none(body: str) -> None:
    async with twilio_says(body) as url:
        network = TwilioNetwork(*ACCOUNT, OURS, url, "https://leads.example.com")
        assert await network.received_since(NOON, []) is None
        assert await network.sent_to(THEIRS, NOON) is None
        assert await network.send(Outgoing(1, THEIRS, "Hi Dana"), seconds() + 600) == Nobody()
        assert await network.picture("MM1", 1, 1000) == "unreachable"
        await network.close()


@pytest.mark.parametrize("body", ODD)
async def test_an_odd_answer_about_calls_is_none(body: str) -> None:
    async with twilio_says(body) as url:
        voice = TwilioVoice(*ACCOUNT, OURS, url, "https://leads.example.com")
        assert await voice.ring(THEIRS, 1, "answered", seconds() + 600) == Nobody()
        assert await voice.rung(THEIRS, NOON) is None
        assert await voice.how_it_stands("CA1") is None
        assert await voice.recorded("CA1") is None
        await voice.close()


@pytest.mark.parametrize(("status", "known"), [(404, "gone"), (410, "gone"), (401, None), (500, None)])
async def test_a_call_that_twilio_has_no_more_is_told_from_one_that_nobody_can_be_asked_about(status: int, known: str | None) -> None:
    async with twilio_says('{"code": 20404, "message": "not found"}', status) as url:
        voice = TwilioVoice(*ACCOUNT, OURS, url, "https://leads.example.com")
        assert await voice.how_it_stands("CA1") == known
        await voice.close()

"""Two sockets against a Slack that goes silent on them."""

import time
from collections.abc import AsyncIterator

import aiohttp
import pytest_asyncio
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.handlers.slack.sockets import UNEQUAL, Sockets
from bot.sandbox.server import running_sandbox
from tests.doubles.office import LEADS
from tests.doubles.shown import JSON

DEAF_AFTER = 0.2


class Line:
    """Sockets, and the Slack at their other end."""

    def __init__(self, url: str, session: aiohttp.ClientSession, client: AsyncWebClient) -> None:
        self._url, self._session, self._client = url, session, client
        app = AsyncApp(client=client, request_verification_enabled=False)
        self.sockets = Sockets(app, "xapp-sandbox", deaf_after=DEAF_AFTER)

    async def act(self, name: str, **body: object) -> JSON:
        async with self._session.post(f"{self._url}/_control/{name}", json=body) as answer:
            told: JSON = await answer.json()
        return told

    async def see(self, what: str) -> JSON:
        async with self._session.get(f"{self._url}/_control/{what}") as answer:
            seen: JSON = await answer.json()
        return seen

    async def post(self) -> None:
        began = time.monotonic()
        await self._client.chat_postMessage(channel=LEADS, text="A lead")
        self.sockets.posted(began)

    async def command_is_heard(self) -> bool:
        """Whether a command reaches us; it goes to one of our sockets."""
        answer = await self.act("command", channel=LEADS, user="U0MAYA", command="/lead", text="")
        return bool(answer["acked"])

    async def connections_used(self) -> set[int]:
        """The numbers of the connections that acknowledged something."""
        return {entry["connection"] for entry in (await self.see("log"))["log"] if entry.get("ack_ms") is not None and entry["ok"]}


@pytest_asyncio.fixture
async def line() -> AsyncIterator[Line]:
    async with running_sandbox() as sandbox, aiohttp.ClientSession() as session:
        client = AsyncWebClient(token="xoxb-sandbox", base_url=sandbox.api_url, session=session, retry_handlers=[])
        line = Line(sandbox.url, session, client)
        await line.sockets.open()
        yield line
        await line.sockets.close()


async def test_both_are_replaced_when_the_echo_of_a_post_stays_away(line: Line) -> None:
    await line.act("faults", kind="silent_socket")
    await line.post()

    await line.sockets.watch()
    await line.sockets.watch()

    assert await line.command_is_heard()
    assert await line.command_is_heard()
    assert await line.connections_used() == {3, 4}


async def test_one_that_gets_nothing_while_the_other_hears_is_replaced_alone(line: Line) -> None:
    await line.act("faults", kind="silent_socket", times=1)
    for _ in range(2 * UNEQUAL):
        await line.act("message", channel=LEADS, user="U0MAYA", text="hello")  # every other one reaches nobody at first
    await line.sockets.watch()
    await line.sockets.watch()

    assert await line.command_is_heard()
    assert await line.command_is_heard()
    assert 3 in await line.connections_used()
    assert 4 not in await line.connections_used()


async def test_a_quiet_night_replaces_nothing(line: Line) -> None:
    for _ in range(3):
        await line.sockets.watch()

    assert await line.command_is_heard()
    assert await line.command_is_heard()
    assert await line.connections_used() == {1, 2}


async def test_sockets_that_hear_the_echo_are_kept(line: Line) -> None:
    await line.post()
    for _ in range(3):
        await line.sockets.watch()

    assert await line.command_is_heard()
    assert await line.command_is_heard()
    assert await line.connections_used() == {1, 2}

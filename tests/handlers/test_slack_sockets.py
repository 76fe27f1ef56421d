"""Two sockets against a Slack that goes silent on them."""

import time
from collections.abc import AsyncIterator

import aiohttp
import pytest
import pytest_asyncio
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.handlers.slack.sockets import UNEQUAL, Sockets
from bot.sandbox.server import Sandbox, running_sandbox
from tests.doubles.workplace import LEADS, Workplace


class Line(Workplace):
    """A Slack, and our sockets to it, with an app that handles nothing."""

    def __init__(self, sandbox: Sandbox, session: aiohttp.ClientSession) -> None:
        super().__init__(sandbox, session)
        self._client = AsyncWebClient(token="xoxb-sandbox", base_url=sandbox.api_url, session=session, retry_handlers=[])
        app = AsyncApp(client=self._client, request_verification_enabled=False)
        self.sockets = Sockets(app, "xapp-sandbox", deaf_after=0.2, echo_within=0.1)

    async def post(self) -> None:
        began = time.monotonic()
        await self._client.chat_postMessage(channel=LEADS, text="A lead")
        self.sockets.posted(began)

    async def has_heard(self) -> bool:
        """Whether an event reached one of them."""
        return any(entry["kind"] == "events_api" and entry["ok"] for entry in await self.log())

    async def connections_that_hear(self) -> set[int]:
        """The numbers of the connections that two commands, one after the other, reach."""
        for _ in range(2):
            await self.do("command", channel=LEADS, user="U0MAYA", command="/lead", text="")
        commands = [entry for entry in await self.log() if entry["kind"] == "slash_commands"]
        return {entry["connection"] for entry in commands if entry["ok"]}


@pytest_asyncio.fixture
async def line() -> AsyncIterator[Line]:
    async with running_sandbox() as sandbox, aiohttp.ClientSession() as session:
        opened = Line(sandbox, session)
        await opened.sockets.open()
        yield opened
        await opened.sockets.close()


@pytest.mark.fault(24)
async def test_both_are_replaced_when_the_echo_of_a_post_stays_away(line: Line) -> None:
    await line.slack_fault("silent_socket")
    await line.post()

    for _ in range(2):
        await line.sockets.watch()

    async def replaced() -> bool:
        return await line.connections_that_hear() == {3, 4}

    await line.until(replaced, "two other connections")


@pytest.mark.fault(24)
async def test_one_that_gets_nothing_while_the_other_hears_is_replaced_alone(line: Line) -> None:
    await line.slack_fault("silent_socket", times=1)
    for _ in range(2 * UNEQUAL):
        await line.do("message", channel=LEADS, user="U0MAYA", text="hello")  # every other one reaches nobody at first

    async def replaced() -> bool:
        await line.sockets.watch()
        return await line.connections_that_hear() == {2, 3}

    await line.until(replaced, "another connection in place of the silent one")


async def test_a_quiet_night_replaces_nothing(line: Line) -> None:
    for _ in range(3):
        await line.sockets.watch()

    assert await line.connections_that_hear() == {1, 2}


async def test_sockets_that_hear_the_echo_are_kept(line: Line) -> None:
    await line.post()
    await line.until(line.has_heard, "the echo")

    for _ in range(3):
        await line.sockets.watch()

    assert await line.connections_that_hear() == {1, 2}


async def test_who_heard_their_own_posts_and_hears_them_no_more_says_so_until_anything_comes(line: Line) -> None:
    await line.post()
    await line.until(line.has_heard, "an echo")
    assert await line.sockets.hear()
    await line.slack_fault("silent_socket")
    await line.post()

    async def hears_nothing() -> bool:
        return not await line.sockets.hear()

    await line.until(hears_nothing, "sockets that say that they are deaf")
    while not await line.sockets.watch():
        pass  # until all are replaced
    assert not await line.sockets.hear()  # nothing came yet
    await line.do("command", channel=LEADS, user="U0MAYA", command="/lead", text="")
    assert await line.sockets.hear()


async def test_where_slack_tells_nothing_of_our_posts_silence_proves_nothing(line: Line) -> None:
    await line.slack_fault("silent_socket")
    await line.post()

    await line.sockets.watch()
    assert await line.sockets.hear()

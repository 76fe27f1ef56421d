"""Two processes of ours on one Slack and one store: what came to either of them says that Slack reaches us."""

import asyncio
import time
from collections.abc import AsyncIterator
from functools import partial
from typing import Any
from unittest.mock import patch

import aiohttp
import pytest
import pytest_asyncio
from slack_sdk.web.async_client import AsyncWebClient
from structlog.testing import capture_logs

from bot.handlers.slack import app, sockets
from bot.handlers.slack.app import Slack
from bot.handlers.slack.sockets import Sockets
from bot.sandbox.server import Sandbox, running_sandbox
from bot.sandbox.workspace import BOT_TOKEN
from bot.store.database import Store
from tests.conftest import EXAMPLE, NOON
from tests.doubles.branch import Branch
from tests.doubles.office import settings_for
from tests.doubles.workplace import LEADS, Workplace

ECHO_WITHIN = 0.1
ONES, OTHERS = {1, 2}, {3, 4}
"""The numbers of the connections of each. Slack gives to one after the other of all four."""
MANY = 5


class Replica:
    """One process: its side of Slack, and its sockets."""

    def __init__(self, company: Store, sandbox: Sandbox) -> None:
        made: list[Sockets] = []

        def keep(*arguments: Any) -> Sockets:
            made.append(Sockets(*arguments, deaf_after=0.5, echo_within=ECHO_WITHIN))
            return made[-1]

        settings = settings_for(sandbox, company.url.render_as_string(hide_password=False), EXAMPLE)
        with patch.object(app, "Sockets", keep):
            self.slack = Slack(Branch(company, NOON).services, settings)
        [self.sockets] = made


class Two(Workplace):
    """A Slack that may tell either of two processes, of which one posts."""

    def __init__(self, sandbox: Sandbox, session: aiohttp.ClientSession, one: Replica, other: Replica) -> None:
        super().__init__(sandbox, session)
        self.one, self.other = one, other
        self._client = AsyncWebClient(token=BOT_TOKEN, base_url=sandbox.api_url, session=session, retry_handlers=[])

    async def post(self) -> None:
        began = time.monotonic()
        await self._client.chat_postMessage(channel=LEADS, text="A lead")
        self.one.sockets.posted(began)

    async def posts_until_they_hear(self, connections: set[int]) -> None:
        """Post until Slack gives the echo to one of these."""
        for _ in ONES | OTHERS:
            before = len(await self._heard())
            await self.post()
            heard = await self.until(partial(self._heard, before), "an echo")
            if heard[0] in connections:
                return
        raise AssertionError(f"of as many posts as connections none was told to {connections}")

    async def _heard(self, before: int = 0) -> list[int]:
        return [entry["connection"] for entry in await self.log() if entry["kind"] == "events_api" and entry["ok"]][before:]

    async def look(self) -> None:
        """Each looks after its sockets, the other one first."""
        await self.other.slack.watch_sockets()
        await self.one.slack.watch_sockets()

    async def says_that_it_is_deaf(self) -> None:
        async def deaf() -> bool:
            return not await self.one.sockets.hear()

        await self.until(deaf, "sockets that say that they are deaf")


@pytest_asyncio.fixture
async def two(company: Store, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Two]:
    monkeypatch.setattr(sockets, "LOOK_EVERY", 0.02)
    monkeypatch.setattr(sockets, "UNEQUAL_AMONG_PROCESSES", MANY)
    async with running_sandbox() as sandbox, aiohttp.ClientSession() as session:
        replicas = [Replica(company, sandbox) for _ in range(2)]
        for replica in replicas:
            await replica.slack.connect()
        yield Two(sandbox, session, *replicas)
        for replica in replicas:
            await replica.slack.stop_listening()
            await replica.slack.close()


@pytest.mark.fault(24)
async def test_who_posts_hears_where_another_process_heard_the_echo(two: Two) -> None:
    await two.posts_until_they_hear(ONES)
    await two.posts_until_they_hear(OTHERS)
    await two.says_that_it_is_deaf()

    async def hears() -> bool:
        await two.look()  # first each says what came to itself
        return await two.one.sockets.hear()

    await two.until(hears, "that it hears where the other one did")
    await asyncio.sleep(ECHO_WITHIN)
    assert await two.one.sockets.hear()


@pytest.mark.fault(24)
async def test_what_came_before_the_post_to_whomever_proves_nothing(two: Two) -> None:
    await two.posts_until_they_hear(OTHERS)
    await two.posts_until_they_hear(ONES)
    await two.look()
    await two.slack_fault("silent_socket")
    await two.post()
    await two.says_that_it_is_deaf()

    for _ in range(3):
        await two.look()

    assert not await two.one.sockets.hear()


@pytest.mark.fault(24)
async def test_who_gets_nothing_while_another_process_gets_much_replaces_both_its_sockets(two: Two) -> None:
    await two.slack_fault("silent_socket", times=len(ONES))

    with capture_logs() as said:

        async def replaced() -> bool:
            await two.do("message", channel=LEADS, user="U0MAYA", text="hello")  # every other one reaches nobody at first
            await two.look()
            return len(said) >= len(ONES)

        await two.until(replaced, "two other connections")
    assert {each["event"] for each in said} == {"a socket has gone deaf and is replaced"}
    for _ in range(len(ONES | OTHERS)):
        answer = await two.do("command", channel=LEADS, user="U0MAYA", command="/lead", text="")
        assert answer["acked"]


async def test_who_gets_their_share_keeps_their_sockets(two: Two) -> None:
    with capture_logs() as said:
        for _ in range(4 * MANY):
            await two.do("message", channel=LEADS, user="U0MAYA", text="hello")
            await asyncio.sleep(ECHO_WITHIN / 2)
            await two.look()

    assert said == []

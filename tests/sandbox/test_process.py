"""The sandbox as a process of its own: how it starts, ends, and what it keeps."""

import asyncio
import signal
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.server import Sandbox, running_sandbox
from tests.doubles.waiting import MACHINE, PATIENCE
from tests.sandbox.hands import People, bolt_app, button, card, connected


@asynccontextmanager
async def started(store: Path, port: int = 0, *more: str) -> AsyncIterator[tuple[asyncio.subprocess.Process, Sandbox]]:
    """The process and its address; killed at the end if it still runs."""
    command = [sys.executable, "-m", "bot.sandbox", "--port", str(port), "--store", str(store), *more]
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    assert process.stdout
    ready = (await asyncio.wait_for(process.stdout.readline(), PATIENCE)).decode()
    assert ready.startswith("sandbox ready http://127.0.0.1:")
    url = ready.split()[-1]
    try:
        yield process, Sandbox(url, f"{url}/api/", "", "")
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def test_it_ends_soon_although_others_hold_on(tmp_path: Path, session: aiohttp.ClientSession) -> None:
    async with started(tmp_path / "sandbox.db") as (process, sandbox):
        client = AsyncWebClient(token="xoxb-sandbox", base_url=sandbox.api_url, session=session)
        people = People(session, sandbox)
        async with connected(bolt_app(client)), session.get(f"{sandbox.url}/_control/changes") as stream:
            waiting = asyncio.create_task(people.see("clock/wait?version=0"))
            await stream.content.readline()
            process.send_signal(signal.SIGTERM)
            began = time.monotonic()
            assert await process.wait() == 0
            assert time.monotonic() - began < 1 + MACHINE
            await asyncio.gather(waiting, return_exceptions=True)


async def test_it_ends_cleanly_on_control_c(tmp_path: Path) -> None:
    async with started(tmp_path / "sandbox.db") as (process, _):
        process.send_signal(signal.SIGINT)
        assert await asyncio.wait_for(process.wait(), PATIENCE) == 0


async def test_a_busy_port_is_said_in_one_sentence(tmp_path: Path) -> None:
    async with running_sandbox() as sandbox:
        port = sandbox.url.rpartition(":")[2]
        command = [sys.executable, "-m", "bot.sandbox", "--port", port, "--store", str(tmp_path / "sandbox.db")]
        process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE)
        said, complained = await asyncio.wait_for(process.communicate(), PATIENCE)
    assert process.returncode == 2 and said == b""
    assert complained.decode() == f"Port {port} is taken: stop what runs there, or choose another port.\n"


async def test_a_second_sandbox_on_the_same_store_is_refused(tmp_path: Path) -> None:
    store = tmp_path / "sandbox.db"
    async with started(store):
        command = [sys.executable, "-m", "bot.sandbox", "--port", "0", "--store", str(store)]
        second = await asyncio.create_subprocess_exec(*command, stderr=asyncio.subprocess.PIPE)
        _, complained = await asyncio.wait_for(second.communicate(), PATIENCE)
    assert second.returncode == 1 and "Another sandbox already runs" in complained.decode()


async def test_killed_and_started_again_it_remembers_and_the_bot_comes_back(tmp_path: Path, session: aiohttp.ClientSession) -> None:
    store = tmp_path / "sandbox.db"
    async with started(store) as (process, sandbox):
        client = AsyncWebClient(token="xoxb-sandbox", base_url=sandbox.api_url, session=session)
        app = bolt_app(client)

        @app.action("claim")
        async def claim(ack: object) -> None:
            await ack()  # type: ignore[operator]

        async with connected(app, ping_s=0.5):
            card_ts = (await client.chat_postMessage(channel="C0LEADS", text="A lead", blocks=card(button("claim", "Claim"))))["ts"]
            await client.chat_postMessage(channel="U0MAYA", text="Yours: #1042")
            await People(session, sandbox).do("clock", advance_s=300)
            process.kill()
            await process.wait()
            async with started(store, int(sandbox.url.rpartition(":")[2])) as (_, again):
                people = People(session, again)
                assert await people.texts() == ["A lead"] and await people.texts("D0MAYA") == ["Yours: #1042"]
                assert (await people.see("clock"))["offset_s"] == 300

                async def is_back() -> bool:
                    return bool((await people.see("state"))["app"]["connections"] == 1)

                await people.until(is_back)
                assert (await people.press(card_ts))["acked"]


async def test_fresh_starts_over(tmp_path: Path, session: aiohttp.ClientSession) -> None:
    store = tmp_path / "sandbox.db"
    async with started(store) as (_, sandbox):
        await People(session, sandbox).do("message", channel="C0LEADS", user="U0MAYA", text="hello")
    async with started(store, 0, "--fresh") as (_, sandbox):
        assert await People(session, sandbox).texts() == []

"""The clock that people skip and the bot follows."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.clock import SandboxClock
from bot.sandbox.server import Sandbox, running_sandbox
from tests.doubles.waiting import MACHINE, PATIENCE
from tests.sandbox.hands import People


def off_by(moment: datetime, expected: datetime) -> float:
    return abs((moment - expected).total_seconds())


async def test_a_skip_moves_the_clock_and_its_version(people: People) -> None:
    before = await people.see("clock")
    after = await people.do("clock", advance_s=300)
    assert after["offset_s"] == before["offset_s"] + 300 and after["version"] == before["version"] + 1
    assert off_by(datetime.fromisoformat(after["now"]), datetime.now(UTC) + timedelta(minutes=5)) < MACHINE


async def test_the_clock_can_be_set_to_a_time(people: People) -> None:
    wanted = datetime(2027, 3, 14, 9, 30, tzinfo=UTC)
    state = await people.do("clock", set=wanted.isoformat())
    assert off_by(datetime.fromisoformat(state["now"]), wanted) < MACHINE


async def test_messages_are_stamped_by_the_sandboxs_clock(client: AsyncWebClient, people: People) -> None:
    await people.do("clock", set="2027-03-14T09:30:00+00:00")
    posted = await client.chat_postMessage(channel="C0LEADS", text="A lead")
    assert off_by(datetime.fromtimestamp(float(posted["ts"]), UTC), datetime(2027, 3, 14, 9, 30, tzinfo=UTC)) < MACHINE


@pytest.mark.parametrize(
    "body", [{}, {"advance_s": "long"}, {"advance_s": 1e300}, {"advance_s": True}, {"set": "tomorrow"}, {"set": "0001-01-01"}]
)
async def test_a_time_that_makes_no_sense_is_refused(people: People, body: dict[str, Any]) -> None:
    assert not (await people.do("clock", **body))["ok"]
    assert (await people.see("clock"))["version"] == 0


async def test_waiting_ends_with_the_next_skip(people: People) -> None:
    waiting = asyncio.create_task(people.see("clock/wait?version=0"))
    done, _ = await asyncio.wait([waiting], timeout=0.1)
    assert not done
    await people.do("clock", advance_s=60)
    assert (await asyncio.wait_for(waiting, PATIENCE))["version"] == 1


async def test_waiting_for_a_skip_long_past_ends_at_once(people: People) -> None:
    await people.do("clock", advance_s=60)
    assert (await asyncio.wait_for(people.see("clock/wait?version=0"), PATIENCE))["offset_s"] == 60


async def test_the_bots_clock_hears_every_skip(sandbox: Sandbox, people: People) -> None:
    await people.do("clock", advance_s=60)
    clock, skips = await SandboxClock.connect(sandbox.url), asyncio.Queue[datetime]()
    assert off_by(clock.now(), datetime.now(UTC) + timedelta(seconds=60)) < MACHINE
    following = asyncio.create_task(clock.follow(lambda: skips.put_nowait(clock.now())))
    for minutes in (1, 2):
        await people.do("clock", advance_s=60)
        heard = await asyncio.wait_for(skips.get(), PATIENCE)
        assert off_by(heard, datetime.now(UTC) + timedelta(minutes=minutes + 1)) < MACHINE
    following.cancel()


async def test_the_bots_clock_goes_on_over_a_restart_of_the_sandbox(tmp_path: Path, session: aiohttp.ClientSession) -> None:
    skipped = asyncio.Event()
    async with running_sandbox(store=tmp_path / "sandbox.db") as first:
        await People(session, first).do("clock", advance_s=3600)
        clock = await SandboxClock.connect(first.url)
        following = asyncio.create_task(clock.follow(skipped.set))
    port = int(first.url.rpartition(":")[2])
    async with running_sandbox(port, tmp_path / "sandbox.db") as second:
        people = People(session, second)
        assert (await people.see("clock"))["offset_s"] == 3600
        assert not skipped.is_set()
        await people.do("clock", advance_s=60)
        await asyncio.wait_for(skipped.wait(), PATIENCE)
    assert off_by(clock.now(), datetime.now(UTC) + timedelta(seconds=3660)) < MACHINE
    following.cancel()

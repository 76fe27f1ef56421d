"""Leadbell is killed or stopped while it asks for a call: no phone rings twice for it, and no borrower is dialed twice."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from unittest.mock import patch

import aiohttp
import pytest

from bot.outreach.calls import CallSheet
from bot.store.calls import request_is_over
from bot.store.database import Store
from tests.doubles.branch import Branch
from tests.doubles.calls import Calls
from tests.doubles.databases import fresh_postgresql
from tests.doubles.processes import running_bot
from tests.doubles.slack_channel import SlackChannel
from tests.doubles.waiting import until

MAYA = "+15125550101"


@pytest.fixture
def store() -> Iterator[Store]:
    opened = Store(fresh_postgresql())
    yield opened
    opened.close()


def url_of(store: Store) -> str:
    return store.url.render_as_string(hide_password=False)


def asked(store: Store) -> tuple[Calls, int]:
    """Maya asked a moment ago to be connected. The law is not the point here, so it allows the call at any hour."""
    calls = Calls(Branch(store, datetime.now(UTC)))
    with patch("bot.calls.calling.call_sheet", lambda lead, _: CallSheet(lead.phones[0], None, None, None)):
        return calls, calls.asked(calls.lead())


async def rang(slack: SlackChannel) -> list[dict[str, Any]]:
    """The calls that the network was asked for."""
    async with aiohttp.ClientSession() as session, session.get(f"{slack.sandbox.url}/_control/calls") as answer:
        seen: list[dict[str, Any]] = (await answer.json())["calls"]
    return [call for call in seen if call["direction"] == "outbound-api"]


async def test_killed_before_the_request_the_call_is_doubted_asked_about_and_never_placed_by_itself(
    store: Store, tmp_path: Path, slack: SlackChannel
) -> None:
    async with running_bot(url_of(store), tmp_path, slack.sandbox, at="before_text") as bot:
        calls, call_id = await asyncio.to_thread(asked, store)
        await bot.died()
    assert calls.stand(call_id) == ("placing", None)

    async with running_bot(url_of(store), tmp_path, slack.sandbox):
        await until(lambda: doubted(calls, call_id), "a question to the network")
    assert await rang(slack) == []


async def test_killed_after_the_network_took_the_call_it_is_found_there_and_rings_no_second_time(
    store: Store, tmp_path: Path, slack: SlackChannel
) -> None:
    async with running_bot(url_of(store), tmp_path, slack.sandbox, at="after_text") as bot:
        calls, call_id = await asyncio.to_thread(asked, store)
        await bot.died()
    assert calls.stand(call_id) == ("placing", None)

    async with running_bot(url_of(store), tmp_path, slack.sandbox):
        await until(lambda: is_known(calls, call_id), "a call that is known to the network")
    assert [call["to"] for call in await rang(slack)] == [MAYA]


@pytest.mark.fault(42)
async def test_a_worker_stopped_past_its_deadline_rings_nobody_in_that_try_when_it_wakes(
    store: Store, tmp_path: Path, slack: SlackChannel
) -> None:
    async with running_bot(url_of(store), tmp_path, slack.sandbox, at="before_text", sends_itself="SIGSTOP") as bot:
        calls, call_id = await asyncio.to_thread(asked, store)
        await bot.stopped()
        await until(lambda: deadline_passed(store, call_id), "the end of its deadline")

        bot.goes_on()

        await until(lambda: settled(calls, call_id), "an end of it")
    # Where it is certain that nobody was rung, it is placed in a try of its own; else the officer presses again.
    assert len(await rang(slack)) == (1 if calls.row(call_id).provider_id else 0)


async def doubted(calls: Calls, call_id: int) -> bool:
    """The network was asked, and had nothing."""
    call = calls.row(call_id)
    return call.status == "uncertain" and call.attempts > 0


async def is_known(calls: Calls, call_id: int) -> bool:
    return calls.row(call_id).provider_id is not None


async def settled(calls: Calls, call_id: int) -> bool:
    return await doubted(calls, call_id) or await is_known(calls, call_id)


async def deadline_passed(store: Store, call_id: int) -> bool:
    return store.transact_now(request_is_over, call_id)

"""A wire to the store that stays open and silent: whoever waits is told so, Leadbell can be stopped, and when it speaks all goes on."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

import pytest

from bot.errors import StoreUnavailable
from bot.store import database
from bot.store.database import THREADS_ON_POSTGRESQL, Store
from bot.store.people import newest_version
from tests.doubles.cutting_proxy import CuttingProxy, cutting_proxy
from tests.doubles.databases import fresh_postgresql
from tests.doubles.processes import running_bot
from tests.doubles.slack_channel import SlackChannel

GONE_WITHIN = 10.0


@pytest.fixture
def proxy() -> Iterator[CuttingProxy]:
    with cutting_proxy(fresh_postgresql()) as running:
        yield running


async def test_questions_over_a_silent_wire_are_given_up_and_their_threads_ask_again_on_a_new_one(proxy: CuttingProxy) -> None:
    store = Store(proxy.url)
    version = await store.read(newest_version)
    proxy.flows.clear()
    with patch.object(database, "SILENT_FOR", 0.3):
        asked = (store.read(newest_version) for _ in range(THREADS_ON_POSTGRESQL))
        heard = await asyncio.gather(*asked, return_exceptions=True)
    assert [type(each) for each in heard] == [StoreUnavailable] * THREADS_ON_POSTGRESQL
    proxy.flows.set()
    asked = (store.read(newest_version) for _ in range(THREADS_ON_POSTGRESQL))
    assert await asyncio.gather(*asked) == [version] * THREADS_ON_POSTGRESQL
    store.close()


@pytest.mark.fault(6)
async def test_behind_a_silent_wire_senders_are_told_to_come_again_and_leadbell_can_be_stopped(
    proxy: CuttingProxy, tmp_path: Path, slack: SlackChannel
) -> None:
    async with running_bot(proxy.url, tmp_path, slack.sandbox) as bot:
        proxy.flows.clear()
        assert (await bot.deliver(external_id="a-1"))[0] == 503
        assert await bot.gone_after() < GONE_WITHIN

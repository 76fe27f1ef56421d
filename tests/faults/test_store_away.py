"""PostgreSQL goes away under a running Leadbell: senders are told to come again, and when it is back everything goes on."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import aiohttp
import pytest

from bot.store.database import Store
from bot.store.postings import Posting
from tests.doubles.cutting_proxy import CuttingProxy, cutting_proxy
from tests.doubles.databases import fresh_postgresql
from tests.doubles.processes import KEY, command, running_bot
from tests.doubles.rows import let_leases_run_out, rows
from tests.doubles.slack_channel import SlackChannel, one_card_is_shown
from tests.doubles.waiting import until


@pytest.fixture
def proxy() -> Iterator[CuttingProxy]:
    with cutting_proxy(fresh_postgresql()) as running:
        yield running


@pytest.mark.fault(6)
async def test_senders_are_told_to_come_again_and_their_leads_ring_when_it_is_back(
    proxy: CuttingProxy, tmp_path: Path, slack: SlackChannel
) -> None:
    async with running_bot(proxy.url, tmp_path, slack.sandbox) as bot, aiohttp.ClientSession() as session:
        proxy.away = True
        proxy.cut_all()
        lead = {"first_name": "Dana", "phone": "(512) 555-0100", "external_id": "a-1"}
        async with session.post(f"{bot.url}/leads/website", json=lead, headers={"Authorization": f"Bearer {KEY}"}) as refused:
            assert (refused.status, refused.headers["Retry-After"]) == (503, "5")
        async with session.get(f"{bot.url}/healthz") as alive, session.get(f"{bot.url}/readyz") as ready:
            assert (alive.status, ready.status) == (200, 503)
            assert (await ready.json())["reasons"] == ["the store is away"]
        proxy.away = False
        assert await bot.deliver(external_id="a-1") == (200, {"lead": 1001, "duplicate": False})

        store = Store(proxy.directly)
        await until(lambda: one_card_is_shown(slack, store), "one card", slack.cards)
        store.close()


async def test_a_card_that_could_not_be_noted_as_shown_is_posted_once(proxy: CuttingProxy, tmp_path: Path, slack: SlackChannel) -> None:
    store = Store(proxy.directly)
    async with running_bot(proxy.url, tmp_path, slack.sandbox, at="after_post", sends_itself="SIGSTOP") as bot:
        delivery = asyncio.create_task(bot.deliver())
        await bot.stopped()
        proxy.away = True
        proxy.cut_all()
        bot.goes_on()

        async def complains() -> bool:
            return "The database cannot be reached" in bot.log.read_text()

        await until(complains, "a complaint", bot.said)
        assert rows(store, Posting)[0].message_id is None
        proxy.away = False
        let_leases_run_out(store)
        await until(lambda: one_card_is_shown(slack, store), "one card", slack.cards)
        assert (await delivery)[0] == 200
    store.close()
    assert len(await slack.calls("chat.postMessage")) == 1


async def test_a_start_without_the_store_ends_with_a_sentence(proxy: CuttingProxy) -> None:
    proxy.away = True
    code, said = await command(proxy.url, "run", "--unencrypted")
    assert code == 1
    assert said.strip() == (
        "The database cannot be reached or does not answer. Check that it runs and that LEADBELL_DATABASE_URL points to it."
    )

"""Leadbell is killed after Meta was told that its event is kept: each lead comes, and comes once."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest

from bot.store.database import Store
from bot.store.leads import Arrival
from bot.store.meta import PromisedLead
from tests.doubles.databases import fresh_sqlite
from tests.doubles.graph_server import CHANGES, WORDS, GraphServer, event_of, running_graph, signed
from tests.doubles.processes import Bot, Point, closed_today, running_bot
from tests.doubles.rows import rows
from tests.doubles.waiting import until

DANA = {"full_name": "Dana Rowe", "phone_number": "+15125550100"}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store(fresh_sqlite(tmp_path))
    yield opened
    opened.close()


@asynccontextmanager
async def bot_with_ads(store: Store, folder: Path, graph: GraphServer, at: Point | None = None) -> AsyncIterator[Bot]:
    config = closed_today(folder)
    text = config.read_text("utf-8")
    for old, new in CHANGES.items():
        assert old in text
        text = text.replace(old, new, 1)
    config.write_text(text, "utf-8")
    url = store.url.render_as_string(hide_password=False)
    async with running_bot(url, folder, config=config, more={**WORDS, "META_API_URL": graph.url}, at=at) as bot:
        yield bot


async def tell(bot: Bot) -> None:
    """Tell of a lead; it is answered with 200 while nothing can be fetched yet."""
    body = event_of(["101"])
    async with aiohttp.ClientSession() as session, session.post(f"{bot.url}/leads/facebook", data=body, headers=signed(body)) as answer:
        assert answer.status == 200


async def test_killed_before_a_lead_is_fetched_it_comes_all_the_same(store: Store, tmp_path: Path) -> None:
    async with running_graph() as graph:
        graph.has("101", DANA)
        graph.answers.clear()
        async with bot_with_ads(store, tmp_path, graph) as bot:
            await tell(bot)
            await bot.kill()
        assert [each.lead_id for each in rows(store, PromisedLead)] == [None]

        graph.answers.set()
        async with bot_with_ads(store, tmp_path, graph):
            await until(lambda: fetched(store), "a lead that is fetched")

    assert [arrival.external_id for arrival in rows(store, Arrival)] == ["101"]


async def test_killed_before_it_is_known_that_a_lead_is_here_it_comes_once(store: Store, tmp_path: Path) -> None:
    async with running_graph() as graph:
        graph.has("101", DANA)
        graph.answers.clear()
        async with bot_with_ads(store, tmp_path, graph, "before_promise_is_kept") as bot:
            await tell(bot)
            graph.answers.set()
            await bot.died()
        assert [each.lead_id for each in rows(store, PromisedLead)] == [None]

        async with bot_with_ads(store, tmp_path, graph):
            await until(lambda: fetched(store), "a lead that is fetched")

    assert [arrival.external_id for arrival in rows(store, Arrival)] == ["101"]


async def fetched(store: Store) -> bool:
    return all(each.lead_id is not None for each in rows(store, PromisedLead))

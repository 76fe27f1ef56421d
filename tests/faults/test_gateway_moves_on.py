"""Several Leadbells on one PostgreSQL and one Discord: one hears, all serve, and another hears soon after that one died."""

import json
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from bot.store.database import Store
from bot.store.gateway import RENEW_EVERY, Gateway
from tests.doubles.databases import fresh_postgresql
from tests.doubles.discord_office import CHANNEL, ON_DISCORD
from tests.doubles.discord_server import DiscordServer, running_discord
from tests.doubles.office import config_of
from tests.doubles.processes import running_bot
from tests.doubles.rows import lasts_for
from tests.doubles.waiting import MACHINE, stopwatch

TAKES_OVER_WITHIN = 15.0
GONE_WITHIN = 10.0
MAYA = "200000000000000000"


@pytest.fixture
def store() -> Iterator[Store]:
    """What the replicas share."""
    opened = Store(fresh_postgresql())
    yield opened
    opened.close()


@pytest_asyncio.fixture
async def server() -> AsyncIterator[DiscordServer]:
    async with running_discord() as opened:
        yield opened


async def listens(server: DiscordServer, many: int) -> None:
    await server.until(lambda: (server.identified == many and len(server.listening) == 1) or None, f"listener number {many}")


async def card_of(server: DiscordServer, lead: int, part: str = "") -> dict[str, Any]:
    def shown() -> dict[str, Any] | None:
        cards = ((each, json.dumps(each["components"])) for each in server.messages(CHANNEL))
        return next((card for card, words in cards if f":{lead}" in words and part in words), None)

    return await server.until(shown, f"a card of {lead} that says {part!r}")


@pytest.mark.fault(41)
async def test_when_the_one_that_hears_is_killed_another_takes_over_within_fifteen_seconds(
    store: Store, server: DiscordServer, tmp_path: Path
) -> None:
    url, config = store.url.render_as_string(hide_password=False), config_of(tmp_path, ON_DISCORD)
    async with running_bot(url, tmp_path, config=config, discord=server) as hears:
        await listens(server, 1)
        async with running_bot(url, tmp_path, config=config, discord=server) as other:
            status, answer = await other.deliver(external_id="a-1")
            assert status == 200
            card = await card_of(server, answer["lead"])

            await hears.kill()
            assert lasts_for(store, Gateway.held_until) <= TAKES_OVER_WITHIN - 2 * RENEW_EVERY
            async with stopwatch() as watch:
                await listens(server, 2)
            assert watch.seconds < TAKES_OVER_WITHIN + MACHINE

            await server.press(MAYA, CHANNEL, card, f"lb:claim:{answer['lead']}")
            await card_of(server, answer["lead"], "Maya Torres")
    assert server.most_at_once == 1


async def test_told_to_stop_while_discord_hangs_it_is_gone_in_time(store: Store, server: DiscordServer, tmp_path: Path) -> None:
    url, config = store.url.render_as_string(hide_password=False), config_of(tmp_path, ON_DISCORD)
    async with running_bot(url, tmp_path, config=config, discord=server) as bot:
        await listens(server, 1)
        server.hangs = True

        assert await bot.gone_after() < GONE_WITHIN


async def test_who_is_ended_hands_the_gateway_on_at_once_and_who_does_not_hear_serves(
    store: Store, server: DiscordServer, tmp_path: Path
) -> None:
    url, config = store.url.render_as_string(hide_password=False), config_of(tmp_path, ON_DISCORD)
    async with running_bot(url, tmp_path, config=config, discord=server) as hears:
        await listens(server, 1)
        async with running_bot(url, tmp_path, config=config, discord=server) as other:
            leads = [(await bot.deliver(external_id=f"a-{place}", phone=f"(512) 555-01{place:02}", email=None))[1]["lead"]
                     for place, bot in enumerate((hears, other))]  # fmt: skip
            for lead in leads:
                await card_of(server, lead)

            assert await hears.end() == 0
            async with stopwatch() as watch:
                await listens(server, 2)
            assert watch.seconds < TAKES_OVER_WITHIN / 2 + MACHINE
    assert server.most_at_once == 1

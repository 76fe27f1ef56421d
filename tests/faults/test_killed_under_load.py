"""Leadbell is killed while many senders send: whatever was answered is there."""

import asyncio
from pathlib import Path

import aiohttp
import pytest

from bot.store.events import broken_links
from bot.store.leads import Arrival
from tests.doubles.databases import fresh_store
from tests.doubles.processes import Bot, running_bot
from tests.doubles.rows import rows

SENDERS = 8
ENOUGH = 60


async def send(bot: Bot, sender: int, answered: dict[str, int]) -> None:
    """One sender's leads, one after the other, until the bot is gone; what was answered is written down."""
    for number in range(1000):
        external_id = f"{sender}-{number}"
        try:
            status, answer = await bot.deliver(external_id=external_id, first_name=f"P{external_id}")
        except aiohttp.ClientError:
            return
        if status == 503:  # a store that a busy machine keeps waiting: nothing is promised
            continue
        assert status == 200
        answered[external_id] = answer["lead"]
        if len(answered) == ENOUGH:
            await bot.kill()


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
@pytest.mark.fault(5)
async def test_every_lead_that_was_answered_before_the_kill_is_kept(kind: str, tmp_path: Path) -> None:
    store = fresh_store(kind, tmp_path)
    answered: dict[str, int] = {}
    async with running_bot(store.url.render_as_string(hide_password=False), tmp_path) as bot:
        await asyncio.gather(*(send(bot, sender, answered) for sender in range(SENDERS)))
    kept = {arrival.external_id: arrival.lead_id for arrival in rows(store, Arrival)}
    assert len(answered) >= ENOUGH
    assert answered.items() <= kept.items()
    assert store.transact_now(lambda session: list(broken_links(session))) == []
    store.close()

"""Each officer whom we find in Discord is welcomed once, and tries the bell with a lead that counts nowhere."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from tests.doubles.databases import fresh_sqlite
from tests.doubles.discord_office import DiscordOffice, discord_office, labels_of, read


@pytest_asyncio.fixture
async def new_office(tmp_path: Path) -> AsyncIterator[DiscordOffice]:
    """An office whose people were never welcomed."""
    async with discord_office(tmp_path, fresh_sqlite(tmp_path), welcomed=False) as opened:
        yield opened


async def test_an_officer_is_welcomed_once_and_rings_a_practice_lead(new_office: DiscordOffice) -> None:
    office = new_office
    welcome = await office.is_told("maya", "Hi Maya: licensed OK, TX until 12/31/2099, on duty 8 am-8 pm.")
    assert labels_of(welcome) == ["Ring me a practice lead"]
    await office.restarts()
    await office.nothing_is_owed()
    assert len([each for each in office.people["maya"].user.dm_channel.history() if "Hi Maya" in read(each)]) == 1

    await office.presses("maya", welcome, "practice")
    rung = await office.is_told("maya", "TEST #1001: practice lead, nobody waits.")
    await office.presses("maya", rung, "practice_claim")

    await office.is_told("maya", "TEST #1001: you took")


async def test_who_was_slow_reads_where_discord_itself_is_told_to_ring(new_office: DiscordOffice) -> None:
    office = new_office
    await office.presses("maya", await office.is_told("maya", "Hi Maya"), "practice")
    rung = await office.is_told("maya", "TEST #1001: practice lead, nobody waits.")
    office.skip(minutes=3)

    await office.presses("maya", rung, "practice_claim")

    told = read(await office.is_told("maya", "TEST #1001: you took 3:"))
    assert "Settings, Notifications, Discord: allow" in told and "Slack" not in told

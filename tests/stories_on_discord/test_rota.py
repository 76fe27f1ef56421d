"""Somebody is on call outside working hours, in Discord: they and the channel are told, and /lead oncall shows it."""

from pathlib import Path

from tests.doubles.databases import fresh_sqlite
from tests.doubles.discord_office import discord_office, read
from tests.doubles.on_call import on_call


async def test_who_is_on_call_and_the_channel_are_told_and_anybody_sees_it(tmp_path: Path) -> None:
    async with discord_office(tmp_path, fresh_sqlite(tmp_path), changes=on_call("maya")) as office:
        await office.is_told("maya", "You are on call for Austin until Monday, ")

        async def said() -> bool:
            return any("Maya Torres is on call for Austin until Monday, " in read(message) for message in office.messages())

        await office.until(said, "a line in the channel")
        assert "Now: Maya Torres, until Monday, " in read(await office.types("luis", "lead oncall"))

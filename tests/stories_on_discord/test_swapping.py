"""/lead swap in Discord: a colleague accepts, both read so, and it can be undone."""

from pathlib import Path

from tests.doubles.databases import fresh_sqlite
from tests.doubles.discord_office import discord_office, read
from tests.doubles.on_call import on_call


async def test_a_colleague_accepts_and_undoes_it_again(tmp_path: Path) -> None:
    async with discord_office(tmp_path, fresh_sqlite(tmp_path), changes=on_call("maya")) as office:
        told = await office.types("maya", "lead swap", day="saturday", colleague="luis")
        assert "I asked Luis Ortega to be on call for you from Saturday, " in read(told)
        asked = await office.is_told("luis", "Maya Torres asks: can you be on call for Austin")

        accepted = await office.presses("luis", asked, "swap_take")
        assert "You are on call for Maya Torres from Saturday, " in read(office.answer_of(accepted))
        await office.is_told("maya", "Luis Ortega is on call for you in Austin")

        undone = await office.presses("maya", told, "swap_off")
        assert "Undone: everybody has their own turn again." in read(office.answer_of(undone))
        await office.is_told("luis", "Maya Torres undid the swap")

"""In Discord too the owner of a lead that is left alone is warned, and loses it a working morning later."""

from pathlib import Path

from tests.doubles.databases import fresh_sqlite
from tests.doubles.discord_office import discord_office, labels_of
from tests.stories.test_neglect import TAKES_BACK


async def test_the_owner_is_warned_and_a_day_later_it_is_free(tmp_path: Path) -> None:
    async with discord_office(tmp_path, fresh_sqlite(tmp_path), changes=TAKES_BACK) as office:
        lead = await office.lead_arrives()
        await office.presses("maya", await office.card_of(lead), "claim")
        await office.presses("maya", await office.is_told("maya", f"Yours: #{lead}"), "calling")
        office.skip(minutes=30)
        await office.presses("maya", await office.is_told("maya", "How did it go"), "went", "connected")
        await office.thread_of(lead, says="Connected")

        office.skip(hours=24)
        warned = await office.is_told("maya", f"#{lead}", "goes back to the pool", "unless you call, text or plan the next touch")
        assert "I'm calling" in labels_of(warned)

        office.skip(hours=24)
        await office.is_told("maya", f"#{lead} went back to the pool: it was left alone for days.")
        await office.thread_of(lead, says="Maya Torres had no time for it for days. It is free to claim.")

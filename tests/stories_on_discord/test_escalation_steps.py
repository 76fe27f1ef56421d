"""Steps of a policy of one's own tell whom it names, in Discord: that nobody called."""

from pathlib import Path

from tests.doubles.databases import fresh_sqlite
from tests.doubles.discord_office import discord_office, labels_of
from tests.doubles.escalation_steps import OWN_STEPS


async def test_whom_a_policy_names_hears_that_nobody_called(tmp_path: Path) -> None:
    async with discord_office(tmp_path, fresh_sqlite(tmp_path), changes=OWN_STEPS) as office:
        lead = await office.lead_arrives()
        await office.types("maya", "lead claim", lead=str(lead))

        office.skip(minutes=3)

        told = await office.is_told("sam", f"Maya Torres has #{lead} ", "has not called in 2 minutes.")
        assert labels_of(told) == ["Open"]

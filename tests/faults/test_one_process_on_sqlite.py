"""A SQLite file serves one Leadbell; short commands work beside it."""

from pathlib import Path

import orjson
import pytest

from tests.doubles.databases import fresh_sqlite
from tests.doubles.processes import EXAMPLE, command, running_bot
from tests.doubles.waiting import MACHINE, stopwatch, until


@pytest.fixture
def database(tmp_path: Path) -> str:
    return fresh_sqlite(tmp_path)


@pytest.mark.fault(9)
async def test_a_second_run_refuses_to_start_and_names_postgresql_and_the_first_goes_on(database: str, tmp_path: Path) -> None:
    async with running_bot(database, tmp_path) as bot:
        code, said = await command(database, "run", "--unencrypted")
        assert code == 1
        assert said.strip() == (
            "Another Leadbell already runs on this SQLite file, and SQLite serves one process. Stop the other one, "
            "or set LEADBELL_DATABASE_URL to a PostgreSQL database, which serves as many as you like."
        )
        assert (await bot.deliver())[0] == 200


async def test_a_lead_is_shown_by_a_command_beside_the_running_bot(database: str, tmp_path: Path) -> None:
    async with running_bot(database, tmp_path) as bot:
        _, answer = await bot.deliver(comments="call me")
        code, said = await command(database, "show", str(answer["lead"]), "--json")
        assert code == 0
        record = orjson.loads(said)
        assert (record["lead"], record["details"]["comments"]) == (1001, "call me")
        assert (await bot.deliver(phone="(512) 555-0111"))[0] == 200


async def test_a_config_applied_beside_the_running_bot_is_taken_by_it(database: str, tmp_path: Path) -> None:
    changed = tmp_path / "leadbell.yaml"
    referral = "  - key: referral\n    label: Referrals\n    secret_env: LEADBELL_KEY_WEBSITE\n"
    changed.write_text(EXAMPLE.read_text().replace("\nsources:\n", f"\nsources:\n{referral}"))
    async with running_bot(database, tmp_path) as bot:
        assert (await bot.deliver("referral"))[0] == 404
        code, said = await command(database, "check", "--apply", config=changed)
        assert code == 0, said
        assert "source referral: added" in said

        async def taken() -> bool:
            return (await bot.deliver("referral"))[0] == 200

        async with stopwatch() as watch:
            await until(taken, "a source that is known")
        assert watch.seconds < 5 + MACHINE

"""A running Leadbell told to read its config again."""

import os
import signal
from pathlib import Path

from tests.doubles.databases import fresh_sqlite
from tests.doubles.processes import EXAMPLE, running_bot
from tests.doubles.waiting import MACHINE, stopwatch, until

ONE_MORE_SOURCE = "\nsources:\n  - key: referral\n    label: Referrals\n    secret_env: LEADBELL_KEY_WEBSITE\n"


async def test_a_changed_file_is_in_force_after_a_hang_up_and_a_bad_one_changes_nothing(tmp_path: Path) -> None:
    file = tmp_path / "leadbell.yaml"
    file.write_text(EXAMPLE.read_text())
    async with running_bot(fresh_sqlite(tmp_path), tmp_path, config=file) as bot:
        file.write_text("teams: nobody")
        os.kill(bot.process.pid, signal.SIGHUP)

        async def refused() -> bool:
            return "leadbell.yaml has" in bot.log.read_text()

        await until(refused, "a word about the bad file", bot.said)
        assert (await bot.deliver())[0] == 200

        file.write_text(EXAMPLE.read_text().replace("\nsources:\n", ONE_MORE_SOURCE))
        assert (await bot.deliver("referral"))[0] == 404
        os.kill(bot.process.pid, signal.SIGHUP)

        async def taken() -> bool:
            return (await bot.deliver("referral"))[0] == 200

        async with stopwatch() as watch:
            await until(taken, "a source that is known", bot.said)
        assert watch.seconds < 5 + MACHINE

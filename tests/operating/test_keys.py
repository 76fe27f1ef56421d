"""The key that personal data is sealed with: made, asked for, put in place of another, and never guessed by a default."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from bot.demo import FOLDER
from tests.doubles.databases import fresh_sqlite
from tests.doubles.demos import a_demo
from tests.doubles.processes import command, running_bot
from tests.operating.test_setting_up import COMPANY, PEOPLE, TEAM, init

KEY, NEW_KEY = "the key that an operator made, of some length", "the key that came after it, of some length"


@pytest.fixture
def database(tmp_path: Path) -> str:
    return fresh_sqlite(tmp_path)


async def test_without_a_key_nothing_is_served_and_the_error_says_how_to_make_one(database: str) -> None:
    code, said = await command(database, "run")
    assert code == 1
    assert said.startswith("LEADBELL_KEY is not set")
    assert "bot key new" in said and said.rstrip().endswith("bot run --unencrypted")


@pytest.mark.parametrize("weak", ["short", "a" * 31, "x" * 64])
async def test_a_weak_key_is_refused_and_not_repeated(database: str, weak: str) -> None:
    code, said = await command(database, "run", LEADBELL_KEY=weak)
    assert (code, said.startswith("LEADBELL_KEY: ")) == (1, True)
    assert "bot key new" in said and weak not in said


async def test_a_key_that_is_made_is_long_and_never_the_same(database: str) -> None:
    made = {(await command(database, "key", "new"))[1].strip() for _ in range(2)}
    assert len(made) == 2
    assert all(re.fullmatch(r"[\w-]{43}", key) for key in made)


async def test_a_store_is_sealed_and_sealed_anew_and_opens_with_its_newest_key_alone(database: str, tmp_path: Path) -> None:
    async with running_bot(database, tmp_path) as bot:
        _, answer = await bot.deliver()
    lead = str(answer["lead"])
    file = tmp_path / "leadbell.db"
    assert b"+15125550100" in file.read_bytes() + (tmp_path / "leadbell.db-wal").read_bytes()

    code, said = await command(database, "key", "seal", LEADBELL_KEY=KEY)
    assert (code, "contact_point: " in said) == (0, True), said
    assert (await command(database, "key", "seal", LEADBELL_KEY=KEY))[1] == "Everything personal is sealed with LEADBELL_KEY.\n"
    assert "Set LEADBELL_KEY" in (await command(database, "show", lead))[1]
    assert "another LEADBELL_KEY" in (await command(database, "show", lead, LEADBELL_KEY=NEW_KEY))[1]
    assert "+15125550100" in (await command(database, "show", lead, "--json", LEADBELL_KEY=KEY))[1]
    code, said = await command(database, "audit", "verify")
    assert (code, said.startswith("Every timeline is whole.")) == (0, True)
    assert said.endswith("The bodies of events are sealed and were not looked at: for that, set LEADBELL_KEY.\n")

    assert "LEADBELL_OLD_KEY is not set" in (await command(database, "key", "rotate", LEADBELL_KEY=NEW_KEY))[1]
    code, said = await command(database, "key", "rotate", LEADBELL_KEY=NEW_KEY, LEADBELL_OLD_KEY=KEY)
    assert (code, "restart every Leadbell without LEADBELL_OLD_KEY." in said) == (0, True), said
    assert "+15125550100" in (await command(database, "show", lead, "--json", LEADBELL_KEY=NEW_KEY))[1]
    assert "another LEADBELL_KEY" in (await command(database, "show", lead, LEADBELL_KEY=KEY))[1]
    code, said = await command(database, "audit", "verify", LEADBELL_KEY=NEW_KEY)
    assert (code, "Every timeline is whole." in said, "not looked at" in said) == (0, True, False)


async def test_a_back_up_from_before_a_change_of_keys_comes_back_with_the_old_one_beside_the_new(database: str, tmp_path: Path) -> None:
    async with running_bot(database, tmp_path, more={"LEADBELL_KEY": KEY}) as bot:
        _, answer = await bot.deliver()
    lead, file = str(answer["lead"]), str(tmp_path / "monday.db")
    assert (await command(database, "backup", file, LEADBELL_KEY=KEY))[0] == 0
    code, said = await command(database, "key", "rotate", LEADBELL_KEY=NEW_KEY, LEADBELL_OLD_KEY=KEY)
    assert (code, "Back-ups made before are: keep the old key as long as you keep them." in said) == (0, True), said

    code, said = await command(database, "restore", file, LEADBELL_KEY=NEW_KEY)
    assert (code, "set LEADBELL_OLD_KEY to the one before, beside LEADBELL_KEY" in said) == (1, True), said
    code, said = await command(database, "restore", file, LEADBELL_KEY=NEW_KEY, LEADBELL_OLD_KEY=KEY)
    assert (code, "Every timeline is whole." in said) == (0, True), said
    async with running_bot(database, tmp_path, more={"LEADBELL_KEY": NEW_KEY, "LEADBELL_OLD_KEY": KEY}) as bot:
        assert (await bot.deliver())[1] == {"lead": answer["lead"], "duplicate": False}
    code, said = await command(database, "show", lead, LEADBELL_KEY=NEW_KEY)
    assert (code, "Set LEADBELL_OLD_KEY to that one, and run: " in said) == (1, True), said
    assert (await command(database, "key", "rotate", LEADBELL_KEY=NEW_KEY, LEADBELL_OLD_KEY=KEY))[0] == 0
    assert "+15125550100" in (await command(database, "show", lead, "--json", LEADBELL_KEY=NEW_KEY))[1]


def test_the_first_files_hold_a_key_and_written_anew_they_keep_it(tmp_path: Path) -> None:
    def key() -> str:
        [line] = [line for line in (tmp_path / "leadbell.env").read_text().splitlines() if line.startswith("LEADBELL_KEY=")]
        return line

    assert init(tmp_path, *COMPANY, *TEAM, *PEOPLE).returncode == 0
    first = key()
    assert len(first) > 40
    assert init(tmp_path, *COMPANY, *TEAM, *PEOPLE, "y").returncode == 0
    assert key() == first


def test_the_demo_makes_a_key_for_its_own_folder(tmp_path: Path) -> None:
    with a_demo(tmp_path) as demo:
        demo.start()
        file = tmp_path / FOLDER / "leadbell.key"
        key = file.read_text()
        assert file.stat().st_mode & 0o777 == 0o600
        demo.end()
        demo.start()
        assert file.read_text() == key


def test_a_command_that_opens_nothing_needs_no_key() -> None:
    ended = subprocess.run([sys.executable, "-m", "bot", "--help"], capture_output=True, text=True, check=True)
    assert "key" in ended.stdout

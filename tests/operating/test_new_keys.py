"""A key that a running Leadbell cannot have yet: whoever applies its source is told to restart every Leadbell."""

from pathlib import Path

from typer.testing import CliRunner

from bot.cli import app
from tests.doubles.databases import fresh_sqlite
from tests.doubles.processes import EXAMPLE, command

OAK = "\nsources:\n  - key: oak\n    label: Oak\n    secret_env: LEADBELL_KEY_OAK\n"


async def test_who_applies_a_source_with_a_key_of_its_own_is_told_to_restart(tmp_path: Path) -> None:
    database, file, key = fresh_sqlite(tmp_path), tmp_path / "leadbell.yaml", {"LEADBELL_KEY_OAK": "a-key-for-oak"}
    file.write_text(EXAMPLE.read_text())
    _, first = await command(database, "check", "--apply", config=file)
    assert "Version 1 is in force" in first and "restart" not in first

    file.write_text(EXAMPLE.read_text().replace("\nsources:\n", OAK))
    code, said = await command(database, "check", "--apply", config=file, **key)
    assert code == 0 and "Version 2 is in force" in said
    assert said.endswith(
        "LEADBELL_KEY_OAK is new: restart every Leadbell that was started without it. Until then it refuses what needs it.\n"
    )

    file.write_text(file.read_text().replace("label: Oak\n", "label: Oaks\n"))
    _, again = await command(database, "check", "--apply", config=file, **key)
    assert "Version 3 is in force" in again and "restart" not in again


def test_whoever_makes_a_source_reads_that_a_running_leadbell_wants_a_restart() -> None:
    made = CliRunner().invoke(app, ["source", "new", "oak"])

    assert "Restart every Leadbell with that in its environment, then put the lines in force: " in made.stdout

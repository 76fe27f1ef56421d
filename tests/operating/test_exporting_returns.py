"""`leadbell export returns` as it is typed: a new file, private, never over somebody's work."""

from pathlib import Path

from bot.capture.returns import COLUMNS
from tests.doubles.databases import fresh_sqlite
from tests.doubles.processes import command


async def test_returns_are_written_into_a_new_file_that_only_its_owner_reads(tmp_path: Path) -> None:
    database, file = fresh_sqlite(tmp_path), tmp_path / "returns.csv"

    code, said = await command(database, "export", "returns", str(file), "--from", "2026-01-01", "--to", "2026-01-31")

    assert (code, said) == (0, f"{file} holds 0 returns, with names and phones: show it to nobody but the vendor.\n")
    assert file.read_text("utf-8-sig") == ",".join(COLUMNS) + "\n"
    assert file.stat().st_mode & 0o077 == 0

    code, said = await command(database, "export", "returns", str(file))
    assert code == 1
    assert "exists already and may be somebody's work" in said

"""`leadbell export sequence`: the live version, whoever wrote it, as its file would hold it."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import app
from bot.config.drips import as_yaml, read_sequence, stored
from bot.errors import LeadbellError
from bot.nurture.drips import keep_library, library
from bot.store.database import Store
from bot.store.drips import keep_sequence
from tests.doubles.databases import fresh_sqlite


@pytest.mark.parametrize("key", library())
def test_what_is_printed_is_read_as_the_same_sequence(key: str, tmp_path: Path) -> None:
    sequence, file = library()[key], tmp_path / f"{key}.yaml"
    file.write_text(as_yaml(sequence), "utf-8")

    assert read_sequence(file) == sequence


def test_the_version_of_chat_is_printed_as_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    url = fresh_sqlite(tmp_path)
    monkeypatch.setenv("LEADBELL_DATABASE_URL", url)
    newer = library()["new_lead"].model_copy(update={"steps": library()["new_lead"].steps[:2]})
    store = Store(url)
    store.transact_now(keep_library)
    store.transact_now(keep_sequence, "new_lead", stored(newer), "chat")
    store.close()

    printed = CliRunner().invoke(app, ["export", "sequence", "new_lead"])

    assert printed.exit_code == 0, printed.exception
    file = tmp_path / "new_lead.yaml"
    file.write_text(printed.stdout, "utf-8")
    assert printed.stdout.startswith("# Version 2, from chat.\n")
    assert read_sequence(file) == newer


def test_a_key_that_there_is_none_of_is_told_with_those_there_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    url = fresh_sqlite(tmp_path)
    monkeypatch.setenv("LEADBELL_DATABASE_URL", url)
    store = Store(url)
    store.transact_now(keep_library)
    store.close()

    told = CliRunner().invoke(app, ["export", "sequence", "new_laed"])

    assert isinstance(told.exception, LeadbellError) and "new_lead" in str(told.exception)

"""Typed in another folder, on an empty database, or as somebody who may not, a command says where the store should be, and begins none."""

import os
import re
import shlex
import subprocess
import sys
from errno import EACCES
from pathlib import Path

import pytest
from sqlalchemy import inspect
from sqlalchemy.engine import make_url

from bot.app import open_store
from bot.errors import StoreUnavailable
from bot.settings import Settings
from bot.store.database import Store
from tests.doubles.databases import bare_postgresql, fresh_sqlite
from tests.doubles.forks import run_forked
from tests.doubles.processes import command, environment
from tests.doubles.waiting import PATIENCE
from tests.house.readme import ROOT, shell_blocks
from tests.house.test_readme import command_rows, the_command

BEGIN_OR_BRING = {"run", "demo", "init", "restore", "db upgrade", "db copy"}
WITHOUT_A_STORE = {"check", "key new", "rules try", "source new", "source try"}
NEED_MORE = {"erase": "--lead 1001", "export fair-lending": "--month 2026-10", "import leads": "--source website"}
ARGUMENTS = {"FILE": "leads.csv", "NUMBER": "1001", "KEY": "new_lead"}


def told() -> list[str]:
    """Every command that works on the store that is there, with something for each argument."""
    typed = []
    for called, _ in command_rows(the_command(), "leadbell"):
        words = called.split()[1:]
        name = " ".join(word for word in words if not word.isupper())
        if "--" not in called and name not in BEGIN_OR_BRING | WITHOUT_A_STORE:
            typed.append(" ".join([name, *(ARGUMENTS[word] for word in words if word.isupper()), NEED_MORE.get(name, "")]).strip())
    return typed


@pytest.mark.parametrize("typed", told())
async def test_a_command_in_a_folder_without_a_store_says_where_it_looked_and_makes_none(typed: str, tmp_path: Path) -> None:
    (tmp_path / "leads.csv").write_text("first_name,phone\nDana,5125550100\n")
    keys = {"LEADBELL_KEY": "0123456789abcdefghijklmnopqrstuvwxyz"}
    keys |= {"LEADBELL_OLD_KEY": "zyxwvutsrqponmlkjihgfedcba9876543210"} if typed == "key rotate" else {}
    environ = environment("sqlite:///data/leadbell.db") | keys

    ended = run_forked("bot", *shlex.split(typed), env=environ, cwd=tmp_path)

    assert (ended.returncode, ended.stdout.splitlines()[0]) == (
        1,
        f"There is no database at {tmp_path}/data/leadbell.db. Type this in the folder that Leadbell runs in, with its environment: "
        "LEADBELL_DATABASE_URL says where the database is. To begin a new one: "
        + ended.stdout.strip().rpartition("To begin a new one: ")[2],
    )
    assert ended.stdout.endswith("bot db upgrade\n")
    assert sorted(os.listdir(tmp_path)) == ["leads.csv"]


@pytest.mark.parametrize("typed", told())
def test_a_command_on_a_postgresql_database_without_tables_of_ours_says_so_and_makes_none(typed: str, tmp_path: Path) -> None:
    (tmp_path / "leads.csv").write_text("first_name,phone\nDana,5125550100\n")
    url = bare_postgresql()
    keys = {"LEADBELL_KEY": "0123456789abcdefghijklmnopqrstuvwxyz"}
    keys |= {"LEADBELL_OLD_KEY": "zyxwvutsrqponmlkjihgfedcba9876543210"} if typed == "key rotate" else {}

    ended = run_forked("bot", *shlex.split(typed), env=environment(url) | keys, cwd=tmp_path)

    assert (ended.returncode, ended.stdout.startswith(f"The PostgreSQL database {make_url(url).database} holds no tables of Leadbell")) == (
        1,
        True,
    ), ended.stdout
    assert ended.stdout.endswith("bot db upgrade\n")
    assert tables_in(url) == []


def tables_in(url: str) -> list[str]:
    store = Store(url)
    try:
        return store.read_now(lambda session: inspect(session.connection()).get_table_names())
    finally:
        store.close()


async def test_what_another_program_keeps_in_postgresql_is_no_store() -> None:
    url = bare_postgresql()
    store = Store(url)
    theirs = "CREATE TABLE alembic_version AS SELECT '0001' AS version_num"
    store.transact_now(lambda session: session.connection().exec_driver_sql(theirs))
    store.close()

    code, said = await command(url, "audit", "verify")

    assert (code, "holds no tables of Leadbell" in said, tables_in(url)) == (1, True, ["alembic_version"])


async def test_what_begins_a_store_still_does(tmp_path: Path) -> None:
    assert (await command(f"sqlite:///{tmp_path}/one/leadbell.db", "db", "upgrade"))[0] == 0
    assert (await command(f"sqlite:///{tmp_path}/two/leadbell.db", "check", "--apply"))[0] == 0


def test_the_line_beside_systemd_types_a_command_in_the_service_s_folder_with_its_environment(tmp_path: Path) -> None:
    unit = (ROOT / "deploy" / "leadbell.service").read_text()
    [line] = (block for block in shell_blocks() if block.startswith("sudo -u leadbell"))
    started = re.search(r"^ExecStart=(.*) run$", unit, re.MULTILINE)
    assert started and f"exec {started[1]} " in line
    assert "\nUser=leadbell\nWorkingDirectory=/srv/leadbell\nEnvironmentFile=/srv/leadbell/leadbell.env\n" in unit
    assert "\nEnvironment=PYTHONPATH=/opt/leadbell\n" in unit
    folder = tmp_path / "srv"
    (folder / "data").mkdir(parents=True)
    fresh_sqlite(folder / "data")
    (folder / "leadbell.env").write_text("LEADBELL_KEY=0123456789abcdefghijklmnopqrstuvwxyz\n")
    here = line.removeprefix("sudo -u leadbell ").replace("/srv/leadbell", str(folder))
    here = here.replace("/opt/leadbell/.venv/bin/python", sys.executable).replace("/opt/leadbell", str(ROOT))

    ended = subprocess.run(
        ["sh", "-c", here], cwd=tmp_path, env={"PATH": os.environ["PATH"]}, capture_output=True, text=True, timeout=PATIENCE
    )

    assert (ended.returncode, ended.stdout) == (0, "Every timeline is whole.\nNothing is sealed yet.\n0 leads and 0 events were read.\n"), (
        ended.stderr
    )


def settings_of(database: str) -> Settings:
    return Settings.model_construct(database_url=database)


@pytest.mark.parametrize("typed", ["run --unencrypted", "audit verify"])
async def test_what_the_system_has_against_the_file_is_said_with_its_path(typed: str, tmp_path: Path) -> None:
    (tmp_path / "leadbell.db").mkdir()
    code, said = await command(f"sqlite:///{tmp_path}/leadbell.db", *typed.split())
    assert (code, said.strip()) == (
        1,
        f"The database {tmp_path}/leadbell.db cannot be used: Is a directory. LEADBELL_DATABASE_URL says where it is.",
    )


async def test_a_folder_that_cannot_be_made_is_said_with_its_reason(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file")
    code, said = await command(f"sqlite:///{tmp_path}/data/leadbell.db", "run", "--unencrypted")
    assert (code, said.startswith(f"The database {tmp_path}/data/leadbell.db cannot be used: File exists.")) == (1, True), said


async def test_a_file_that_is_no_database_is_called_so(tmp_path: Path) -> None:
    (tmp_path / "leadbell.db").write_text("no database at all, and long enough to be looked into")
    code, said = await command(f"sqlite:///{tmp_path}/leadbell.db", "show", "1001")
    assert (code, said.startswith(f"The database {tmp_path}/leadbell.db cannot be used: file is not a database.")) == (1, True), said


def test_whoever_may_not_open_it_is_told_as_whom_to_type(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    database = fresh_sqlite(tmp_path)
    (tmp_path / "leadbell.db").write_text("what only its owner may read, which no test that runs as root can be kept from")
    monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.raises(StoreUnavailable, match=f"{os.strerror(EACCES)}. Type this as the user that Leadbell runs as."):
        open_store(settings_of(database))

"""A back-up is made beside a running Leadbell, and what it held comes back whole."""

import asyncio
import os
import sqlite3
import subprocess
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing
from errno import ENOSPC
from pathlib import Path

import pytest
from sqlalchemy import inspect, text

from bot.errors import SchemaTooNew, StoreUnavailable
from bot.oversight.audit_trail import check_timelines
from bot.store.backup import FileInTheWay, NoBackup, ServerBacksUp, back_up, restore
from bot.store.database import Store
from bot.store.events import broken_links
from bot.store.own_file import OWNER_ONLY
from bot.store.records import lead_record
from bot.store.seals import newest_head
from bot.store.tables import HEAD, version_of
from bot.store.upgrade import upgrade
from tests.conftest import COMPANY, NOON
from tests.doubles.branch import Branch
from tests.doubles.databases import bare_postgresql, fresh_sqlite, fresh_store
from tests.doubles.every_row import counts, fill
from tests.doubles.processes import Bot, command, running_bot
from tests.doubles.waiting import PATIENCE
from tests.house.readme import shell_blocks

SENDERS = 4
BINARIES = text("SELECT setting FROM pg_config WHERE name = 'BINDIR'")
"""Where the tools of the server's own version are: an older pg_dump refuses."""
OWNER = "DO $$ BEGIN CREATE ROLE leadbell LOGIN; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$"


async def send(bot: Bot, sender: int, stop: asyncio.Event, answered: dict[str, int]) -> None:
    number = 0
    while not stop.is_set():
        external_id, number = f"{sender}-{number}", number + 1
        status, answer = await bot.deliver(external_id=external_id, first_name=f"P{external_id}")
        assert status == 200
        answered[external_id] = answer["lead"]


def kept(path: Path) -> dict[str, int]:
    with closing(sqlite3.connect(path)) as opened:
        return dict(opened.execute("SELECT external_id, lead_id FROM arrival"))


async def test_a_back_up_under_load_holds_every_lead_answered_before_it_and_comes_back_with_whole_timelines(tmp_path: Path) -> None:
    database, file = fresh_sqlite(tmp_path), tmp_path / "backup.db"
    answered: dict[str, int] = {}
    stop = asyncio.Event()
    async with running_bot(database, tmp_path) as bot:
        senders = [asyncio.create_task(send(bot, sender, stop, answered)) for sender in range(SENDERS)]
        while len(answered) < 40:
            await asyncio.sleep(0.01)
        before = dict(answered)
        code, said = await command(database, "backup", str(file))
        after = len(answered)
        stop.set()
        await asyncio.gather(*senders)
        assert (code, after > len(before)) == (0, True), said
        refused = await command(database, "restore", str(file))
        assert refused[0] == 1
        assert refused[1].startswith("Another Leadbell already runs on this SQLite file")
    held = kept(file)
    assert before.items() <= held.items() <= answered.items()
    assert file.stat().st_mode & 0o777 == OWNER_ONLY

    code, said = await command(database, "restore", str(file))
    assert code == 0, said
    assert said.startswith(f"{len(held)} leads came back.\n")
    assert "Every timeline is whole." in said
    assert kept(tmp_path / "leadbell.db") == held
    [aside] = tmp_path.glob("leadbell.db.before-*")
    assert kept(aside) == answered
    async with running_bot(database, tmp_path) as bot:
        status, answer = await bot.deliver(external_id="0-0", first_name="P0-0")
        assert (status, answer) == (200, {"lead": held["0-0"], "duplicate": False})


def test_a_drill_in_a_folder_of_its_own_brings_back_every_row_and_the_seals(tmp_path: Path) -> None:
    store, file, drill = Store(fresh_sqlite(tmp_path, COMPANY)), tmp_path / "backup.db", f"sqlite:///{tmp_path}/drill/leadbell.db"
    fill(store)
    told = store.transact_now(newest_head)
    back_up(str(store.url), file)

    restored = restore(drill, file, NOON)

    again = Store(drill)
    assert (restored.leads, restored.kept_as) == (counts(store)["lead"], None)
    assert counts(again) == counts(store)
    assert told is not None and again.read_now(check_timelines, told).bad == ()
    again.close()
    store.close()


async def test_a_restore_onto_a_new_machine_needs_no_store_there(tmp_path: Path) -> None:
    file, elsewhere = tmp_path / "backup.db", tmp_path / "new" / "leadbell.db"
    assert back_up(fresh_sqlite(tmp_path), file) == 0
    code, said = await command(f"sqlite:///{elsewhere}", "restore", str(file))
    assert (code, elsewhere.exists(), list(elsewhere.parent.glob("*.before-*"))) == (0, True, []), said


def torn_in_the_middle(database: Path) -> None:
    with database.open("r+b") as opened:
        opened.seek(database.stat().st_size // 2)
        opened.write(b"\xff" * 40_000)


def cut_short(database: Path) -> None:
    os.truncate(database, 5000)


def overwritten(database: Path) -> None:
    database.write_text("nothing of it is left")


def emptied(database: Path) -> None:
    os.truncate(database, 0)


@pytest.mark.parametrize("damage", [torn_in_the_middle, cut_short, overwritten, emptied])
async def test_a_back_up_takes_the_place_of_a_store_that_is_damaged_which_is_kept_as_it_was(
    damage: Callable[[Path], None], tmp_path: Path
) -> None:
    database, file, standing = fresh_sqlite(tmp_path, COMPANY), tmp_path / "backup.db", tmp_path / "leadbell.db"
    store = Store(database)
    fill(store)
    wanted = counts(store)
    store.close()
    back_up(database, file)
    damage(standing)
    (tmp_path / "leadbell.db-wal").write_bytes(b"what was not in the file yet")
    damaged = standing.read_bytes()

    code, said = await command(database, "restore", str(file))

    [aside] = (each for each in tmp_path.glob("leadbell.db.before-*") if not each.name.endswith(("-wal", "-shm")))
    assert (code, f"What stood there before is damaged, so its files are kept as they are: {aside}" in said) == (0, True), said
    assert "Every timeline is whole." in said
    assert aside.read_bytes() == damaged
    if damaged:  # SQLite itself throws away a log beside an empty file
        assert aside.with_name(f"{aside.name}-wal").read_bytes() == b"what was not in the file yet"
    store = Store(database)
    assert counts(store) == wanted
    store.close()
    assert not list(tmp_path.glob("*.restoring*"))


def test_a_back_up_that_does_not_fit_on_the_disk_leaves_a_damaged_store_where_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    database, file, standing = fresh_sqlite(tmp_path), tmp_path / "backup.db", tmp_path / "leadbell.db"
    back_up(database, file)
    overwritten(standing)

    def full(*_: object) -> None:
        raise OSError(ENOSPC, os.strerror(ENOSPC))

    monkeypatch.setattr("bot.store.backup._copy", full)
    with pytest.raises(StoreUnavailable, match="No space left on device"):
        restore(database, file, NOON)
    assert standing.read_text() == "nothing of it is left"
    assert not list(tmp_path.glob("*.before-*"))


@pytest.fixture
def open_umask() -> Iterator[None]:
    """As most machines have it: everybody reads what is made."""
    before = os.umask(0o022)
    yield
    os.umask(before)


def modes(folder: Path) -> dict[str, int]:
    """Who may read the files of the store; a lock holds nothing of anybody."""
    return {each.name: each.stat().st_mode & 0o777 for each in folder.glob("leadbell.db*") if each.suffix != ".lock"}


@pytest.mark.usefixtures("open_umask")
async def test_a_new_store_is_readable_by_its_owner_alone_with_what_stands_beside_it(tmp_path: Path) -> None:
    async with running_bot(f"sqlite:///{tmp_path}/data/leadbell.db", tmp_path) as bot:
        await bot.deliver(external_id="1", first_name="Dana")
        made = modes(tmp_path / "data")
    assert made == dict.fromkeys(["leadbell.db", "leadbell.db-wal", "leadbell.db-shm"], OWNER_ONLY)


@pytest.mark.usefixtures("open_umask")
@pytest.mark.parametrize("damaged", [False, True])
def test_what_is_brought_back_is_readable_by_its_owner_alone(damaged: bool, tmp_path: Path) -> None:
    file, there = tmp_path / "backup.db", tmp_path / "there"
    back_up(fresh_sqlite(tmp_path), file)
    if damaged:
        there.mkdir()
        (there / "leadbell.db").write_text("nothing of it is left")

    restore(f"sqlite:///{there}/leadbell.db", file, NOON)

    assert modes(there)["leadbell.db"] == OWNER_ONLY


def test_a_back_up_never_replaces_a_file(tmp_path: Path) -> None:
    database, file = fresh_sqlite(tmp_path), tmp_path / "backup.db"
    file.write_text("precious")
    with pytest.raises(FileInTheWay, match="exists already"):
        back_up(database, file)
    assert file.read_text() == "precious"
    assert not list(tmp_path.glob("*.unfinished"))


@pytest.mark.parametrize("content", [b"", b"no database at all", b"SQLite format 3\0" + bytes(4080)])
def test_what_is_no_back_up_is_refused_and_the_store_is_untouched(content: bytes, tmp_path: Path) -> None:
    database, file = fresh_sqlite(tmp_path), tmp_path / "backup.db"
    file.write_bytes(content)
    before = (tmp_path / "leadbell.db").read_bytes()
    with pytest.raises(NoBackup, match="is no back-up of Leadbell"):
        restore(database, file, NOON)
    assert (tmp_path / "leadbell.db").read_bytes() == before


def test_a_back_up_of_a_newer_leadbell_is_refused(tmp_path: Path) -> None:
    database, file = fresh_sqlite(tmp_path), tmp_path / "backup.db"
    back_up(database, file)
    with closing(sqlite3.connect(file)) as opened, opened:
        opened.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(SchemaTooNew):
        restore(database, file, NOON)


def test_a_cut_off_back_up_is_refused(tmp_path: Path) -> None:
    from_store, file = fresh_sqlite(tmp_path), tmp_path / "backup.db"
    back_up(from_store, file)
    os.truncate(file, file.stat().st_size // 2)
    with pytest.raises(NoBackup):
        restore(from_store, file, NOON)


def test_postgresql_is_backed_up_by_its_own_tools_which_are_named(tmp_path: Path) -> None:
    store = fresh_store("postgresql", tmp_path)
    url = store.url.render_as_string(hide_password=False)
    store.close()
    with pytest.raises(ServerBacksUp, match="pg_dump --format=custom"):
        back_up(url, tmp_path / "backup.db")
    assert not (tmp_path / "backup.db").exists()


class Tools:
    """PostgreSQL's own, typed as a page says. The new database belongs to a user without other rights."""

    def __init__(self, store: Store, folder: Path, way: str) -> None:
        self._way = way
        self._folder = folder
        self._old = store.url.set(drivername="postgresql")
        bin_folder = store.transact_now(lambda session: session.connection().execute(BINARIES).scalar_one())
        store.transact_now(lambda session: session.connection().execute(text(OWNER)))
        at = self._old.query.get("host") or self._old.host or ""
        self._environ = {**os.environ, "PATH": f"{bin_folder}:{os.environ['PATH']}", "PGUSER": self._old.username or ""}
        self._environ |= {"PGHOST": str(at), "PGPORT": str(self._old.port or self._old.query.get("port") or "")}
        self._environ["LEADBELL_DATABASE_URL"] = self._old.render_as_string(hide_password=False)
        self.new = self._old.set(database=f"test_{uuid.uuid4().hex}", username="leadbell" if way == "by themselves" else self._old.username)

    def dump(self) -> None:
        self._type(next(block for block in self._blocks() if "pg_dump" in block))

    def restore(self) -> None:
        self._type(next(block for block in self._blocks() if "pg_restore" in block))

    def _blocks(self) -> list[str]:
        return [block for block in shell_blocks() if "pg_" in block and ("docker compose" in block) is (self._way == "in the container")]

    def _type(self, block: str) -> None:
        """As on this machine: here are neither Docker nor a user for PostgreSQL, and the databases have names of their own."""
        old, new = str(self._old.database), str(self.new.database)
        here = (
            block.replace("docker compose stop leadbell\n", "")
            .replace("docker compose exec -T database ", "")
            .replace("sudo -u postgres ", "")
        )
        here = here.replace(
            "postgresql://leadbell:PASSWORD@localhost/leadbell_monday", f"'{self.new.render_as_string(hide_password=False)}'"
        )
        here = (
            here.replace("leadbell_monday", new)
            .replace(" -Fc leadbell ", f" -Fc {old} ")
            .replace("-U leadbell", f"-U {self._old.username}")
        )
        subprocess.run(["bash", "-ec", here], cwd=self._folder, env=self._environ, check=True, timeout=PATIENCE)

    def drop(self) -> None:
        subprocess.run(["dropdb", "--if-exists", "--force", str(self.new.database)], env=self._environ, check=True, timeout=PATIENCE)


@pytest.mark.parametrize("way", ["by themselves", "in the container"])
def test_postgresql_comes_back_from_its_own_dump_as_the_docs_say(way: str, replicated: Branch, tmp_path: Path) -> None:
    kept = replicated.new_lead()
    tools = Tools(replicated.store, tmp_path, way)
    tools.dump()
    lost = replicated.new_lead(external_id="later", phone="(512) 555-0177", first_name="Later")
    tools.restore()
    store = Store(tools.new.render_as_string(hide_password=False))
    assert store.transact_now(lead_record, kept) is not None
    assert store.transact_now(lead_record, lost) is None
    assert store.transact_now(lambda session: list(broken_links(session))) == []
    store.close()
    tools.drop()
    assert replicated.store.transact_now(lead_record, lost) is not None


def tables(store: Store) -> set[str]:
    return set(store.transact_now(lambda session: inspect(session.connection()).get_table_names()))


def test_an_upgrade_of_postgresql_is_taken_back_as_the_docs_say_and_can_be_made_again(tmp_path: Path) -> None:
    store = Store(bare_postgresql())
    upgrade(store.url, "0003")
    kept = "INSERT INTO suppression (contact_key, channel, reason, at) VALUES ('dana', 'sms', 'opted_out', '2026-11-01 15:00:00')"
    store.transact_now(lambda session: session.connection().execute(text(kept)))
    of_then = tables(store)
    tools = Tools(store, tmp_path, "by themselves")
    tools.dump()
    upgrade(store.url)

    tools.restore()

    back = Store(tools.new.render_as_string(hide_password=False))
    assert back.transact_now(version_of) == "0003"
    assert tables(back) == of_then < tables(store)
    upgrade(back.url)
    asked = text("SELECT contact_key FROM suppression WHERE channel = 'sms'")
    assert back.transact_now(lambda session: session.connection().execute(asked).scalars().all()) == ["dana"]
    assert (back.transact_now(version_of), store.transact_now(version_of)) == (HEAD, HEAD)
    back.close()
    store.close()
    tools.drop()

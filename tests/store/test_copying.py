"""`leadbell db copy` moves a SQLite store to PostgreSQL: goes on wherever it was stopped, and is proven before the copy is used."""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from multiprocessing import get_context
from pathlib import Path
from socket import create_server
from threading import Thread
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from bot.app import open_store
from bot.errors import HalfCopied, StoreInUse, StoreMoved, StoreUnavailable
from bot.settings import Settings
from bot.store import copying
from bot.store.copying import NotEmpty, OldShape, OtherContents, WrongWay, copy_store
from bot.store.database import Store
from bot.store.events import broken_links
from bot.store.leads import Lead
from bot.store.lock import hold_store
from bot.store.seals import newest_head
from bot.store.tables import METADATA
from tests.conftest import COMPANY, NOON
from tests.doubles.branch import Branch
from tests.doubles.databases import bare_postgresql, fresh_postgresql, fresh_sqlite
from tests.doubles.every_row import counts, fill

FEW = 7
"""Rows in one part: then each larger table has several."""


class Stopped(Exception):
    """What stops a copy here."""


@pytest.fixture
def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The URL of a SQLite store with every kind of row, copied a few rows at a time."""
    monkeypatch.setattr(copying, "AT_ONCE", FEW)
    url = fresh_sqlite(tmp_path, COMPANY)
    store = Store(url)
    fill(store)
    store.close()
    return url


@pytest.fixture
def target() -> str:
    return bare_postgresql()


def quietly(_table: str, _rows: int, _total: int) -> None: ...


def stop_after(parts: int) -> Callable[[str, int, int], None]:
    left = iter(range(parts))

    def told(_table: str, _rows: int, _total: int) -> None:
        if next(left, None) is None:
            raise Stopped

    return told


def opened(url: str) -> Store:
    return open_store(Settings.model_construct(database_url=url))


def is_the_same(source: str, target: str) -> None:
    before, after = Store(source), opened(target)
    assert counts(after) == counts(before)
    assert after.transact_now(newest_head) == before.transact_now(newest_head) is not None
    assert after.read_now(lambda session: list(broken_links(session))) == []
    before.close()
    after.close()


def test_every_kind_of_row_is_copied_and_work_goes_on_there(source: str, target: str) -> None:
    steps: list[tuple[int, int]] = []

    copied = copy_store(source, target, lambda _table, rows, total: steps.append((rows, total)))

    assert min(copied.rows.values()) > 0 and set(copied.rows) == set(METADATA.tables)
    assert copied.bad is None
    assert sum(rows for rows, _ in steps) == steps[0][1] == sum(copied.rows.values())
    is_the_same(source, target)
    store = opened(target)
    branch = Branch(store, NOON)
    assert branch.new_lead(phone="(512) 555-0188") == max(lead.id or 0 for lead in branch.all(Lead)[:-1]) + 1
    branch.claim("maya", 1002)
    store.close()


def test_references_are_held_again_and_the_timeline_cannot_be_changed(source: str, target: str) -> None:
    copy_store(source, target, quietly)
    store = opened(target)
    for statement, refused in (
        ("INSERT INTO lead_borrower VALUES (1, 1, 0)", "(?i)foreign key"),
        ("UPDATE event SET kind = 'x'", "append only"),
        ("DELETE FROM seal", "append only"),
    ):
        with pytest.raises(DBAPIError, match=refused):
            store.transact_now(_execute, statement)
    store.close()


@pytest.mark.parametrize("parts", [0, 5, 30, 70])
@pytest.mark.fault(14)
def test_what_was_stopped_goes_on_where_it_was(source: str, target: str, parts: int) -> None:
    with pytest.raises(Stopped):
        copy_store(source, target, stop_after(parts))
    with pytest.raises(HalfCopied, match="leadbell db copy again"):
        opened(target)
    with pytest.raises(StoreMoved, match="goes on where it stopped"):
        opened(source)

    copy_store(source, target, quietly)

    is_the_same(source, target)
    with pytest.raises(StoreMoved, match="set LEADBELL_DATABASE_URL"):
        opened(source)


DYING_AT = (
    ("upgrade", "after"),
    ("_begin", "before"),
    ("_begin", "after"),
    ("mark_moved", "after"),
    ("_prove", "before"),
    ("_look_through", "before"),
    ("_look_through", "after"),
    ("_give_the_word", "before"),
    ("_give_the_word", "after"),
)
"""Each step of a copy beside its parts, and on which side of it the copy ends. After the last, all is there but the marker."""


@pytest.mark.parametrize(("step", "side"), DYING_AT)
@pytest.mark.fault(14)
def test_what_ended_at_any_step_goes_on_and_is_proven(
    source: str, target: str, step: str, side: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = getattr(copying, step)

    def ends(*args: Any, **kwargs: Any) -> None:
        if side == "after":
            real(*args, **kwargs)
        raise Stopped

    with monkeypatch.context() as dying:
        dying.setattr(copying, step, ends)
        with pytest.raises(Stopped):
            copy_store(source, target, quietly)

    copied = copy_store(source, target, quietly)

    is_the_same(source, target)
    assert copied.bad is None and copied.rows == counts_of(target)
    with pytest.raises(StoreMoved, match="set LEADBELL_DATABASE_URL"):
        opened(source)
    with pytest.raises(NotEmpty):
        copy_store(source, target, quietly)


def counts_of(url: str) -> dict[str, int]:
    store = opened(url)
    try:
        return counts(store)
    finally:
        store.close()


def _copy_and_die(source: str, target: str) -> None:
    copying.AT_ONCE = FEW
    parts = iter(range(20))

    def told(_table: str, _rows: int, _total: int) -> None:
        if next(parts, None) is None:
            os.kill(os.getpid(), signal.SIGKILL)

    copy_store(source, target, told)


@pytest.mark.fault(14)
def test_a_copy_that_is_killed_goes_on_where_it_was(source: str, target: str) -> None:
    process = get_context("spawn").Process(target=_copy_and_die, args=(source, target))
    process.start()
    process.join()
    assert process.exitcode == -signal.SIGKILL

    copy_store(source, target, quietly)

    is_the_same(source, target)


@pytest.mark.fault(14)
def test_a_store_that_was_written_to_between_is_found_out_and_nothing_uses_the_copy(source: str, target: str) -> None:
    with pytest.raises(Stopped):
        copy_store(source, target, stop_after(70))
    store = Store(source)
    store.transact_now(_execute, "UPDATE borrower SET first_name = 'Dora' WHERE id = 1")
    store.close()

    with pytest.raises(OtherContents, match="The table borrower is not the same in both"):
        copy_store(source, target, quietly)

    with pytest.raises(HalfCopied):
        opened(target)


def test_while_a_leadbell_runs_on_it_nothing_is_copied(source: str, target: str) -> None:
    with hold_store(source), pytest.raises(StoreInUse):
        copy_store(source, target, quietly)


def test_meanwhile_nobody_else_writes_to_it(source: str, target: str) -> None:
    refused: list[bool] = []

    def told(_table: str, _rows: int, _total: int) -> None:
        if not refused:
            with pytest.raises(StoreInUse), hold_store(source):
                pass
            another = Store(source)
            with pytest.raises(StoreUnavailable):
                another.transact_now(_execute, "UPDATE borrower SET first_name = 'Dora'")
            another.close()
            refused.append(True)

    copy_store(source, target, told)

    assert refused == [True]
    is_the_same(source, target)


@pytest.mark.parametrize("wrong", ["swapped", "two files", "two servers"])
def test_the_wrong_way_is_said_to_be(tmp_path: Path, wrong: str) -> None:
    file, server = f"sqlite:///{tmp_path}/leadbell.db", "postgresql://127.0.0.1:1/leadbell"
    source, target = {"swapped": (server, file), "two files": (file, file), "two servers": (server, server)}[wrong]
    with pytest.raises(WrongWay, match="The first address is where the store is"):
        copy_store(source, target, quietly)
    assert not (tmp_path / "leadbell.db").exists()


def test_a_file_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable, match="There is no SQLite store"):
        copy_store(f"sqlite:///{tmp_path}/leadbell.db", "postgresql://127.0.0.1:1/leadbell", quietly)
    assert list(tmp_path.iterdir()) == []


SECRET = "swordfish"


def refusal(source: str, target: str) -> str:
    """What is said of a target that cannot be reached; the store stays in use, and no word of it is the password."""
    with pytest.raises(StoreUnavailable) as refused:
        copy_store(source, target, quietly)
    opened(source).close()
    assert SECRET not in str(refused.value)
    return str(refused.value)


def test_a_server_that_does_not_answer_is_said_to_and_the_store_stays_in_use(source: str) -> None:
    said = refusal(source, f"postgresql://leadbell:{SECRET}@127.0.0.1:1/leadbell")
    assert said == (
        "PostgreSQL cannot be reached: nothing answers at 127.0.0.1:1. Check the address, and whether the server runs. Nothing was copied."
    )


def test_a_host_that_nobody_knows_is_said_to_not_answer(source: str) -> None:
    said = refusal(source, f"postgresql://leadbell:with@{SECRET}@nowhere.invalid/leadbell")
    assert "nothing answers at nowhere.invalid:5432." in said


def test_a_database_that_does_not_exist_is_named(source: str, target: str) -> None:
    said = refusal(source, make_url(target).set(database="nope").render_as_string(hide_password=False))
    assert "has no database nope. createdb" in said and said.endswith("Nothing was copied.")


def test_a_user_that_does_not_exist_is_named(source: str, target: str) -> None:
    said = refusal(source, make_url(target).set(username="nobody", password=SECRET).render_as_string(hide_password=False))
    assert "does not let nobody in: the user or the password is wrong." in said


@pytest.mark.parametrize(
    ("code", "words", "told"),
    [
        ("28P01", 'password authentication failed for user "leadbell"', "does not let leadbell in: the user or the password is wrong."),
        ("53300", "sorry, too many clients already", "refuses the connection: sorry, too many clients already."),
    ],
)
def test_a_server_that_refuses_the_connection_is_quoted(source: str, code: str, words: str, told: str) -> None:
    with refusing_server(code, words) as port:
        assert told in refusal(source, f"postgresql://leadbell:{SECRET}@127.0.0.1:{port}/leadbell?sslmode=disable")


def test_where_a_copy_was_begun_it_goes_on_once_the_server_is_reached(source: str, target: str) -> None:
    with pytest.raises(Stopped):
        copy_store(source, target, stop_after(5))
    with pytest.raises(StoreUnavailable, match=r"nothing answers at 127\.0\.0\.1:1\..*it goes on where it stopped"):
        copy_store(source, "postgresql://127.0.0.1:1/leadbell", quietly)


def test_a_server_that_fails_halfway_is_said_to_and_the_copy_goes_on_from_there(source: str, target: str) -> None:
    there = Store(target)

    def cut(_table: str, _rows: int, _total: int) -> None:
        everybody = "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        there.transact_now(_execute, f"SELECT pg_terminate_backend(pid) {everybody}")

    with pytest.raises(StoreUnavailable, match=r"PostgreSQL failed .*it goes on where it stopped"):
        copy_store(source, target, cut)
    there.close()

    copy_store(source, target, quietly)
    is_the_same(source, target)


@contextmanager
def refusing_server(code: str, words: str) -> Iterator[int]:
    """A PostgreSQL that lets nobody in; its port."""

    def refuse() -> None:
        with suppress(OSError):  # closed at the end
            while True:
                line, _ = listening.accept()
                with line:
                    line.recv(4096)
                    fields = b"".join(part.encode() + b"\0" for part in ("SFATAL", "VFATAL", f"C{code}", f"M{words}")) + b"\0"
                    line.sendall(b"E" + (len(fields) + 4).to_bytes(4, "big") + fields)

    with create_server(("127.0.0.1", 0)) as listening:
        Thread(target=refuse, daemon=True).start()
        yield listening.getsockname()[1]


def test_a_store_of_an_older_shape_is_upgraded_first(source: str, target: str) -> None:
    store = Store(source)
    store.transact_now(_execute, "UPDATE alembic_version SET version_num = '0003'")
    store.close()
    with pytest.raises(OldShape, match="leadbell db upgrade"):
        copy_store(source, target, quietly)


@pytest.fixture(params=["a store", "another's copy", "somebody's tables"])
def taken(request: pytest.FixtureRequest, source: str) -> str:
    """The URL of a database that is not empty."""
    if request.param == "a store":
        url = fresh_postgresql(COMPANY)
    elif request.param == "somebody's tables":
        url = bare_postgresql()
        store = Store(url)
        store.transact_now(_execute, "CREATE TABLE invoice (id integer)")
        store.close()
    else:
        url = bare_postgresql()
        with pytest.raises(Stopped):
            copy_store(source, url, stop_after(5))
        store = Store(source)
        store.transact_now(_execute, "UPDATE installation SET hash_key = 'another'")
        store.close()
    return url


def test_a_database_that_is_not_empty_stays_as_it_is(source: str, taken: str) -> None:
    with pytest.raises(NotEmpty, match="is not empty"):
        copy_store(source, taken, quietly)


def test_an_empty_store_of_ours_is_as_good_as_an_empty_database(source: str) -> None:
    target = fresh_postgresql()
    copy_store(source, target, quietly)
    is_the_same(source, target)


def _execute(session: Session, statement: str) -> None:
    session.connection().execute(text(statement))

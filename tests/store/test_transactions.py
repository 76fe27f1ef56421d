"""What the store promises of a transaction: all or nothing, repeated after a collision, and a plain word when the store is away."""

import asyncio
import time
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from functools import partial
from pathlib import Path
from threading import Barrier, BrokenBarrierError, Event, Semaphore
from unittest.mock import patch

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from bot.capture import intake
from bot.errors import BadDatabaseUrl, StoreUnavailable
from bot.store import line
from bot.store.columns import table_of
from bot.store.database import THREADS_ON_POSTGRESQL, Store
from bot.store.leads import Lead
from bot.store.line import Asked, Line
from bot.store.lock import hold_store
from bot.store.people import Officer, newest_version
from bot.store.seen import Seen
from tests.conftest import NOON
from tests.doubles.branch import Branch, a_lead
from tests.doubles.counted import counted
from tests.doubles.databases import fresh_sqlite, fresh_store
from tests.doubles.parallel import in_parallel
from tests.doubles.waiting import PATIENCE, until


def test_a_change_that_breaks_leaves_nothing_behind(store: Store) -> None:
    def breaks(session: Session) -> None:
        session.add(Seen(key="one", at=NOON))
        session.flush()
        raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        store.transact_now(breaks)
    assert store.transact_now(lambda session: session.get(Seen, "one")) is None


async def test_of_several_that_are_written_together_one_that_breaks_keeps_back_no_other(store: Store) -> None:
    def keep(session: Session, keys: list[str], at: datetime) -> list[str]:
        for key in keys:
            session.add(Seen(key=key, at=at))
            if key == "bad":
                raise ValueError("broken")
        return keys

    assert await store.transact_each(keep, ["one", "two"], NOON) == ([["one", "two"]], [])
    outcomes, [(broken, trouble)] = await store.transact_each(keep, ["three", "bad", "four"], NOON)

    assert outcomes == [["three"], ["four"]] and broken == "bad" and isinstance(trouble, ValueError)
    for key in ("one", "two", "three", "four"):
        assert store.transact_now(lambda session, key: session.get(Seen, key), key) is not None
    assert store.transact_now(lambda session: session.get(Seen, "bad")) is None


async def test_what_was_committed_is_read_at_once(store: Store) -> None:
    for number in range(20):
        await store.transact(lambda session, key: session.add(Seen(key=key, at=NOON)), f"{number}")
        assert await store.read(lambda session, key: session.get(Seen, key), f"{number}") is not None


def test_two_that_would_wait_for_each_other_for_ever_both_get_through(replicated: Branch) -> None:
    officer = table_of(Officer)
    both_hold_one = Barrier(2)
    tries: list[int] = []

    def lock(session: Session, first: int, second: int) -> None:
        tries.append(first)
        session.connection().execute(select(officer.c.id).where(officer.c.id == first).with_for_update())
        with suppress(BrokenBarrierError):
            both_hold_one.wait(PATIENCE)
        both_hold_one.abort()  # the repeat meets nobody
        session.connection().execute(select(officer.c.id).where(officer.c.id == second).with_for_update())

    in_parallel([partial(replicated.store.transact_now, lock, 1, 2), partial(replicated.store.transact_now, lock, 2, 1)])
    assert len(tries) == 3


def test_an_error_of_the_database_says_nothing_of_the_values(store: Store) -> None:
    store.transact_now(lambda session: session.add(Seen(key="Dana Rowe", at=NOON)))
    with pytest.raises(DBAPIError) as caught:
        store.transact_now(lambda session: session.add(Seen(key="Dana Rowe", outcome="Rowe", at=NOON)))
    assert "parameters hidden" in str(caught.value)


async def test_a_question_cannot_change_a_sqlite_file(tmp_path: Path) -> None:
    store = fresh_store("sqlite", tmp_path)
    with pytest.raises(StoreUnavailable):
        await store.read(lambda session: session.connection().exec_driver_sql("DELETE FROM seen"))
    store.close()


def test_a_folder_where_the_file_should_be_is_a_store_that_is_away(tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path}")
    with pytest.raises(StoreUnavailable):
        store.transact_now(newest_version)
    store.close()


def test_a_file_that_cannot_be_written_is_a_store_that_is_away(tmp_path: Path) -> None:
    store = Store(f"{fresh_sqlite(tmp_path)}?mode=ro&uri=true".replace("sqlite:///", "sqlite:///file:"))
    with pytest.raises(StoreUnavailable):
        store.transact_now(lambda session: session.add(Seen(key="one", at=NOON)))
    store.close()


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
def test_a_lead_for_a_file_that_cannot_be_written_meets_a_store_that_is_away(branch: Branch) -> None:
    branch.store.transact_now(lambda session: session.connection().exec_driver_sql("PRAGMA query_only=1"))
    with pytest.raises(StoreUnavailable):
        branch.arrive()


@pytest.mark.parametrize("below_a_file", ["leadbell.db", "deeper/leadbell.db"])
def test_a_folder_that_cannot_be_made_is_told_in_a_sentence(tmp_path: Path, below_a_file: str) -> None:
    (tmp_path / "file").touch()
    url = f"sqlite:///{tmp_path}/file/{below_a_file}"
    with pytest.raises(StoreUnavailable), hold_store(url):
        pass
    with pytest.raises(StoreUnavailable):
        Store(url)


def test_a_file_of_something_else_is_told_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "leadbell.db").write_bytes(b"Dear diary, " * 100)
    store = Store(f"sqlite:///{tmp_path}/leadbell.db")
    with pytest.raises(StoreUnavailable):
        store.transact_now(newest_version)
    store.close()


def test_postgresql_that_is_not_there_is_a_store_that_is_away() -> None:
    store = Store("postgresql://leadbell@127.0.0.1:1/leadbell")
    with pytest.raises(StoreUnavailable):
        store.transact_now(newest_version)
    store.close()


def test_a_database_that_does_not_exist_is_a_store_that_is_away(replicated: Branch) -> None:
    store = Store(replicated.store.url.set(database="nobody_made_it").render_as_string(hide_password=False))
    with pytest.raises(StoreUnavailable):
        store.transact_now(newest_version)
    store.close()


@pytest.mark.parametrize("address", ["", "leadbell.db", "mysql://host/leadbell", "postgresql://host:port/leadbell", "sqlite:/"])
def test_an_address_that_is_no_database_is_told_in_a_sentence_that_does_not_quote_it(address: str) -> None:
    with pytest.raises(BadDatabaseUrl, match="LEADBELL_DATABASE_URL is not an address"):
        Store(address)


async def test_what_waits_together_shares_one_commit_and_what_breaks_spoils_only_itself(tmp_path: Path) -> None:
    store = fresh_store("sqlite", tmp_path)
    with counted(store) as found:
        kept = await asyncio.gather(*(store.transact(keep, f"{number}") for number in range(10)))
    assert kept == [f"{number}" for number in range(10)] and found.commits < 10
    outcomes = await asyncio.gather(*(store.transact(keep, key) for key in ("10", "1", "11")), return_exceptions=True)
    assert outcomes[0] == "10" and isinstance(outcomes[1], DBAPIError) and outcomes[2] == "11"
    assert await store.read(lambda session: session.get(Seen, "11")) is not None
    store.close()


async def test_only_what_may_be_found_out_again_does_not_wait_for_the_disk(tmp_path: Path) -> None:
    store = fresh_store("sqlite", tmp_path)
    waits: list[int] = []

    def waits_for_the_disk(session: Session) -> None:
        waits.append(session.connection().exec_driver_sql("PRAGMA synchronous").scalar_one())

    await store.note(waits_for_the_disk)
    await store.transact(waits_for_the_disk)
    await store.note(waits_for_the_disk)
    store.transact_now(waits_for_the_disk)
    assert waits == [1, 2, 1, 2]
    store.close()


async def test_who_goes_away_while_waiting_takes_nobody_along(store: Store) -> None:
    held, go_on = Semaphore(0), Event()

    def hold(_: Session) -> None:
        held.release()
        go_on.wait(PATIENCE)

    waiting = [asyncio.create_task(store.transact(hold)) for _ in range(8)]  # every thread of either store
    for _ in range(1 if store.is_sqlite else 8):
        assert await asyncio.to_thread(held.acquire, timeout=PATIENCE)
    before_them = store._writers._waiting.qsize()  # nowhere else can it be seen who waits
    gone, stays = asyncio.create_task(store.transact(keep, "gone")), asyncio.create_task(store.transact(keep, "stays"))

    async def both_wait() -> bool:
        return store._writers._waiting.qsize() == before_them + 2

    await until(both_wait, "both in the line")
    gone.cancel()
    await asyncio.wait([gone])
    go_on.set()
    assert await stays == "stays" and gone.cancelled()
    await asyncio.gather(*waiting)
    assert store.transact_now(lambda session: session.get(Seen, "gone")) is None


async def test_who_waits_in_line_behind_a_store_that_hangs_is_told_and_is_not_served_later(store: Store) -> None:
    held, go_on = Event(), Event()

    def hold(_: Session) -> None:
        held.set()
        go_on.wait(PATIENCE)

    holding = [asyncio.create_task(store.transact(hold)) for _ in range(THREADS_ON_POSTGRESQL)]  # every thread of either store
    await asyncio.to_thread(held.wait, PATIENCE)
    with patch.object(line, "STEP", 0.01), pytest.raises(StoreUnavailable):
        await store.transact(keep, "late")
    go_on.set()
    await asyncio.gather(*holding, return_exceptions=True)  # on a machine that hardly runs, they too were told that nobody answers
    assert await store.transact(lambda session: session.get(Seen, "late")) is None


async def test_a_lead_that_is_kept_after_its_sender_was_told_to_come_again_is_the_same_lead_then(branch: Branch) -> None:
    new = intake.prepare(branch.services, branch.services.in_force.sources["website"], a_lead(external_id="a-1"))
    go_on = Event()

    def record_late(session: Session, new: intake.NewArrival) -> intake.Received | intake.Conflict:
        outcome = intake.record_arrival(session, new)
        go_on.wait(PATIENCE)
        return outcome

    with patch.object(line, "STEP", 0.01), pytest.raises(StoreUnavailable):
        await branch.store.transact(record_late, new)
    go_on.set()
    again = await branch.store.transact(intake.record_arrival, new)
    assert isinstance(again, intake.Received) and again.lead == branch.all(Lead)[0].id
    assert branch.count(Lead) == len(branch.postings("card")) == 1


async def test_where_the_store_is_away_from_some_that_wait_together_none_is_tried_alone() -> None:
    tried: list[int] = []

    def away(asked: Sequence[Asked]) -> Sequence[object]:
        tried.append(len(asked))
        raise StoreUnavailable

    waits = Line(away, threads=1, together=32, name="away")
    heard = await asyncio.gather(*(waits.ask(lambda _: None, flushed=True) for _ in range(20)), return_exceptions=True)
    waits.close(time.monotonic() + PATIENCE)
    assert [type(each) for each in heard] == [StoreUnavailable] * 20
    assert sum(tried) == 20


async def test_a_statement_that_the_store_does_not_understand_spoils_only_itself(tmp_path: Path) -> None:
    store = fresh_store("sqlite", tmp_path)
    misspelt = store.transact(lambda session: session.connection().exec_driver_sql("SELECT nothing FROM nowhere"))
    outcomes = await asyncio.gather(store.transact(keep, "1"), misspelt, store.transact(keep, "2"), return_exceptions=True)
    assert outcomes[0] == "1" and isinstance(outcomes[1], DBAPIError) and outcomes[2] == "2"
    store.close()


def keep(session: Session, key: str) -> str:
    session.add(Seen(key=key, at=NOON))
    session.flush()
    return key

"""The door to the store: plain functions run in its threads from BEGIN to COMMIT, alike on SQLite and PostgreSQL."""

import os
import random
import sqlite3
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from errno import EACCES, EISDIR
from functools import partial
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

import orjson
from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlmodel import Session

from bot.errors import BadDatabaseUrl, PooledByTransaction, StoreUnavailable
from bot.store.line import Asked, Broke, Call, Line
from bot.store.own_file import begin_own_file
from bot.store.sealing import Seal, seal_with

P = ParamSpec("P")
T = TypeVar("T")
Item = TypeVar("Item")

TRIES = 6
THREADS_ON_POSTGRESQL = 8
READERS_ON_SQLITE = 2
TOGETHER_ON_SQLITE = 32
"""How many of the calls that wait share one transaction at most: a commit costs about as much as the lead that it keeps."""
SERIALIZATION_FAILURE, DEADLOCK_FOUND = "40001", "40P01"
PREPARED_MOST = 1000
"""Statements that the driver keeps prepared on each connection to PostgreSQL: more than we have. Past its own hundred, it would have the
server plan those anew all day that take turns."""
NO_SUCH_PREPARED, PREPARED_TWICE = "26000", "42P05"
"""What the server says where a pooler sent us to another session than the one that prepared a statement."""
SILENT_FOR = 15.0
"""Seconds after which a connection is given up over which nothing came: more than the server gives one statement. What stands between may
acknowledge what we send for hours after the server is gone."""
CLOSED_WITHIN = 2.0
"""Seconds that closing waits at most for what is in hand."""
SERVER_TIMEOUTS = "-c statement_timeout=10000 -c idle_in_transaction_session_timeout=15000 -c timezone=UTC"

_SESSION = text("SELECT pg_backend_pid()")

JSON_BY_ORJSON: dict[str, Any] = {"json_serializer": lambda value: orjson.dumps(value).decode(), "json_deserializer": orjson.loads}


@dataclass(frozen=True, slots=True)
class _Way:
    """An engine, and what opens a transaction that waits for the disk, or does not, where its driver leaves that to us."""

    engine: Engine
    flushed: tuple[str, ...] = ()
    unflushed: tuple[str, ...] = ()


class _OpenSession(Session):
    """A session inside a transaction that is open already. Its own book-keeping, a tenth of an intake, begins only with rows as objects."""

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection, expire_on_commit=False)
        self._open = connection

    def connection(self, *_: Any, **__: Any) -> Connection:
        return self._open

    def finish(self) -> None:
        """Write what was changed on rows as objects; the transaction stays open."""
        if self.in_transaction():
            self.commit()


class Store:
    """`transact` writes, `read` reads. A function given to `transact` may run more than once, so it must be safe to repeat.

    Both raise StoreUnavailable when the database cannot be reached or does not answer in time.
    """

    def __init__(self, url: str, seal: Seal | None = None) -> None:
        """With a `seal`, personal data stands sealed in the database."""
        self.url = database_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        if self.is_sqlite:
            begin = "BEGIN IMMEDIATE"  # a write that begins as a read could not be finished while another writes
            engine = _sqlite_engine(self.url, connections=1)
            self._writing = _Way(engine, ("PRAGMA synchronous=FULL", begin), ("PRAGMA synchronous=NORMAL", begin))
            self._reading = _Way(_sqlite_engine(self.url, connections=READERS_ON_SQLITE, query_only=True), unflushed=("BEGIN",))
            self._writers = _line(self._writing, 1, TOGETHER_ON_SQLITE, "store-writer")
            seal_with(self._reading.engine, seal)
            self._readers = _line(self._reading, READERS_ON_SQLITE, TOGETHER_ON_SQLITE, "store-reader")
        else:
            self._writing = self._reading = _Way(_postgresql_engine(self.url))
            self._writers = self._readers = _line(self._writing, THREADS_ON_POSTGRESQL, 1, "store")

        seal_with(self._writing.engine, seal)

    async def transact(self, change: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a change in one transaction and return its outcome once it is durable."""
        outcome: T = await self._writers.ask(_bound(change, *args, **kwargs), flushed=True)
        return outcome

    async def attempt(self, change: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs) -> T | Broke:
        """`transact` of what must keep nothing else waiting: what it raises comes back, unless the store is away."""
        try:
            return await self.transact(change, *args, **kwargs)
        except StoreUnavailable:
            raise
        except Exception as trouble:
            return Broke(trouble)

    async def transact_each(
        self, change: Callable[Concatenate[Session, list[Item], P], T], items: Sequence[Item], *args: P.args, **kwargs: P.kwargs
    ) -> tuple[list[T], list[tuple[Item, Exception]]]:
        """`transact` of a change that takes several, in one; when that breaks, of each by itself, so that one keeps back no other. The
        outcomes, and those that broke by themselves with what they raised."""
        outcome = await self.attempt(change, list(items), *args, **kwargs)
        if not isinstance(outcome, Broke):
            return [outcome], []
        if len(items) == 1:
            return [], [(items[0], outcome.error)]
        alone = [await self.transact_each(change, [item], *args, **kwargs) for item in items]
        return [each for outcomes, _ in alone for each in outcomes], [each for _, troubles in alone for each in troubles]

    async def note(self, change: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """`transact` for what is found out again: it survives our death at once, and a power cut only since the next flush of another."""
        outcome: T = await self._writers.ask(_bound(change, *args, **kwargs), flushed=False)
        return outcome

    async def read(self, question: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Answer a question from one snapshot."""
        outcome: T = await self._readers.ask(_bound(question, *args, **kwargs), flushed=False)
        return outcome

    def transact_now(self, change: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """`transact` for callers without an event loop: the command line and the tests."""
        outcome: T = _run(self._writing, partial(_finished, _bound(change, *args, **kwargs)), flushed=True)
        return outcome

    def read_now(self, question: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Answer from one snapshot, however many statements that takes and whatever is written meanwhile, for callers without an event
        loop. A question over the whole store asks in pages: on PostgreSQL each statement has ten seconds."""

        def ask(session: Session) -> T:
            if not self.is_sqlite:
                session.connection().exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            return question(session, *args, **kwargs)

        outcome: T = _run(self._reading, partial(_finished, ask), flushed=False)
        return outcome

    def refuse_pooler(self) -> None:
        """Raises PooledByTransaction where two connections of ours share one session of the server: no work may be done through that."""
        if self.is_sqlite:
            return
        try:
            with self._writing.engine.connect() as one, self._writing.engine.connect() as other:
                session = one.execute(_SESSION).scalar_one()
                one.rollback()
                if other.execute(_SESSION).scalar_one() == session:
                    raise PooledByTransaction
        except DBAPIError as error:
            raise StoreUnavailable from error

    def close(self) -> None:
        """Finish what waits, for a moment at most: what a silent store holds up is left to it, as when we are killed."""
        until = time.monotonic() + CLOSED_WITHIN
        self._writers.close(until)
        self._readers.close(until)
        self._writing.engine.dispose()
        self._reading.engine.dispose()


def _bound(function: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs) -> Call:
    return lambda session: function(session, *args, **kwargs)


def _line(way: _Way, threads: int, together: int, name: str) -> Line:
    return Line(partial(_run_together, way), threads=threads, together=together, name=name)


def _run_together(way: _Way, asked: Sequence[Asked]) -> list[Any]:
    """Run all of them in one transaction."""
    flushed = any(each.flushed for each in asked)
    return _run(way, lambda connection: [_finished(each.call, connection) for each in asked], flushed=flushed)


def _finished(call: Call, connection: Connection) -> Any:
    session = _OpenSession(connection)
    outcome = call(session)
    session.finish()
    return outcome


def _run(way: _Way, work: Callable[[Connection], T], *, flushed: bool) -> T:
    database: Any = way.engine.dialect.loaded_dbapi
    for again in range(1, TRIES + 1):
        try:
            with way.engine.connect() as connection, connection.begin():
                driver: Any = connection.connection.driver_connection
                for statement in way.flushed if flushed else way.unflushed:
                    driver.execute(statement)
                return work(connection)
        except (DBAPIError, database.Error) as error:  # what comes from a prepared statement is not wrapped
            cause = error.orig if isinstance(error, DBAPIError) else error
            if again < TRIES and _worth_repeating(error, cause) and not _was_silent(error):
                # Two that collided must not meet again at once.
                time.sleep(random.uniform(0.5, 1) * 0.02 * 2**again)
                continue
            if getattr(cause, "sqlstate", None) in (NO_SUCH_PREPARED, PREPARED_TWICE) or "unsupported startup parameter" in str(cause):
                raise PooledByTransaction from error
            if getattr(cause, "sqlite_errorcode", None) == sqlite3.SQLITE_ERROR:
                raise  # the statement is at fault, not the file
            # SQLite calls a file that is no database, or a broken one, by the bare name.
            if isinstance(cause, (database.OperationalError, database.InterfaceError)) or type(cause) is database.DatabaseError:
                url = way.engine.url
                raise (cannot_be_used(url, error) if url.get_backend_name() == "sqlite" else StoreUnavailable()) from error
            raise
    raise AssertionError("unreachable: the last try returns or raises")


def _worth_repeating(error: Exception, cause: object) -> bool:
    """A collision or a lost connection. Where the answer to COMMIT was lost, the repeat is answered by its key."""
    lost = isinstance(error, DBAPIError) and error.connection_invalidated
    return lost or getattr(cause, "sqlstate", None) in (SERIALIZATION_FAILURE, DEADLOCK_FOUND)


class _Silence(Exception):
    """Nothing came over a connection."""


def _was_silent(error: BaseException | None) -> bool:
    """Whether silence is behind an error: of the connection that was closed for it, others follow."""
    while error is not None and not isinstance(error, _Silence):
        error = error.__cause__ or error.__context__
    return error is not None


def _within(talk: Generator[Any, Any, T], seconds: float) -> Generator[Any, Any, T]:
    """A talk of the driver with the server, for so long at most. It is looked after every tenth of a second. Raises _Silence."""
    until = time.monotonic() + seconds
    try:
        waits_for = next(talk)
        while True:
            ready = yield waits_for
            if not ready and time.monotonic() >= until:
                raise _Silence
            waits_for = talk.send(ready)
    except StopIteration as ended:
        outcome: T = ended.value
        return outcome


def _sqlite_engine(url: URL, *, connections: int, query_only: bool = False) -> Engine:
    if url.database:
        try:
            Path(url.database).parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise cannot_be_used(url, error) from error
    engine = create_engine(
        url,
        pool_size=connections,
        max_overflow=0,
        pool_reset_on_return=None,  # every transaction here ends by itself
        hide_parameters=True,
        connect_args={"isolation_level": None, "check_same_thread": False, "timeout": 5},
        **JSON_BY_ORJSON,
    )

    @event.listens_for(engine, "do_connect")
    def _begin(*_: Any) -> None:
        if url.database:
            with suppress(OSError):  # SQLite fails by the same, and then says why
                begin_own_file(Path(url.database))

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _: Any) -> None:
        for pragma in ("journal_mode=WAL", "foreign_keys=ON", "busy_timeout=5000", f"query_only={int(query_only)}"):
            connection.execute(f"PRAGMA {pragma}")

    return engine


def cannot_be_used(url: URL, error: Exception) -> StoreUnavailable:
    """What keeps us from a SQLite file: the operating system's own reason where it has one, else SQLite's."""
    path = Path(url.database or "").absolute()
    reason = error.strerror if isinstance(error, OSError) else _system_s_reason(path) or str(getattr(error, "orig", error))
    mend = "Type this as the user that Leadbell runs as" if reason == os.strerror(EACCES) else "LEADBELL_DATABASE_URL says where it is"
    return StoreUnavailable(f"The database {path} cannot be used: {reason}. {mend}.")


def _system_s_reason(path: Path) -> str | None:
    """Asked without opening it: closing the file would drop SQLite's locks."""
    try:
        if path.is_dir():
            return os.strerror(EISDIR)
        path.stat()
    except OSError as error:
        return error.strerror
    return None if os.access(path, os.R_OK | os.W_OK) and os.access(path.parent, os.W_OK) else os.strerror(EACCES)


def database_url(text: str) -> URL:
    """The address of a SQLite file or a PostgreSQL database. Raises BadDatabaseUrl for anything else, without quoting it."""
    try:
        url = make_url(text)
        if url.get_backend_name() in ("sqlite", "postgresql"):
            return url
    except (ArgumentError, ValueError):
        pass
    raise BadDatabaseUrl


def postgresql_url(url: URL) -> URL:
    """The address with the driver that we use, whichever one it names."""
    return url.set(drivername="postgresql+psycopg")


def _postgresql_engine(url: URL) -> Engine:
    engine = create_engine(
        postgresql_url(url),
        pool_size=THREADS_ON_POSTGRESQL,
        max_overflow=1,
        hide_parameters=True,
        connect_args={
            "connect_timeout": 5,
            "options": SERVER_TIMEOUTS,
            "keepalives_idle": 10,
            "keepalives_interval": 5,
            "keepalives_count": 3,
            "tcp_user_timeout": 10000,
        },
        **JSON_BY_ORJSON,
    )

    driver: Any = engine.dialect.loaded_dbapi

    class Impatient(driver.Connection):  # type: ignore[misc] # the driver is loaded only where it is used
        """A connection that is closed after too long a silence."""

        def wait(self, talk: Any, *args: Any, **kwargs: Any) -> Any:
            try:
                return super().wait(_within(talk, SILENT_FOR), *args, **kwargs)
            except _Silence as silence:
                self.close()
                raise driver.OperationalError("the server is silent") from silence

    @event.listens_for(engine, "do_connect")
    def _connect(_: Any, __: Any, args: Any, named: Any) -> Any:
        return Impatient.connect(*args, **named)

    @event.listens_for(engine, "connect")
    def _keep_prepared(connection: Any, _: Any) -> None:
        connection.prepared_max = PREPARED_MOST

    return engine

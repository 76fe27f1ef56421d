"""A SQLite store moves to PostgreSQL: copied in parts, goes on where it was stopped, and is proven row by row before it is used."""

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from typing import Any

import orjson
import psycopg
from sqlalchemy import JSON, Column, Connection, Engine, Table, Text, cast, create_engine, func, inspect, literal, select, text, tuple_
from sqlalchemy import type_coerce as read_as
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool
from sqlmodel import Session

from bot.errors import LeadbellError, SchemaTooNew, StoreUnavailable
from bot.store.columns import table_of
from bot.store.database import Store, database_url, postgresql_url
from bot.store.events import broken_links
from bot.store.installation import Installation
from bot.store.lock import hold_store, is_being_moved, mark_moved
from bot.store.sealing import Sealed, SealedJson
from bot.store.seals import Head, broken_seals, newest_head
from bot.store.tables import COPYING, HEAD, METADATA, version_of
from bot.store.upgrade import upgrade

AT_ONCE = 5000
"""How many rows are copied in one transaction."""
Told = Callable[[str, int, int], None]
"""Called with a table's name, how many more of its rows are there now, and how many rows all tables have."""


class WrongWay(LeadbellError):
    """The first address is where the store is, a SQLite file; the second is where it goes, a PostgreSQL database. So write:
    leadbell db copy sqlite:///data/leadbell.db postgresql://USER:PASSWORD@HOST/DATABASE"""


class NotReached(StoreUnavailable):
    """There is no PostgreSQL at the second address that lets us in."""

    def __init__(self, url: URL, trouble: psycopg.Error, *, begun: bool) -> None:
        """What went wrong, in the words of PostgreSQL, which never quote a password."""
        where = str(url.host or url.query.get("host") or "localhost").rpartition("@")[2]  # of a wrong address, a password may be in front
        where += f":{url.port or 5432}"
        words = str(trouble)
        match next((kind for kind, pattern in REFUSED.items() if re.search(pattern, words)), None):
            case "database":
                why = f"{where} has no database {url.database}. createdb -O leadbell leadbell makes one"
            case "login":
                why = f"{where} does not let {url.username or 'this user'} in: the user or the password is wrong"
            case _ if "FATAL" in words:
                why = f"{where} refuses the connection: {words.rpartition('FATAL:')[2].strip().partition(chr(10))[0]}"
            case _:
                why = f"nothing answers at {where}. Check the address, and whether the server runs"
        then = "Then run the same command again: it goes on where it stopped." if begun else "Nothing was copied."
        super().__init__(f"PostgreSQL cannot be reached: {why}. {then}")


REFUSED = {
    "database": r'database ".*" does not exist',
    "login": r'password authentication failed|role ".*" does not exist|no password supplied|authentication failed for user',
}
"""The driver has no SQLSTATE of a connection that never stood (3D000; 28P01 and 28000), so the server's words tell."""


class OldShape(LeadbellError):
    """The SQLite store has the shape of an older Leadbell. Bring it to this version first: leadbell db upgrade"""


class NotEmpty(LeadbellError):
    """The PostgreSQL database is not empty, and holds no half-finished copy of this store. Name an empty database, which its role owns:
    createdb -O leadbell leadbell makes one."""


class OtherContents(LeadbellError):
    """What was copied is not what the SQLite store holds."""

    def __init__(self, table: str) -> None:
        super().__init__(
            f"The table {table} is not the same in both: something was written to the SQLite store after the copy began. "
            "Nothing uses the copy yet. Make the PostgreSQL database anew, empty, and run this command again."
        )


@dataclass(frozen=True, slots=True)
class Copied:
    """How many rows each table has, in both; the newest seal of both; what is wrong with a timeline, in both; and the file that marks the
    SQLite store as moved."""

    rows: Mapping[str, int]
    head: Head | None
    bad: tuple[int, int, str] | None
    marker: Path


def copy_store(source: str, target: str, told: Told) -> Copied:
    """Copy everything, prove it, and give PostgreSQL the word. What was stopped goes on where it was when this is called again.

    Meanwhile and from then on no Leadbell opens the SQLite store. Raises StoreInUse while one runs on it, WrongWay, OldShape, SchemaTooNew,
    NotEmpty, MayNotCreate, OtherContents, and StoreUnavailable when either cannot be reached.
    """
    old, new = database_url(source), database_url(target)
    if old.get_backend_name() != "sqlite" or new.get_backend_name() != "postgresql":
        raise WrongWay
    if not old.database or not Path(old.database).is_file():
        raise StoreUnavailable(f"There is no SQLite store at {Path(old.database or '').absolute()}.")
    with hold_store(source):
        store = Store(source)
        try:
            # One transaction that would write: whatever else wants to write to it is refused until we are done.
            return store.transact_now(_copy, old, new, told)
        finally:
            store.close()


def _copy(session: Session, old: URL, new: URL, told: Told) -> Copied:
    reading = session.connection()
    version = version_of(session)
    if version is None or version < HEAD:
        raise OldShape
    if version > HEAD:
        raise SchemaTooNew
    engine = create_engine(
        postgresql_url(new), poolclass=NullPool, hide_parameters=True, connect_args={"connect_timeout": 5, "options": "-c timezone=UTC"}
    )
    try:
        _reach(engine, new, begun=is_being_moved(old))
        identity = _identity(reading)
        if is_being_moved(old) and _has_the_word(engine, identity):
            return Copied({table.name: _count(reading, table) for table in _tables()}, *_audited(new), mark_moved(old, whole=True))
        _begin(engine, new, identity)
        marker = mark_moved(old, whole=False)
        total = sum(_count(reading, table) for table in _tables())
        for table in _tables():
            _copy_table(reading, engine, table, told, total)
        rows = _prove(reading, engine)
        _look_through(engine)
        _give_the_word(reading, engine)
        mark_moved(old, whole=True)
    except (DBAPIError, psycopg.Error) as error:
        cause = error.orig if isinstance(error, DBAPIError) else error
        if not isinstance(cause, psycopg.OperationalError):
            raise
        said = f"PostgreSQL failed ({type(cause).__name__}). Run the same command again: it goes on where it stopped."
        raise StoreUnavailable(said) from error
    finally:
        engine.dispose()
    head, bad = _audited(new)
    if head != newest_head(session):
        raise AssertionError("the seals are rows like any others, and were proven to be the same")
    return Copied(rows, head, bad, marker)


def _reach(engine: Engine, new: URL, *, begun: bool) -> None:
    """Raises NotReached where PostgreSQL lets nobody in, before anything of the copy is begun or goes on."""
    try:
        with engine.connect():
            pass
    except DBAPIError as error:
        if not isinstance(error.orig, psycopg.OperationalError):
            raise
        raise NotReached(new, error.orig, begun=begun) from error


_installation = table_of(Installation)


def _tables() -> Sequence[Table]:
    return sorted(METADATA.tables.values(), key=lambda table: table.name)


def _identity(reading: Connection) -> str:
    """By what a store is known again; empty for one that never ran."""
    found = reading.execute(select(read_as(_installation.c.hash_key, Text).label("hash_key"), _installation.c.created_at)).one_or_none()
    return "" if found is None else hashlib.sha256(f"{found.hash_key} {found.created_at.isoformat()}".encode()).hexdigest()


def _has_the_word(engine: Engine, identity: str) -> bool:
    """Whether the store was copied as a whole and proven, and is in force there: we died before we could write that beside the old one."""
    with engine.connect() as there:
        return version_of(Session(there)) == HEAD and identity != "" and _identity(there) == identity


def _begin(engine: Engine, new: URL, identity: str) -> None:
    """Make the tables, without references that would demand an order, and mark the database as half a copy; or find that this was done."""
    with engine.begin() as writing:
        version = version_of(Session(writing))
        if version == COPYING:
            if writing.execute(text("SELECT source FROM leadbell_copy")).scalar_one() != identity:
                raise NotEmpty
            return
        if (version is None and inspect(writing).get_table_names()) or (version is not None and _holds_rows(writing)):
            raise NotEmpty
    upgrade(new)
    with engine.begin() as writing:
        writing.execute(text("CREATE TABLE leadbell_copy (source text NOT NULL)"))
        writing.execute(text("INSERT INTO leadbell_copy VALUES (:identity)"), {"identity": identity})
        writing.execute(text("CREATE TABLE leadbell_copied (name text PRIMARY KEY, last_key text, whole boolean NOT NULL)"))
        writing.execute(text("CREATE TABLE leadbell_reference AS " + REFERENCES))
        for owner, name, _ in writing.execute(text("SELECT * FROM leadbell_reference")).all():
            writing.exec_driver_sql(f"ALTER TABLE {owner} DROP CONSTRAINT {name}")
        writing.execute(text("UPDATE alembic_version SET version_num = :mark"), {"mark": COPYING})


REFERENCES = """
SELECT quote_ident(relname) AS owner, quote_ident(conname) AS name, pg_get_constraintdef(pg_constraint.oid) AS meaning
FROM pg_constraint JOIN pg_class ON pg_class.oid = conrelid WHERE contype = 'f' AND connamespace = current_schema()::regnamespace
"""


def _holds_rows(writing: Connection) -> bool:
    there = set(inspect(writing).get_table_names())
    tables = [table for table in _tables() if table.name in there]
    return any(writing.execute(select(literal(1)).select_from(table).limit(1)).first() is not None for table in tables)


def _columns(table: Table, dialect: str) -> list[Any]:
    """JSON is copied as it is written: read and written anew it might be written otherwise. What is sealed is copied as it stands."""
    as_text: Callable[[Column[Any]], Any] = (
        (lambda column: read_as(column, Text)) if dialect == "sqlite" else lambda column: cast(column, Text)
    )

    def as_it_stands(column: Column[Any]) -> Any:
        if isinstance(column.type, JSON | SealedJson):
            return as_text(column).label(column.name)
        return read_as(column, column.type.impl).label(column.name) if isinstance(column.type, Sealed) else column

    return [as_it_stands(column) for column in table.columns]


def _copy_table(reading: Connection, engine: Engine, table: Table, told: Told, total: int) -> None:
    """Each part and how far it came are written in one transaction, so that a part is never copied twice."""
    keys = list(table.primary_key.columns)
    with engine.connect() as writing:
        found = writing.execute(text("SELECT last_key, whole FROM leadbell_copied WHERE name = :name"), {"name": table.name}).one_or_none()
        if found is not None and found.whole:
            told(table.name, _count(reading, table), total)
            return
        last = None if found is None or found.last_key is None else orjson.loads(found.last_key)
        if last is not None:
            told(table.name, _count(reading, table, tuple_(*keys) <= tuple_(*map(literal, last))), total)
        writing.rollback()
        while True:
            ask = select(*_columns(table, "sqlite")).order_by(*keys).limit(AT_ONCE)
            if last is not None:
                ask = ask.where(tuple_(*keys) > tuple_(*map(literal, last)))
            rows = reading.execute(ask).all()
            if rows:
                last = [getattr(rows[-1], key.name) for key in keys]
            with writing.begin():
                _put(writing, table, rows)
                row = {"name": table.name, "last_key": None if last is None else orjson.dumps(last).decode(), "whole": len(rows) < AT_ONCE}
                writing.execute(_NOTE, row)
            told(table.name, len(rows), total)
            if len(rows) < AT_ONCE:
                return


_NOTE = text(
    "INSERT INTO leadbell_copied VALUES (:name, :last_key, :whole) "
    "ON CONFLICT (name) DO UPDATE SET last_key = excluded.last_key, whole = excluded.whole"
)


def _put(writing: Connection, table: Table, rows: Sequence[Any]) -> None:
    quoted = writing.dialect.identifier_preparer
    names = ", ".join(quoted.quote(column.name) for column in table.columns)
    driver: Any = writing.connection.driver_connection
    with driver.cursor() as cursor, cursor.copy(f"COPY {quoted.quote(table.name)} ({names}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(tuple(row))


def _count(connection: Connection, table: Table, *conditions: Any) -> int:
    return int(connection.execute(select(func.count()).select_from(table).where(*conditions)).scalar_one())


def _prove(reading: Connection, engine: Engine) -> dict[str, int]:
    """Every table has the same rows in both. Raises OtherContents for the first that has not."""
    rows: dict[str, int] = {}
    with engine.connect() as copied:
        for table in _tables():
            rows[table.name], contents = _contents(_all(reading, table, "sqlite"))
            if (rows[table.name], contents) != _contents(_all(copied, table, "postgresql")):
                raise OtherContents(table.name)
    return rows


def _all(connection: Connection, table: Table, dialect: str) -> Iterator[Any]:
    """All rows, a part at a time: in order of their key on SQLite, as they lie on PostgreSQL."""
    if dialect == "postgresql":
        yield from connection.execution_options(stream_results=True, yield_per=AT_ONCE).execute(select(*_columns(table, dialect)))
        return
    keys, last = list(table.primary_key.columns), None
    while True:
        ask = select(*_columns(table, dialect)).order_by(*keys).limit(AT_ONCE)
        rows = connection.execute(ask if last is None else ask.where(tuple_(*keys) > tuple_(*map(literal, last)))).all()
        yield from rows
        if len(rows) < AT_ONCE:
            return
        last = [getattr(rows[-1], key.name) for key in keys]


def _contents(rows: Iterator[Any]) -> tuple[int, int]:
    """How many they are, and a sum over their digests, which is the same in whatever order they come."""
    many = digest = 0
    for row in rows:
        many += 1
        written = orjson.dumps([_plain(value) for value in row])
        digest += int.from_bytes(hashlib.sha256(written).digest())
    return many, digest % 2**256


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC)
    return value.hex() if isinstance(value, bytes) else value


def _look_through(engine: Engine) -> None:
    """Else the plans of the first hour are guesses. It takes a while, so it comes before the word is given: till then all goes on."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as writing:
        writing.exec_driver_sql("ANALYZE")


def _give_the_word(reading: Connection, engine: Engine) -> None:
    """References hold again, new rows are numbered after the old ones, and the database is a store like any other: all of it or nothing."""
    with engine.begin() as writing:
        for owner, name, meaning in writing.execute(text("SELECT * FROM leadbell_reference")).all():
            writing.exec_driver_sql(f"ALTER TABLE {owner} ADD CONSTRAINT {name} {meaning}")
        begun = {row.name: row.seq for row in reading.execute(text("SELECT name, seq FROM sqlite_sequence"))}
        for table in _tables():
            number = table.autoincrement_column
            if number is None or _numbered_by(writing, table, number) is None:
                continue
            last = max(begun.get(table.name, 0), reading.execute(select(func.coalesce(func.max(number), 0))).scalar_one())
            if last:
                writing.execute(text("SELECT setval(:name, :last)"), {"name": _numbered_by(writing, table, number), "last": last})
        for name in ("leadbell_copy", "leadbell_copied", "leadbell_reference"):
            writing.exec_driver_sql(f"DROP TABLE {name}")
        writing.execute(text("UPDATE alembic_version SET version_num = :head"), {"head": HEAD})


def _numbered_by(writing: Connection, table: Table, number: Column[Any]) -> str | None:
    ask = text("SELECT pg_get_serial_sequence(:of_table, :of_column)")
    name: str | None = writing.execute(ask, {"of_table": f'"{table.name}"', "of_column": number.name}).scalar_one()
    return name


def _audited(new: URL) -> tuple[Head | None, tuple[int, int, str] | None]:
    """The newest seal, and the first bad event."""
    store = Store(new.render_as_string(hide_password=False))
    try:
        return store.read_now(lambda session: (newest_head(session), next(chain(broken_links(session), broken_seals(session)), None)))
    finally:
        store.close()

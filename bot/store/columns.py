"""Column types and database time, alike on SQLite and PostgreSQL."""

from datetime import UTC, datetime
from typing import Any, cast

from sqlalchemy import JSON, BigInteger, Integer, Table, Text
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlmodel import Field, SQLModel
from sqlmodel.sql.sqltypes import UTCDateTime

from bot.store.sealing import Sealed, SealedAlike, SealedWord

# SQLite numbers rows by itself only in a column declared exactly INTEGER.
RowId = BigInteger().with_variant(Integer, "sqlite")


def table_of(model: type[SQLModel]) -> Table:
    """The Core table behind a model, for statements that are built once."""
    return cast(Table, model.__table__)  # type: ignore[attr-defined]


def row_id() -> Any:
    """A primary key that the database numbers."""
    return Field(default=None, primary_key=True, sa_type=RowId)


def reference(target: str, *, index: bool = False, primary_key: bool = False) -> Any:
    """A foreign key to `table.column` that must be set."""
    return Field(foreign_key=target, sa_type=RowId, index=index, primary_key=primary_key)


def maybe_reference(target: str, *, index: bool = False) -> Any:
    """A foreign key to `table.column` that may be empty."""
    return Field(default=None, foreign_key=target, sa_type=RowId, index=index)


def json_value(default: Any = None) -> Any:
    """JSON that is replaced whole: a change in place would be lost."""
    return Field(default=default, sa_type=JSON)


def long_text(default: str | None = None) -> Any:
    return Field(default=default, sa_type=Text)


def sealed_text(default: str | None = None) -> Any:
    """Long text with personal data."""
    return Field(default=default, sa_type=Sealed)


def sealed_word(default: str | None = None) -> Any:
    """Short text with personal data, or what gives it away."""
    return Field(default=default, sa_type=SealedWord)


def sealed_alike() -> Any:
    """The same where it is looked for as a whole."""
    return Field(default=None, sa_type=SealedAlike)


def whole_dollars() -> Any:
    return Field(default=None, sa_type=BigInteger)


class small_letters(FunctionElement[str]):  # noqa: N801 - reads as a SQL function in statements
    """Words in small letters, in the order of their codes, so that an index finds what begins with some. SQLite makes only ASCII small."""

    type = Text()
    inherit_cache = True


@compiles(small_letters, "postgresql")
def _in_order_of_codes(element: small_letters, compiler: SQLCompiler, **options: Any) -> str:
    return f'(lower({compiler.process(element.clauses, **options)}) COLLATE "C")'


@compiles(small_letters, "sqlite")
def _as_they_are(element: small_letters, compiler: SQLCompiler, **options: Any) -> str:
    return f"lower({compiler.process(element.clauses, **options)})"


class as_it_stands(FunctionElement[Any]):  # noqa: N801 - reads as a SQL function in statements
    """A column unread, so that a value that nobody can read spoils no other: as text on PostgreSQL, and on SQLite whatever stands there."""

    type = Text()
    inherit_cache = True


@compiles(as_it_stands, "postgresql")
def _cast_to_text(element: as_it_stands, compiler: SQLCompiler, **options: Any) -> str:
    return f"CAST({compiler.process(element.clauses, **options)} AS TEXT)"


@compiles(as_it_stands, "sqlite")
def _whatever_it_is(element: as_it_stands, compiler: SQLCompiler, **options: Any) -> str:
    return compiler.process(element.clauses, **options)


def time_from(stands: Any) -> datetime:
    """A time from its column as it stands. Raises ValueError for what is none."""
    if not isinstance(stands, str):
        raise ValueError
    at = datetime.fromisoformat(stands)
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at


class database_time(FunctionElement[datetime]):  # noqa: N801 - reads as a SQL function in statements
    """The database's own clock, plus some seconds when given. Leases, backoff and pacing stand on it; it moves within a transaction."""

    type = UTCDateTime()
    inherit_cache = True


@compiles(database_time, "postgresql")
def _on_postgresql(element: database_time, compiler: SQLCompiler, **options: Any) -> str:
    # Not clock_timestamp(): it is volatile, so no index could serve a comparison with it. Each statement has its own time here too.
    seconds = [compiler.process(clause, **options) for clause in element.clauses]
    return f"(statement_timestamp() + make_interval(secs => ({seconds[0]})::float8))" if seconds else "statement_timestamp()"


@compiles(database_time, "sqlite")
def _on_sqlite(element: database_time, compiler: SQLCompiler, **options: Any) -> str:
    # Six digits, as SQLAlchemy writes them: SQLite compares times as text.
    seconds = [compiler.process(clause, **options) for clause in element.clauses]
    shift = f", ({seconds[0]}) || ' seconds'" if seconds else ""
    return "strftime('%Y-%m-%d %H:%M:%f000','now'" + shift + ")"

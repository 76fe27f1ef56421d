"""What was written without a key, or with an older one, is sealed with the key of today: some rows at a time, again at will."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Table, and_, func, literal, or_, select, type_coerce, update
from sqlmodel import Session, SQLModel

from bot.store.sealing import Seal, Sealed, SealedAlike, SealedBytes, seal_of

AT_ONCE = 200
"""Rows of one transaction: nobody waits long for one that is being sealed."""


@dataclass(frozen=True, slots=True)
class Resealed:
    """How many values were sealed, and the row after which to go on; None where there is no more."""

    values: int
    after: int | None


def sealed_tables() -> Iterator[tuple[Table, list[str]]]:
    """Every table with values that a key seals, and the names of those columns."""
    for table in sorted(SQLModel.metadata.tables.values(), key=lambda each: each.name):
        names = [column.name for column in table.columns if isinstance(column.type, Sealed)]
        if names:
            yield table, names


def reseal(session: Session, table: Table, after: int) -> Resealed:
    """Seal the next rows of a table that are not sealed with our own key. Raises WrongKey for what no key at hand opens."""
    connection = session.connection()
    seal = seal_of(connection.dialect)
    assert seal is not None
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA secure_delete=ON")  # else what stood there in clear stays in the file
    columns: list[Any] = [column for column in table.columns if isinstance(column.type, Sealed)]
    raw = [_raw(column).label(column.name) for column in columns]
    otherwise = or_(*(_otherwise(column, seal) for column in columns))
    rows = connection.execute(select(table.c.id, *raw).where(table.c.id > after, otherwise).order_by(table.c.id).limit(AT_ONCE)).all()
    values = sum(_reseal_row(session, table, columns, row, seal) for row in rows)
    return Resealed(values, rows[-1].id if len(rows) == AT_ONCE else None)


def _otherwise(column: Any, seal: Seal) -> ColumnElement[bool]:
    """It is not sealed with our own key."""
    prefix = _prefix(column, seal)
    return and_(column.is_not(None), type_coerce(func.substr(_raw(column), 1, len(prefix)), column.type.impl) != prefix)


def _prefix(column: Any, seal: Seal) -> str | bytes:
    match column.type:
        case SealedBytes():
            return seal.prefix_of_bytes
        case SealedAlike():
            return seal.prefix_alike
    return seal.prefix


def _reseal_row(session: Session, table: Table, columns: Sequence[Any], row: Any, seal: Seal) -> int:
    """Seal what is not sealed of one row, all of it at once; how many values those are, none where somebody changed one meanwhile."""
    stood = {column: row._mapping[column.name] for column in columns}
    stands = {column: _sealed(column, value, seal) for column, value in stood.items() if value is not None}
    changed = {column: value for column, value in stands.items() if value != stood[column]}
    change = (
        update(table)
        .where(table.c.id == row.id, *(_raw(column) == literal(stood[column], column.type.impl) for column in changed))
        .values({column: literal(value, column.type.impl) for column, value in changed.items()})
    )
    return len(changed) * session.connection().execute(change).rowcount


def _sealed(column: Any, stored: Any, seal: Seal) -> Any:
    """The stored value as our own key seals it."""
    prefix: Any = _prefix(column, seal)
    if stored[: len(prefix)] == prefix:
        return stored
    match column.type:
        case SealedBytes():
            return seal.close_bytes(seal.open_bytes(stored))
        case SealedAlike():
            return seal.close_alike(seal.open(stored))
    return seal.close(seal.open(stored))


def _raw(column: Any) -> ColumnElement[Any]:
    """The column as it stands, not opened."""
    return type_coerce(column, column.type.impl)

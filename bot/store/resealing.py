"""What was written without a key, with an older one or for no place is sealed with the key of today: some rows at a time, again at will."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Table, and_, func, literal, or_, select, type_coerce, update
from sqlmodel import Session, SQLModel

from bot.errors import LeadbellError
from bot.store.sealing import Seal, Sealed, SealedAlike, SealedBytes, WrongKey, seal_of

AT_ONCE = 200
"""Rows of one transaction: nobody waits long for one that is being sealed."""


@dataclass(frozen=True, slots=True)
class Resealed:
    """How many values were sealed, and the row after which to go on; None where there is no more."""

    values: int
    after: int | None


class NotOpened(LeadbellError):
    def __init__(self, table: str, row: int) -> None:
        super().__init__(
            f"No key at hand opens what is kept in the table {table}, row {row}: it was sealed with another key, or is damaged. What came "
            "before it is sealed. Set LEADBELL_OLD_KEY to the key it was sealed with, or mend the row from a back-up, and type this again."
        )


def sealed_tables() -> Iterator[tuple[Table, list[str]]]:
    """Every table with values that a key seals, and the names of those columns."""
    for table in sorted(SQLModel.metadata.tables.values(), key=lambda each: each.name):
        names = [column.name for column in table.columns if isinstance(column.type, Sealed)]
        if names:
            yield table, names


def reseal(session: Session, table: Table, after: int) -> Resealed:
    """Seal the next rows of a table that are not sealed with our own key. Raises NotOpened for what no key at hand opens."""
    connection = session.connection()
    seal = seal_of(connection.dialect)
    assert seal is not None
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA secure_delete=ON")  # else what stood there in clear stays in the file
    columns: list[Any] = [column for column in table.columns if isinstance(column.type, Sealed)]
    raw = [_raw(column).label(column.name) for column in columns]
    otherwise = or_(*(_otherwise(column, seal) for column in columns))
    # Held, or a row that somebody changes at this moment would keep in its other columns what the old key alone opens.
    ask = select(table.c.id, *raw).where(table.c.id > after, otherwise).order_by(table.c.id).limit(AT_ONCE).with_for_update(key_share=True)
    rows = connection.execute(ask).all()
    values = sum(_reseal_row(session, table, columns, row, seal) for row in rows)
    return Resealed(values, rows[-1].id if len(rows) == AT_ONCE else None)


def _otherwise(column: Any, seal: Seal) -> ColumnElement[bool]:
    """It is not sealed with our own key for its place."""
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
    """Seal what is not sealed of one row, all of it at once; how many values those are. Raises NotOpened."""
    stood = {column: row._mapping[column.name] for column in columns}
    try:
        stands = {column: _sealed(column, value, seal) for column, value in stood.items() if value is not None}
    except WrongKey:
        raise NotOpened(table.name, row.id) from None
    changed = {column: literal(value, column.type.impl) for column, value in stands.items() if value != stood[column]}
    session.connection().execute(update(table).where(table.c.id == row.id).values(changed))
    return len(changed)


def _sealed(column: Any, stored: Any, seal: Seal) -> Any:
    """The stored value as our own key seals it for its place."""
    prefix: Any = _prefix(column, seal)
    place: str = column.type.place
    if stored[: len(prefix)] == prefix:
        return stored
    match column.type:
        case SealedBytes():
            return seal.close_bytes(place, seal.open_bytes(place, stored))
        case SealedAlike():
            return seal.close_alike(place, seal.open(place, stored))
    return seal.close(place, seal.open(place, stored))


def _raw(column: Any) -> ColumnElement[Any]:
    """The column as it stands, not opened."""
    return type_coerce(column, column.type.impl)

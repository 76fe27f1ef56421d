"""Statements of the hot path. SQLAlchemy writes them once; then the driver gets them as they are, for a third of the processor's time."""

from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Delete, Dialect, Insert, Select, Update
from sqlalchemy.types import TypeEngine
from sqlmodel import Session

Convert = Callable[[Any], Any]

FLOAT8 = 701
"""How PostgreSQL marks the one type of ours that SQLAlchemy asks about before it reads: numbers with a point."""


class Prepared:
    """One statement, run with one row of named values. It may hold no list (`in_`)."""

    def __init__(self, statement: Select[*tuple[Any, ...]] | Insert | Update | Delete) -> None:
        self._statement = statement
        self._compiled: dict[tuple[str, ...], _Compiled] = {}  # by the dialect and the names of a row: an insert is written for just those

    def run(self, session: Session, row: Mapping[str, Any]) -> Sequence[Any]:
        """The rows that it returns, with their columns by name; none where it returns nothing."""
        connection = session.connection()
        return self._for(connection.dialect, row).run(connection.connection.driver_connection, row)

    def run_each(self, session: Session, rows: Sequence[Mapping[str, Any]]) -> list[Sequence[Any]]:
        """What it returns for each of these rows, which have the same names: PostgreSQL is handed all of them before it answers the first,
        which takes a third of the time."""
        connection = session.connection()
        if len(rows) < 2 or connection.dialect.name != "postgresql":
            return [self.run(session, row) for row in rows]
        return self._for(connection.dialect, rows[0]).run_each(connection.connection.driver_connection, rows)

    def _for(self, dialect: Dialect, row: Mapping[str, Any]) -> "_Compiled":
        written_for = (dialect.name, *row)
        if written_for not in self._compiled:
            self._compiled[written_for] = _compile(self._statement, dialect, row)
        return self._compiled[written_for]


@dataclass(frozen=True, slots=True)
class _Compiled:
    """The SQL; its constants by name; the names of its values, in order where the driver takes them so; how some are stored; its columns
    and how each is read."""

    sql: str
    constants: Mapping[str, Any]
    in_order: tuple[str, ...] | None
    stored: tuple[tuple[str, Convert], ...]
    columns: Callable[..., Any] | None
    read: tuple[tuple[int, Convert], ...]

    def run(self, driver: Any, row: Mapping[str, Any]) -> Sequence[Any]:
        values = self._values(row)
        cursor = driver.execute(self.sql, values if self.in_order is None else [values[name] for name in self.in_order])
        return () if self.columns is None else [self._found(found) for found in cursor.fetchall()]

    def run_each(self, driver: Any, rows: Sequence[Mapping[str, Any]]) -> list[Sequence[Any]]:
        with driver.cursor() as cursor:
            cursor.executemany(self.sql, [self._values(row) for row in rows], returning=self.columns is not None)
            if self.columns is None:
                return [()] * len(rows)
            found: list[Sequence[Any]] = []
            for _ in rows:
                found.append([self._found(each) for each in cursor.fetchall()])
                cursor.nextset()
            return found

    def _values(self, row: Mapping[str, Any]) -> dict[str, Any]:
        values = {**self.constants, **row}
        for name, convert in self.stored:
            values[name] = convert(values[name])
        return values

    def _found(self, found: Sequence[Any]) -> Any:
        assert self.columns is not None
        if self.read:
            found = list(found)
            for column, convert in self.read:
                found[column] = convert(found[column])
        return self.columns(*found)


def _compile(statement: Select[Any] | Insert | Update | Delete, dialect: Dialect, row: Mapping[str, Any]) -> _Compiled:
    compiled: Any = statement.compile(dialect=dialect, column_keys=list(row))
    types = {name: _implementation(bind.type, dialect) for bind, name in compiled.bind_names.items()}
    sql, in_order = (str(compiled), None) if compiled.positiontup is None else _written_out(compiled, types, dialect, row)
    names = types if in_order is None else in_order
    stored = {name: types[name].bind_processor(dialect) for name in names}
    returned = list(statement.exported_columns)
    read = [_implementation(column.type, dialect).result_processor(dialect, FLOAT8) for column in returned]
    return _Compiled(
        sql=sql,
        constants={name: compiled.params[name] for name in names if name not in row},
        in_order=in_order,
        stored=tuple((name, convert) for name, convert in stored.items() if convert is not None),
        columns=namedtuple("Found", [str(column.key) for column in returned], rename=True) if returned else None,
        read=tuple((column, convert) for column, convert in enumerate(read) if convert is not None),
    )


def _written_out(
    compiled: Any, types: Mapping[str, TypeEngine[Any]], dialect: Dialect, row: Mapping[str, Any]
) -> tuple[str, tuple[str, ...]]:
    """The SQL with its constant words and numbers in it, and the names of the other values in order.

    As a value, such a constant would have SQLite plan anew at each run wherever it bears on which partial index serves.
    """
    before, *rest = str(compiled).split("?")
    sql, names = [before], []
    for name, after in zip(compiled.positiontup, rest, strict=True):
        constant = None if name in row else compiled.params[name]
        write = types[name].literal_processor(dialect) if isinstance(constant, str | int) else None
        if write is None:
            names.append(name)
        sql += [write(constant) if write else "?", after]
    return "".join(sql), tuple(names)


def _implementation(of: TypeEngine[Any], dialect: Dialect) -> TypeEngine[Any]:
    return of.dialect_impl(dialect)

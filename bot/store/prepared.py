"""Statements of the hot path. SQLAlchemy writes them once; then SQLite gets them as they are, for a third of the processor's time."""

from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Delete, Dialect, Insert, Select, Update
from sqlalchemy.types import TypeEngine
from sqlmodel import Session

Convert = Callable[[Any], Any]


class Prepared:
    """One statement, run with one row of named values. It may hold no list (`in_`).

    PostgreSQL gets it the usual way: there the time goes to the network.
    """

    def __init__(self, statement: Select[*tuple[Any, ...]] | Insert | Update | Delete) -> None:
        self._statement = statement
        self._compiled: dict[tuple[str, ...], _Compiled] = {}  # by the names that a row has: an insert is written for just those

    def run(self, session: Session, row: Mapping[str, Any]) -> Sequence[Any]:
        """The rows that it returns, with their columns by name; none where it returns nothing."""
        connection = session.connection()
        if connection.dialect.name != "sqlite":
            result = connection.execute(self._statement, row)
            return result.all() if result.returns_rows else ()
        names = tuple(row)
        if names not in self._compiled:
            self._compiled[names] = _compile(self._statement, connection.dialect, row)
        return self._compiled[names].run(connection.connection.driver_connection, row)


@dataclass(frozen=True, slots=True)
class _Compiled:
    """The SQL; its constants by name; the names of its values in order and how some are stored; its columns and how each is read."""

    sql: str
    constants: Mapping[str, Any]
    names: tuple[str, ...]
    stored: tuple[tuple[str, Convert], ...]
    columns: Callable[..., Any]
    read: tuple[tuple[int, Convert], ...]

    def run(self, driver: Any, row: Mapping[str, Any]) -> list[Any]:
        values = {**self.constants, **row}
        for name, convert in self.stored:
            values[name] = convert(values[name])
        return [self._found(found) for found in driver.execute(self.sql, [values[name] for name in self.names]).fetchall()]

    def _found(self, found: Sequence[Any]) -> Any:
        if self.read:
            found = list(found)
            for column, convert in self.read:
                found[column] = convert(found[column])
        return self.columns(*found)


def _compile(statement: Select[Any] | Insert | Update | Delete, dialect: Dialect, row: Mapping[str, Any]) -> _Compiled:
    compiled: Any = statement.compile(dialect=dialect, column_keys=list(row))
    sql, names = _written_out(compiled, dialect, row)
    stored = {name: _implementation(compiled.binds[name].type, dialect).bind_processor(dialect) for name in names if name in compiled.binds}
    returned = list(statement.exported_columns)
    read = [_implementation(column.type, dialect).result_processor(dialect, None) for column in returned]
    return _Compiled(
        sql=sql,
        constants={name: compiled.params[name] for name in names if name not in row},
        names=names,
        stored=tuple((name, convert) for name, convert in stored.items() if convert is not None),
        columns=namedtuple("Found", [str(column.key) for column in returned], rename=True),
        read=tuple((column, convert) for column, convert in enumerate(read) if convert is not None),
    )


def _written_out(compiled: Any, dialect: Dialect, row: Mapping[str, Any]) -> tuple[str, tuple[str, ...]]:
    """The SQL with its constant words and numbers in it, and the names of the other values in order.

    As a value, such a constant would have SQLite plan anew at each run wherever it bears on which partial index serves.
    """
    before, *rest = str(compiled).split("?")
    sql, names = [before], []
    for name, after in zip(compiled.positiontup, rest, strict=True):
        constant = None if name in row else compiled.params[name]
        write = _implementation(compiled.binds[name].type, dialect).literal_processor(dialect) if isinstance(constant, str | int) else None
        if write is None:
            names.append(name)
        sql += [write(constant) if write else "?", after]
    return "".join(sql), tuple(names)


def _implementation(of: TypeEngine[Any], dialect: Dialect) -> TypeEngine[Any]:
    return of.dialect_impl(dialect)

"""Statements of the hot path. SQLAlchemy writes them once; then the driver gets them as they are, for a third of the processor's time."""

import re
import sqlite3
from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import orjson
from sqlalchemy import CompoundSelect, Connection, Delete, Dialect, Insert, Select, Update
from sqlalchemy.types import TypeEngine
from sqlmodel import Session

from bot.store.sealing import seal_of

Convert = Callable[[Any], Any]
Statement = Select[*tuple[Any, ...]] | CompoundSelect[*tuple[Any, ...]] | Insert | Update | Delete

_CURSOR = "cursor of prepared statements"
FLOAT8 = 701
"""How PostgreSQL marks the one type of ours that SQLAlchemy asks about before it reads: numbers with a point."""


class Prepared:
    """One statement, run with one row of named values. It may hold no list (`in_`)."""

    def __init__(self, statement: Statement) -> None:
        self._statement = statement
        self._compiled: dict[tuple[object, ...], _Compiled] = {}
        """By the dialect, what seals its values, for how many rows at most it is, and the names of a row: an insert is for just those."""

    def run(self, session: Session, row: Mapping[str, Any]) -> Sequence[Any]:
        """The rows that it returns, with their columns by name; none where it returns nothing."""
        connection = session.connection()
        return self._for(connection.dialect, row).run(_driver_of(connection), row)

    def run_on_damaged(self, session: Session, row: Mapping[str, Any]) -> Sequence[Any]:
        """`run`, where text may be none: bytes on SQLite that are no UTF-8 come as lone surrogates."""
        try:
            return self.run(session, row)
        except sqlite3.OperationalError as error:
            if hasattr(error, "sqlite_errorcode"):
                raise  # SQLite's own; without a code it is Python's, of bytes that it cannot decode
        driver = _driver_of(session.connection())
        strictly = driver.text_factory
        driver.text_factory = partial(str, encoding="utf-8", errors="surrogateescape")
        try:
            return self.run(session, row)
        finally:
            driver.text_factory = strictly

    def run_each(self, session: Session, rows: Sequence[Mapping[str, Any]]) -> list[Sequence[Any]]:
        """What it returns for each of these rows, which have the same names; an insert returns one row for each. PostgreSQL is asked once
        for all of them, which takes a fifth of the time: so none may depend on what another one changes, and no two may update one row."""
        connection = session.connection()
        if len(rows) < 2 or connection.dialect.name != "postgresql":
            return [self.run(session, row) for row in rows]
        at_most = 1 << (len(rows) - 1).bit_length()
        return self._for(connection.dialect, rows[0], at_most).run_each(_driver_of(connection), rows)

    def _for(self, dialect: Dialect, row: Mapping[str, Any], at_most: int = 1) -> "_Compiled":
        written_for = (dialect.name, seal_of(dialect), at_most, *row)
        if written_for not in self._compiled:
            self._compiled[written_for] = _compile(self._statement, dialect, row, at_most)
        return self._compiled[written_for]


def _driver_of(connection: Connection) -> Any:
    """What runs a statement and has its rows. On PostgreSQL it is one cursor for as long as the connection lives: each new one finds out
    anew how values are written and read, for half of what a statement takes of our processor."""
    pooled = connection.connection
    if connection.dialect.name != "postgresql":
        return pooled.driver_connection
    kept: Any = pooled.info.get(_CURSOR)
    if kept is None:
        kept = pooled.info[_CURSOR] = pooled.driver_connection.cursor()  # type: ignore[union-attr]
    return kept


@dataclass(frozen=True, slots=True)
class _Compiled:
    """The SQL, for one row or for many; its constants by name; the names of its values, in order where the driver takes them so; how some
    are stored; its columns and how each is read."""

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
        as_json = orjson.dumps([self._values(row) for row in rows], default=_within).decode()
        returned = driver.execute(self.sql, {"rows": as_json}).fetchall()
        found: list[list[Any]] = [[] for _ in rows]
        if self.columns is not None:
            for row in returned:
                found[row[0] - 1].append(self._found(row[1:]))
        return [*found]

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


def _within(value: Any) -> Any:
    """What the driver's mark for JSON holds."""
    return value.obj


def _compile(statement: Statement, dialect: Dialect, row: Mapping[str, Any], at_most: int) -> _Compiled:
    compiled: Any = statement.compile(dialect=dialect, column_keys=list(row))
    types = {name: _implementation(bind.type, dialect) for bind, name in compiled.bind_names.items()}
    sql, names = _written_out(compiled, types, dialect, row)
    stored = {name: types[name].bind_processor(dialect) for name in names}
    returned = list(statement.exported_columns)
    read = [_implementation(column.type, dialect).result_processor(dialect, FLOAT8) for column in returned]
    return _Compiled(
        sql=_for_each(sql, {name: dialect.type_compiler_instance.process(types[name]) for name in names}, at_most) if at_most > 1 else sql,
        constants={name: compiled.params[name] for name in names if name not in row},
        in_order=None if compiled.positiontup is None else names,
        stored=tuple((name, convert) for name, convert in stored.items() if convert is not None),
        columns=namedtuple("Found", [str(column.key) for column in returned], rename=True) if returned else None,
        read=tuple((column, convert) for column, convert in enumerate(read) if convert is not None),
    )


_MARK = re.compile(r"\?|%\((\w+)\)s")
"""Where a value goes, on SQLite and on PostgreSQL."""


def _written_out(
    compiled: Any, types: Mapping[str, TypeEngine[Any]], dialect: Dialect, row: Mapping[str, Any]
) -> tuple[str, tuple[str, ...]]:
    """The SQL with its constant words and numbers in it, and the names of the other values in order.

    As a value, such a constant would have SQLite plan anew at each run wherever it bears on which partial index serves.
    """
    in_turn, names = iter(compiled.positiontup or ()), []

    def write(mark: re.Match[str]) -> str:
        name = mark[1] or next(in_turn)
        constant = None if name in row else compiled.params[name]
        literal = types[name].literal_processor(dialect) if isinstance(constant, str | int) else None
        if literal is not None:
            return literal(constant)
        names.append(name)
        return mark[0]

    return _MARK.sub(write, str(compiled)), tuple(names)


def _for_each(sql: str, types: Mapping[str, str], at_most: int) -> str:
    """The same for all rows of a JSON list, for PostgreSQL: each value is a column of theirs. It returns their places beside what it did,
    or finds, for each; in the order of the rows, in which it also locks."""
    columns = ", ".join(f'"{name}" {type_}' for name, type_ in types.items())
    # Without the limit, PostgreSQL takes them for a hundred, and for so many rather reads a whole table. Were it a value, it would plan
    # anew at each run, which takes several times as long as the run itself.
    some = f"ROWS FROM (json_to_recordset(%(rows)s::json) AS ({columns})) WITH ORDINALITY LIMIT {at_most}"
    rows = f"(SELECT * FROM {some}) AS each_row"  # noqa: S608
    sql = _MARK.sub(r'each_row."\1"', sql)
    if sql.startswith("SELECT"):
        return f"SELECT each_row.ordinality, found.* FROM {rows}, LATERAL ({sql}) AS found"  # noqa: S608
    before, _, returned = sql.partition(" RETURNING ")
    if sql.startswith("INSERT"):
        into, _, values = before.partition(" VALUES (")
        added = f"{into} SELECT {values.removesuffix(')')} FROM {rows} ORDER BY each_row.ordinality RETURNING {returned}"  # noqa: S608
        return f"WITH added AS ({added}) SELECT row_number() OVER (), added.* FROM added"  # noqa: S608
    change, _, which = before.partition(" WHERE ")
    return f"{change} FROM {rows} WHERE {which} RETURNING {', '.join(filter(None, ('each_row.ordinality', returned)))}"


def _implementation(of: TypeEngine[Any], dialect: Dialect) -> TypeEngine[Any]:
    return of.dialect_impl(dialect)

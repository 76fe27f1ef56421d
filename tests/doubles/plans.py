"""How a database goes about each statement that it is given."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from sqlalchemy import event

from bot.store import prepared
from bot.store.database import Store


@contextmanager
def planned(store: Store) -> Iterator[list[str]]:
    """The steps of the plan of each statement that runs until the end of the block.

    PostgreSQL reads a whole table only where no index serves, as it would with a million rows in it.
    """
    steps: list[str] = []
    run = prepared._Compiled.run

    def plan(driver: Any, sql: str, values: Any) -> None:
        if store.is_sqlite:
            steps.extend(step[3] for step in driver.execute(f"EXPLAIN QUERY PLAN {sql}", values).fetchall())
        elif not sql.startswith("SET"):
            driver.execute("SET LOCAL enable_seqscan = off")
            steps.extend(line.strip() for (line,) in driver.execute(f"EXPLAIN {sql}", values).fetchall())

    def prepared_run(compiled: prepared._Compiled, driver: Any, row: Any) -> Sequence[Any]:
        values = {**compiled.constants, **row}
        for name, convert in compiled.stored:
            values[name] = convert(values[name])
        plan(driver, compiled.sql, values if compiled.in_order is None else [values[name] for name in compiled.in_order])
        return run(compiled, driver, row)

    def executed(_: Any, cursor: Any, statement: str, values: Any, *__: Any) -> None:
        plan(cursor.connection, statement, values)

    engines = {way.engine for way in (store._writing, store._reading)}
    for engine in engines:
        event.listen(engine, "before_cursor_execute", executed)
    with patch.object(prepared._Compiled, "run", prepared_run):
        yield steps
    for engine in engines:
        event.remove(engine, "before_cursor_execute", executed)

"""Counts what a store is asked: each statement that the database gets, and each transaction."""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import patch

from sqlalchemy import event

from bot.store import prepared
from bot.store.database import Store


@dataclass(slots=True)
class Counted:
    """How often each statement ran, and how many transactions were committed, those that only read included."""

    of: Counter[str] = field(default_factory=Counter)
    commits: int = 0

    @property
    def statements(self) -> int:
        return self.of.total()


@contextmanager
def counted(store: Store) -> Iterator[Counted]:
    """Count until the end of the block."""
    found = Counted()
    run = prepared._Compiled.run

    def prepared_run(compiled: prepared._Compiled, *args: Any) -> Sequence[Any]:
        found.of[compiled.sql] += 1
        return run(compiled, *args)

    def executed(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        found.of[statement] += 1

    def committed(_: Any) -> None:
        found.commits += 1

    engines = {way.engine for way in (store._writing, store._reading)}
    for engine in engines:
        event.listen(engine, "before_cursor_execute", executed)
        event.listen(engine, "commit", committed)
    with patch.object(prepared._Compiled, "run", prepared_run):
        yield found
    for engine in engines:
        event.remove(engine, "before_cursor_execute", executed)
        event.remove(engine, "commit", committed)

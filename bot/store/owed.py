"""What every owed row carries: when it is due, who works on it, and why it was given up."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Column, ColumnElement, Float, Index, Row, Select, bindparam, case, literal, null, or_, select, text, update
from sqlmodel import Session, SQLModel

from bot.store.columns import database_time, table_of
from bot.store.prepared import Prepared


class Owed(SQLModel):
    """A row is owed while `due_at` is set. A worker holds it until `lease_until`; `fence` moves with each lease: a late worker shows."""

    due_at: datetime | None = None
    attempts: int = 0
    lease_until: datetime | None = None
    fence: int = 0
    gave_up_because: str | None = None


def due_index(table: str) -> Index:
    """An index that holds only what is owed: a tick costs what is due, not what exists."""
    owed = text("due_at IS NOT NULL")
    return Index(f"ix_{table}_due", "due_at", postgresql_where=owed, sqlite_where=owed)


def among(due: Select[Any], key: ColumnElement[int], chosen: Sequence[int] | None) -> Select[Any]:
    """What asks for rows that are due, for these alone; for all where none are chosen."""
    return due if chosen is None else due.where(key.in_(chosen))


BROKE = "broke"
MOST_TRIED = 200
"""How many rows are tried one by one where some broke together."""
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(minutes=15)
MOST_TRIES = 100
"""About a day: longer than it takes to go back to the version before the one that broke."""


class DueBy:
    """Rows that fall due by some of their columns, in business time: for a batch that broke, to decide each row by itself."""

    def __init__(self, *columns: Column[Any], unset: bool = False) -> None:
        """With `unset`, a row of which such a column is not set is due, too: its time is yet to be worked out."""
        [table] = {column.table for column in columns}
        self._columns, self._table = columns, table
        self._is_due = {each: or_(each.is_(None), each <= bindparam("now")) if unset else each <= bindparam("now") for each in columns}
        self._due = select(table.c.id).where(or_(*self._is_due.values())).order_by(*columns, table.c.id).limit(MOST_TRIED)
        self._of_row = table.c.id == bindparam("of_row")

    def due(self, session: Session, now: datetime) -> list[int]:
        """Those that are due the longest."""
        return list(session.connection().execute(self._due, {"now": now}).scalars())

    def put_off(self, session: Session, row_id: int, now: datetime) -> None:
        """A row whose decision breaks is due again after a while, each time a longer one; where its tries are counted it is given up in the
        end, until something changes about it."""
        values: dict[Any, Any] = {}
        pause = LONGEST_PAUSE
        if "attempts" in self._table.c:
            tries = session.connection().execute(select(self._table.c.attempts).where(self._of_row), {"of_row": row_id}).scalar_one()
            pause = min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** min(tries, 10))
            values = {"attempts": tries + 1}
            if tries + 1 >= MOST_TRIES:
                values |= {"due_at": null(), "gave_up_because": BROKE}
        later = {each.name: case((is_due, now + pause), else_=each) for each, is_due in self._is_due.items()}
        change = update(self._table).where(self._of_row, or_(*self._is_due.values())).values({**later, **values})
        session.connection().execute(change, {"of_row": row_id, "now": now})


class Errands:
    """Owed rows about which somebody outside is asked. Their `due_at` is business time; who takes one holds it for so many seconds."""

    def __init__(self, model: type[Owed], seconds: float, *told: str) -> None:
        """`told` names the columns that the holder reads, besides `attempts` and `fence`."""
        table = table_of(model)
        is_free = or_(table.c.lease_until.is_(None), table.c.lease_until <= database_time())
        is_due = (table.c.due_at.is_not(None), table.c.due_at <= bindparam("now"), is_free)
        chosen = select(table.c.id).where(*is_due).order_by(table.c.due_at, table.c.id).limit(bindparam("most"))
        held = {"lease_until": database_time(literal(seconds, Float)), "attempts": table.c.attempts + 1, "fence": table.c.fence + 1}
        self._some_due = Prepared(select(table.c.id).where(*is_due).limit(1))
        self._take = (
            update(table)
            .where(table.c.id.in_(chosen.with_for_update(skip_locked=True)))
            .values(held)
            .returning(*(table.c[name] for name in (*told, "attempts", "fence")))
        )
        self._held = update(table).where(table.c.id == bindparam("which"), table.c.fence == bindparam("held"))

    def some_is_due(self, session: Session, now: datetime) -> bool:
        return bool(self._some_due.run(session, {"now": now}))

    def take(self, session: Session, now: datetime, most: int) -> Sequence[Row[Any]]:
        """Hold those that are due."""
        return session.connection().execute(self._take, {"now": now, "most": most}).all()

    def let_go(self, session: Session, which: int, fence: int, **values: Any) -> bool:
        """Write down what came of one; False where it is somebody else's by now."""
        kept: Mapping[str, Any] = {"lease_until": None, **values}
        return bool(session.connection().execute(self._held.values(kept), {"which": which, "held": fence}).rowcount)


def void_leases(session: Session, *models: type[Owed]) -> None:
    """Void what a former holder of the SQLite file held. Its fences stay behind, so a late word of it is known as late."""
    for table in map(table_of, models):
        session.connection().execute(update(table).where(table.c.lease_until.is_not(None)).values(lease_until=null()))

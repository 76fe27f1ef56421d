"""Counts for the pipeline as delta rows: written with each change, folded each minute, so that changes never wait for each other."""

from sqlalchemy import delete, func, insert, select
from sqlmodel import Session, SQLModel

from bot.store.columns import maybe_reference, reference, row_id, table_of
from bot.store.prepared import Prepared


class Counter(SQLModel, table=True):
    """How many more (or fewer) leads a stage holds, per team, source and owner."""

    id: int | None = row_id()
    team_id: int = reference("team.id")
    source_id: int = reference("source.id")
    owner_id: int | None = maybe_reference("officer.id")
    stage: str
    delta: int


_counter = table_of(Counter)
_insert = Prepared(insert(_counter))
_take_all = delete(_counter).returning(_counter.c.team_id, _counter.c.source_id, _counter.c.owner_id, _counter.c.stage, _counter.c.delta)
_totals = select(_counter.c.stage, func.sum(_counter.c.delta)).group_by(_counter.c.stage)


def count(session: Session, *, team_id: int, source_id: int, owner_id: int | None, stage: str, delta: int) -> None:
    row = {"team_id": team_id, "source_id": source_id, "owner_id": owner_id, "stage": stage, "delta": delta}
    _insert.run(session, row)


def fold(session: Session) -> int:
    """Replace the delta rows by one row each that adds them up; return how many rows there are now."""
    sums: dict[tuple[int, int, int | None, str], int] = {}
    for team_id, source_id, owner_id, stage, delta in session.connection().execute(_take_all):
        key = (team_id, source_id, owner_id, stage)
        sums[key] = sums.get(key, 0) + delta
    kept = [
        {"team_id": team_id, "source_id": source_id, "owner_id": owner_id, "stage": stage, "delta": total}
        for (team_id, source_id, owner_id, stage), total in sums.items()
        if total
    ]
    for row in kept:
        _insert.run(session, row)
    return len(kept)


def leads_per_stage(session: Session) -> dict[str, int]:
    return {stage: total for stage, total in session.connection().execute(_totals) if total}

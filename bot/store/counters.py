"""Counts for the pipeline as delta rows: written with each change, folded each minute, so that changes never wait for each other."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Index, bindparam, delete, func, insert, select
from sqlmodel import Session, SQLModel

from bot.rules.stages import PARTNER
from bot.store.columns import maybe_reference, reference, row_id, table_of
from bot.store.prepared import Prepared


class Counter(SQLModel, table=True):
    """How many more (or fewer) leads a stage holds, per team, source and owner."""

    __table_args__ = (Index("ix_counter_held", "team_id", "stage", "owner_id", "delta"),)  # all that a sum reads

    id: int | None = row_id()
    team_id: int = reference("team.id")
    source_id: int = reference("source.id")
    owner_id: int | None = maybe_reference("officer.id")
    stage: str
    delta: int


_counter = table_of(Counter)
_insert = Prepared(insert(_counter))
_key = (_counter.c.team_id, _counter.c.source_id, _counter.c.owner_id, _counter.c.stage)
_rows = select(_counter.c.id, func.count().over(partition_by=_key).label("of_its_key")).subquery()
_take_several = (
    delete(_counter).where(_counter.c.id.in_(select(_rows.c.id).where(_rows.c.of_its_key > 1))).returning(*_key, _counter.c.delta)
)
_per_owner = (
    select(_counter.c.stage, _counter.c.owner_id, func.sum(_counter.c.delta))
    .where(_counter.c.stage != PARTNER)
    .group_by(_counter.c.stage, _counter.c.owner_id)
)
_held = Prepared(_per_owner.where(_counter.c.team_id == bindparam("of_team")))
_owned = _per_owner.where(_counter.c.owner_id == bindparam("by"))


def count(session: Session, *, team_id: int, source_id: int, owner_id: int | None, stage: str, delta: int) -> None:
    row = {"team_id": team_id, "source_id": source_id, "owner_id": owner_id, "stage": stage, "delta": delta}
    _insert.run(session, row)


def change_owner(session: Session, row: Any, before: int | None, after: int | None) -> None:
    """A lead, of which the row tells team, source, stage and whether it is for practice, has another owner; None is the pool."""
    for owner_id, delta in () if row.practice else ((before, -1), (after, 1)):
        count(session, team_id=row.team_id, source_id=row.source_id, owner_id=owner_id, stage=row.stage, delta=delta)


def fold(session: Session) -> int:
    """Replace the rows that tell of the same leads by one that adds them up; return how many there were. What nothing happened to stays:
    in a large company that is most, each minute."""
    rows = session.connection().execute(_take_several).all()
    sums: dict[tuple[int, int, int | None, str], int] = {}
    for team_id, source_id, owner_id, stage, delta in rows:
        key = (team_id, source_id, owner_id, stage)
        sums[key] = sums.get(key, 0) + delta
    kept = [
        {"team_id": team_id, "source_id": source_id, "owner_id": owner_id, "stage": stage, "delta": total}
        for (team_id, source_id, owner_id, stage), total in sums.items()
        if total
    ]
    _insert.run_each(session, kept)
    return len(rows)


def leads_held(session: Session, team_ids: Sequence[int]) -> list[tuple[str, int | None, int]]:
    """How many leads of these teams each owner has in each stage; None owns what nobody does. Partners are no leads."""
    held: dict[tuple[str, int | None], int] = {}
    for rows in _held.run_each(session, [{"of_team": team_id} for team_id in team_ids]):
        for stage, owner_id, total in rows:
            held[stage, owner_id] = held.get((stage, owner_id), 0) + total
    return [(*whose, total) for whose, total in held.items() if total]


def leads_owned(session: Session, officer_id: int) -> dict[str, int]:
    """How many leads of any team this officer has in each stage."""
    return {stage: total for stage, _, total in session.connection().execute(_owned, {"by": officer_id}) if total}

"""How late escalation steps are decided: a count for each kind and length, written with the step and folded each minute."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Index, bindparam, case, delete, func, insert, select, text
from sqlalchemy.dialects.postgresql import insert as upsert  # its ON CONFLICT compiles for SQLite too, the other way round it does not
from sqlmodel import Field, Session, SQLModel

from bot.rules.durations import percentile, step_of
from bot.store.columns import row_id, table_of
from bot.store.prepared import Prepared

NAMED_FOR = timedelta(days=7)

_FOLDED = text("folded")
_FRESH = text("NOT folded")


class Lateness(SQLModel, table=True):
    """So many steps of a kind were decided so late on a day (UTC). `length` is a step of `rules.durations`, of seconds as `worst`."""

    __table_args__ = (
        Index("uq_lateness_folded", "day", "kind", "length", unique=True, postgresql_where=_FOLDED, sqlite_where=_FOLDED),
        Index("ix_lateness_fresh", "id", postgresql_where=_FRESH, sqlite_where=_FRESH),
        Index("ix_lateness_day", "day"),
    )

    id: int | None = row_id()
    day: date
    kind: str
    length: int
    steps: int = 1
    worst: float = 0.0
    folded: bool = Field(default=False)


@dataclass(frozen=True, slots=True)
class Late:
    """How many seconds after their time half of the steps of a kind were decided, 95 of 100, and the worst."""

    kind: str
    steps: int
    half: float
    most: float
    worst: float


_late = table_of(Lateness)
_add = Prepared(insert(_late).values(folded=False))


def note_lateness(session: Session, late: Iterable[tuple[str, float]], now: datetime) -> None:
    """Steps of these kinds are decided so many seconds after their time."""
    alike: dict[tuple[str, int], list[float]] = {}
    for kind, seconds in late:
        alike.setdefault((kind, step_of(seconds)), []).append(seconds)
    for (kind, length), all_seconds in alike.items():
        _add.run(session, {"day": now.date(), "kind": kind, "length": length, "steps": len(all_seconds), "worst": max(all_seconds)})


_take_fresh = delete(_late).where(~_late.c.folded).returning(_late.c.day, _late.c.kind, _late.c.length, _late.c.steps, _late.c.worst)
_new = upsert(_late).values(folded=True)
_add_up = Prepared(
    _new.on_conflict_do_update(
        index_elements=[_late.c.day, _late.c.kind, _late.c.length],
        index_where=_FOLDED,
        set_={
            "steps": _late.c.steps + _new.excluded.steps,
            "worst": case((_late.c.worst > _new.excluded.worst, _late.c.worst), else_=_new.excluded.worst),
        },
    )
)


def fold(session: Session) -> None:
    """Add the fresh rows to the folded one of their length."""
    sums: dict[tuple[date, str, int], tuple[int, float]] = {}
    for row in session.connection().execute(_take_fresh):
        steps, worst = sums.get((row.day, row.kind, row.length), (0, 0.0))
        sums[row.day, row.kind, row.length] = (steps + row.steps, max(worst, row.worst))
    for day, kind, length in sorted(sums):  # in one order, so that two who fold never wait for each other crosswise
        steps, worst = sums[day, kind, length]
        _add_up.run(session, {"day": day, "kind": kind, "length": length, "steps": steps, "worst": worst})


_sums = Prepared(
    select(_late.c.kind, _late.c.length, func.sum(_late.c.steps).label("steps"), func.max(_late.c.worst).label("worst"))
    .where(_late.c.day >= bindparam("since"))
    .group_by(_late.c.kind, _late.c.length)
    .order_by(_late.c.kind)
)


_of_day = Prepared(
    select(
        _late.c.kind,
        _late.c.length,
        func.sum(case((_late.c.day == bindparam("today"), _late.c.steps), else_=0)).label("steps"),
    )
    .where(_late.c.day >= bindparam("since"))
    .group_by(_late.c.kind, _late.c.length)
)


def lateness_counts(session: Session, today: date) -> dict[str, dict[int, int]]:
    """How many steps of each kind were decided that day, by length. A kind of the week before stands there before its first of the day."""
    counts: dict[str, dict[int, int]] = {}
    for row in _of_day.run(session, {"today": today, "since": today - NAMED_FOR}):
        counts.setdefault(row.kind, {})[row.length] = int(row.steps)
    return counts


def lateness_since(session: Session, since: date) -> list[Late]:
    """How late the steps of each kind were, on that day or later."""
    counts: dict[str, dict[int, int]] = {}
    worst: dict[str, float] = {}
    for row in _sums.run(session, {"since": since}):
        counts.setdefault(row.kind, {})[row.length] = int(row.steps)
        worst[row.kind] = max(worst.get(row.kind, 0.0), row.worst)
    return [
        Late(kind, sum(many.values()), percentile(many, 50) or 0.0, percentile(many, 95) or 0.0, worst[kind])
        for kind, many in counts.items()
    ]

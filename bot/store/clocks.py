"""The clocks that run on a lead: unclaimed, or claimed and not yet called. Each remembers how far it came."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import UniqueConstraint, bindparam, func, null, select, update
from sqlalchemy.dialects.postgresql import insert  # its ON CONFLICT compiles for SQLite too, the other way round it does not
from sqlmodel import Session

from bot.store.columns import maybe_reference, reference, row_id, table_of
from bot.store.leads import lead
from bot.store.owed import Owed, due_index
from bot.store.prepared import Prepared

UNCLAIMED, UNCONTACTED = "unclaimed", "uncontacted"
NOT_BEGUN = -1
AT_ONCE = 5
"""How many clocks one transaction decides: meanwhile SQLite lets nobody else write."""


class Clock(Owed, table=True):
    """A count on a lead. Steps happen once per (lead, kind, round, step); a release or a second request opens a new round."""

    __table_args__ = (UniqueConstraint("lead_id", "kind", name="uq_clock_lead_kind"), due_index("clock"))

    id: int | None = row_id()
    lead_id: int = reference("lead.id")
    kind: str
    round: int = 1
    policy_id: int | None = maybe_reference("policy.id")
    step: int = NOT_BEGUN
    started_at: datetime
    held_until: datetime | None = None  # somebody is calling right now


@dataclass(frozen=True, slots=True)
class DueClock:
    """A clock whose next step is due, with its lead, both locked."""

    id: int
    lead_id: int
    kind: str
    round: int
    step: int
    started_at: datetime
    held_until: datetime | None


@dataclass(frozen=True, slots=True)
class ClockView:
    """How far a clock of a lead came. `rests` while the owner is calling."""

    round: int
    step: int
    started_at: datetime
    runs: bool
    rests: bool


clock = table_of(Clock)
_all_of_lead = Prepared(
    select(
        clock.c.kind, clock.c.round, clock.c.step, clock.c.started_at,
        clock.c.due_at.is_not(None).label("runs"), clock.c.held_until.is_not(None).label("rests"),
    ).where(clock.c.lead_id == bindparam("of_lead"))
)  # fmt: skip
_due = (
    select(clock.c.id, clock.c.lead_id, clock.c.kind, clock.c.round, clock.c.step, clock.c.started_at, clock.c.held_until)
    .join_from(clock, lead, clock.c.lead_id == lead.c.id)
    .where(clock.c.due_at.is_not(None), clock.c.due_at <= bindparam("now"))
    .order_by(lead.c.score.desc(), clock.c.due_at, clock.c.id)
    .limit(AT_ONCE)
    # A lead that somebody changes right now is left for the next look: waiting for it could meet a claim the other way round.
    .with_for_update(skip_locked=True, key_share=True, of=[clock, lead])
)
_next_due = Prepared(select(func.min(clock.c.due_at).label("at")).where(clock.c.due_at.is_not(None)))
_new = insert(clock).values(attempts=0, fence=0)
_start = Prepared(
    _new.on_conflict_do_update(
        index_elements=[clock.c.lead_id, clock.c.kind],
        set_={
            "round": clock.c.round + 1,
            "step": _new.excluded.step,
            "started_at": _new.excluded.started_at,
            "due_at": _new.excluded.due_at,
            "held_until": null(),
        },
    )
)
_of_lead = update(clock).where(clock.c.lead_id == bindparam("of_lead"), clock.c.kind == bindparam("of_kind"))
_stop = Prepared(_of_lead.values(due_at=null(), held_until=null()))
_hold = _of_lead.where(clock.c.due_at.is_not(None)).values(due_at=bindparam("until"), held_until=bindparam("until"))
_advance = Prepared(
    update(clock)
    .where(clock.c.id == bindparam("clock_id"))
    .values(step=bindparam("to_step"), due_at=bindparam("next_due"), started_at=bindparam("from_start"), held_until=null())
)


def start_clock(session: Session, lead_id: int, kind: str, started_at: datetime, due_at: datetime) -> None:
    """Start a clock, or a new round of it."""
    row = {"lead_id": lead_id, "kind": kind, "round": 1, "step": NOT_BEGUN, "started_at": started_at, "due_at": due_at}
    _start.run(session, row)


def stop_clock(session: Session, lead_id: int, kind: str) -> None:
    _stop.run(session, {"of_lead": lead_id, "of_kind": kind})


def hold_clock(session: Session, lead_id: int, kind: str, until: datetime) -> bool:
    """Let a running clock rest until then; False when it does not run."""
    return session.connection().execute(_hold, {"of_lead": lead_id, "of_kind": kind, "until": until}).rowcount > 0


def clocks_of(session: Session, lead_id: int) -> dict[str, ClockView]:
    """The clocks that a lead ever had, by kind."""
    return {row[0]: ClockView(*row[1:]) for row in _all_of_lead.run(session, {"of_lead": lead_id})}


def due_clocks(session: Session, now: datetime) -> list[DueClock]:
    """The clocks that are due, the best lead first, locked together with their leads."""
    return [DueClock(*row) for row in session.connection().execute(_due, {"now": now})]


def advance_clock(session: Session, due: DueClock, step: int, next_due: datetime | None, started_at: datetime | None = None) -> None:
    """Write down that a step was decided, and when the next one is."""
    row = {"clock_id": due.id, "to_step": step, "next_due": next_due, "from_start": started_at or due.started_at}
    _advance.run(session, row)


def next_clock_due(session: Session) -> datetime | None:
    """When the next step falls due, in business time."""
    [row] = _next_due.run(session, {})
    due: datetime | None = row.at
    return due

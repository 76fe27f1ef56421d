"""Leads on their way through a sequence of texts: one way at a time for each, in the version that it began with."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, exists, func, null, or_, select, update
from sqlalchemy.dialects.postgresql import insert as upsert  # its ON CONFLICT compiles for SQLite too, the other way round it does not
from sqlmodel import Session

from bot.store.columns import table_of
from bot.store.events import Fact, append_event
from bot.store.leads import Borrower, LeadBorrower, lead, lock_lead
from bot.store.messages import DRIP, message
from bot.store.outbound import Enrollment
from bot.store.people import Sequence as SequenceRow
from bot.store.people import Team, TeamOfficer
from bot.store.postings import redraw, redraw_line
from bot.store.prepared import Prepared

STOPPED, UNDONE, FINISHED = "stopped", "undone", "finished"
LEFT_STAGE = "stage"
MOST_SHOWN = 3


@dataclass(frozen=True, slots=True)
class DripView:
    """One lead's way through one sequence, as it stands. `at` is when the next step is due, of one that is over when it would have been."""

    id: int
    lead_id: int
    key: str
    version: int
    names: Mapping[str, str]
    stages: Sequence[str]
    steps: Sequence[Mapping[str, Any]]
    step: int
    at: datetime | None
    due_at: datetime | None
    state: Mapping[str, Any]
    set_seq: int
    ended_because: str | None
    ended_at: datetime | None

    @property
    def runs(self) -> bool:
        return self.ended_because is None

    def named(self, language: str) -> str:
        return self.names.get(language) or self.names["en"]


enrollment, _sequence = table_of(Enrollment), table_of(SequenceRow)
_borrower, _lead_borrower = table_of(Borrower), table_of(LeadBorrower)
_team, _member = table_of(Team), table_of(TeamOfficer)
_runs = enrollment.c.ended_because.is_(None)
_columns = select(
    enrollment.c.id, enrollment.c.lead_id, enrollment.c.sequence_key, _sequence.c.version, _sequence.c.names, _sequence.c.stages,
    _sequence.c.steps, enrollment.c.step, enrollment.c.at, enrollment.c.due_at, enrollment.c.state, enrollment.c.set_seq,
    enrollment.c.ended_because, enrollment.c.ended_at,
).join_from(enrollment, _sequence)  # fmt: skip
_WIDTH = len(_columns.selected_columns)
_one = _columns.where(enrollment.c.id == bindparam("drip_id"))
_locked = _one.with_for_update(key_share=True, of=enrollment)
_of_lead = _columns.where(enrollment.c.lead_id == bindparam("of_lead"))
_begun_by = _of_lead.where(enrollment.c.set_seq == bindparam("of_seq"))
_newest = _of_lead.order_by(enrollment.c.ended_because.is_(None).desc(), enrollment.c.id.desc()).limit(MOST_SHOWN)
_running = _of_lead.where(_runs).order_by(enrollment.c.id).with_for_update(key_share=True, of=enrollment)
_leads_running = (
    select(enrollment.c.lead_id)
    .where(_runs, enrollment.c.lead_id.in_(bindparam("among", expanding=True)))
    .distinct()
    .order_by(enrollment.c.lead_id)
)
_versions = select(_sequence.c.id, _sequence.c.version, _sequence.c.steps, _sequence.c.names, _sequence.c.stages).where(
    _sequence.c.key == bindparam("of_key")
)
_newest_version = _versions.order_by(_sequence.c.version.desc()).limit(1)
_add_version = upsert(_sequence).on_conflict_do_nothing().returning(_sequence.c.id)
_add = upsert(enrollment).on_conflict_do_nothing().returning(enrollment.c.id)
_set_seq = update(enrollment).where(enrollment.c.id == bindparam("drip_id")).values(set_seq=bindparam("to_seq"))
_move = (
    update(enrollment)
    .where(enrollment.c.id == bindparam("drip_id"))
    .values(step=bindparam("to_step"), at=bindparam("to_at"), due_at=bindparam("to_at"), state=bindparam("to_state"))
)
_end = (
    update(enrollment)
    .where(enrollment.c.id == bindparam("drip_id"), _runs)
    .values(due_at=null(), ended_because=bindparam("because"), ended_at=bindparam("now"))
)
_go_on = (
    update(enrollment)
    .where(enrollment.c.id == bindparam("drip_id"))
    .values(due_at=enrollment.c.at, ended_because=null(), ended_at=null())
)  # fmt: skip
_touch = (message.c.lead_id == bindparam("of_lead"), message.c.event_seq == bindparam("of_seq"), message.c.purpose == DRIP)
_withdraw = (
    update(message)
    .where(*_touch, or_(message.c.status == "queued", message.c.status == "held"))
    .values(status="refused", due_at=null(), gave_up_because="drip_ended")
)
_on_its_way = select(message.c.id).where(
    *_touch,
    or_(
        message.c.status == "queued", message.c.status == "held", message.c.status == "sending",
        and_(message.c.status == "uncertain", message.c.due_at.is_not(None)),
    ),
)  # fmt: skip
_last_touch = (
    select(message.c.id).where(*_touch, message.c.status != "refused").order_by(message.c.id.desc()).limit(1)
)  # fmt: skip
_wrote_since = (
    select(message.c.id)
    .where(message.c.lead_id == bindparam("of_lead"), message.c.direction == "in", message.c.created_at >= bindparam("since"))
    .limit(1)
)
_next_due = Prepared(select(func.min(enrollment.c.due_at).label("at")).where(enrollment.c.due_at.is_not(None)))
_first_due = Prepared(
    select(enrollment.c.id, enrollment.c.lead_id)
    .where(enrollment.c.due_at.is_not(None), enrollment.c.due_at <= bindparam("now"))
    .order_by(enrollment.c.due_at, enrollment.c.id)
    .limit(1)
)
running_key = (
    select(enrollment.c.sequence_key).where(enrollment.c.lead_id == lead.c.id, _runs).order_by(enrollment.c.id).limit(1).scalar_subquery()
)
"""Which sequence runs for the lead in the enclosing statement."""


def keep_sequence(session: Session, key: str, names: Mapping[str, str], stages: Sequence[str], steps: Sequence[Any]) -> int:
    """The id of the newest version of a sequence, which is a new one where its words or its times changed."""
    connection = session.connection()
    content = {"names": dict(names), "stages": list(stages), "steps": list(steps)}
    while True:
        newest = connection.execute(_newest_version, {"of_key": key}).one_or_none()
        if newest is not None and (newest.names, newest.stages, newest.steps) == tuple(content.values()):
            return int(newest.id)
        row = {"key": key, "version": newest.version + 1 if newest else 1, **content}
        added = connection.execute(_add_version, row).scalar_one_or_none()
        if added is not None:
            return int(added)


def add_drip(session: Session, lead_id: int, sequence_id: int, key: str, at: datetime, now: datetime) -> int | None:
    """Begin a sequence for a lead, which is locked; None where it runs already."""
    row = {
        "lead_id": lead_id, "sequence_id": sequence_id, "sequence_key": key, "step": 0, "state": {}, "started_at": now,
        "at": at, "due_at": at, "set_seq": 0, "attempts": 0, "fence": 0,
    }  # fmt: skip
    return session.connection().execute(_add, row).scalar_one_or_none()


def set_beginning(session: Session, drip_id: int, seq: int) -> None:
    """The event of the lead's that began it."""
    session.connection().execute(_set_seq, {"drip_id": drip_id, "to_seq": seq})


def move_drip(session: Session, drip_id: int, step: int, at: datetime, state: Mapping[str, Any]) -> None:
    """Its next step, and when that is due."""
    session.connection().execute(_move, {"drip_id": drip_id, "to_step": step, "to_at": at, "to_state": dict(state)})


def drip_view(session: Session, drip_id: int) -> DripView | None:
    return _one_of(session, _one, {"drip_id": drip_id})


def lock_drip(session: Session, drip_id: int) -> DripView | None:
    """The same with its row locked. Its number's key and its lead come before."""
    return _one_of(session, _locked, {"drip_id": drip_id})


def drip_begun_by(session: Session, lead_id: int, seq: int) -> DripView | None:
    """What this event of the lead's began."""
    return _one_of(session, _begun_by, {"of_lead": lead_id, "of_seq": seq})


def drips_of(session: Session, lead_id: int) -> tuple[DripView, ...]:
    """The lead's newest ways through sequences, those that run first."""
    return tuple(DripView(*tuple(row)) for row in session.connection().execute(_newest, {"of_lead": lead_id}))


def last_touch(session: Session, drip: DripView) -> int | None:
    """The newest text of this way that was not taken back."""
    found: int | None = session.connection().execute(_last_touch, _touches_of(drip)).scalar_one_or_none()
    return found


def touch_is_on_its_way(session: Session, drip: DripView) -> bool:
    """Whether nobody knows yet what became of the last text."""
    return session.connection().execute(_on_its_way, _touches_of(drip)).first() is not None


def next_drip_due(session: Session) -> datetime | None:
    """When the next step of any is due."""
    at: datetime | None = _next_due.run(session, {})[0].at
    return at


def first_due(session: Session, now: datetime) -> tuple[int, int] | None:
    """The way whose step is due the longest, and its lead."""
    found = _first_due.run(session, {"now": now})
    return (found[0].id, found[0].lead_id) if found else None


@dataclass(frozen=True, slots=True)
class Ended:
    """A way that ended now, by this event of its lead's."""

    seq: int
    drip: DripView


def end_drips(
    session: Session, lead_id: int, because: str, at: datetime, *, key: str | None = None, by: tuple[int, str] | None = None
) -> list[Ended]:
    """End what runs for a lead, which is locked, and take back what has not left. `by` is the officer, as id and key, who asked for it."""
    return [
        _end_one(session, drip, because, at, by)
        for drip in (DripView(*tuple(row)) for row in session.connection().execute(_running, {"of_lead": lead_id}))
        if key is None or drip.key == key
    ]


def end_drip(session: Session, drip: DripView, because: str, at: datetime) -> Ended:
    """The same for one, which is locked."""
    return _end_one(session, drip, because, at, None)


def end_drips_of_all(session: Session, lead_ids: Iterable[int], because: str, at: datetime) -> None:
    """The same for several leads, whoever's they are."""
    for lead_id in session.connection().execute(_leads_running, {"among": sorted(set(lead_ids))}).scalars().all():
        lock_lead(session, lead_id)
        end_drips(session, lead_id, because, at)


def end_drips_outside(session: Session, lead_id: int, stage: str, at: datetime) -> None:
    """End what does not run in this stage."""
    for row in session.connection().execute(_running, {"of_lead": lead_id}).all():
        drip = DripView(*tuple(row))
        if stage not in drip.stages:
            _end_one(session, drip, LEFT_STAGE, at, None)


def _end_one(session: Session, drip: DripView, because: str, at: datetime, by: tuple[int, str] | None) -> Ended:
    connection = session.connection()
    connection.execute(_end, {"drip_id": drip.id, "because": because, "now": at})
    connection.execute(_withdraw, _touches_of(drip))
    meta = {"enrollment": drip.id, "sequence": drip.key, "version": drip.version, "touches": drip.step, "because": because}
    actor = f"officer:{by[1]}" if by else "leadbell"
    seq = append_event(session, drip.lead_id, Fact("drip_ended", actor, at, meta, officer_id=by[0] if by else None), "")
    redraw_line(session, drip.lead_id, drip.set_seq)
    redraw(session, drip.lead_id, at_once=False)
    return Ended(seq, drip)


def resume_drip(session: Session, drip_id: int) -> bool:
    """As if it had never ended; False where it runs, or the same sequence runs anew. The lead is locked."""
    drip = lock_drip(session, drip_id)
    if drip is None or drip.runs:
        return False
    if any(row.sequence_key == drip.key for row in session.connection().execute(_running, {"of_lead": drip.lead_id})):
        return False
    session.connection().execute(_go_on, {"drip_id": drip_id})
    redraw_line(session, drip.lead_id, drip.set_seq)
    return True


def resume_drips_ended_by(session: Session, lead_id: int, at: datetime, reasons: Iterable[str]) -> None:
    """What something at this moment ended for one of these reasons goes on, unless the borrower wrote since."""
    if session.connection().execute(_wrote_since, {"of_lead": lead_id, "since": at}).first() is not None:
        return
    for drip in drips_of(session, lead_id):
        if drip.ended_at == at and drip.ended_because in tuple(reasons):
            resume_drip(session, drip.id)


@dataclass(frozen=True, slots=True)
class Listed:
    """A lead in a list of what runs."""

    drip: DripView
    first_name: str | None
    last_name: str | None
    time_zone: str


_serves = exists().where(_member.c.officer_id == bindparam("by"), _member.c.team_id == lead.c.team_id, _member.c.leads_team)
_own = lead.c.owner_id == bindparam("by")
_listed = (
    _columns.add_columns(_borrower.c.first_name, _borrower.c.last_name, _team.c.time_zone)
    .join(lead, lead.c.id == enrollment.c.lead_id)
    .join(_team, _team.c.id == lead.c.team_id)
    .join(_lead_borrower, and_(_lead_borrower.c.lead_id == lead.c.id, _lead_borrower.c.position == 0))
    .join(_borrower, _borrower.c.id == _lead_borrower.c.borrower_id)
    .where(_runs)
    .order_by(enrollment.c.due_at, enrollment.c.id)
    .limit(bindparam("most"))
)
_listed_own, _listed_led = _listed.where(_own), _listed.where(or_(_own, _serves, _team.c.manager_id == bindparam("by")))


def drips_listed(session: Session, officer_id: int, most: int, *, teams_too: bool) -> list[Listed]:
    """What runs for the leads of an officer, and of the teams that they lead; the soonest first."""
    rows = session.connection().execute(_listed_led if teams_too else _listed_own, {"by": officer_id, "most": most})
    return [Listed(DripView(*tuple(row)[:_WIDTH]), *tuple(row)[_WIDTH:]) for row in rows]


def _one_of(session: Session, statement: Any, row: Mapping[str, Any]) -> DripView | None:
    found = session.connection().execute(statement, row).one_or_none()
    return DripView(*tuple(found)) if found else None


def _touches_of(drip: DripView) -> dict[str, int]:
    return {"of_lead": drip.lead_id, "of_seq": drip.set_seq}

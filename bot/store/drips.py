"""Leads on their way through sequences: one way at a time for each sequence, in the version that it began with."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, bindparam, exists, func, null, or_, select, update
from sqlalchemy.dialects.postgresql import insert as upsert  # its ON CONFLICT compiles for SQLite too, the other way round it does not
from sqlmodel import Session

from bot.rules.drips import Plan, begins_on, plan_of, step_due
from bot.store.columns import table_of
from bot.store.events import Event, Fact, append_event
from bot.store.leads import Borrower, LeadBorrower, lead, lock_lead
from bot.store.messages import DRIP, message
from bot.store.outbound import ContactAttempt, Enrollment
from bot.store.owed import DueBy
from bot.store.people import Sequence as SequenceRow
from bot.store.people import Team, TeamOfficer
from bot.store.postings import redraw, redraw_line
from bot.store.prepared import Prepared

STOPPED, UNDONE, FINISHED = "stopped", "undone", "finished"
LEFT_STAGE, GOAL, REPLIED = "stage", "goal", "replied"
FILE = "file"
"""Where a version of a sequence comes from that was read from messages/drips/."""
MOST_SHOWN = 3


@dataclass(frozen=True, slots=True)
class DripView:
    """One lead's way through one sequence, as it stands. `at` is when the next step is due, of one that is over when it would have been;
    None where the step waits for something to happen. `touches` is how many texts and emails left or are about to. `anchor` is the day that
    it goes by."""

    id: int
    lead_id: int
    sequence_id: int
    version: int
    plan: Plan
    step: int
    touches: int
    at: datetime | None
    due_at: datetime | None
    state: Mapping[str, Any]
    set_seq: int
    started_at: datetime
    anchor: date | None
    ended_because: str | None
    ended_at: datetime | None

    @property
    def key(self) -> str:
        return self.plan.key

    @property
    def runs(self) -> bool:
        return self.ended_because is None

    def start(self, zone: str) -> datetime:
        """From when on the steps are counted that count from the beginning."""
        return self.started_at if self.anchor is None else begins_on(self.anchor, zone)


@dataclass(frozen=True, slots=True)
class Version:
    """A version of a sequence that the store holds."""

    id: int
    version: int
    document: str
    origin: str

    @property
    def plan(self) -> Plan:
        return plan_of(self.document)


enrollment, _sequence = table_of(Enrollment), table_of(SequenceRow)
_borrower, _lead_borrower = table_of(Borrower), table_of(LeadBorrower)
_team, _member = table_of(Team), table_of(TeamOfficer)
_attempt, _event = table_of(ContactAttempt), table_of(Event)
_runs = enrollment.c.ended_because.is_(None)
_columns = select(
    enrollment.c.id, enrollment.c.lead_id, enrollment.c.sequence_id, _sequence.c.version, _sequence.c.content, enrollment.c.step,
    enrollment.c.touches, enrollment.c.at, enrollment.c.due_at, enrollment.c.state, enrollment.c.set_seq, enrollment.c.started_at,
    enrollment.c.anchor, enrollment.c.ended_because, enrollment.c.ended_at,
).join_from(enrollment, _sequence)  # fmt: skip
_WIDTH = len(_columns.selected_columns)
_CONTENT = 4
_one = Prepared(_columns.where(enrollment.c.id == bindparam("drip_id")))
_locked = Prepared(_columns.where(enrollment.c.id == bindparam("drip_id")).with_for_update(key_share=True, of=enrollment))
_of_lead = _columns.where(enrollment.c.lead_id == bindparam("of_lead"))
_begun_by = Prepared(_of_lead.where(enrollment.c.set_seq == bindparam("of_seq")))
_newest = _of_lead.order_by(enrollment.c.ended_because.is_(None).desc(), enrollment.c.id.desc()).limit(MOST_SHOWN)
_running = Prepared(_of_lead.where(_runs).order_by(enrollment.c.id).with_for_update(key_share=True, of=enrollment))
_leads_running = (
    select(enrollment.c.lead_id)
    .where(_runs, enrollment.c.lead_id.in_(bindparam("among", expanding=True)))
    .distinct()
    .order_by(enrollment.c.lead_id)
)
_versions = select(_sequence.c.id, _sequence.c.version, _sequence.c.content, _sequence.c.origin)
_newest_version = _versions.where(_sequence.c.key == bindparam("of_key")).order_by(_sequence.c.version.desc()).limit(1)
_newest_of_file = (
    _versions.where(_sequence.c.key == bindparam("of_key"), _sequence.c.origin == FILE).order_by(_sequence.c.version.desc()).limit(1)
)
_newer = _sequence.alias("newer")
_newest_versions = _versions.where(
    ~exists().where(_newer.c.key == _sequence.c.key, _newer.c.version > _sequence.c.version)
).order_by(_sequence.c.key)  # fmt: skip
_add_version = upsert(_sequence).on_conflict_do_nothing().returning(_sequence.c.id)
_add = upsert(enrollment).on_conflict_do_nothing().returning(enrollment.c.id)
_set_seq = update(enrollment).where(enrollment.c.id == bindparam("drip_id")).values(set_seq=bindparam("to_seq"))
_move = Prepared(
    update(enrollment)
    .where(enrollment.c.id == bindparam("drip_id"))
    .values(
        attempts=0, step=bindparam("to_step"), touches=bindparam("to_touches"), at=bindparam("to_at"), due_at=bindparam("due"),
        state=bindparam("to_state"),
    )
)  # fmt: skip
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
    .values(status="refused", due_at=null(), gave_up_because=bindparam("because"))
    .returning(message.c.drip_step)
)
_on_its_way = Prepared(
    select(message.c.id).where(
        *_touch,
        or_(
            message.c.status == "queued", message.c.status == "held", message.c.status == "sending",
            and_(message.c.status == "uncertain", message.c.due_at.is_not(None)),
        ),
    )
)  # fmt: skip
_last_touch = (
    select(message.c.id).where(*_touch, message.c.status != "refused").order_by(message.c.id.desc()).limit(1)
)  # fmt: skip
_touched_since = Prepared(
    select(message.c.created_at)
    .where(
        message.c.lead_id == bindparam("of_lead"), message.c.purpose == DRIP, message.c.status != "refused",
        message.c.created_at > bindparam("since"),
    )
    .order_by(message.c.created_at)
)  # fmt: skip
_texted_before = Prepared(select(message.c.id).where(*_touch, message.c.channel == "sms", message.c.status != "refused").limit(1))
_spoke = Prepared(
    select(_attempt.c.id)
    .where(_attempt.c.lead_id == bindparam("of_lead"), or_(_attempt.c.disposition == "connected", _attempt.c.disposition == "call_back"))
    .limit(1)
)
_clicked = Prepared(
    select(_event.c.id)
    .where(_event.c.stream == bindparam("of_lead"), _event.c.seq > bindparam("after_seq"), _event.c.kind == "clicked")
    .limit(1)
)
_step_of = select(message.c.drip_step).where(message.c.id == bindparam("text_id"))
_wrote_since = Prepared(
    select(message.c.id)
    .where(message.c.lead_id == bindparam("of_lead"), message.c.direction == "in", message.c.created_at >= bindparam("since"))
    .limit(1)
)
_stage = select(lead.c.stage).where(lead.c.id == bindparam("of_lead"))
_next_due = Prepared(select(func.min(enrollment.c.due_at).label("at")).where(enrollment.c.due_at.is_not(None)))
_due = Prepared(
    select(enrollment.c.id, enrollment.c.lead_id)
    .where(enrollment.c.due_at.is_not(None), enrollment.c.due_at <= bindparam("now"))
    .order_by(enrollment.c.due_at)  # not by the id too: of what is due at the same minute, PostgreSQL would sort all for each few
    .limit(bindparam("most"))
)
_chosen = select(enrollment.c.id, enrollment.c.lead_id).where(enrollment.c.id.in_(bindparam("chosen", expanding=True)))
STEPS = DueBy(enrollment.c.due_at)
running_key = (
    select(enrollment.c.sequence_key).where(enrollment.c.lead_id == lead.c.id, _runs).order_by(enrollment.c.id).limit(1).scalar_subquery()
)
"""Which sequence runs for the lead in the enclosing statement."""


def keep_sequence(session: Session, key: str, document: str, origin: str) -> int:
    """Keep a document as the newest version of a sequence, which it is already where nothing changed; the version's id."""
    connection = session.connection()
    while True:
        newest = connection.execute(_newest_version, {"of_key": key}).one_or_none()
        if newest is not None and newest.content == document:
            return int(newest.id)
        number = newest.version + 1 if newest else 1
        row: dict[str, Any] = {
            "key": key,
            "version": number,
            "content": document,
            "origin": origin,
            "steps": [],
            "names": None,
            "stages": None,
        }
        added = connection.execute(_add_version, row).scalar_one_or_none()
        if added is not None:
            return int(added)


def keep_files(session: Session, documents: Mapping[str, str]) -> None:
    """Keep the sequences that were read from files, by key. One that somebody changed in chat stays as it is until its file changes, too:
    that is the next version then."""
    for key, document in documents.items():
        of_file = session.connection().execute(_newest_of_file, {"of_key": key}).one_or_none()
        if of_file is None or of_file.content != document:
            keep_sequence(session, key, document, FILE)


def newest_version_of(session: Session, key: str) -> Version | None:
    """What begins where this sequence begins now."""
    found = session.connection().execute(_newest_version, {"of_key": key}).one_or_none()
    return _version(found) if found else None


def newest_versions(session: Session) -> dict[str, Version]:
    """The newest version of each sequence, by key."""
    found = map(_version, session.connection().execute(_newest_versions))
    return {each.plan.key: each for each in found}


def _version(row: Any) -> Version:
    return Version(row.id, row.version, row.content, row.origin)


def add_drip(
    session: Session, lead_id: int, version: Version, step: int, at: datetime | None, now: datetime, anchor: date | None = None
) -> int | None:
    """Begin a sequence for a lead, which is locked; None where it runs already."""
    row = {
        "lead_id": lead_id, "sequence_id": version.id, "sequence_key": version.plan.key, "step": step, "touches": 0, "state": {},
        "started_at": now, "at": at, "due_at": at, "anchor": anchor, "set_seq": 0, "attempts": 0, "fence": 0,
    }  # fmt: skip
    return session.connection().execute(_add, row).scalar_one_or_none()


def set_beginning(session: Session, drip_id: int, seq: int) -> None:
    """The event of the lead's that began it."""
    session.connection().execute(_set_seq, {"drip_id": drip_id, "to_seq": seq})


def move_drip(
    session: Session, drip: DripView, step: int, at: datetime | None, state: Mapping[str, Any], *, touches: int | None = None
) -> None:
    """Its next step, and when that is due; None where that waits for something to happen."""
    move_drips(session, [Moved(drip.id, step, at, state, drip.touches if touches is None else touches)])


@dataclass(frozen=True, slots=True)
class Moved:
    """Where a way goes: see `move_drip`."""

    drip_id: int
    step: int
    at: datetime | None
    state: Mapping[str, Any]
    touches: int


def waiting(rule: str | None, at: datetime | None) -> dict[str, str]:
    """What is kept of what holds the next step of a way back, if anything does."""
    return {} if rule is None or at is None else {"waits_for": rule, "until": at.isoformat()}


def about_step(drip: DripView, step: int) -> dict[str, Any]:
    """How the timeline names a step of a way through a sequence."""
    return {"enrollment": drip.id, "sequence": drip.key, "version": drip.version, "step": step + 1}


def move_drips(session: Session, moves: Sequence[Moved]) -> None:
    """The same for several."""
    rows = [
        {"drip_id": to.drip_id, "to_step": to.step, "to_touches": to.touches, "to_at": to.at, "due": to.at, "to_state": dict(to.state)}
        for to in moves
    ]
    _move.run_each(session, rows)


def drip_view(session: Session, drip_id: int) -> DripView | None:
    return _only(_one.run(session, {"drip_id": drip_id}))


def lock_drip(session: Session, drip_id: int) -> DripView | None:
    """The same with its row locked. Its number's key and its lead come before."""
    return lock_drips(session, [drip_id])[0]


def lock_drips(session: Session, drip_ids: Sequence[int]) -> list[DripView | None]:
    """The same of each of several, in the order of their ids."""
    return [_only(found) for found in _locked.run_each(session, [{"drip_id": drip_id} for drip_id in drip_ids])]


def drip_begun_by(session: Session, lead_id: int, seq: int) -> DripView | None:
    """What this event of the lead's began."""
    return drips_begun_by(session, [(lead_id, seq)])[0]


def drips_begun_by(session: Session, begun: Sequence[tuple[int, int]]) -> list[DripView | None]:
    """The same of several, each by its lead and event."""
    return [_only(found) for found in _begun_by.run_each(session, [{"of_lead": lead_id, "of_seq": seq} for lead_id, seq in begun])]


def drips_of(session: Session, lead_id: int) -> tuple[DripView, ...]:
    """The lead's newest ways through sequences, those that run first."""
    return tuple(_viewed(row) for row in session.connection().execute(_newest, {"of_lead": lead_id}))


def last_touch(session: Session, drip: DripView) -> int | None:
    """The newest text or email of this way that was not taken back."""
    found: int | None = session.connection().execute(_last_touch, _touches_of(drip)).scalar_one_or_none()
    return found


def step_of_touch(session: Session, text_id: int) -> int:
    """Which step wrote a text or an email."""
    return int(session.connection().execute(_step_of, {"text_id": text_id}).scalar_one() or 0)


def touches_on_their_way(session: Session, drips: Sequence[DripView]) -> list[bool]:
    """Of each, whether nobody knows yet what became of its last text or email."""
    return [bool(found) for found in _on_its_way.run_each(session, [_touches_of(drip) for drip in drips])]


def texted_before(session: Session, drip: DripView) -> bool:
    """Whether a text of this way left, or is about to."""
    return bool(_texted_before.run(session, _touches_of(drip)))


def spoke_with(session: Session, lead_id: int) -> bool:
    """Whether somebody of ours spoke with the borrower on the phone."""
    return bool(_spoke.run(session, {"of_lead": lead_id}))


def clicked_since(session: Session, lead_id: int, seq: int) -> bool:
    """Whether the borrower followed a link of ours after this event of the lead's."""
    return bool(_clicked.run(session, {"of_lead": lead_id, "after_seq": seq}))


def wrote_since(session: Session, lead_id: int, at: datetime) -> bool:
    """Whether somebody of the lead wrote to us since then."""
    return bool(_wrote_since.run(session, {"of_lead": lead_id, "since": at}))


def touched_since(session: Session, lead_ids: Sequence[int], since: datetime) -> list[list[datetime]]:
    """When sequences wrote to the borrower of each of these leads since then, the oldest first."""
    rows = [{"of_lead": lead_id, "since": since} for lead_id in lead_ids]
    return [[row.created_at for row in found] for found in _touched_since.run_each(session, rows)]


def next_drip_due(session: Session) -> datetime | None:
    """When the next step of any is due."""
    at: datetime | None = _next_due.run(session, {})[0].at
    return at


def chosen_drips(session: Session, chosen: Sequence[int]) -> list[tuple[int, int]]:
    """These ways, each with its lead."""
    return [(row.id, row.lead_id) for row in session.connection().execute(_chosen, {"chosen": list(chosen)})]


def due_drips(session: Session, now: datetime, most: int) -> list[tuple[int, int]]:
    """The ways whose step is due the longest, each with its lead."""
    return [(row.id, row.lead_id) for row in _due.run(session, {"now": now, "most": most})]


@dataclass(frozen=True, slots=True)
class Ended:
    """A way that ended now, by this event of its lead's."""

    seq: int
    drip: DripView


def end_drips(
    session: Session,
    lead_id: int,
    because: str,
    at: datetime,
    *,
    key: str | None = None,
    by: tuple[int, str] | None = None,
    redraws: bool = True,
) -> list[Ended]:
    """End what runs for a lead, which is locked, and take back what has not left; after a reply some go on after a while instead. `by` is
    the officer, as id and key, who asked for it. Its cards are redrawn unless many leads' would be at once."""
    ended = []
    for drip in running_drips(session, lead_id):
        if key is not None and drip.key != key:
            continue
        if because == REPLIED and drip.plan.after_reply is not None:
            _pause(session, drip, drip.plan.after_reply, at)
        else:
            ended.append(_end_one(session, drip, because, at, by, redraws=redraws))
    return ended


def running_drips(session: Session, lead_id: int) -> list[DripView]:
    """What runs for a lead, locked. The lead is locked."""
    return [_viewed(row) for row in _running.run(session, {"of_lead": lead_id})]


def end_drip(session: Session, drip: DripView, because: str, at: datetime) -> Ended:
    """The same for one, which is locked."""
    return _end_one(session, drip, because, at, None)


def end_drips_of_all(session: Session, lead_ids: Iterable[int], because: str, at: datetime) -> None:
    """The same for several leads, whoever's they are."""
    for lead_id in session.connection().execute(_leads_running, {"among": sorted(set(lead_ids))}).scalars().all():
        lock_lead(session, lead_id)
        end_drips(session, lead_id, because, at)


def follow_stage(session: Session, lead_id: int, stage: str, at: datetime) -> None:
    """A lead, which is locked, came to this stage: end what reached its goal or does not run there, and let come what waits for it."""
    for drip in running_drips(session, lead_id):
        if stage in drip.plan.goal or stage not in drip.plan.stages:
            _end_one(session, drip, GOAL if stage in drip.plan.goal else LEFT_STAGE, at, None)
    let_come(session, lead_id, f"stage {stage}", at)


def let_come(session: Session, lead_id: int, event: str, at: datetime) -> None:
    """Something happened to a lead, which is locked: the steps that wait for it are due now. See `Plan.waits_for` for what may happen."""
    for drip in running_drips(session, lead_id):
        step = drip.plan.waits_for(drip.step, event)
        if step is not None:
            move_drip(session, drip, step, at, drip.state)


def _pause(session: Session, drip: DripView, length: str, at: datetime) -> None:
    """The borrower wrote, and it goes on later where it stood: what has not left is written anew then."""
    step = withdraw_touches(session, drip, "drip_paused")
    back = drip.step if step is None else step
    until = step_due(length, None, at, "UTC")
    move_drip(session, drip, back, until, {**drip.state, "paused": REPLIED}, touches=drip.touches - (step is not None))
    meta = {"enrollment": drip.id, "sequence": drip.key, "version": drip.version, "because": REPLIED, "until": until.isoformat()}
    append_event(session, drip.lead_id, Fact("drip_paused", "leadbell", at, meta), "")
    redraw_line(session, drip.lead_id, drip.set_seq)
    redraw(session, drip.lead_id, at_once=False)


def withdraw_touches(session: Session, drip: DripView, because: str) -> int | None:
    """Take back what has not left of a way, which is locked; the step that had written it, None where nothing waited."""
    step: int | None = session.connection().execute(_withdraw, {**_touches_of(drip), "because": because}).scalars().first()
    return step


def _end_one(session: Session, drip: DripView, because: str, at: datetime, by: tuple[int, str] | None, *, redraws: bool = True) -> Ended:
    connection = session.connection()
    connection.execute(_end, {"drip_id": drip.id, "because": because, "now": at})
    connection.execute(_withdraw, {**_touches_of(drip), "because": "drip_ended"})
    meta = {
        "enrollment": drip.id, "sequence": drip.key, "version": drip.version, "step": drip.step, "touches": drip.touches,
        "because": because,
    }  # fmt: skip
    actor = f"officer:{by[1]}" if by else "leadbell"
    seq = append_event(session, drip.lead_id, Fact("drip_ended", actor, at, meta, officer_id=by[0] if by else None), "")
    redraw_line(session, drip.lead_id, drip.set_seq)
    if redraws:
        redraw(session, drip.lead_id, at_once=False)
    return Ended(seq, drip)


def resume_drip(session: Session, drip_id: int) -> bool:
    """As if it had never ended; False where it runs, the same sequence runs anew, or the lead has left its stages. The lead is locked."""
    drip = lock_drip(session, drip_id)
    if drip is None or drip.runs or session.connection().execute(_stage, {"of_lead": drip.lead_id}).scalar_one() not in drip.plan.stages:
        return False
    if any(other.key == drip.key for other in running_drips(session, drip.lead_id)):
        return False
    session.connection().execute(_go_on, {"drip_id": drip_id})
    redraw_line(session, drip.lead_id, drip.set_seq)
    return True


def resume_drips_ended_by(session: Session, lead_id: int, at: datetime, reasons: Iterable[str]) -> None:
    """What something at this moment ended for one of these reasons goes on, unless the borrower wrote since."""
    if wrote_since(session, lead_id, at):
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
    return [Listed(_viewed(tuple(row)[:_WIDTH]), *tuple(row)[_WIDTH:]) for row in rows]


def _only(rows: Sequence[Any]) -> DripView | None:
    return _viewed(rows[0]) if rows else None


def _viewed(row: Sequence[Any]) -> DripView:
    columns = list(row)
    columns[_CONTENT] = plan_of(columns[_CONTENT])
    return DripView(*columns)


def _touches_of(drip: DripView) -> dict[str, int]:
    return {"of_lead": drip.lead_id, "of_seq": drip.set_seq}

"""Promises of officers to come back to a lead: set, replaced by newer ones, rung once, and over when the officer came back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import and_, bindparam, case, func, insert, null, or_, select, update
from sqlmodel import Session

from bot.rules.redaction import redact
from bot.store.columns import table_of
from bot.store.leads import lead
from bot.store.outbound import Reminder
from bot.store.owed import DueBy, among
from bot.store.people import officer
from bot.store.prepared import Prepared

Kind = Literal["later", "remind", "call_back", "planned"]
"""Asleep until then; a note to oneself; the borrower asked to be called then; the next try to reach the borrower, planned by itself."""
AT_ONCE = 5
"""How many reminders one transaction rings: meanwhile SQLite lets nobody else write."""


@dataclass(frozen=True, slots=True)
class DueReminder:
    """A reminder that is due, with how its lead and its officer stand; it and the lead are locked."""

    id: int
    lead_id: int
    officer_id: int
    kind: Kind
    owner_id: int | None
    stage: str
    score: int
    team_id: int
    officer_key: str
    officer_name: str
    officer_active: bool
    off_until: datetime | None

    def officer_is_here(self, now: datetime) -> bool:
        return self.officer_active and (self.off_until is None or self.off_until <= now)


@dataclass(frozen=True, slots=True)
class ReminderView:
    """A reminder as it stands. `open` while its officer has not come back."""

    id: int
    lead_id: int
    officer_id: int
    kind: Kind
    note: str | None
    set_seq: int
    at: datetime
    rang: bool
    open: bool


reminder = table_of(Reminder)
REMINDERS = DueBy(reminder.c.due_at)
_open = reminder.c.gave_up_because.is_(None)
_of_lead = reminder.c.lead_id == bindparam("of_lead")
_insert = Prepared(insert(reminder).returning(reminder.c.id))
_end = update(reminder).where(_open).values(due_at=null(), gave_up_because=bindparam("because"), ended_seq=bindparam("by_seq"))
_gives_way = and_(
    _of_lead,
    reminder.c.officer_id == bindparam("of_officer"),
    or_(reminder.c.kind == "later", reminder.c.kind == "call_back", reminder.c.kind == "planned", reminder.c.rang_at.is_not(None)),
)
_ahead = and_(or_(reminder.c.kind == "later", reminder.c.kind == "call_back"), reminder.c.rang_at.is_(None))
_promised = Prepared(select(reminder.c.id).where(_of_lead, reminder.c.officer_id == bindparam("of_officer"), _open, _ahead))
_last_note = Prepared(
    select(reminder.c.note).where(_gives_way, _open, reminder.c.note.is_not(None)).order_by(reminder.c.id.desc()).limit(1)
)
_replace = Prepared(_end.where(_gives_way))
_answer = Prepared(_end.where(_of_lead, reminder.c.rang_at.is_not(None)))
_end_plan = _end.where(_of_lead, reminder.c.kind == "planned")
_end_one = _end.where(reminder.c.id == bindparam("reminder_id"))
_take_back = _end.where(_of_lead, reminder.c.set_seq == bindparam("of_seq"))
_bring_back = (
    update(reminder)
    .where(_of_lead, reminder.c.ended_seq == bindparam("of_seq"))
    .values(due_at=case((reminder.c.rang_at.is_(None), reminder.c.at), else_=null()), gave_up_because=null(), ended_seq=null())
)
_hand = update(reminder).where(_of_lead, _open, reminder.c.kind == "call_back", reminder.c.rang_at.is_(None))
_hand_to = Prepared(_hand.values(officer_id=bindparam("to_officer")))
_move = update(reminder).where(reminder.c.id == bindparam("reminder_id")).values(at=bindparam("to_at"), due_at=bindparam("to_at"))
_rang = update(reminder).where(reminder.c.id == bindparam("reminder_id")).values(due_at=null(), rang_at=bindparam("now"))
_due = (
    select(
        reminder.c.id, reminder.c.lead_id, reminder.c.officer_id, reminder.c.kind,
        lead.c.owner_id, lead.c.stage, lead.c.score, lead.c.team_id,
        officer.c.key, officer.c.name, officer.c.active, officer.c.off_until,
    )
    .join_from(reminder, lead, reminder.c.lead_id == lead.c.id)
    .join(officer, reminder.c.officer_id == officer.c.id)
    .where(reminder.c.due_at.is_not(None), reminder.c.due_at <= bindparam("now"))
    .order_by(lead.c.score.desc(), reminder.c.due_at, reminder.c.id)
    .limit(AT_ONCE)
    # A lead that somebody changes right now is left for the next look, as with clocks.
    .with_for_update(skip_locked=True, key_share=True, of=[reminder, lead])
)  # fmt: skip
_next_due = Prepared(select(func.min(reminder.c.due_at).label("at")).where(reminder.c.due_at.is_not(None)))
_view = Prepared(
    select(
        reminder.c.id, reminder.c.lead_id, reminder.c.officer_id, reminder.c.kind, reminder.c.note, reminder.c.set_seq, reminder.c.at,
        reminder.c.rang_at.is_not(None).label("rang"), _open.label("open"),
    ).where(reminder.c.id == bindparam("reminder_id"))
)  # fmt: skip
_same_time = Prepared(
    select(reminder.c.note).where(
        _of_lead, reminder.c.officer_id == bindparam("of_officer"), _open, reminder.c.rang_at.is_(None),
        reminder.c.kind == "remind", reminder.c.at == bindparam("same_at"),
    )
)  # fmt: skip
_current = Prepared(
    select(reminder.c.note).where(_of_lead, reminder.c.officer_id == bindparam("of_officer"), _open).order_by(reminder.c.at).limit(1)
)
next_touch = (
    select(func.min(reminder.c.due_at))
    .where(and_(reminder.c.lead_id == lead.c.id, reminder.c.officer_id == lead.c.owner_id, reminder.c.due_at.is_not(None)))
    .scalar_subquery()
)
"""When the owner of the lead in the enclosing statement comes back to it."""


def add_reminder(session: Session, lead_id: int, officer_id: int, seq: int, kind: Kind, at: datetime, note: str | None) -> int:
    """Keep a promise, made by this event of the lead's, and return its id.

    One to come back to the borrower takes the place of an earlier one and of what rang, and keeps their note where it has none.
    """
    of_both = {"of_lead": lead_id, "of_officer": officer_id}
    if kind != "remind":
        note = note or next((earlier.note for earlier in _last_note.run(session, of_both)), None)
        _replace.run(session, {**of_both, "because": "replaced", "by_seq": seq})
    row = {
        "lead_id": lead_id, "officer_id": officer_id, "kind": kind, "note": note,
        "at": at, "due_at": at, "set_seq": seq, "attempts": 0, "fence": 0,
    }  # fmt: skip
    [kept] = _insert.run(session, row)
    return int(kept.id)


def reminds_already(session: Session, lead_id: int, officer_id: int, at: datetime, note: str | None) -> bool:
    """Whether this officer is reminded of the lead at this moment already, with the same words."""
    found = _same_time.run(session, {"of_lead": lead_id, "of_officer": officer_id, "same_at": at})
    return any((row.note or None) == note for row in found)


def answer_reminders(session: Session, lead_id: int, seq: int) -> None:
    """The owner came back to the lead with this event: what rang is over."""
    _answer.run(session, {"of_lead": lead_id, "because": "answered", "by_seq": seq})


def end_plan(session: Session, lead_id: int, because: str, seq: int) -> None:
    """No next try is planned any more, by this event of the lead's."""
    session.connection().execute(_end_plan, {"of_lead": lead_id, "because": because, "by_seq": seq})


def promised_already(session: Session, lead_id: int, officer_id: int) -> bool:
    """Whether a time lies ahead at which the officer said, or the borrower was promised, that they come back."""
    return bool(_promised.run(session, {"of_lead": lead_id, "of_officer": officer_id}))


def end_reminder(session: Session, reminder_id: int, because: str, seq: int | None = None) -> None:
    """It is over, and why; with the event by which a person ended it."""
    session.connection().execute(_end_one, {"reminder_id": reminder_id, "because": because, "by_seq": seq})


def take_back_reminders(session: Session, lead_id: int, seq: int) -> None:
    """As if this event of the lead's had never been: what it set is over, and what it ended stands again."""
    connection = session.connection()
    connection.execute(_take_back, {"of_lead": lead_id, "of_seq": seq, "because": "undone", "by_seq": None})
    connection.execute(_bring_back, {"of_lead": lead_id, "of_seq": seq})


def hand_call_backs(session: Session, lead_id: int, to_officer: int) -> None:
    """What the borrower was promised is kept by whoever has the lead now."""
    _hand_to.run(session, {"of_lead": lead_id, "to_officer": to_officer})


def keep_booked_call(session: Session, lead_id: int, officer_id: int, seq: int, booked_for: datetime | None, at: datetime) -> datetime:
    """Whoever has the lead by this event keeps what the borrower was promised; return from when on their time to call counts."""
    if booked_for is None:
        return at
    add_reminder(session, lead_id, officer_id, seq, "call_back", booked_for, None)
    return booked_for


def move_reminder(session: Session, reminder_id: int, at: datetime) -> None:
    """Let an open reminder ring at another time."""
    session.connection().execute(_move, {"reminder_id": reminder_id, "to_at": at})


def mark_rung(session: Session, reminder_id: int, now: datetime) -> None:
    session.connection().execute(_rang, {"reminder_id": reminder_id, "now": now})


def reminder_view(session: Session, reminder_id: int) -> ReminderView | None:
    found = _view.run(session, {"reminder_id": reminder_id})
    return ReminderView(*found[0]) if found else None


def current_note(session: Session, lead_id: int, officer_id: int) -> str | None:
    """What the officer wrote for the next touch of a lead, or for the one that rang and is not answered; without what no chat may read."""
    found = _current.run(session, {"of_lead": lead_id, "of_officer": officer_id})
    return redact(found[0].note) if found and found[0].note else None


def due_reminders(session: Session, now: datetime, chosen: Sequence[int] | None = None) -> list[DueReminder]:
    """The reminders that are due, of the best lead first, locked together with their leads; of the chosen ones alone, where some are."""
    return [DueReminder(*tuple(row)) for row in session.connection().execute(among(_due, reminder.c.id, chosen), {"now": now})]


def next_reminder_due(session: Session) -> datetime | None:
    """When the next reminder rings, in business time."""
    [row] = _next_due.run(session, {})
    due: datetime | None = row.at
    return due

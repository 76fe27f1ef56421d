"""Which officers' working day begins, and what a morning's list is made of besides their leads."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import bindparam, case, func, or_, select, update
from sqlmodel import Session

from bot.rules.callable_time import Calendar
from bot.rules.roles import Role
from bot.store.columns import table_of
from bot.store.leads import Lead
from bot.store.outbound import Message
from bot.store.owed import DueBy, among
from bot.store.people import OWN, at_home, home, officer, own_time, works
from bot.store.prepared import Prepared
from bot.store.returns import LeadReturn

AT_ONCE = 20
"""How many officers one transaction looks at: meanwhile SQLite lets nobody else write."""
_EVER = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class OfficerMorning:
    """An officer whose working day begins, locked; `due_at` None where that is yet to be worked out, `hours` where they serve in no
    team."""

    id: int
    role: Role
    active: bool
    off_until: datetime | None
    hours: Calendar | None
    due_at: datetime | None


_return, _message, _lead = table_of(LeadReturn), table_of(Message), table_of(Lead)
MORNINGS = DueBy(officer.c.morning_due_at, unset=True)
_unknown: Any = func.count(officer.c.id) - func.count(officer.c.morning_due_at)
_next_due = Prepared(select(func.min(officer.c.morning_due_at).label("at"), _unknown.label("unknown")).where(officer.c.active))
_due = (
    select(officer.c.id)
    .where(officer.c.active, or_(officer.c.morning_due_at.is_(None), officer.c.morning_due_at <= bindparam("now")))
    .order_by(officer.c.id)
    .limit(AT_ONCE)
    .with_for_update(skip_locked=True, key_share=True)
)
_among = (
    select(
        officer.c.id, officer.c.role, officer.c.active, officer.c.off_until, officer.c.morning_due_at, *OWN,
        home.c.time_zone, home.c.working_hours, home.c.holidays,
    )
    .outerjoin_from(officer, home, at_home)
    .where(officer.c.id.in_(bindparam("ids", expanding=True)))
    .order_by(officer.c.id)
)  # fmt: skip
_sent = (
    select(
        func.coalesce(func.sum(case((_message.c.channel == "sms", 1), else_=0)), 0),
        func.coalesce(func.sum(case((_message.c.channel == "email", 1), else_=0)), 0),
    )
    .join_from(_lead, _message, _message.c.lead_id == _lead.c.id)
    .where(
        _lead.c.owner_id == bindparam("by"), _message.c.enrollment_id.is_not(None), _message.c.status.in_(("sent", "delivered")),
        _message.c.left_at > bindparam("since"), _message.c.left_at <= bindparam("until"),
    )
)  # fmt: skip
_set_due = update(officer).where(officer.c.id == bindparam("of_officer")).values(morning_due_at=bindparam("next_due"))
_open_returns = select(func.count()).where(
    _return.c.opened_by == bindparam("by"), _return.c.status == "open", _return.c.due_on >= bindparam("today")
)


def next_morning_due(session: Session) -> datetime | None:
    """When the next officer's day begins, in business time; long ago where somebody's is yet to be worked out."""
    [row] = _next_due.run(session, {})
    at: datetime | None = row.at
    return _EVER if row.unknown else at


def due_mornings(session: Session, now: datetime, chosen: Sequence[int] | None = None) -> list[OfficerMorning]:
    """The active officers whose day begins now or began since, locked."""
    return officers_at_home(session, list(session.connection().execute(among(_due, officer.c.id, chosen), {"now": now}).scalars()))


def officers_at_home(session: Session, ids: Collection[int]) -> list[OfficerMorning]:
    """The same of these officers, whose rows need not be locked, in the order of their ids."""
    return [
        OfficerMorning(
            id=row.id,
            role=row.role,
            active=row.active,
            off_until=row.off_until,
            hours=None if row.home_zone is None else own_time(row) or works(row),
            due_at=row.morning_due_at,
        )
        for row in session.connection().execute(_among, {"ids": list(ids)})
    ]


def set_next_morning_list(session: Session, officer_id: int, at: datetime) -> None:
    session.connection().execute(_set_due, {"of_officer": officer_id, "next_due": at})


def open_returns_of(session: Session, officer_id: int, today: date) -> int:
    """How many bad leads that this officer found may still be sent back to who sold them."""
    return int(session.connection().execute(_open_returns, {"by": officer_id, "today": today}).scalar_one())


def sent_by_sequences(session: Session, officer_id: int, since: datetime, until: datetime) -> tuple[int, int]:
    """How many texts and emails of sequences reached the networks for leads that this officer has now."""
    texts, emails = session.connection().execute(_sent, {"by": officer_id, "since": since, "until": until}).one()
    return int(texts), int(emails)

"""Bad leads that a vendor is asked to take back: opened once for each request that was paid for, then sent to the vendor or dropped."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from sqlalchemy import Index, bindparam, insert, null, select, text, update
from sqlmodel import Field, Session, SQLModel

from bot.store.columns import maybe_reference, reference, row_id, table_of, whole_dollars
from bot.store.leads import arrival, lead
from bot.store.people import Source, Team, officer

Status = Literal["open", "sent", "dropped"]


class LeadReturn(SQLModel, table=True):
    """One arrival whose price is asked back, at most once."""

    __tablename__ = "lead_return"
    __table_args__ = (
        Index(
            "uq_lead_return_asked", "arrival_id", unique=True,
            postgresql_where=text("status <> 'dropped'"), sqlite_where=text("status <> 'dropped'"),
        ),
        Index("ix_lead_return_opened", "opened_at"),
    )  # fmt: skip

    id: int | None = row_id()
    lead_id: int = reference("lead.id", index=True)
    source_id: int = reference("source.id")
    arrival_id: int = reference("arrival.id")
    price: int | None = whole_dollars()
    reason: str
    due_on: date
    status: str = Field(default="open")
    opened_at: datetime
    opened_by: int | None = maybe_reference("officer.id")  # None where Leadbell did by itself
    opened_seq: int  # the event of its lead that tells of it
    log_seq: int | None = None  # the logged call that opened it
    settled_at: datetime | None = None
    settled_by: int | None = maybe_reference("officer.id")


@dataclass(frozen=True, slots=True)
class ReturnView:
    """A return as it stands."""

    id: int
    source: str
    price: int | None
    reason: str
    due_on: date
    status: Status
    opened_seq: int
    arrival_id: int


@dataclass(frozen=True, slots=True)
class PaidRequest:
    """An arrival of a lead, with what its source says of returns, and where one of it stands already."""

    arrival_id: int
    source_id: int
    source: str
    price: int | None
    return_days: int | None
    received_at: datetime
    zone: str
    asked: Status | None


_return, _source, _team = table_of(LeadReturn), table_of(Source), table_of(Team)
_of_lead = _return.c.lead_id == bindparam("of_lead")
_insert = insert(_return)
_requests = (
    select(
        arrival.c.id, arrival.c.source_id, _source.c.label, arrival.c.price, _source.c.return_days, arrival.c.received_at,
        _team.c.time_zone, _return.c.status,
    )
    .join_from(arrival, _source, arrival.c.source_id == _source.c.id)
    .join(lead, arrival.c.lead_id == lead.c.id)
    .join(_team, lead.c.team_id == _team.c.id)
    .outerjoin(_return, (_return.c.arrival_id == arrival.c.id) & (_return.c.status != "dropped"))
    .where(arrival.c.lead_id == bindparam("of_lead"))
    .order_by(arrival.c.id)
)  # fmt: skip
_view = select(
    _return.c.id, _source.c.label, _return.c.price, _return.c.reason, _return.c.due_on, _return.c.status, _return.c.opened_seq,
    _return.c.arrival_id,
).join_from(_return, _source, _return.c.source_id == _source.c.id)  # fmt: skip
_views = _view.where(_of_lead).order_by(_return.c.id)
_told_by = _view.where(_of_lead, _return.c.opened_seq == bindparam("of_seq"))
_settle = update(_return).where(_return.c.id == bindparam("return_id"))
_set: dict[str, Any] = {"status": bindparam("to_status"), "settled_at": bindparam("at"), "settled_by": bindparam("by")}
_drop_of_log = (
    update(_return).where(_of_lead, _return.c.log_seq == bindparam("of_seq"), _return.c.status == "open").values(_set)
).returning(_return.c.opened_seq)


def requests_of(session: Session, lead_id: int) -> list[PaidRequest]:
    """Every arrival of the lead, the first one first."""
    return [PaidRequest(*row) for row in session.connection().execute(_requests, {"of_lead": lead_id})]


def add_return(session: Session, row: dict[str, Any]) -> None:
    session.connection().execute(_insert, row | {"status": "open"})


def returns_of(session: Session, lead_id: int) -> tuple[ReturnView, ...]:
    """The lead's returns, the oldest first."""
    return tuple(ReturnView(*row) for row in session.connection().execute(_views, {"of_lead": lead_id}))


def return_told_by(session: Session, lead_id: int, seq: int) -> ReturnView:
    """The return that this event of the lead's opened."""
    return ReturnView(*session.connection().execute(_told_by, {"of_lead": lead_id, "of_seq": seq}).one())


def settle_return(session: Session, return_id: int, status: Status, at: datetime, by: int) -> None:
    session.connection().execute(_settle.values(_set), {"return_id": return_id, "to_status": status, "at": at, "by": by})


def reopen_return(session: Session, return_id: int) -> None:
    session.connection().execute(_settle.values(status="open", settled_at=null(), settled_by=null()), {"return_id": return_id})


def drop_returns_of_log(session: Session, lead_id: int, log_seq: int, at: datetime, by: int) -> Sequence[int]:
    """The call that opened them never was; the events that told of them."""
    row = {"of_lead": lead_id, "of_seq": log_seq, "to_status": "dropped", "at": at, "by": by}
    return session.connection().execute(_drop_of_log, row).scalars().all()


@dataclass(frozen=True, slots=True)
class OpenReturn:
    """A return that its vendor was not sent yet, and would still take."""

    lead_id: int
    source: str
    price: int | None
    reason: str
    due_on: date


_open_of_team = (
    select(_return.c.lead_id, _source.c.label, _return.c.price, _return.c.reason, _return.c.due_on)
    .join_from(_return, _source, _return.c.source_id == _source.c.id)
    .join(lead, _return.c.lead_id == lead.c.id)
    .where(lead.c.team_id == bindparam("of_team"), _return.c.status == "open", _return.c.due_on >= bindparam("today"))
    .order_by(_return.c.due_on, _return.c.id)
)


def open_returns_of(session: Session, team_id: int, today: date) -> list[OpenReturn]:
    """A team's returns that can still be sent, those whose time ends first before the others."""
    return [OpenReturn(*row) for row in session.connection().execute(_open_of_team, {"of_team": team_id, "today": today})]


_opener, _settler = officer.alias("opener"), officer.alias("settler")
_for_export = (
    select(
        _return.c.lead_id, _source.c.key.label("source"), arrival.c.external_id, arrival.c.record, arrival.c.received_at, _team.c.time_zone,
        _return.c.price, _return.c.reason, _return.c.due_on, _return.c.status, _return.c.opened_at, _opener.c.name.label("opened_by"),
        _return.c.settled_at, _settler.c.name.label("settled_by"),
    )
    .join_from(_return, _source, _return.c.source_id == _source.c.id)
    .join(arrival, _return.c.arrival_id == arrival.c.id)
    .join(lead, _return.c.lead_id == lead.c.id)
    .join(_team, lead.c.team_id == _team.c.id)
    .outerjoin(_opener, _return.c.opened_by == _opener.c.id)
    .outerjoin(_settler, _return.c.settled_by == _settler.c.id)
    .order_by(_source.c.key, _return.c.due_on, _return.c.id)
)  # fmt: skip


def returns_for_export(session: Session, source: str | None) -> Sequence[Any]:
    """The returns of one source or of all, with what a vendor knows the lead by."""
    wanted = _for_export if source is None else _for_export.where(_source.c.key == source)
    return session.connection().execute(wanted).all()

"""Bad leads that a vendor is asked to take back: opened once for each request that was paid for, then sent to the vendor or dropped."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

from sqlalchemy import Index, and_, bindparam, case, func, insert, null, or_, select, text, update
from sqlmodel import Field, Session, SQLModel

from bot.store import costs
from bot.store.columns import maybe_reference, reference, row_id, table_of, whole_dollars
from bot.store.leads import arrival, lead
from bot.store.people import Source, Team, officer
from bot.store.prepared import Prepared

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
    log_seq: int | None = None  # what opened it: a logged call, a stage, or that two leads are one request
    settled_at: datetime | None = None
    settled_by: int | None = maybe_reference("officer.id")


@dataclass(frozen=True, slots=True)
class Had:
    """Who sent the borrower of a duplicate before, and on which day by the team's clock."""

    source: str
    on: date


@dataclass(frozen=True, slots=True)
class ReturnView:
    """A return as it stands; of a duplicate also from whom we had the borrower already, where that is known."""

    id: int
    source: str
    price: int | None
    reason: str
    due_on: date
    status: Status
    opened_seq: int
    arrival_id: int
    had: Had | None = None


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
_before, _before_source, _earlier = arrival.alias("before"), _source.alias("before_source"), arrival.alias("earlier")
_first_before = (
    select(func.min(_earlier.c.id))
    .where(
        or_(
            and_(_earlier.c.lead_id == _return.c.lead_id, _earlier.c.id < _return.c.arrival_id),
            and_(
                _earlier.c.lead_id == lead.c.linked_lead_id,
                or_(lead.c.link_answer.is_(None), lead.c.link_answer != "two_people"),
            ),
        )
    )
    .correlate(_return, lead)
    .scalar_subquery()
)
_is_the_one_before = and_(_return.c.reason == "duplicate", _before.c.id == _first_before)
_had = (_before_source.c.label.label("had_from"), _before.c.received_at.label("had_at"), _team.c.time_zone)


def _read_had(had_from: str | None, had_at: datetime | None, zone: str) -> Had | None:
    return None if had_from is None or had_at is None else Had(had_from, had_at.astimezone(ZoneInfo(zone)).date())


_view = (
    select(
        _return.c.id, _source.c.label, _return.c.price, _return.c.reason, _return.c.due_on, _return.c.status, _return.c.opened_seq,
        _return.c.arrival_id, *_had,
    )
    .join_from(_return, _source, _return.c.source_id == _source.c.id)
    .join(lead, _return.c.lead_id == lead.c.id)
    .join(_team, lead.c.team_id == _team.c.id)
    .outerjoin(_before, _is_the_one_before)
    .outerjoin(_before_source, _before.c.source_id == _before_source.c.id)
)  # fmt: skip
_views = _view.where(_of_lead).order_by(_return.c.id)
_told_by = _view.where(_of_lead, _return.c.opened_seq == bindparam("of_seq"))
_settle = update(_return).where(_return.c.id == bindparam("return_id"))
_set: dict[str, Any] = {"status": bindparam("to_status"), "settled_at": bindparam("at"), "settled_by": bindparam("by")}
_stands = (
    select(_return.c.status, _return.c.price, arrival.c.day, arrival.c.source_id, lead.c.team_id)
    .join_from(_return, arrival, arrival.c.id == _return.c.arrival_id)
    .join(lead, lead.c.id == arrival.c.lead_id)
    .where(_return.c.id == bindparam("return_id"))
)
_costs_of_lead = Prepared(
    select(arrival.c.source_id, arrival.c.day, arrival.c.price, arrival.c.price_assumed, _return.c.price.label("asked_back"))
    .outerjoin_from(arrival, _return, (_return.c.arrival_id == arrival.c.id) & (_return.c.status == "sent"))
    .where(arrival.c.lead_id == bindparam("of_lead"), arrival.c.day.is_not(None))
)
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
    return tuple(_read_view(row) for row in session.connection().execute(_views, {"of_lead": lead_id}))


def return_told_by(session: Session, lead_id: int, seq: int) -> ReturnView:
    """The return that this event of the lead's opened."""
    return _read_view(session.connection().execute(_told_by, {"of_lead": lead_id, "of_seq": seq}).one())


def _read_view(row: Any) -> ReturnView:
    return replace(ReturnView(*row[:-3]), had=_read_had(*row[-3:]))


def settle_return(session: Session, return_id: int, status: Status, at: datetime, by: int) -> None:
    """The vendor was sent it, or nobody asks. Its lead is locked."""
    _count_change(session, return_id, status)
    session.connection().execute(_settle.values(_set), {"return_id": return_id, "to_status": status, "at": at, "by": by})


def reopen_return(session: Session, return_id: int) -> None:
    """It waits to be sent again. Its lead is locked."""
    _count_change(session, return_id, "open")
    session.connection().execute(_settle.values(status="open", settled_at=null(), settled_by=null()), {"return_id": return_id})


def _count_change(session: Session, return_id: int, status: Status) -> None:
    """What was sent to the vendor is asked back, as long as it is."""
    row = session.connection().execute(_stands, {"return_id": return_id}).one()
    delta = (status == "sent") - (row.status == "sent")
    if delta and row.price and row.day is not None:
        costs.count(session, row.team_id, row.source_id, row.day, Counter(asked_back=delta * row.price))


def take_costs_along(session: Session, lead_ids: Sequence[int], before: int, after: int) -> None:
    """What the requests of these leads cost is the other team's from now on, with what of it was asked back. They went there already."""
    moved: dict[tuple[int, date], Counter[str]] = {}
    for rows in _costs_of_lead.run_each(session, [{"of_lead": lead_id} for lead_id in lead_ids]):
        for row in rows:
            figures = moved.setdefault((row.source_id, row.day), Counter())
            figures.update(costs.of_request(row.price, assumed=row.price_assumed))
            figures["asked_back"] += row.asked_back or 0
    for (source_id, day), figures in moved.items():
        costs.count(session, after, source_id, day, figures)
        costs.count(session, before, source_id, day, Counter({name: -figure for name, figure in figures.items()}))


def drop_returns_of_log(session: Session, lead_id: int, log_seq: int, at: datetime, by: int) -> Sequence[int]:
    """What opened them never was; the events that told of them."""
    row = {"of_lead": lead_id, "of_seq": log_seq, "to_status": "dropped", "at": at, "by": by}
    return session.connection().execute(_drop_of_log, row).scalars().all()


@dataclass(frozen=True, slots=True)
class OpenReturn:
    """A return that its vendor was not sent yet, and would still take."""

    id: int
    lead_id: int
    source: str
    price: int | None
    reason: str
    due_on: date
    had: Had | None = None


_open_of_team = (
    select(_return.c.id, _return.c.lead_id, _source.c.label, _return.c.price, _return.c.reason, _return.c.due_on, *_had)
    .join_from(_return, _source, _return.c.source_id == _source.c.id)
    .join(lead, _return.c.lead_id == lead.c.id)
    .join(_team, lead.c.team_id == _team.c.id)
    .outerjoin(_before, _is_the_one_before)
    .outerjoin(_before_source, _before.c.source_id == _before_source.c.id)
    .where(lead.c.team_id == bindparam("of_team"), _return.c.status == "open", _return.c.due_on >= bindparam("today"))
    .order_by(_return.c.due_on, _return.c.id)
)


def open_returns_of(session: Session, team_id: int, today: date) -> list[OpenReturn]:
    """A team's returns that can still be sent, those whose time ends first before the others."""
    rows = session.connection().execute(_open_of_team, {"of_team": team_id, "today": today})
    return [OpenReturn(*row[:-3], _read_had(*row[-3:])) for row in rows]


_opener, _settler = officer.alias("opener"), officer.alias("settler")
_for_export = (
    select(
        _return.c.lead_id, _source.c.key.label("source"), arrival.c.external_id, arrival.c.record, arrival.c.received_at, _team.c.time_zone,
        _return.c.price, _return.c.reason, _return.c.due_on, _return.c.status, _return.c.opened_at, _opener.c.name.label("opened_by"),
        _return.c.settled_at, _settler.c.name.label("settled_by"), _before.c.received_at.label("had_at"),
        case((_before.c.source_id == _return.c.source_id, _before.c.external_id)).label("had_as"),
    )
    .join_from(_return, _source, _return.c.source_id == _source.c.id)
    .join(arrival, _return.c.arrival_id == arrival.c.id)
    .join(lead, _return.c.lead_id == lead.c.id)
    .join(_team, lead.c.team_id == _team.c.id)
    .outerjoin(_opener, _return.c.opened_by == _opener.c.id)
    .outerjoin(_settler, _return.c.settled_by == _settler.c.id)
    .outerjoin(_before, _is_the_one_before)
    .order_by(_source.c.key, _return.c.due_on, _return.c.id)
)  # fmt: skip


def returns_for_export(session: Session, source: str | None) -> Sequence[Any]:
    """The returns of one source or of all, with what a vendor knows the lead by; of a duplicate since when we had the borrower, and as what
    where the same vendor had sent them."""
    wanted = _for_export if source is None else _for_export.where(_source.c.key == source)
    return session.connection().execute(wanted).all()

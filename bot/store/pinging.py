"""Pings: what a seller asked about, as a digest alone, what was bid, and the lead that came of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Index, bindparam, func, select, text
from sqlalchemy.dialects.postgresql import insert  # its ON CONFLICT compiles for SQLite too, the other way round it does not
from sqlmodel import Field, Session, SQLModel

from bot.store.columns import maybe_reference, reference, row_id, table_of, whole_dollars
from bot.store.contacts import BorrowerContact, ContactPoint
from bot.store.forgetting import forget_page
from bot.store.leads import Arrival, LeadBorrower
from bot.store.prepared import Prepared

AT_ONCE = 2000
LATE_NUMBERS = 200
"""So many arrivals are looked at again: one may be committed after another with a higher number."""


class Ping(SQLModel, table=True):
    """`key` is in the word that the seller got for a bid. No borrower's data."""

    __table_args__ = (
        Index(
            "ix_ping_bought", "source_id", "bought_at",
            postgresql_where=text("bought_at IS NOT NULL"), sqlite_where=text("bought_at IS NOT NULL"),
        ),
        Index("ix_ping_nothing_came", "at", postgresql_where=text("lead_id IS NULL"), sqlite_where=text("lead_id IS NULL")),
    )  # fmt: skip

    id: int | None = row_id()
    source_id: int = reference("source.id")
    key: str = Field(unique=True)
    digest: str  # keyed, of the whole request
    at: datetime
    bid: int | None = whole_dollars()
    because: str | None = None  # why nothing was bid, or a post was refused
    lead_id: int | None = maybe_reference("lead.id")
    bought_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """A phone or email of an arrival."""

    arrival: int
    at: datetime
    value: str


_ping, _arrival, _contact = table_of(Ping), table_of(Arrival), table_of(ContactPoint)
_lead_borrower, _borrower_contact = table_of(LeadBorrower), table_of(BorrowerContact)
_keep = Prepared(insert(_ping).on_conflict_do_nothing(index_elements=[_ping.c.key]))
_new = insert(_ping)
_buy = Prepared(
    _new.on_conflict_do_update(
        index_elements=[_ping.c.key],
        set_={"lead_id": _new.excluded.lead_id, "bought_at": _new.excluded.bought_at},
        where=_ping.c.lead_id.is_(None),
    )
)
_lead_of = Prepared(
    select(_ping.c.lead_id, _arrival.c.external_id)
    .join_from(_ping, _arrival, _arrival.c.lead_id == _ping.c.lead_id)
    .where(_ping.c.key == bindparam("of_key"))
)
_bought = Prepared(
    select(func.count().label("leads"), func.coalesce(func.sum(_ping.c.bid), 0).label("dollars")).where(
        _ping.c.source_id == bindparam("of_source"), _ping.c.bought_at >= bindparam("since")
    )
)
_known = Prepared(
    select(_arrival.c.id, _arrival.c.received_at, _contact.c.value)
    .join_from(_arrival, _lead_borrower, _lead_borrower.c.lead_id == _arrival.c.lead_id)
    .join(_borrower_contact, _borrower_contact.c.borrower_id == _lead_borrower.c.borrower_id)
    .join(_contact, _contact.c.id == _borrower_contact.c.contact_point_id)
    .where(_arrival.c.id > bindparam("after"), _arrival.c.received_at >= bindparam("since"))
    .order_by(_arrival.c.id)
    .limit(AT_ONCE)
)


def keep_pings(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write down what was asked, each once."""
    for row in rows:
        _keep.run(session, row)


def buy(session: Session, row: Mapping[str, Any]) -> None:
    """A lead came of a ping, whether that is written down already or not; the first one stays."""
    _buy.run(session, row)


def leads_of_ping(session: Session, key: str) -> list[tuple[int, str | None]]:
    """The lead that came of a ping, with each id under which its sources sent it; nothing while none came."""
    return [(row.lead_id, row.external_id) for row in _lead_of.run(session, {"of_key": key})]


def bought_since(session: Session, source_id: int, since: datetime) -> tuple[int, int]:
    """How many leads of pings a source sold us, and for how many dollars."""
    [row] = _bought.run(session, {"of_source": source_id, "since": since})
    return int(row.leads), int(row.dollars)


def known_after(session: Session, arrival: int, since: datetime) -> list[Known]:
    """Phones and emails of arrivals after this one, in their order, at most AT_ONCE."""
    return [Known(row.id, row.received_at, row.value) for row in _known.run(session, {"after": arrival, "since": since})]


def forget_pings(session: Session, before: datetime) -> bool:
    """Drop a page of pings of which no lead came; whether there may be more."""
    return forget_page(session, _ping, (_ping.c.at < before) & _ping.c.lead_id.is_(None))

"""What sources sent, as it came: kept for a while to be read again, and for a person to look at where we did not understand it."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any, Literal

from sqlalchemy import CheckConstraint, Index, bindparam, delete, insert, select, text, update
from sqlmodel import Field, Session, SQLModel

from bot.store.columns import json_value, maybe_reference, reference, row_id, table_of
from bot.store.forgetting import AT_ONCE, forget_page
from bot.store.people import Source
from bot.store.prepared import Prepared
from bot.store.sealing import SealedBytes

State = Literal["kept", "unread", "made", "set_aside"]
"""Understood; waiting for a person; a lead was made of it after all; a person decided that it is none."""

LOOKED_THROUGH_AT_ONCE = 50
"""Bodies of one page, of which the longest hold 64 KiB each."""

_UNREAD = text("state = 'unread'")
_TOLD = text("told_seq IS NOT NULL")


class SourceRequest(SQLModel, table=True):
    """One request with the bytes of its body."""

    __tablename__ = "source_request"
    __table_args__ = (
        CheckConstraint("state IN ('kept', 'unread', 'made', 'set_aside')", name="source_request_state"),
        Index("ix_source_request_time", "received_at"),
        Index("ix_source_request_unread", "source_id", "digest", postgresql_where=_UNREAD, sqlite_where=_UNREAD),
        Index("ix_source_request_told", "told_seq", postgresql_where=_TOLD, sqlite_where=_TOLD),
    )

    id: int | None = row_id()
    source_id: int = reference("source.id")
    received_at: datetime
    content_type: str | None = None
    body: bytes = Field(sa_type=SealedBytes)
    digest: str  # of the body as it came, so that what is sent again and again waits once
    state: str = "kept"
    problems: list[dict[str, str]] | None = json_value()  # type and field of what was wrong with it
    told_seq: int | None = None  # the company's event of which who runs Leadbell was told
    arrival_id: int | None = maybe_reference("arrival.id", index=True)
    lead_id: int | None = maybe_reference("lead.id")  # that was made of it by hand


@dataclass(frozen=True, slots=True)
class RequestRow:
    id: int
    source_id: int
    source: str
    label: str
    received_at: datetime
    content_type: str | None
    body: bytes
    state: State
    told_seq: int | None
    arrival_id: int | None
    lead_id: int | None


request = table_of(SourceRequest)
_source = table_of(Source)
_insert = Prepared(insert(request).returning(request.c.id))
_came = select(request.c.id).where(request.c.source_id == bindparam("source_id"), request.c.digest == bindparam("digest"))
_waiting = Prepared(_came.where(request.c.state == "unread"))
_waiting_or_decided = Prepared(_came.where(request.c.told_seq.is_not(None)))
_rows = select(
    request.c.id, request.c.source_id, _source.c.key, _source.c.label, request.c.received_at, request.c.content_type, request.c.body,
    request.c.state, request.c.told_seq, request.c.arrival_id, request.c.lead_id,
).join(_source)  # fmt: skip
_one = Prepared(_rows.where(request.c.id == bindparam("of_request")))
_lock = select(request.c.id).where(request.c.id == bindparam("of_request")).with_for_update(key_share=True)
_settle = update(request).where(request.c.id == bindparam("of_request")).values(state=bindparam("settled"), lead_id=bindparam("made"))
_drop_of = delete(request).where(request.c.arrival_id == bindparam("of_arrival"))
_next = (
    _rows.where(request.c.id > bindparam("after"), request.c.received_at >= bindparam("since"), request.c.state.in_(("kept", "unread")))
    .order_by(request.c.id)
    .limit(bindparam("most"))
)
_of_no_lead = (
    select(request.c.id, request.c.body)
    .where(request.c.id > bindparam("after"), request.c.arrival_id.is_(None), request.c.lead_id.is_(None))
    .order_by(request.c.id)
    .limit(bindparam("most"))
)
_among = request.c.id.in_(bindparam("among", expanding=True))
_lock_these = select(request.c.id).where(_among).order_by(request.c.id).with_for_update()
_drop_these = delete(request).where(_among).returning(request.c.told_seq)
_told_of = Prepared(
    select(request.c.told_seq)
    .where(request.c.source_id == bindparam("source_id"), request.c.state == "unread", request.c.told_seq.is_not(None))
    .order_by(request.c.id.desc())
    .limit(1)
)
_told_by = (
    select(request.c.id, request.c.state, request.c.problems, request.c.lead_id)
    .where(request.c.told_seq == bindparam("seq"))
    .order_by(request.c.id)
)


def keep_request(session: Session, row: dict[str, Any]) -> int:
    return int(_insert.run(session, row)[0].id)


def keep_instead(session: Session, arrival_id: int, row: Mapping[str, Any] | None) -> None:
    """Of an arrival only the request that spoke last is kept: an older one, read again, would take back what was said since."""
    session.connection().execute(_drop_of, {"of_arrival": arrival_id})
    if row is not None:
        keep_request(session, {**row, "arrival_id": arrival_id})


def came_already(session: Session, source_id: int, digest: str, *, decided_too: bool) -> bool:
    """Whether the same bytes of the same source wait for a person by now, or, with `decided_too`, a person has decided about them."""
    asked = _waiting_or_decided if decided_too else _waiting
    return bool(asked.run(session, {"source_id": source_id, "digest": digest}))


def request_row(session: Session, request_id: int) -> RequestRow | None:
    found = _one.run(session, {"of_request": request_id})
    return _row(found[0]) if found else None


def lock_request(session: Session, request_id: int) -> RequestRow | None:
    """The request, which nobody else settles until this transaction ends."""
    session.connection().execute(_lock, {"of_request": request_id})
    return request_row(session, request_id)


def settle_request(session: Session, request_id: int, state: State, lead_id: int | None = None) -> None:
    session.connection().execute(_settle, {"of_request": request_id, "settled": state, "made": lead_id})


def next_requests(session: Session, after: int, since: datetime, source: str | None, most: int = 100) -> list[RequestRow]:
    """What may be read again, the oldest first: all of one source, or of every."""
    asked = _next if source is None else _next.where(_source.c.key == source)
    return [_row(row) for row in session.connection().execute(asked, {"after": after, "since": since, "most": most})]


def requests_of_no_lead(session: Session, meant: Callable[[bytes], bool]) -> tuple[int, ...]:
    """Those whose body is meant, of all that became no lead: they wait for a person, or were set aside."""
    found: list[int] = []
    page = {"after": 0, "most": LOOKED_THROUGH_AT_ONCE}
    while rows := session.connection().execute(_of_no_lead, page).all():
        found += [row.id for row in rows if meant(row.body)]
        page["after"] = rows[-1].id
    return tuple(found)


def lock_requests(session: Session, request_ids: Collection[int]) -> None:
    """Nobody settles them until this transaction ends."""
    for page in _pages(request_ids):
        session.connection().execute(_lock_these, {"among": page})


def drop_requests(session: Session, request_ids: Collection[int]) -> set[int]:
    """Delete them; the events of which somebody was told that they wait."""
    told: set[int] = set()
    for page in _pages(request_ids):
        told |= {seq for seq in session.connection().execute(_drop_these, {"among": page}).scalars() if seq is not None}
    return told


def _pages(request_ids: Collection[int]) -> Iterator[list[int]]:
    ids = iter(sorted(request_ids))
    while page := list(islice(ids, AT_ONCE)):
        yield page


def told_of(session: Session, source_id: int) -> int | None:
    """The event of which somebody was told that a request of this source waits, while any of those does."""
    found = _told_of.run(session, {"source_id": source_id})
    return found[0].told_seq if found else None


@dataclass(frozen=True, slots=True)
class UnreadView:
    """The requests of one message: those that wait, the oldest first, what was wrong with that one, and leads that were made of others."""

    waiting: tuple[int, ...]
    problems: Sequence[dict[str, str]]
    made: tuple[int, ...]


def unread_view(session: Session, seq: int) -> UnreadView:
    rows = session.connection().execute(_told_by, {"seq": seq}).all()
    waiting = [row for row in rows if row.state == "unread"]
    made = tuple(row.lead_id for row in rows if row.lead_id is not None)
    return UnreadView(tuple(row.id for row in waiting), (waiting[0].problems or ()) if waiting else (), made)


def forget_requests(session: Session, before: datetime) -> bool:
    """Drop a page of what is older; whether there may be more."""
    return forget_page(session, request, request.c.received_at < before)


def _row(row: Any) -> RequestRow:
    return RequestRow(*row)

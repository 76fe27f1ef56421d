"""The timeline: who did what, when. Append only, chained per lead (and once for the company), and so the audit trail."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

import orjson
from sqlalchemy import Index, UniqueConstraint, and_, bindparam, insert, or_, select, text, update
from sqlmodel import Session, SQLModel

from bot.store.columns import as_it_stands, json_value, maybe_reference, row_id, sealed_text, sealed_word, table_of, time_from
from bot.store.installation import Installation
from bot.store.leads import Lead
from bot.store.prepared import Prepared
from bot.store.sealing import MARK, Seal, WrongKey, seal_of

COMPANY = 0
"""The stream of what belongs to no lead: roster, config, digests."""


UNDONE = "undone"
"""The kind of an event that takes an earlier one back; its meta names that one's seq."""
ERASED = "erased"
"""The kind of an event that says that bodies before it were taken out; its meta names their seqs as `emptied`, except where an early
release wrote it."""


MAY_BEGIN = frozenset({"arrived", "asked_again", "staged", "clicked", "missed_call", "dated", "rate_drop"})
"""What may begin a sequence by itself: the lead is looked at."""


class Event(SQLModel, table=True):
    """One fact. `meta` holds no personal data; `body` may, and can be erased with its salt while the chain still verifies."""

    __table_args__ = (
        UniqueConstraint("stream", "seq", name="uq_event_stream_seq"),
        Index("ix_event_claims", "officer_id", "at", postgresql_where=text("kind = 'claimed'"), sqlite_where=text("kind = 'claimed'")),
        Index("ix_event_clicked", "stream", "seq", postgresql_where=text("kind = 'clicked'"), sqlite_where=text("kind = 'clicked'")),
        Index("ix_event_given", "officer_id", "at", postgresql_where=text("kind = 'assigned'"), sqlite_where=text("kind = 'assigned'")),
    )

    id: int | None = row_id()
    stream: int  # a lead's number, or COMPANY
    seq: int
    kind: str
    actor: str  # leadbell, source:KEY or officer:KEY
    officer_id: int | None = maybe_reference("officer.id")
    at: datetime
    subject_id: int | None = maybe_reference("borrower.id")
    meta: dict[str, Any] = json_value()
    body: str | None = sealed_text()
    salt: str | None = sealed_word()  # with it, a short body could be found by trying
    body_digest: str | None = None
    digest: str


@dataclass(frozen=True, slots=True)
class Fact:
    """What to append: `meta` without personal data, `body` personal."""

    kind: str
    actor: str
    at: datetime
    meta: Mapping[str, Any]
    officer_id: int | None = None
    subject_id: int | None = None
    body: Mapping[str, Any] | None = None


_lead = table_of(Lead)
_installation = table_of(Installation)
_event = table_of(Event)

_insert = Prepared(insert(_event))
_lead_head = Prepared(
    select(_lead.c.head_seq, _lead.c.head_digest).where(_lead.c.id == bindparam("stream")).with_for_update(key_share=True)
)
_set_lead_head = Prepared(
    update(_lead).where(_lead.c.id == bindparam("stream")).values(head_seq=bindparam("to_seq"), head_digest=bindparam("to_digest"))
)
_set_and_look = Prepared(
    update(_lead)
    .where(_lead.c.id == bindparam("stream"))
    .values(head_seq=bindparam("to_seq"), head_digest=bindparam("to_digest"), drip_look_at=bindparam("look_at"))
)
_company_head = Prepared(select(_installation.c.head_seq, _installation.c.head_digest).with_for_update(key_share=True))
_set_company_head = Prepared(update(_installation).values(head_seq=bindparam("to_seq"), head_digest=bindparam("to_digest")))


def append_event(session: Session, stream: int, fact: Fact, salt: str, *, first: bool = False) -> int:
    """Append one fact to a stream and return its seq. `first` says that the stream was made in this transaction and has no head yet."""
    company = stream == COMPANY
    where = {} if company else {"stream": stream}
    seq, previous = (0, "") if first else (_company_head if company else _lead_head).run(session, where)[0]
    row = chained(stream, seq + 1, previous, fact, salt)
    _insert.run(session, row)
    head = {**where, "to_seq": seq + 1, "to_digest": row["digest"]}
    if not company and fact.kind in MAY_BEGIN:
        _set_and_look.run(session, {**head, "look_at": fact.at})
    else:
        (_set_company_head if company else _set_lead_head).run(session, head)
    return int(seq) + 1


def hold_company(session: Session) -> None:
    """Let nobody else append to the company's stream until the transaction ends."""
    _company_head.run(session, {})


def append_events(session: Session, facts: Sequence[tuple[int, Fact]], salt: str) -> None:
    """Append each of these facts to the stream of its lead, in their order, of kinds that begin nothing by themselves."""
    leads = sorted({lead_id for lead_id, _ in facts})
    heads = {
        lead: tuple(found[0]) for lead, found in zip(leads, _lead_head.run_each(session, [{"stream": each} for each in leads]), strict=True)
    }
    rows = []
    for lead_id, fact in facts:
        seq, previous = heads[lead_id]
        row = chained(lead_id, seq + 1, previous, fact, salt)
        heads[lead_id] = row["seq"], row["digest"]
        rows.append(row)
    _insert.run_each(session, rows)
    _set_lead_head.run_each(session, [{"stream": lead, "to_seq": seq, "to_digest": digest} for lead, (seq, digest) in heads.items()])


def chained(stream: int, seq: int, previous: str, fact: Fact, salt: str) -> dict[str, Any]:
    """The row of a fact at its place in the chain. The digest covers the metadata and the body's digest, never the body itself."""
    body = None if fact.body is None else orjson.dumps(fact.body, option=orjson.OPT_SORT_KEYS).decode()
    salt = hashlib.sha256(f"{salt}:{stream}:{seq}".encode()).hexdigest()[:32]
    body_digest = None if body is None else hashlib.sha256(f"{salt}:{body}".encode()).hexdigest()
    row = {
        "stream": stream,
        "seq": seq,
        "kind": fact.kind,
        "actor": fact.actor,
        "officer_id": fact.officer_id,
        "at": fact.at,
        "subject_id": fact.subject_id,
        "meta": dict(fact.meta),
        "body": body,
        "salt": None if body is None else salt,
        "body_digest": body_digest,
    }
    return {**row, "digest": _digest(previous, row)}


def _digest(previous: str, row: Mapping[str, Any]) -> str:
    covered = [
        previous, row["stream"], row["seq"], row["kind"], row["actor"], row["officer_id"],
        row["at"].timestamp(), row["subject_id"], row["meta"], row["body_digest"],
    ]  # fmt: skip
    return hashlib.sha256(orjson.dumps(covered, option=orjson.OPT_SORT_KEYS)).hexdigest()


def _has_its_body(event: Any, seal: Seal | None) -> bool:
    """Whether the body, as it stands in the store, is the one that the chain covers; a sealed one is not looked at without a key. Raises
    ValueError for what is no text."""
    if not all(isinstance(each, str | None) for each in (event.body, event.salt)):
        raise ValueError
    if event.body is None or (seal is None and event.body.startswith(MARK)):
        return True
    try:
        salt, body = (
            each if seal is None or each is None else seal.open(f"event.{name}", each)
            for name, each in (("salt", event.salt), ("body", event.body))
        )
    except WrongKey:
        return False
    return bool(event.body_digest == hashlib.sha256(f"{salt}:{body}".encode()).hexdigest())


@dataclass(frozen=True, slots=True)
class PastEvent:
    """A fact as it stands in a timeline, without its personal part."""

    stream: int
    seq: int
    kind: str
    actor: str
    officer_id: int | None
    at: datetime
    meta: Mapping[str, Any]


_since = Prepared(
    select(_event.c.stream, _event.c.seq, _event.c.kind, _event.c.actor, _event.c.officer_id, _event.c.at, _event.c.meta)
    .where(_event.c.stream == bindparam("of_stream"), _event.c.seq >= bindparam("from_seq"))
    .order_by(_event.c.seq)
)


def events_since(session: Session, stream: int, seq: int) -> list[PastEvent]:
    """The event with this seq and all after it, in order."""
    return [PastEvent(*row) for row in _since.run(session, {"of_stream": stream, "from_seq": seq})]


def taken_back(events: Iterable[PastEvent]) -> set[int]:
    """The seqs of those events that somebody took back since."""
    return {event.meta["seq"] for event in events if event.kind == UNDONE}


_whole = Prepared(
    select(_event.c.seq, _event.c.at, _event.c.actor, _event.c.kind, _event.c.meta, _event.c.body, _event.c.body_digest, _event.c.digest)
    .where(_event.c.stream == bindparam("of_stream"))
    .order_by(_event.c.seq)
)


def whole_events(session: Session, stream: int) -> Sequence[Any]:
    """All of a timeline in order, with what is personal in it."""
    return _whole.run(session, {"of_stream": stream})


READ_AT_ONCE = 2000
_UNREAD = ("at", "meta", "body", "salt")
_page = Prepared(
    select(*(as_it_stands(column).label(column.name) if column.name in _UNREAD else column for column in _event.c))
    .where(
        or_(_event.c.stream > bindparam("of_stream"), and_(_event.c.stream == bindparam("of_stream"), _event.c.seq > bindparam("after")))
    )
    .order_by(_event.c.stream, _event.c.seq)
    .limit(READ_AT_ONCE)
)
_company = Prepared(select(_installation.c.head_seq, _installation.c.head_digest))
_heads = Prepared(
    select(_lead.c.id, _lead.c.head_seq, _lead.c.head_digest)
    .where(_lead.c.id > bindparam("after"))
    .order_by(_lead.c.id)
    .limit(READ_AT_ONCE)
)


@dataclass(slots=True)
class Read:
    """How many leads and events a walk has read so far."""

    leads: int = 0
    events: int = 0


def broken_links(session: Session, read: Read | None = None) -> Iterator[tuple[int, int, str]]:
    """Walk every chain and yield (stream, seq, what is wrong) for each bad row, by stream, and count what is `read`. A row that nobody can
    read is one of them. A body that is gone is not wrong where a later event says that it was erased; a sealed one is looked at only with
    its key, and its place in the chain without.

    Wants one snapshot, as `Store.read_now` gives: an event that comes meanwhile would look slipped in.
    """
    seal = seal_of(session.connection().dialect)
    read = read or Read()
    heads = _all_heads(session, read)
    head = next(heads, None)
    for stream, events in groupby(_all_events(session, read), lambda event: event.stream):
        if not isinstance(stream, int):
            yield from ((stream, event.seq, UNREADABLE) for event in events)
            continue
        while head is not None and head[0] < stream:
            yield from _without_events(head)
            head = next(heads, None)
        seq, digest = 0, ""
        gone: set[int] = set()
        for event in events:
            wrong = _wrong_with(event, seq, digest, seal)
            if wrong is not None:
                yield stream, event.seq, wrong
            elif event.body is None and event.body_digest is not None:
                gone.add(event.seq)
            elif event.kind == ERASED:
                gone.difference_update(_emptied(orjson.loads(event.meta), gone))
            if isinstance(event.seq, int):
                seq, digest = event.seq, event.digest if wrong is None else _as_text(event.digest)
        yield from ((stream, each, GONE) for each in sorted(gone))
        wanted = (0, "")
        if head is not None and head[0] == stream:
            wanted, head = head[1:], next(heads, None)
        if (seq, digest) != wanted:
            yield stream, wanted[0], CUT_OFF
    while head is not None:
        yield from _without_events(head)
        head = next(heads, None)


UNREADABLE = "cannot be read"
CUT_OFF = "the end of the timeline is missing or was changed"
GONE = "the body is gone, and nothing says that it was erased"


def _without_events(head: tuple[int, int, str]) -> Iterator[tuple[int, int, str]]:
    if head[1]:
        yield head[0], head[1], CUT_OFF


def _as_text(digest: Any) -> str:
    """What the next event is told to come after, whatever stands there: that one can be read."""
    return str(digest).encode(errors="replace").decode()


def _emptied(meta: Mapping[str, Any], gone: set[int]) -> set[int]:
    """Which of these bodies an erasure names: all of them where an early release wrote it."""
    named = meta.get("emptied", tuple(gone))
    return {seq for seq in gone if seq in named} if isinstance(named, Sequence) and not isinstance(named, str) else set()


def _wrong_with(event: Any, seq: int, digest: str, seal: Seal | None) -> str | None:
    """What is wrong with an event that comes after the one with this seq and digest."""
    if isinstance(event.seq, int) and event.seq != seq + 1:
        return "an event before this one is missing"
    try:
        if event.digest != _digest(digest, _decoded(event)):
            return "the event was changed"
        if not _has_its_body(event, seal):
            return "the body was changed"
    except (ValueError, orjson.JSONEncodeError):
        return UNREADABLE
    return None


def _decoded(event: Any) -> dict[str, Any]:
    """The row of an event that was read as it stands. Raises ValueError where it holds what Leadbell never writes."""
    row: dict[str, Any] = event._asdict()
    row["at"], row["meta"] = time_from(event.at), orjson.loads(event.meta)
    if not isinstance(event.seq, int) or not isinstance(row["meta"], dict):
        raise ValueError
    return row


def _all_heads(session: Session, read: Read) -> Iterator[tuple[int, int, str]]:
    """(stream, seq, digest) of each, the company's first; it has none in a store that never ran."""
    for company in _company.run_on_damaged(session, {}):
        yield COMPANY, company.head_seq, company.head_digest
    after = 0
    while page := _heads.run_on_damaged(session, {"after": after}):
        read.leads += len(page)
        for row in page:
            yield row.id, row.head_seq, row.head_digest
        after = page[-1].id


def _all_events(session: Session, read: Read) -> Iterator[Any]:
    stream, after = COMPANY, 0
    while page := _page.run_on_damaged(session, {"of_stream": stream, "after": after}):
        read.events += len(page)
        yield from page
        stream, after = page[-1].stream, page[-1].seq
        if not isinstance(stream, int):
            return  # SQLite orders what is no number after all numbers, and nothing that is right follows
        if not isinstance(after, int):
            stream, after = stream + 1, 0

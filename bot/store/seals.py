"""A chain over the heads of all timelines, one for the whole installation: whoever kept its newest link sees what is cut off later."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import BigInteger, Float, Index, bindparam, exists, func, insert, literal, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert  # its ON CONFLICT compiles for SQLite too
from sqlmodel import Field, Session, SQLModel

from bot.errors import LeadbellError
from bot.store.columns import as_it_stands, database_time, row_id, table_of, time_from
from bot.store.events import Event
from bot.store.prepared import Prepared

SEALED_EVERY = 50.0
"""Seconds after a look that got through in which nobody looks again: each process asks once a minute, and one of them does it."""
AT_ONCE = 2000
"""How many events one transaction seals at most, so that nobody waits long for it."""
_WRITTEN = re.compile(r"(\d{1,18})-([0-9a-f]{64})")


class Seal(SQLModel, table=True):
    """One link: the timeline of a stream up to a seq, by that event's digest. Numbered without gaps."""

    __table_args__ = (Index("uq_seal_stream_seq", "stream", "seq", unique=True),)

    id: int | None = row_id()
    stream: int
    seq: int
    digest: str
    previous: str
    at: datetime = Field(index=True)


class Sealing(SQLModel, table=True):
    """One row: the end of the chain, up to which event everything is sealed for good, and when somebody may look again (by the database's
    clock).

    On PostgreSQL an event may be committed after one with a higher number. So what lies behind `sealed_event` is looked through each time,
    until everybody is done who was at work when `seen_event` was the newest: all transactions before the number `seen_by`.
    """

    id: int = Field(default=1, primary_key=True)
    links: int = Field(default=0, sa_type=BigInteger)
    digest: str = ""
    sealed_event: int = Field(default=0, sa_type=BigInteger)
    seen_event: int = Field(default=0, sa_type=BigInteger)
    seen_by: int | None = Field(default=None, sa_type=BigInteger)
    next_at: datetime


@dataclass(frozen=True, slots=True)
class Head:
    """The newest link of the chain, as it is posted: its number and its digest."""

    links: int
    digest: str

    def __str__(self) -> str:
        return f"{self.links}-{self.digest}"


class NoHead(LeadbellError):
    """What was given is no head as Leadbell posts it: a number, a dash and 64 letters and digits."""


def head_from(written: str) -> Head:
    """A head as it was posted. Raises NoHead."""
    found = _WRITTEN.fullmatch(written.strip())
    if found is None:
        raise NoHead
    return Head(int(found[1]), found[2])


_event, _seal, _sealing = table_of(Event), table_of(Seal), table_of(Sealing)
_now = database_time()

_make = Prepared(upsert(_sealing).values(id=1, links=0, digest="", sealed_event=0, seen_event=0, next_at=_now).on_conflict_do_nothing())
_take = Prepared(
    select(_sealing.c.links, _sealing.c.digest, _sealing.c.sealed_event, _sealing.c.seen_event, _sealing.c.seen_by)
    .where(_sealing.c.next_at <= _now)
    .with_for_update()
)
_done = Prepared(
    update(_sealing).values(
        links=bindparam("to_links"),
        digest=bindparam("to_digest"),
        sealed_event=bindparam("to_sealed"),
        seen_event=bindparam("to_seen"),
        seen_by=bindparam("to_seen_by"),
    )
)
_rest = Prepared(update(_sealing).values(next_at=database_time(literal(SEALED_EVERY, Float))))
_newest_event = Prepared(select(func.coalesce(func.max(_event.c.id), 0).label("id")))
_oldest_at_work = text("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
_next_number = text("SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint")
_grown = (
    select(_event.c.stream, func.max(_event.c.seq).label("seq"))
    .where(_event.c.id > bindparam("after"), _event.c.id <= bindparam("until"))
    .group_by(_event.c.stream)
    .subquery("grown")
)
_to_seal = Prepared(
    select(_event.c.stream, _event.c.seq, _event.c.digest)
    .join_from(_grown, _event, (_event.c.stream == _grown.c.stream) & (_event.c.seq == _grown.c.seq))
    .where(~exists().where(_seal.c.stream == _grown.c.stream, _seal.c.seq >= _grown.c.seq))
    .order_by(_event.c.stream)
)
_insert = Prepared(insert(_seal))


def seal_next(session: Session, at: datetime, after: int = 0) -> int:
    """Seal the timelines that grew, if nobody did within the last minute. Returns behind which event this look goes on, and 0 once it is
    through: whoever looks calls it again with that.

    Whoever has taken the row holds it until its commit: another process waits for it, and goes on where that one is through.
    """
    _make.run(session, {})
    taken = _take.run(session, {})
    if not taken:
        return 0
    links, digest, sealed, seen, seen_by = taken[0]
    settled = _are_done(session, seen_by)
    newest: int = _newest_event.run(session, {})[0].id
    begin = max(after, sealed)
    until: int = min(newest, begin + AT_ONCE)
    for stream, seq, event_digest in _to_seal.run(session, {"after": begin, "until": until}):
        links, previous, digest = links + 1, digest, link_digest(digest, stream, seq, event_digest, at)
        _insert.run(session, {"id": links, "stream": stream, "seq": seq, "digest": digest, "previous": previous, "at": at})
    if settled and begin == sealed:  # all of it is there, and nothing before it is left out
        sealed = max(sealed, min(until, seen))
        if sealed == seen:
            seen, seen_by = newest, _next_transaction(session)
    _done.run(session, {"to_links": links, "to_digest": digest, "to_sealed": sealed, "to_seen": seen, "to_seen_by": seen_by})
    if until < newest:
        return until
    _rest.run(session, {})
    return 0


def _are_done(session: Session, seen_by: int | None) -> bool:
    """Whether all who were at work at the last look are done. A number that is not given out yet is of another server: then too."""
    if seen_by is None:
        return True
    oldest: int = session.connection().execute(_oldest_at_work).scalar_one()
    following = _next_transaction(session)
    return oldest >= seen_by or following is None or following < seen_by


def _next_transaction(session: Session) -> int | None:
    """The number of the next transaction; None on SQLite, where they come one after the other."""
    connection = session.connection()
    if connection.dialect.name != "postgresql":
        return None
    number: int = connection.execute(_next_number).scalar_one()
    return number


def link_digest(previous: str, stream: int, seq: int, event_digest: str, at: datetime) -> str:
    """The digest of a link: of the one before it, and of the event that it seals."""
    return hashlib.sha256(orjson.dumps([previous, stream, seq, event_digest, at.timestamp()])).hexdigest()


_head = Prepared(select(_sealing.c.links, _sealing.c.digest))
_looked = Prepared(select(_sealing.c.next_at, _now.label("now")))
_link = Prepared(select(_seal.c.digest).where(_seal.c.id == bindparam("number")))
_sealed = Prepared(select(func.coalesce(func.max(_seal.c.seq), 0).label("seq")).where(_seal.c.stream == bindparam("of_stream")))
_page = Prepared(
    select(
        *(_seal.c[name] for name in ("id", "stream", "seq", "digest", "previous")),
        as_it_stands(_seal.c.at).label("at"),
        _event.c.digest.label("event_digest"),
    )
    .outerjoin_from(_seal, _event, (_event.c.stream == _seal.c.stream) & (_event.c.seq == _seal.c.seq))
    .where(_seal.c.id > bindparam("after"))
    .order_by(_seal.c.id)
    .limit(AT_ONCE)
)


def newest_head(session: Session) -> Head | None:
    """The end of the chain; None where nothing is sealed yet."""
    found = _head.run_on_damaged(session, {})
    return Head(found[0].links, found[0].digest) if found and found[0].links else None


def against(session: Session, posted: Head) -> str | None:
    """What is wrong with the chain by a head that was posted earlier; None where its link still stands as it was."""
    found = _link.run_on_damaged(session, {"number": posted.links})
    if not found:
        return f"seal {posted.links} is not in the store: the end of the timeline was cut off, or this is another store"
    if found[0].digest != posted.digest:
        return f"seal {posted.links} is not the one that was posted: the timeline was replaced, or this is another store"
    return None


def seconds_unsealed(session: Session) -> float:
    """How long the oldest event may be unsealed by now: the time since the last look that got through; 0 where nobody looked yet."""
    found = _looked.run(session, {})
    return max(0.0, (found[0].now - found[0].next_at).total_seconds() + SEALED_EVERY) if found else 0.0


def sealed_until(session: Session, stream: int) -> int:
    """The seq up to which a timeline is sealed; 0 where nothing of it is."""
    return int(_sealed.run(session, {"of_stream": stream})[0].seq)


def broken_seals(session: Session) -> Iterator[tuple[int, int, str]]:
    """Walk the chain and yield (stream, seq, what is wrong) for each bad link."""
    number, digest, stream, seq = 0, "", 0, 0
    while page := _page.run_on_damaged(session, {"after": number}):
        for link in page:
            stream, seq = link.stream, link.seq
            if link.id != number + 1:
                yield stream, seq, "a seal before the one of this event is missing"
            elif link.event_digest is None:
                yield stream, seq, "the event was sealed and is missing"
            elif (expected := _expected(link)) is None:
                yield stream, seq, SEAL_UNREADABLE
            elif link.previous != digest or link.digest != expected:
                yield stream, seq, "the event is not the one that was sealed, or its seal was changed"
            number, digest = link.id, link.digest
    if (newest_head(session) or Head(0, "")) != Head(number, digest):
        yield stream, seq, "the newest seals are missing or were changed"


SEAL_UNREADABLE = "its seal cannot be read"


def _expected(link: Any) -> str | None:
    """The digest that a link must have; None for one that nobody can read."""
    try:
        return link_digest(link.previous, link.stream, link.seq, link.event_digest, time_from(link.at))
    except (ValueError, orjson.JSONEncodeError):
        return None

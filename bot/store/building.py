"""Drafts of sequences: what people build in chat until another one approves it, one open draft for each sequence."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Index, bindparam, func, or_, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert  # its ON CONFLICT compiles for SQLite too, the other way round it does not
from sqlmodel import Field, Session, SQLModel

from bot.rules.building import Body
from bot.store.columns import RowId, json_value, long_text, reference, row_id, table_of
from bot.store.people import Sequence as SequenceRow
from bot.store.people import officer

OPEN, ASKED, PUBLISHED, DROPPED = "open", "asked", "published", "dropped"
_IS_OPEN = "state = 'open' OR state = 'asked'"
_bodies: TypeAdapter[Body] = TypeAdapter(Body)


class Draft(SQLModel, table=True):
    """A sequence as it is being built. Whoever changes it names the revision that they saw."""

    __tablename__ = "drip_draft"
    __table_args__ = (
        Index("uq_drip_draft_open", "key", unique=True, postgresql_where=text(_IS_OPEN), sqlite_where=text(_IS_OPEN)),
    )  # fmt: skip

    id: int | None = row_id()
    key: str
    state: str = OPEN
    body: str = long_text()
    base_version: int = 0  # the version that it began from, or goes after; 0 where there is none yet
    revision: int = 1
    authors: list[Any] = json_value()  # the ids of all who wrote it: none of them may approve it
    changed_by: int = reference("officer.id")
    changed_at: datetime
    asked_by: int | None = Field(default=None, sa_type=RowId)
    asked_seq: int = 0  # the company's event that asked for approval, by which those who were asked are told
    judged_by: int | None = Field(default=None, sa_type=RowId)
    why: str | None = long_text()  # what whoever approved it or sent it back said


@dataclass(frozen=True, slots=True)
class DraftView:
    """A draft as it stands, with the names of who changed it last, who asked for approval, and who decided."""

    id: int
    key: str
    state: str
    body: Body
    base_version: int
    revision: int
    authors: tuple[int, ...]
    changed_by: int
    changer: str
    changed_at: datetime
    asked_by: int | None
    asker: str | None
    asked_seq: int
    judge: str | None
    why: str | None

    @property
    def is_open(self) -> bool:
        return self.state in (OPEN, ASKED)

    def named(self, language: str) -> str:
        """What officers who read this language call it."""
        head = self.body.head
        return str(head.get(f"name_{language}") or head.get("name_en") or self.key)


_draft, _sequence = table_of(Draft), table_of(SequenceRow)
_asker, _judge = officer.alias("asker"), officer.alias("judge")
_columns = (
    select(
        _draft.c.id, _draft.c.key, _draft.c.state, _draft.c.body, _draft.c.base_version, _draft.c.revision, _draft.c.authors,
        _draft.c.changed_by, officer.c.name.label("changer"), _draft.c.changed_at, _draft.c.asked_by, _asker.c.name.label("asker"),
        _draft.c.asked_seq, _judge.c.name.label("judge"), _draft.c.why,
    )
    .join_from(_draft, officer, officer.c.id == _draft.c.changed_by)
    .outerjoin(_asker, _asker.c.id == _draft.c.asked_by)
    .outerjoin(_judge, _judge.c.id == _draft.c.judged_by)
)  # fmt: skip
_BODY, _AUTHORS = 3, 6
_one = _columns.where(_draft.c.id == bindparam("of_draft"))
_lock = select(_draft.c.id).where(_draft.c.id == bindparam("of_draft")).with_for_update(key_share=True)
_open_ones = or_(_draft.c.state == OPEN, _draft.c.state == ASKED)
_open_of = _columns.where(_draft.c.key == bindparam("of_key"), _open_ones)
_all_open = _columns.where(_open_ones).order_by(_draft.c.key)
_begin = upsert(_draft).on_conflict_do_nothing().returning(_draft.c.id)
_publish = upsert(_sequence).on_conflict_do_nothing().returning(_sequence.c.id)
_newest = select(func.max(_sequence.c.version)).where(_sequence.c.key == bindparam("of_key"))
_who = select(officer.c.id).where(officer.c.active, officer.c.role.in_(bindparam("roles", expanding=True))).order_by(officer.c.id)


def begin_draft(session: Session, key: str, body: Body, base_version: int, officer_id: int, at: datetime) -> int | None:
    """Keep a new draft; its id, or None where there is an open one of this key."""
    row = {
        "key": key, "state": OPEN, "body": _bodies.dump_json(body).decode(), "base_version": base_version, "revision": 1,
        "authors": [officer_id], "changed_by": officer_id, "changed_at": at, "asked_seq": 0,
    }  # fmt: skip
    found: int | None = session.connection().execute(_begin, row).scalar_one_or_none()
    return found


def draft_view(session: Session, draft_id: int) -> DraftView | None:
    return _viewed(session.connection().execute(_one, {"of_draft": draft_id}).one_or_none())


def lock_draft(session: Session, draft_id: int) -> DraftView | None:
    """The same with its row locked."""
    session.connection().execute(_lock, {"of_draft": draft_id}).all()
    return draft_view(session, draft_id)


def open_draft_of(session: Session, key: str) -> DraftView | None:
    return _viewed(session.connection().execute(_open_of, {"of_key": key}).one_or_none())


def open_drafts(session: Session) -> list[DraftView]:
    """All that are being built, by key."""
    return [view for row in session.connection().execute(_all_open) if (view := _viewed(row)) is not None]


def change_draft(session: Session, draft_id: int, **values: Any) -> None:
    session.connection().execute(update(_draft).where(_draft.c.id == draft_id).values(**values))


def write_draft(session: Session, draft: DraftView, body: Body, officer_id: int, at: datetime) -> None:
    """The next revision of a draft, which is locked; who had been asked about it is asked no more."""
    change_draft(
        session, draft.id, body=_bodies.dump_json(body).decode(), revision=draft.revision + 1, state=OPEN, changed_by=officer_id,
        changed_at=at, authors=sorted({*draft.authors, officer_id}),
    )  # fmt: skip


def add_version(session: Session, key: str, document: str, after: int) -> int | None:
    """Keep a document as the version that follows this one; its number, or None where another one followed meanwhile."""
    connection = session.connection()
    if int(connection.execute(_newest, {"of_key": key}).scalar_one() or 0) != after:
        return None
    row: Mapping[str, Any] = {
        "key": key, "version": after + 1, "content": document, "origin": "chat", "steps": [], "names": None, "stages": None,
    }  # fmt: skip
    return after + 1 if connection.execute(_publish, row).scalar_one_or_none() is not None else None


def officers_in(session: Session, roles: Sequence[str]) -> list[int]:
    """The active officers in any of these roles."""
    return list(session.connection().execute(_who, {"roles": list(roles)}).scalars())


def _viewed(row: Any) -> DraftView | None:
    if row is None:
        return None
    columns = list(row)
    columns[_BODY], columns[_AUTHORS] = _bodies.validate_json(columns[_BODY]), tuple(columns[_AUTHORS] or ())
    return DraftView(*columns)

"""How far a mailbox of ours is read."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import BigInteger, bindparam, select
from sqlalchemy.dialects.postgresql import insert  # its ON CONFLICT compiles for SQLite too, the other way round it does not
from sqlmodel import Field, Session, SQLModel

from bot.store.columns import table_of


class Inbox(SQLModel, table=True):
    """One mailbox, by a digest of its address: the last mail that was read, and the server's day of it."""

    key: str = Field(primary_key=True)
    validity: int = Field(sa_type=BigInteger)
    last_uid: int = Field(sa_type=BigInteger)
    read_on: date


@dataclass(frozen=True, slots=True)
class ReadUntil:
    """UIDs grow, and hold under one validity: under another they are numbered anew."""

    validity: int
    last_uid: int
    read_on: date


_inbox = table_of(Inbox)
_of_key = select(_inbox.c.validity, _inbox.c.last_uid, _inbox.c.read_on).where(_inbox.c.key == bindparam("of_key"))
_begun = insert(_inbox)
_keep = _begun.on_conflict_do_update(
    index_elements=[_inbox.c.key],
    set_={"validity": _begun.excluded.validity, "last_uid": _begun.excluded.last_uid, "read_on": _begun.excluded.read_on},
)


def read_until(session: Session, key: str) -> ReadUntil | None:
    found = session.connection().execute(_of_key, {"of_key": key}).one_or_none()
    return ReadUntil(*found) if found else None


def note_read(session: Session, key: str, until: ReadUntil) -> None:
    row = {"key": key, "validity": until.validity, "last_uid": until.last_uid, "read_on": until.read_on}
    session.connection().execute(_keep, row)

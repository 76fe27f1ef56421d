"""When a mail program first loaded the picture in an email of ours: a hint, by which nothing else here goes."""

from datetime import datetime

from sqlalchemy import bindparam, select, update
from sqlmodel import Session

from bot.rules.clicking import SCANNED_WITHIN
from bot.store.messages import message
from bot.store.prepared import Prepared

_first = (
    message.c.id == bindparam("email_id"),
    message.c.channel == "email",
    message.c.direction == "out",
    message.c.opened_at.is_(None),
    message.c.left_at <= bindparam("left_by"),
    message.c.subject.is_not(None),  # of who was erased nothing is noted any more
)
_is_first = Prepared(select(message.c.id).where(*_first))
_note = Prepared(update(message).where(*_first).values(opened_at=bindparam("at")))


def is_first_open(session: Session, email_id: int, now: datetime) -> bool:
    """Whether there is something to note: most loads are of an email that was loaded before, and cost no writing."""
    return bool(_is_first.run(session, {"email_id": email_id, "left_by": now - SCANNED_WITHIN}))


def note_open(session: Session, email_id: int, now: datetime) -> None:
    """Note it where it is the first, and no program's that looks at mail as it arrives."""
    _note.run(session, {"email_id": email_id, "left_by": now - SCANNED_WITHIN, "at": now})

"""What officers wrote about a lead: notes, and those of logged calls and reminders, as its timeline holds them."""

from dataclasses import dataclass
from datetime import datetime

import orjson
from sqlalchemy import bindparam, select
from sqlmodel import Session

from bot.rules.redaction import redact
from bot.store.columns import table_of
from bot.store.events import Event, events_since, taken_back


@dataclass(frozen=True, slots=True)
class Note:
    officer: str
    at: datetime
    words: str


_event = table_of(Event)
_notes = (
    select(_event.c.seq, _event.c.at, _event.c.meta, _event.c.body)
    .where(
        _event.c.stream == bindparam("of_lead"),
        _event.c.kind.in_(("noted", "logged", "next_touch")),
        _event.c.body.is_not(None),  # an erased person's notes are gone
    )
    .order_by(_event.c.seq.desc())
)


def newest_notes(session: Session, lead_id: int, most: int) -> tuple[Note, ...]:
    """The newest notes that nobody took back, the newest first, without the numbers that no chat may read."""
    rows = session.connection().execute(_notes, {"of_lead": lead_id}).all()
    gone = taken_back(events_since(session, lead_id, rows[-1].seq)) if rows else set()
    return tuple(Note(row.meta["officer"], row.at, redact(orjson.loads(row.body)["note"])) for row in rows if row.seq not in gone)[:most]

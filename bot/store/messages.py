"""Texts to and from borrowers: kept once, sent at most once, and where each of them stands."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import and_, bindparam, func, insert, or_, select, update
from sqlmodel import Session

from bot.store.columns import database_time, table_of
from bot.store.contacts import ContactPoint, lock_keys
from bot.store.leads import lock_lead
from bot.store.outbound import Message
from bot.store.prepared import Prepared

Status = Literal[
    "queued", "held", "sending", "uncertain", "sent", "delivered", "failed", "refused",
    "received", "unplaced", "unclear", "opt_out",
]  # fmt: skip
"""Ours go from queued to delivered. A borrower's is unplaced while nobody said whose it is, unclear while it may be an opt-out."""

CALL_LIMIT = 8.0
"""Seconds that one call to the phone network may take."""
SENDING_ENDS_AFTER = CALL_LIMIT + 2.0
"""Seconds after which a text that is marked as being sent is known to have failed, or to have left without our hearing of it."""
AT_ONCE = 40
"""How many texts one look hands out at most."""


@dataclass(frozen=True, slots=True)
class TextRow:
    """A text as it stands, with the number at the other end."""

    id: int
    lead_id: int | None
    contact_point_id: int
    number: str
    key: str
    direction: str
    status: Status
    purpose: str
    words: str
    provider_id: str | None
    officer_id: int | None
    event_seq: int
    created_at: datetime
    due_at: datetime | None
    attempts: int
    fence: int
    because: str | None


message, _contact = table_of(Message), table_of(ContactPoint)
_now = database_time()
_row = (
    select(
        message.c.id, message.c.lead_id, message.c.contact_point_id, _contact.c.value, _contact.c.key, message.c.direction,
        message.c.status, message.c.purpose, message.c.body, message.c.provider_id, message.c.officer_id, message.c.event_seq,
        message.c.created_at, message.c.due_at, message.c.attempts, message.c.fence, message.c.gave_up_because,
    )
    .join_from(message, _contact)
    .where(message.c.id == bindparam("text_id"))
)  # fmt: skip
_locked_row = _row.with_for_update(key_share=True, of=message)
_keep = Prepared(insert(message).returning(message.c.id))
_kept = Prepared(select(message.c.id).where(message.c.provider == bindparam("by_provider"), message.c.provider_id == bindparam("with_id")))
_last_written_to = Prepared(
    select(message.c.lead_id)
    .where(
        message.c.contact_point_id == bindparam("to_contact"),
        message.c.direction == "out",
        message.c.lead_id.is_not(None),
        or_(message.c.status == "sending", message.c.status == "uncertain", message.c.status == "sent", message.c.status == "delivered"),
    )
    .order_by(message.c.id.desc())
    .limit(1)
)
_newer = Prepared(
    select(message.c.id)
    .where(
        message.c.contact_point_id == bindparam("of_contact"), message.c.direction == "in", message.c.created_at > bindparam("written_at")
    )
    .limit(1)
)


_NEW: Mapping[str, Any] = {
    "lead_id": None, "channel": "sms", "purpose": "words", "pictures": 0, "provider": None, "provider_id": None, "officer_id": None,
    "event_seq": 0, "due_at": None, "attempts": 0, "fence": 0,
}  # fmt: skip


def keep_text(session: Session, row: Mapping[str, Any]) -> int:
    """Write down a text in either direction; its id."""
    return int(_keep.run(session, {**_NEW, **row})[0].id)


def is_kept(session: Session, provider: str, provider_id: str) -> bool:
    """Whether this text of the provider's is known already."""
    return bool(_kept.run(session, {"by_provider": provider, "with_id": provider_id}))


def last_lead_written_to(session: Session, contact_point_id: int) -> int | None:
    """The lead about which we last wrote to this number."""
    found = _last_written_to.run(session, {"to_contact": contact_point_id})
    return int(found[0].lead_id) if found else None


def newer_was_received(session: Session, contact_point_id: int, written_at: datetime) -> bool:
    """Whether something that this number wrote later is known already."""
    return bool(_newer.run(session, {"of_contact": contact_point_id, "written_at": written_at}))


def text_row(session: Session, text_id: int) -> TextRow | None:
    found = session.connection().execute(_row, {"text_id": text_id}).one_or_none()
    return TextRow(*tuple(found)) if found else None


def lock_text(session: Session, text_id: int) -> TextRow | None:
    """The text with its number's key, its lead and its row locked, in this order; so a STOP and a sending cannot pass each other."""
    seen = text_row(session, text_id)
    if seen is None:
        return None
    lock_keys(session, [seen.key])
    if seen.lead_id is not None:
        lock_lead(session, seen.lead_id)
    return TextRow(*tuple(session.connection().execute(_locked_row, {"text_id": text_id}).one()))


def change_text(session: Session, text_id: int, **values: Any) -> None:
    """Change columns of a text whose row is locked."""
    session.connection().execute(update(message).where(message.c.id == text_id).values(**values))


_waiting = and_(
    message.c.contact_point_id == bindparam("of_contact"),
    message.c.direction == "out",
    or_(message.c.status == "queued", message.c.status == "held"),
)
_refuse_waiting = (
    update(message).where(_waiting).values(status="refused", due_at=None, gave_up_because=bindparam("reason"))
    .returning(message.c.lead_id, message.c.event_seq)
)  # fmt: skip
_replies = select(func.count()).where(
    message.c.contact_point_id == bindparam("to_contact"), message.c.purpose == "help", message.c.created_at > bindparam("since")
)


def refuse_waiting(session: Session, contact_point_id: int, reason: str) -> list[tuple[int | None, int]]:
    """Nothing that still waits for this number leaves; the leads and events that told of it."""
    rows = session.connection().execute(_refuse_waiting, {"of_contact": contact_point_id, "reason": reason})
    return [(row.lead_id, row.event_seq) for row in rows]


def replies_since(session: Session, contact_point_id: int, since: datetime) -> int:
    """How often HELP from this number was answered since then."""
    return int(session.connection().execute(_replies, {"to_contact": contact_point_id, "since": since}).scalar_one())

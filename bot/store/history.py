"""What happened to a lead, the newest first: its timeline as a person reads it, with where each message and call stands now."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import bindparam, case, exists, func, select
from sqlmodel import Session

from bot.store.calls import call
from bot.store.columns import table_of
from bot.store.events import UNDONE, Event
from bot.store.messages import message
from bot.store.people import officer
from bot.store.views import TextView

OF_TEXTS = ("texted", "emailed", "wrote", "drip_touched", "clicked", "visited", "auto_replied", "email_returned")
OF_CALLS = ("called", "called_us")
TOLD = (
    "arrived", "asked_again", "source_changed", "claimed", "assigned", "given_back", "lapsed", "neglected", "owner_away", "left", "parted",
    "booked", *OF_TEXTS, *OF_CALLS, "logged", "staged", "noted", "next_touch", "asked_to_stop", "unsubscribed", "not_allowed", "held",
    "drip_begun", "drip_kept_back", "drip_ended", "rate_target", "rate_note", "rate_drop", "same_request", "two_people", "untold",
    "retained", "not_retained",
)  # fmt: skip
"""The kinds of events that people care for; the others are steps of ours."""


@dataclass(frozen=True, slots=True)
class PastCall:
    """How a call went; `seconds` is how long both ends were connected."""

    outcome: str | None
    seconds: int | None


@dataclass(frozen=True, slots=True)
class Past:
    """One thing that happened. `officer` is who did it, `note` what an officer wrote with it; both may be gone.
    `opened_at`: of an email, when a mail program first loaded its picture."""

    seq: int
    kind: str
    at: datetime
    meta: Mapping[str, Any]
    undone: bool
    officer: str | None
    note: str | None
    text: TextView | None
    call: PastCall | None
    opened_at: datetime | None


@dataclass(frozen=True, slots=True)
class History:
    """Some of what happened, the newest first, with the seq before which more of it stands, if any does."""

    past: tuple[Past, ...] = ()
    more_before: int | None = None


_event = table_of(Event)
_undoing = _event.alias("undoing")
# Other kinds keep other things under these names, which PostgreSQL would not read as numbers.
_text_id = case((_event.c.kind.in_(OF_TEXTS), _event.c.meta["text"].as_integer()))
_call_id = case((_event.c.kind.in_(OF_CALLS), _event.c.meta["call"].as_integer()))
_undone_seq = case((_undoing.c.kind == UNDONE, _undoing.c.meta["seq"].as_integer()))
_undone = exists().where(_undoing.c.stream == _event.c.stream, _undoing.c.seq > _event.c.seq, _undone_seq == _event.c.seq)
_page = (
    select(
        _event.c.seq, _event.c.kind, _event.c.at, _event.c.meta, _event.c.body, _undone.label("undone"), officer.c.name.label("officer"),
        message.c.id.label("text_id"), message.c.body.label("words"), message.c.pictures, message.c.status, message.c.created_at,
        message.c.due_at, message.c.error_code, message.c.gave_up_because, message.c.channel, message.c.subject, message.c.files,
        message.c.opened_at, call.c.id.label("call_id"), call.c.outcome, call.c.answered_at, call.c.ended_at,
    )
    .outerjoin_from(_event, message, message.c.id == _text_id)
    .outerjoin(call, call.c.id == _call_id)
    .outerjoin(officer, officer.c.id == func.coalesce(call.c.officer_id, _event.c.officer_id))
    .where(_event.c.stream == bindparam("of_lead"), _event.c.kind.in_(TOLD), _event.c.seq < bindparam("before"))
    .order_by(_event.c.seq.desc())
    .limit(bindparam("most"))
)  # fmt: skip


def history_of(session: Session, lead_id: int, most: int, before: int) -> History:
    """The newest things that happened to a lead before the event with this seq."""
    rows = session.connection().execute(_page, {"of_lead": lead_id, "before": before, "most": most + 1}).all()
    past = tuple(_past(row) for row in rows[:most])
    return History(past, past[-1].seq if len(rows) > most else None)


def _past(row: Any) -> Past:
    text = (
        None
        if row.text_id is None
        else TextView(
            row.text_id, row.words, row.pictures, row.status, row.created_at, row.due_at, row.error_code, row.gave_up_because,
            row.channel, row.subject, row.files,
        )
    )  # fmt: skip
    seconds = None
    if row.answered_at is not None and row.ended_at is not None:
        seconds = max(0, int((row.ended_at - row.answered_at).total_seconds()))
    past_call = None if row.call_id is None else PastCall(row.outcome, seconds)
    note = orjson.loads(row.body).get("note") if row.body is not None else None
    return Past(
        row.seq, row.kind, row.at, row.meta, row.undone, row.meta.get("officer") or row.officer, note, text, past_call, row.opened_at
    )

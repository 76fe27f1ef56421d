"""Calls that the phone network makes for us or brings us: asked for at most once, and where each of them stands."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Float, Index, UniqueConstraint, and_, bindparam, func, insert, literal, literal_column, or_, select, text, update
from sqlmodel import Field, Session

from bot.store.columns import database_time, maybe_reference, row_id, sealed_text, table_of
from bot.store.contacts import BorrowerContact, ContactPoint
from bot.store.leads import LeadBorrower, lock_lead
from bot.store.messages import SENDING_ENDS_AFTER
from bot.store.outbound import ContactAttempt
from bot.store.owed import Owed, due_index
from bot.store.people import Officer
from bot.store.prepared import Prepared

Kind = Literal["to_borrower", "from_borrower", "paging", "alarm", "own_voicemail"]
"""The last rings an officer who records a message of their own."""
TO_US: tuple[Kind, ...] = ("paging", "alarm")
"""One of us is told of a lead: by a step of its policy, or while chat is down."""
Stand = Literal["queued", "placing", "uncertain", "ringing", "dialed", "talking", "over"]
"""A call of ours is placing while the one request for it is under way, ringing while the officer's phone does, dialed once the other end
was rung, talking while both ends are connected. A borrower's begins as ringing."""
Outcome = Literal["connected", "left_voicemail", "no_answer", "busy", "failed", "not_taken", "refused", "unknown"]
"""What became of it: connected where both ends were, left_voicemail where a machine then heard our recorded words, or who is told of a
lead pressed 1; not_taken where the officer did not pick up or press 1, refused where it might not be made any more, unknown where
nobody can tell whether the network ever had it."""

AT_ONCE = 20
"""How many calls one look hands out at most."""
ASKED_AFTER = 120.0
"""Seconds until the network is asked about a call of which it told nothing more."""


class Call(Owed, table=True):
    """One call. `due_at` is business time; `lease_until` (database time) is the deadline of the request for it, and when the network is
    asked next what became of it."""

    __table_args__ = (
        UniqueConstraint("provider", "provider_id", name="uq_call_provider"),
        due_index("call"),
        Index(
            "ix_call_erased", "recording", "id",
            postgresql_where=text("recording = 'erased'"), sqlite_where=text("recording = 'erased'"),
        ),
    )  # fmt: skip

    id: int | None = row_id()
    kind: str
    lead_id: int | None = maybe_reference("lead.id", index=True)
    officer_id: int | None = maybe_reference("officer.id", index=True)  # whose phone rings, and who talks
    contact_point_id: int | None = maybe_reference("contact_point.id", index=True)  # the borrower's number, once it is on the call
    our_number: str | None = None  # what the borrower sees or called; None for the one that all teams share
    status: str = "queued"
    outcome: str | None = None
    words: str = sealed_text("")  # what one of us hears who is told of a lead
    provider: str | None = None
    provider_id: str | None = None
    created_at: datetime
    dialed_at: datetime | None = None
    answered_at: datetime | None = None
    ended_at: datetime | None = None
    event_seq: int = Field(default=0, sa_column_kwargs={"server_default": "0"})  # the event of its lead that tells of it
    voicemail: str | None = None  # asked: a machine that answers is to hear our words; left: it does, or did
    logged_seq: int | None = None  # the event with which an officer said how it went
    recording: str | None = None  # on, stopped, kept, or gone: deleted, or nothing was recorded; none where the call is not recorded
    recording_id: str | None = None  # the network's
    recording_seconds: int | None = None


Recorded = Literal["on", "stopped", "kept", "erased", "gone"]
"""Of a call that is recorded: it runs, somebody had it stopped, the network has it whole, or has it no more."""


@dataclass(frozen=True, slots=True)
class CallRow:
    """A call as it stands, with the officer whom it rings."""

    id: int
    kind: Kind
    lead_id: int | None
    officer_id: int | None
    contact_point_id: int | None
    our_number: str | None
    status: Stand
    outcome: Outcome | None
    words: str
    provider: str | None
    provider_id: str | None
    created_at: datetime
    due_at: datetime | None
    dialed_at: datetime | None
    answered_at: datetime | None
    ended_at: datetime | None
    event_seq: int
    logged_seq: int | None
    voicemail: Literal["asked", "left"] | None
    attempts: int
    fence: int
    because: str | None
    officer_key: str | None
    officer_name: str | None
    language: str | None
    recording: Recorded | None
    recording_id: str | None
    recording_seconds: int | None

    @property
    def seconds(self) -> int | None:
        """How long both ends were connected; None where they were not."""
        if self.answered_at is None or self.ended_at is None:
            return None
        return max(0, int((self.ended_at - self.answered_at).total_seconds()))


DESCRIBED: tuple[Outcome, ...] = ("connected", "left_voicemail", "no_answer", "busy")
"""Of these an officer may say how it went."""

call, _officer, _attempt = table_of(Call), table_of(Officer), table_of(ContactAttempt)
_contact, _borrower_contact, _lead_borrower = table_of(ContactPoint), table_of(BorrowerContact), table_of(LeadBorrower)
_now = database_time()
_columns = select(
    call.c.id, call.c.kind, call.c.lead_id, call.c.officer_id, call.c.contact_point_id, call.c.our_number,
    call.c.status, call.c.outcome, call.c.words,
    call.c.provider, call.c.provider_id, call.c.created_at, call.c.due_at, call.c.dialed_at, call.c.answered_at, call.c.ended_at,
    call.c.event_seq, call.c.logged_seq, call.c.voicemail, call.c.attempts, call.c.fence, call.c.gave_up_because,
    _officer.c.key, _officer.c.name, _officer.c.language, call.c.recording, call.c.recording_id, call.c.recording_seconds,
).outerjoin_from(call, _officer, _officer.c.id == call.c.officer_id)  # fmt: skip
_row = Prepared(_columns.where(call.c.id == bindparam("call_id")))
_locked_row = _columns.where(call.c.id == bindparam("call_id")).with_for_update(key_share=True, of=call)
_known_as = Prepared(_columns.where(call.c.provider == bindparam("by_provider"), call.c.provider_id == bindparam("with_id")))
_keep = Prepared(insert(call).returning(call.c.id))
_under_way = (
    _columns.where(
        call.c.lead_id == bindparam("of_lead"), call.c.officer_id == bindparam("of_officer"), call.c.kind == "to_borrower",
        call.c.status != "over", call.c.created_at > bindparam("since"),
    )
    .order_by(call.c.id.desc())
    .limit(1)
)  # fmt: skip
_of_lead = (
    _columns.where(call.c.lead_id == bindparam("of_lead"), call.c.event_seq > 0, call.c.kind.not_in(TO_US))
    .order_by(call.c.id.desc())
    .limit(bindparam("most"))
)
_to_describe = (
    _columns.where(
        call.c.lead_id == bindparam("of_lead"), call.c.officer_id == bindparam("of_officer"), call.c.kind == "to_borrower",
        call.c.logged_seq.is_(None),
        or_(call.c.status == "talking", and_(call.c.outcome.in_(DESCRIBED), call.c.ended_at > bindparam("since"))),
    )
    .order_by(call.c.id.desc())
    .limit(1)
)  # fmt: skip
_of_log = _columns.where(call.c.lead_id == bindparam("of_lead"), call.c.logged_seq == bindparam("with_seq"))
_of_try = (_attempt.c.lead_id == bindparam("of_lead"), _attempt.c.event_seq == bindparam("of_seq"), _attempt.c.channel == "voice")
_describe_try = update(_attempt).where(*_of_try).values(disposition=bindparam("as_said"))
_keep_try = insert(_attempt)
_try_is_kept = select(_attempt.c.id).where(*_of_try)
_owed = Prepared(
    select(call.c.id)
    .where(
        call.c.due_at.is_not(None),
        or_(
            and_(
                call.c.status == "queued", call.c.due_at <= bindparam("now"), or_(call.c.lease_until.is_(None), call.c.lease_until <= _now)
            ),
            and_(call.c.status != "queued", call.c.lease_until <= _now),
        ),
    )
    .order_by(call.c.due_at, call.c.id)
    .limit(AT_ONCE)
)
_take = (
    update(call)
    .where(call.c.id == bindparam("call_id"), or_(call.c.lease_until.is_(None), call.c.lease_until <= _now))
    .values(
        status=bindparam("to_status"), lease_until=database_time(literal(SENDING_ENDS_AFTER, Float)), fence=call.c.fence + 1,
        attempts=call.c.attempts + 1,
    )
    .returning(call.c.fence)
)  # fmt: skip
_wait = (
    update(call)
    .where(call.c.id == bindparam("call_id"))
    .values(status=bindparam("to_status"), lease_until=database_time(bindparam("seconds", type_=Float)))
)
_over = select(call.c.id).where(call.c.id == bindparam("call_id"), call.c.lease_until <= _now)
_lately = select(func.count()).where(
    call.c.officer_id == bindparam("to_officer"), call.c.kind == bindparam("so_far"), call.c.created_at > bindparam("since")
)
_phones = (
    select(_contact.c.id, _contact.c.value, _contact.c.key)
    .join_from(_lead_borrower, _borrower_contact, _lead_borrower.c.borrower_id == _borrower_contact.c.borrower_id)
    .join(_contact, _contact.c.id == _borrower_contact.c.contact_point_id)
    .where(_lead_borrower.c.lead_id == bindparam("of_lead"), _contact.c.kind == "phone")
)
_ids = select(call.c.provider_id).where(call.c.officer_id == bindparam("of_officer"), call.c.provider_id.is_not(None))

_NEW: Mapping[str, Any] = {
    "lead_id": None, "officer_id": None, "contact_point_id": None, "our_number": None, "status": "queued", "words": "",
    "provider": None, "provider_id": None,
    "dialed_at": None, "due_at": None, "event_seq": 0, "attempts": 0, "fence": 0,
}  # fmt: skip


def keep_call(session: Session, kind: Kind, row: Mapping[str, Any]) -> int:
    """Write down a call that is owed, or one that came; its id."""
    return int(_keep.run(session, {**_NEW, "kind": kind, **row})[0].id)


def call_row(session: Session, call_id: int) -> CallRow | None:
    found = _row.run(session, {"call_id": call_id})
    return CallRow(*tuple(found[0])) if found else None


def call_known_as(session: Session, provider: str, provider_id: str) -> CallRow | None:
    """The call that the network knows by this id."""
    found = _known_as.run(session, {"by_provider": provider, "with_id": provider_id})
    return CallRow(*tuple(found[0])) if found else None


def lock_call(session: Session, call_id: int) -> CallRow | None:
    """The call with its lead and its row locked, in this order. Whoever needs a number's key locks that before."""
    seen = call_row(session, call_id)
    if seen is None:
        return None
    if seen.lead_id is not None:
        lock_lead(session, seen.lead_id)
    return CallRow(*tuple(session.connection().execute(_locked_row, {"call_id": call_id}).one()))


def change_call(session: Session, call_id: int, **values: Any) -> None:
    """Change columns of a call whose row is locked."""
    session.connection().execute(update(call).where(call.c.id == call_id).values(**values))


def call_under_way(session: Session, lead_id: int, officer_id: int, since: datetime) -> CallRow | None:
    """The officer's call to the lead's borrower that was asked for since then and is not over."""
    found = session.connection().execute(_under_way, {"of_lead": lead_id, "of_officer": officer_id, "since": since}).one_or_none()
    return CallRow(*tuple(found)) if found else None


def calls_of(session: Session, lead_id: int, most: int) -> tuple[CallRow, ...]:
    """The newest calls with the lead's borrower, in either direction."""
    return tuple(CallRow(*tuple(found)) for found in session.connection().execute(_of_lead, {"of_lead": lead_id, "most": most}))


def call_to_describe(session: Session, lead_id: int, officer_id: int, since: datetime) -> CallRow | None:
    """The officer's newest try to reach the lead's borrower through the network, under way or over since then, of which they did not yet
    say how it went."""
    row = {"of_lead": lead_id, "of_officer": officer_id, "since": since}
    found = session.connection().execute(_to_describe, row).one_or_none()
    return CallRow(*tuple(found)) if found else None


def call_of_log(session: Session, lead_id: int, seq: int) -> CallRow | None:
    """The call that an officer described with this event."""
    found = session.connection().execute(_of_log, {"of_lead": lead_id, "with_seq": seq}).one_or_none()
    return CallRow(*tuple(found)) if found else None


@dataclass(frozen=True, slots=True)
class PhoneOfLead:
    contact_point_id: int
    value: str
    key: str


def phones_of_lead(session: Session, lead_id: int) -> list[PhoneOfLead]:
    """The numbers of a lead's borrowers, with their look-up keys."""
    return [PhoneOfLead(*tuple(found)) for found in session.connection().execute(_phones, {"of_lead": lead_id})]


_untold_recordings = (
    select(call.c.id, call.c.provider_id)
    .where(
        call.c.kind == "to_borrower", call.c.status == "over",
        or_(call.c.recording.in_(("on", "stopped")), and_(call.c.recording == "erased", call.c.recording_id.is_(None))),
        call.c.provider_id.is_not(None), call.c.ended_at < bindparam("before"), call.c.id > bindparam("after"),
    )
    .order_by(call.c.id)
    .limit(AT_ONCE)
)  # fmt: skip


def untold_recordings(session: Session, before: datetime, after: int) -> list[tuple[int, str]]:
    """Some calls, the next after this one, that were over before then and of whose recordings the network did not tell that they are whole,
    with its ids of those calls."""
    rows = session.connection().execute(_untold_recordings, {"before": before, "after": after})
    return [(int(row.id), str(row.provider_id)) for row in rows]


_old_recordings = (
    select(call.c.id, call.c.recording_id)
    .where(
        call.c.kind == "to_borrower", call.c.recording_id.is_not(None), call.c.recording != "gone", call.c.status == "over",
        call.c.ended_at < bindparam("before"), call.c.id > bindparam("after"),
    )
    .order_by(call.c.id)
    .limit(AT_ONCE)
)  # fmt: skip


def old_recordings(session: Session, before: datetime, after: int) -> list[tuple[int, str]]:
    """Some calls, the next after this one, that were over before then and whose recordings the network still has, with its ids of those."""
    rows = session.connection().execute(_old_recordings, {"before": before, "after": after})
    return [(int(row.id), str(row.recording_id)) for row in rows]


_erased_recordings = (
    select(call.c.id, call.c.recording_id)
    # Written out, not as a parameter: SQLite must see that the index of what was erased serves.
    .where(call.c.recording == literal_column("'erased'"), call.c.recording_id.is_not(None), call.c.id > bindparam("after"))
    .order_by(call.c.id)
    .limit(AT_ONCE)
)


def erased_recordings(session: Session, after: int) -> list[tuple[int, str]]:
    """Some calls, the next after this one, whose borrowers were erased and whose recordings the network has, with its ids of those."""
    return [(int(row.id), str(row.recording_id)) for row in session.connection().execute(_erased_recordings, {"after": after})]


def keep_try(session: Session, row: Mapping[str, Any]) -> bool:
    """Keep that somebody tried to reach the borrower by this call; False where that is kept already."""
    connection = session.connection()
    if connection.execute(_try_is_kept, {"of_lead": row["lead_id"], "of_seq": row["event_seq"]}).first() is not None:
        return False
    connection.execute(_keep_try, {**row, "channel": "voice", "verified": True})
    return True


def describe_try(session: Session, lead_id: int, seq: int, disposition: str | None) -> None:
    """What came of a call, as an officer says it, or as the network did."""
    session.connection().execute(_describe_try, {"of_lead": lead_id, "of_seq": seq, "as_said": disposition})


def owed_calls(session: Session, now: datetime) -> list[int]:
    """The calls that something has to be done about now: to be made, or to be asked about."""
    return [row.id for row in _owed.run(session, {"now": now})]


def take_call(session: Session, call_id: int, status: Stand) -> int | None:
    """Hold a call until the time of one request is over, in this status; its fence, or None where somebody holds it."""
    fence: int | None = session.connection().execute(_take, {"call_id": call_id, "to_status": status}).scalar_one_or_none()
    return fence


def wait_with_call(session: Session, call_id: int, status: Stand, seconds: float) -> None:
    """Nothing is done about a call, whose row is locked, for so long, unless the network tells of it."""
    session.connection().execute(_wait, {"call_id": call_id, "to_status": status, "seconds": seconds})


def request_is_over(session: Session, call_id: int) -> bool:
    return session.connection().execute(_over, {"call_id": call_id}).first() is not None


def calls_since(session: Session, officer_id: int, kind: Kind, since: datetime) -> int:
    """How often an officer was called for this since then."""
    row = {"to_officer": officer_id, "so_far": kind, "since": since}
    return int(session.connection().execute(_lately, row).scalar_one())


def known_call_ids(session: Session, officer_id: int) -> set[str]:
    """The network's ids of all calls that ring, or rang, this officer."""
    return set(session.connection().execute(_ids, {"of_officer": officer_id}).scalars())

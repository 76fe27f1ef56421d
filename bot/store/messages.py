"""Texts to and from borrowers: kept once, sent at most once, and where each of them stands."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import (
    ColumnElement,
    Float,
    String,
    Table,
    and_,
    bindparam,
    case,
    exists,
    func,
    insert,
    literal,
    null,
    or_,
    select,
    union,
    update,
)  # fmt: skip
from sqlmodel import Session

from bot.store.columns import RowId, database_time, table_of
from bot.store.contacts import BorrowerContact, Consent, ContactPoint, lock_keys, writes_alone
from bot.store.leads import LeadBorrower, lock_leads
from bot.store.newest_first import NewestFirst, Page, in_page
from bot.store.outbound import ContactAttempt, Message
from bot.store.owed import BROKE, DueBy
from bot.store.prepared import Prepared

Status = Literal[
    "queued", "held", "sending", "uncertain", "sent", "delivered", "failed", "refused",
    "kept_back", "asked", "declined",
    "received", "unplaced", "not_ours", "unclear", "opt_out", "staff",
]  # fmt: skip
"""Ours go from queued to delivered, or are kept back until somebody has looked at the words, asked, and perhaps declined. A borrower's is
unplaced while nobody said whose it is, unclear while it may be an opt-out; what one of us texted from their own phone is staff's."""

CALL_LIMIT = 8.0
"""Seconds that one call to the phone network may take."""
SENDING_ENDS_AFTER = CALL_LIMIT + 2.0
"""Seconds after which a text that is marked as being sent is known to have failed, or to have left without our hearing of it."""
MOST_IDS = 200
"""How many ids one question may name."""
DRIP = "drip"
"""The purpose of a text that a sequence sends."""
TOUCHES = ("words", "greeting", DRIP)
"""The purposes of what the law counts as a try to reach a borrower."""
AT_ONCE = 200
"""How many texts one look hands out at most."""
RANKS: Mapping[Status, int] = {
    "kept_back": 0, "asked": 0, "declined": 0, "queued": 0, "held": 0, "sending": 1, "uncertain": 2,
    "sent": 3, "delivered": 4, "failed": 4, "refused": 4,
}  # fmt: skip
"""What the network says of a text of ours moves it forward only, in whatever order it comes; the last rank is the end."""


@dataclass(frozen=True, slots=True)
class TextRow:
    """A text or an email as it stands, with the number or the address at the other end."""

    id: int
    lead_id: int | None
    contact_point_id: int
    address: str
    key: str
    direction: str
    status: Status
    purpose: str
    words: str
    pictures: int
    provider_id: str | None
    officer_id: int | None
    event_seq: int
    created_at: datetime
    due_at: datetime | None
    attempts: int
    fence: int
    because: str | None
    channel: str
    subject: str | None
    our_number: str | None


message, _contact, _consent = table_of(Message), table_of(ContactPoint), table_of(Consent)
_borrower_contact, _lead_borrower, _attempt = table_of(BorrowerContact), table_of(LeadBorrower), table_of(ContactAttempt)
_now = database_time()
_columns = select(
    message.c.id, message.c.lead_id, message.c.contact_point_id, _contact.c.value, _contact.c.key, message.c.direction,
    message.c.status, message.c.purpose, message.c.body, message.c.pictures, message.c.provider_id,
    message.c.officer_id, message.c.event_seq,
    message.c.created_at, message.c.due_at, message.c.attempts, message.c.fence, message.c.gave_up_because,
    message.c.channel, message.c.subject, message.c.our_number,
).join_from(message, _contact)  # fmt: skip
_row = _columns.where(message.c.id == bindparam("text_id"))
_row_now, _locked_row = Prepared(_row), Prepared(_row.with_for_update(key_share=True, of=message))
_this = message.c.id == bindparam("text_id")
_whose = Prepared(select(message.c.id, message.c.lead_id, _contact.c.key).join_from(message, _contact).where(_this))
_standing = Prepared(select(message.c.id, message.c.channel, message.c.status).where(_this))
_of_borrower = (message.c.lead_id == bindparam("of_lead"), message.c.direction == "in")
_newest_in = Prepared(_columns.where(*_of_borrower).order_by(message.c.id.desc()).limit(1))
_answerable = Prepared(
    select(message.c.created_at)
    .where(*_of_borrower, message.c.status != "opt_out", message.c.status != "unclear")
    .order_by(message.c.id.desc())
    .limit(1)
)
_keep = Prepared(
    insert(message).values(lease_until=database_time(bindparam("held_for", type_=Float))).returning(message.c.id)
)  # fmt: skip
_kept = Prepared(select(message.c.id).where(message.c.provider == bindparam("by_provider"), message.c.provider_id == bindparam("with_id")))
_kept_of = select(message.c.provider_id).where(
    message.c.provider == bindparam("by_provider"), message.c.provider_id.in_(bindparam("with_ids", expanding=True))
)
_last_written_to = Prepared(
    select(message.c.lead_id)
    .where(
        message.c.contact_point_id == bindparam("to_contact"),
        message.c.direction == "out",
        message.c.lead_id.is_not(None),
        or_(message.c.status == "sending", message.c.status == "uncertain", message.c.status == "sent", message.c.status == "delivered"),
    )
    .order_by(
        case((message.c.our_number == bindparam("at_number", type_=String), 0), (message.c.our_number.is_(None), 1), else_=2),
        message.c.id.desc(),
    )
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
    "lead_id": None, "channel": "sms", "subject": None, "whole": None, "files": None,
    "purpose": "words", "pictures": 0, "provider": None, "provider_id": None,
    "our_number": None, "officer_id": None, "event_seq": 0, "due_at": None, "attempts": 0, "fence": 0, "left_at": None, "held_for": None,
    "enrollment_id": None, "drip_step": None,
}  # fmt: skip


def being_sent(now: datetime) -> Mapping[str, Any]:
    """What a new text has in its row that is marked as being sent as it is written down: as `hold_texts` marks one that waits."""
    return {"status": "sending", "held_for": SENDING_ENDS_AFTER, "attempts": 1, "fence": 1, "left_at": now}


def keep_text(session: Session, row: Mapping[str, Any]) -> int:
    """Write down a text or an email in either direction; its id."""
    return keep_texts(session, [row])[0]


def keep_texts(session: Session, rows: Sequence[Mapping[str, Any]]) -> list[int]:
    """The same of several, of which each names the same columns; their ids."""
    return [int(kept[0].id) for kept in _keep.run_each(session, [{**_NEW, **row} for row in rows])]


def is_kept(session: Session, provider: str, provider_id: str) -> bool:
    """Whether this text of the provider's is known already."""
    return bool(_kept.run(session, {"by_provider": provider, "with_id": provider_id}))


def kept_ids(session: Session, provider: str, provider_ids: Sequence[str]) -> set[str]:
    """Which of these texts of the provider's are known already."""
    known: set[str] = set()
    for start in range(0, len(provider_ids), MOST_IDS):
        some = provider_ids[start : start + MOST_IDS]
        known.update(session.connection().execute(_kept_of, {"by_provider": provider, "with_ids": some}).scalars())
    return known


def last_lead_written_to(session: Session, contact_point_id: int, our_number: str | None = None) -> int | None:
    """The lead about which we last wrote to this number from that one of ours; where we never did, from the one that all teams share, else
    from any."""
    found = _last_written_to.run(session, {"to_contact": contact_point_id, "at_number": our_number})
    return int(found[0].lead_id) if found else None


def newer_was_received(session: Session, contact_point_id: int, written_at: datetime) -> bool:
    """Whether something that this number wrote later is known already."""
    return bool(_newer.run(session, {"of_contact": contact_point_id, "written_at": written_at}))


def text_row(session: Session, text_id: int) -> TextRow | None:
    return next(iter(text_rows(session, [text_id])), None)


def text_rows(session: Session, text_ids: Sequence[int]) -> list[TextRow]:
    """Those of these texts that there are, in this order."""
    return [TextRow(*found[0]) for found in _row_now.run_each(session, [{"text_id": each} for each in text_ids]) if found]


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a text or an email stands, without what is in it."""

    id: int
    channel: str
    status: Status


def standing_of(session: Session, text_ids: Sequence[int]) -> list[Standing]:
    """The same of those of these texts that there are, in this order."""
    return [Standing(*found[0]) for found in _standing.run_each(session, [{"text_id": each} for each in text_ids]) if found]


def lock_text(session: Session, text_id: int) -> TextRow | None:
    """The text with its number's key, its lead and its row locked, in this order; so a STOP and a sending cannot pass each other."""
    return next(iter(lock_texts(session, [text_id])), None)


def lock_texts(session: Session, text_ids: Sequence[int]) -> list[TextRow]:
    """The same of several: all their keys, then all their leads, then their rows."""
    if writes_alone(session):
        return text_rows(session, text_ids)
    seen = [found[0] for found in _whose.run_each(session, [{"text_id": each} for each in text_ids]) if found]
    lock_keys(session, [text.key for text in seen])
    lock_leads(session, {text.lead_id for text in seen if text.lead_id is not None})
    return [TextRow(*found[0]) for found in _locked_row.run_each(session, [{"text_id": text.id} for text in seen])]


_change = Prepared(update(message).where(message.c.id == bindparam("text_id")))
_settle = Prepared(
    update(message)
    .where(message.c.id == bindparam("text_id"))
    .values(
        status=bindparam("to_status"), error_code=bindparam("with_code"), gave_up_because=bindparam("because"), due_at=null(),
        lease_until=null(),
        provider=func.coalesce(message.c.provider, bindparam("known_as", type_=message.c.provider.type)),
        provider_id=func.coalesce(message.c.provider_id, bindparam("with_id", type_=message.c.provider_id.type)),
    )
)  # fmt: skip
_doubt = Prepared(
    update(message).where(message.c.id == bindparam("text_id")).values(status="uncertain", attempts=0, lease_until=_now)
)  # fmt: skip


def change_text(session: Session, text_id: int, **values: Any) -> None:
    """Change columns of a text whose row is locked."""
    _change.run(session, {"text_id": text_id, **values})


@dataclass(frozen=True, slots=True)
class Move:
    """A text or an email, which is locked, moves forward; `known_as`: the provider and its id there, where that was told just now."""

    text: TextRow
    status: Status
    error_code: int | None = None
    because: str | None = None
    known_as: tuple[str | None, str | None] = (None, None)


def settle_texts(session: Session, moves: Sequence[Move]) -> None:
    """They stand there now, and nothing is owed for them."""
    rows = [
        {
            "text_id": move.text.id, "to_status": move.status, "with_code": move.error_code, "because": move.because,
            "known_as": move.known_as[0], "with_id": move.known_as[1],
        }
        for move in moves
    ]  # fmt: skip
    _settle.run_each(session, rows)


def doubt_text(session: Session, text_id: int) -> None:
    """Nobody knows whether a text left: it is to be asked about at once."""
    _doubt.run(session, {"text_id": text_id})


_waiting = and_(
    message.c.contact_point_id == bindparam("of_contact"),
    message.c.direction == "out",
    message.c.purpose != "confirmation",  # of an opt-out: the one text that leaves after it
    or_(message.c.status == "queued", message.c.status == "held"),
)
_refuse_waiting = (
    update(message).where(_waiting).values(status="refused", due_at=None, gave_up_because=bindparam("reason"))
    .returning(message.c.lead_id, message.c.event_seq)
)  # fmt: skip
_unclear = and_(message.c.contact_point_id == bindparam("of_contact"), message.c.status == "unclear")
_is_unclear = select(message.c.id).where(_unclear).limit(1)
_settle_unclear = (
    update(message).where(_unclear).values(status="opt_out", due_at=None).returning(message.c.lead_id, message.c.event_seq)
)  # fmt: skip
_replies = select(func.count()).where(
    message.c.contact_point_id == bindparam("to_contact"), message.c.purpose == "help", message.c.created_at > bindparam("since")
)


def refuse_waiting(session: Session, contact_point_id: int, reason: str) -> list[tuple[int | None, int]]:
    """Nothing that still waits for this number leaves; the leads and events that told of it."""
    rows = session.connection().execute(_refuse_waiting, {"of_contact": contact_point_id, "reason": reason})
    return [(row.lead_id, row.event_seq) for row in rows]


def settle_unclear(session: Session, contact_point_id: int) -> list[tuple[int | None, int]]:
    """What may have been an opt-out from this number was one; the leads and events that told of it."""
    return [(row.lead_id, row.event_seq) for row in session.connection().execute(_settle_unclear, {"of_contact": contact_point_id})]


def something_is_unclear(session: Session, contact_point_id: int) -> bool:
    """Whether words from this number may still be an opt-out."""
    return session.connection().execute(_is_unclear, {"of_contact": contact_point_id}).first() is not None


def replies_since(session: Session, contact_point_id: int, since: datetime) -> int:
    """How often HELP from this number was answered since then."""
    return int(session.connection().execute(_replies, {"to_contact": contact_point_id, "since": since}).scalar_one())


_OUT = ("sending", "uncertain", "sent", "delivered")
_reach_of = Prepared(
    select(_contact.c.id, _contact.c.value, _contact.c.key)
    .join_from(_lead_borrower, _borrower_contact, _lead_borrower.c.borrower_id == _borrower_contact.c.borrower_id)
    .join(_contact, _contact.c.id == _borrower_contact.c.contact_point_id)
    .where(_lead_borrower.c.lead_id == bindparam("of_lead"), _lead_borrower.c.position == 0, _contact.c.kind == bindparam("kind"))
    .order_by(_borrower_contact.c.position)
)
_wrote_from = Prepared(
    select(message.c.contact_point_id)
    .where(message.c.lead_id == bindparam("of_lead"), message.c.direction == "in", message.c.channel == bindparam("channel"))
    .order_by(message.c.id.desc())
    .limit(1)
)
_consents = Prepared(
    select(_consent.c.given, _consent.c.text, _consent.c.given_at, _consent.c.names_us).where(
        _consent.c.contact_point_id == bindparam("of_contact")
    )
)
_people = select(_borrower_contact.c.borrower_id).where(_borrower_contact.c.contact_point_id == bindparam("of_contact"))
_theirs = select(_borrower_contact.c.contact_point_id).where(_borrower_contact.c.borrower_id.in_(_people))
_all_theirs = union(select(bindparam("of_contact", type_=RowId)), _theirs)
"""The number itself too, which may be nobody's. Asked for as one or the other, PostgreSQL would read every message there is."""
_numbers_of_all = Prepared(_all_theirs)
_left_at = func.coalesce(message.c.left_at, message.c.created_at)
_texts_to = select(_left_at.label("at")).where(
    message.c.contact_point_id.in_(_all_theirs),
    or_(*(message.c.purpose == each for each in TOUCHES)),
    or_(*(message.c.status == each for each in _OUT)),
    message.c.channel == "sms",  # no law counts emails
)
_calls_to = select(_attempt.c.at).where(
    _attempt.c.channel == "voice",
    _attempt.c.lead_id.in_(select(_lead_borrower.c.lead_id).where(_lead_borrower.c.borrower_id.in_(_people))),
)
_texts_out = Prepared(_texts_to.where(_left_at > bindparam("since")))
_calls_out = Prepared(_calls_to.where(_attempt.c.at > bindparam("since")))
_written_before = (
    select(message.c.id)
    .where(
        message.c.contact_point_id == bindparam("of_contact"),
        message.c.channel == "sms",
        or_(message.c.direction == "in", message.c.status.in_(("queued", "held", *_OUT))),
    )
    .limit(1)
)
_last_in = Prepared(
    select(func.max(message.c.created_at).label("at")).where(
        message.c.contact_point_id == bindparam("of_contact"), message.c.direction == "in"
    )
)


def reach_of(session: Session, lead_id: int, channel: Literal["sms", "email"] = "sms") -> tuple[int, str, str] | None:
    """The number to text, or the address to write to, about a lead, as id, value and key: the one that its borrower wrote from last, else
    the first, or None."""
    return reaches_of(session, [lead_id], channel)[0]


def reaches_of(session: Session, lead_ids: Sequence[int], channel: Literal["sms", "email"]) -> list[tuple[int, str, str] | None]:
    """The same of each of several leads."""
    kind = "email" if channel == "email" else "phone"
    found = _reach_of.run_each(session, [{"of_lead": lead_id, "kind": kind} for lead_id in lead_ids])
    reaches: list[tuple[int, str, str] | None] = []
    for lead_id, theirs in zip(lead_ids, found, strict=True):
        if len(theirs) < 2:
            reaches.append(tuple(theirs[0]) if theirs else None)
            continue
        wrote_from = _wrote_from.run(session, {"of_lead": lead_id, "channel": channel})
        reaches.append(next((tuple(each) for each in theirs if wrote_from and each.id == wrote_from[0].contact_point_id), tuple(theirs[0])))
    return reaches


def consents_of(session: Session, contact_point_ids: Sequence[int]) -> list[Sequence[Any]]:
    """What was consented to on each of these numbers."""
    return _consents.run_each(session, [{"of_contact": each} for each in contact_point_ids])


def touches_since(session: Session, contact_point_id: int, since: datetime) -> list[datetime]:
    """When any of us called whoever has this number, or wrote to any number of theirs."""
    return touches_of(session, [contact_point_id], since)[0]


def touches_of(session: Session, contact_point_ids: Sequence[int], since: datetime) -> list[list[datetime]]:
    """The same of each of several numbers."""
    rows = [{"of_contact": each, "since": since} for each in contact_point_ids]
    both = zip(_texts_out.run_each(session, rows), _calls_out.run_each(session, rows), strict=True)
    return [[found.at for found in (*texts, *calls)] for texts, calls in both]


def was_touched(contact: Table) -> ColumnElement[bool]:
    """For a question about numbers: whether any of us ever called whoever has one, or texted any number of theirs."""
    theirs, all_theirs = _borrower_contact.alias(), _borrower_contact.alias()
    of_theirs = theirs.c.contact_point_id == contact.c.id
    # Told to: two questions deep, a table is not taken for the one outside by itself, and all numbers there are would be looked at.
    numbers = select(all_theirs.c.contact_point_id).join(theirs, theirs.c.borrower_id == all_theirs.c.borrower_id).where(of_theirs)
    numbers = numbers.correlate(contact)
    texted = exists().where(message.c.contact_point_id.in_(numbers), message.c.direction == "out", message.c.channel == "sms")
    leads = select(_lead_borrower.c.lead_id).join(theirs, theirs.c.borrower_id == _lead_borrower.c.borrower_id).where(of_theirs)
    leads = leads.correlate(contact)
    return or_(texted, exists().where(_attempt.c.lead_id.in_(leads), _attempt.c.channel == "voice"))


_newest_texts = Prepared(_texts_to.order_by(_left_at.desc()).limit(bindparam("most")))
_newest_calls = Prepared(_calls_to.order_by(_attempt.c.at.desc()).limit(bindparam("most")))


def newest_touches(session: Session, contact_point_id: int, most: int) -> tuple[datetime, ...]:
    """The newest of them, so many at least where there are so many."""
    row = {"of_contact": contact_point_id, "most": most}
    return tuple(found.at for newest in (_newest_texts, _newest_calls) for found in newest.run(session, row))


def numbers_of_same_people(session: Session, contact_point_ids: Sequence[int]) -> list[set[int]]:
    """Of each of these numbers, all that whoever has it may have, itself among them."""
    return [{row[0] for row in found} for found in _numbers_of_all.run_each(session, [{"of_contact": each} for each in contact_point_ids])]


_refused = and_(message.c.direction == "out", message.c.status == "refused", message.c.created_at > bindparam("since"))
_refused_since = Prepared(select(func.count().label("many")).where(in_page(message.c.id), _refused))
_held_now = Prepared(
    select(func.count().label("many")).where(message.c.due_at.is_not(None), message.c.direction == "out", message.c.status == "held")
)
_messages = NewestFirst(message.c.created_at)


def refused_since(session: Session, since: datetime, before: Page | None) -> tuple[int, Page]:
    """How many texts and emails that were written since then were refused, among the newest page of all of them, or among the one that
    comes before that one; and the page."""
    page = _messages.page(session, since, before)
    return _refused_since.run(session, {"first": page.first, "last": page.last, "since": since})[0].many, page


def held_now(session: Session) -> int:
    """How many texts and emails are held back."""
    return int(_held_now.run(session, {})[0].many)


def newest_from_borrower(session: Session, lead_id: int) -> TextRow | None:
    """What was written last by somebody of this lead."""
    found = _newest_in.run(session, {"of_lead": lead_id})
    return TextRow(*found[0]) if found else None


def last_answerable(session: Session, lead_id: int) -> datetime | None:
    """When somebody of this lead last wrote something that may be answered: neither an opt-out, nor what may be one."""
    found = _answerable.run(session, {"of_lead": lead_id})
    return found[0].created_at if found else None


def is_first_text(session: Session, contact_point_id: int) -> bool:
    """Whether nothing was texted between us and this number yet, nor is on its way."""
    return session.connection().execute(_written_before, {"of_contact": contact_point_id}).first() is None


def last_written(session: Session, contact_point_id: int) -> datetime | None:
    """When this number wrote last."""
    return last_written_of(session, [contact_point_id])[0]


def last_written_of(session: Session, contact_point_ids: Sequence[int]) -> list[datetime | None]:
    """The same of each of several numbers."""
    return [found[0].at for found in _last_in.run_each(session, [{"of_contact": each} for each in contact_point_ids])]


_owed = Prepared(
    select(message.c.id)
    .where(
        message.c.due_at.is_not(None),
        or_(
            and_(
                or_(message.c.status == "queued", message.c.status == "held"),
                message.c.due_at <= bindparam("now"),
                or_(message.c.lease_until.is_(None), message.c.lease_until <= _now),
            ),
            and_(or_(message.c.status == "sending", message.c.status == "uncertain"), message.c.lease_until <= _now),
            and_(message.c.status == "unclear", message.c.due_at <= bindparam("now")),
        ),
    )
    .order_by(message.c.due_at, message.c.id)
    .limit(AT_ONCE)
)
_mine = message.c.fence == bindparam("held")
_begin = Prepared(
    update(message)
    .where(message.c.id == bindparam("text_id"), or_(message.c.lease_until.is_(None), message.c.lease_until <= _now))
    .values(
        status=bindparam("to_status"),
        lease_until=database_time(literal(SENDING_ENDS_AFTER, Float)),
        fence=message.c.fence + 1,
        attempts=message.c.attempts + 1,
        left_at=func.coalesce(bindparam("leaves_at", type_=message.c.left_at.type), message.c.left_at),
        provider=func.coalesce(message.c.provider, bindparam("known_as", type_=message.c.provider.type)),
        provider_id=func.coalesce(message.c.provider_id, bindparam("with_id", type_=message.c.provider_id.type)),
    )
    .returning(message.c.fence)
)
_wait = update(message).where(message.c.id == bindparam("text_id"), _mine).values(
    status=bindparam("to_status"), lease_until=database_time(bindparam("seconds", type_=Float)), attempts=bindparam("tries")
)  # fmt: skip
_over = select(message.c.id).where(message.c.id == bindparam("text_id"), message.c.lease_until <= _now)
_known_ids = select(message.c.provider_id).where(message.c.contact_point_id == bindparam("of_contact"), message.c.provider_id.is_not(None))


TEXTS = DueBy(message.c.due_at)
_give_up = (
    update(message)
    .where(message.c.id == bindparam("of_text"), message.c.gave_up_because == BROKE, message.c.due_at.is_(None))
    .values(status="failed")
    .returning(message.c.lead_id, message.c.event_seq)
)


def owed_texts(session: Session, now: datetime) -> list[int]:
    """The texts that something has to be done about now: to send, to ask about, or to take for an opt-out."""
    return [row.id for row in _owed.run(session, {"now": now})]


def put_text_off(session: Session, text_id: int, now: datetime) -> tuple[int | None, int] | None:
    """What broke before it was marked as being sent is tried again after a while. In the end it is given up, and failed: then its lead and
    the event that tells of it."""
    TEXTS.put_off(session, text_id, now)
    given_up = session.connection().execute(_give_up, {"of_text": text_id}).one_or_none()
    return None if given_up is None else (given_up.lead_id, given_up.event_seq)


@dataclass(frozen=True, slots=True)
class Hold:
    """A text or an email to be held for a call. `leaves_at` is when it counts as having left; None where an earlier call decided that, or
    none will. `message_id`: of an email."""

    text_id: int
    leaves_at: datetime | None = None
    message_id: str | None = None


def hold_texts(session: Session, status: Status, holds: Sequence[Hold]) -> list[int | None]:
    """Hold each until the time of one call is over, in this status; its fence, or None where somebody holds it."""
    rows = [
        {
            "text_id": each.text_id, "to_status": status, "leaves_at": each.leaves_at,
            "known_as": "smtp" if each.message_id else None, "with_id": each.message_id,
        }
        for each in holds
    ]  # fmt: skip
    return [int(held[0].fence) if held else None for held in _begin.run_each(session, rows)]


def wait_with_text(session: Session, text_id: int, fence: int, status: Status, seconds: float, tries: int) -> bool:
    """Let go of a text for so long; False where it is not held under this fence any more."""
    row = {"text_id": text_id, "held": fence, "to_status": status, "seconds": seconds, "tries": tries}
    return session.connection().execute(_wait, row).rowcount > 0


def deadline_is_over(session: Session, text_id: int) -> bool:
    return session.connection().execute(_over, {"text_id": text_id}).first() is not None


def known_ids(session: Session, contact_point_id: int) -> set[str]:
    """The provider's ids of all texts with this number."""
    return set(session.connection().execute(_known_ids, {"of_contact": contact_point_id}).scalars())

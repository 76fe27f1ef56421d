"""What is known of a person is taken out of the store. Leads, figures and timelines stay, and say nothing of them any more."""

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import BindParameter, ColumnElement, and_, bindparam, delete, exists, func, null, or_, select, update
from sqlmodel import Session

from bot.rules.mentions import Sought
from bot.rules.phones import MASKED
from bot.rules.stages import ENDED
from bot.store.calls import call
from bot.store.certificates import Certificate
from bot.store.clocks import clocks_of, stop_clock
from bot.store.columns import table_of
from bot.store.contacts import BorrowerContact, Consent, ContactPoint, lock_keys
from bot.store.drips import LEFT_STAGE, end_drips
from bot.store.events import ERASED, Event, Fact, append_event
from bot.store.leads import Borrower, LeadBorrower, LeadDate, arrival, lead, lock_leads
from bot.store.message_files import MessageFile
from bot.store.messages import message
from bot.store.outbound import Reminder
from bot.store.postings import redraw_everything, redraw_notice
from bot.store.rates import drop_waits
from bot.store.source_requests import drop_requests, request, requests_of_no_lead
from bot.store.stages import move_to_stage
from bot.store.suppressions import suppress

OPERATOR = "operator"
NOTES = ("noted", "logged")
"""The kinds of events whose words an officer wrote about a lead, not to anybody."""

_borrower, _contact, _consent = table_of(Borrower), table_of(ContactPoint), table_of(Consent)
_of_borrower, _of_lead = table_of(BorrowerContact), table_of(LeadBorrower)
_event, _reminder, _date = table_of(Event), table_of(Reminder), table_of(LeadDate)
_file, _certificate = table_of(MessageFile), table_of(Certificate)
_among: BindParameter[Any] = bindparam("among", expanding=True)
_contacts: BindParameter[Any] = bindparam("contacts", expanding=True)

_with_key = (
    select(_of_borrower.c.borrower_id)
    .join_from(_contact, _of_borrower, _of_borrower.c.contact_point_id == _contact.c.id)
    .where(_contact.c.key == bindparam("of_key"))
)
_contact_with_key = select(_contact.c.key).where(_contact.c.key == bindparam("of_key"))
_with_keys = select(_contact.c.id).where(_contact.c.key.in_(bindparam("keys", expanding=True)))
_of_number = select(_of_lead.c.borrower_id).where(_of_lead.c.lead_id == bindparam("of_lead"))
_leads = select(_of_lead.c.lead_id).where(_of_lead.c.borrower_id.in_(_among)).distinct()
_keys = (
    select(_contact.c.key)
    .join_from(_contact, _of_borrower, _of_borrower.c.contact_point_id == _contact.c.id)
    .where(_of_borrower.c.borrower_id.in_(_among))
    .distinct()
)
_known_as = select(_contact.c.kind, _contact.c.value).where(
    _contact.c.key.in_(bindparam("keys", expanding=True)),
    _contact.c.value != "",
    _contact.c.phone_kind.is_distinct_from(MASKED),  # it may be another borrower's tomorrow, who waits to be made a lead
)
_named = select(_borrower.c.first_name).where(_borrower.c.id.in_(_among))
_theirs_too = _of_borrower.alias("theirs_too")
_who_share = (
    select(_borrower.c.id, _borrower.c.first_name)
    .join_from(_of_borrower, _theirs_too, _theirs_too.c.contact_point_id == _of_borrower.c.contact_point_id)
    .join(_borrower, _borrower.c.id == _theirs_too.c.borrower_id)
    .where(_of_borrower.c.borrower_id.in_(_among), _theirs_too.c.borrower_id.not_in(_among))
)
_shared_lead = select(_of_lead.c.lead_id).where(
    _of_lead.c.lead_id.in_(bindparam("leads", expanding=True)), _of_lead.c.borrower_id.not_in(_among)
)
_notes = (
    select(_event.c.stream, func.count().label("notes"))
    .where(_event.c.stream.in_(bindparam("streams", expanding=True)), _event.c.kind.in_(NOTES), _event.c.body.is_not(None))
    .group_by(_event.c.stream)
    .order_by(_event.c.stream)
)
_used_elsewhere = exists().where(_of_borrower.c.contact_point_id == _contact.c.id)
_to_staff = exists().where(message.c.contact_point_id == _contact.c.id, message.c.purpose.in_(bindparam("staff", expanding=True)))
_in_doubt = (
    select(_contact.c.key, message.c.channel)
    .join_from(message, _contact, _contact.c.id == message.c.contact_point_id)
    .where(message.c.status == "unclear")
    .distinct()
)
_of_no_lead = select(message.c.event_seq).where(message.c.lead_id.is_(None), message.c.direction == "in")
_said_of = select(_event.c.stream, _event.c.seq).where(_event.c.body.is_not(None)).order_by(_event.c.stream, _event.c.seq)
_nobodys = select(_contact.c.id).where(_contact.c.id.in_(_contacts), ~_used_elsewhere, ~_to_staff)


@dataclass(frozen=True, slots=True)
class Subject:
    """The people who are meant, the leads that they have, the keys of what they can be reached by, and the requests that became no lead in
    which that stands."""

    borrowers: tuple[int, ...]
    leads: tuple[int, ...]
    keys: tuple[str, ...]
    requests: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Erased:
    """How much was taken out; `requests` are those that became no lead, `kept_contacts` are somebody else's too. `kept_notes` is how many
    notes of officers stay with which leads of somebody else's."""

    borrowers: int
    leads: int
    messages: int
    requests: int
    kept_contacts: int
    kept_notes: Mapping[int, int]


def people_of_lead(session: Session, number: int) -> Subject:
    return _subject(session, session.connection().execute(_of_number, {"of_lead": number}).scalars().all())


def people_with(session: Session, kind: Literal["phone", "email"], value: str, key: str) -> Subject:
    """Whoever has this phone (E.164) or email (lower case), of this look-up key, only ever wrote to us from it, or stands in nothing but a
    request that nobody understood."""
    connection = session.connection()
    known = connection.execute(_contact_with_key, {"of_key": key}).scalars().all()
    return _subject(session, connection.execute(_with_key, {"of_key": key}).scalars().all(), known, (kind, value))


def _subject(session: Session, borrowers: Collection[int], known: Collection[str] = (), asked: tuple[str, str] | None = None) -> Subject:
    among = {"among": sorted(_same_people(session, set(borrowers)))}
    connection = session.connection()
    leads = connection.execute(_leads, among).scalars().all()
    keys = sorted({*connection.execute(_keys, among).scalars(), *known})
    reached = {(row.kind, row.value) for row in connection.execute(_known_as, {"keys": keys})} | ({asked} if asked else set())
    sought = Sought(*([value for kind, value in reached if kind == each] for each in ("phone", "email")))
    return Subject(tuple(among["among"]), tuple(sorted(leads)), tuple(keys), requests_of_no_lead(session, sought.stand_in))


def _same_people(session: Session, borrowers: set[int]) -> set[int]:
    """With their other leads they are known by a phone or email and the first name, as where a lead comes again: spouses share phones."""
    connection, known = session.connection(), set(borrowers)
    names = {(name or "").casefold() for name in connection.execute(_named, {"among": list(known)}).scalars()}
    while more := {row.id for row in connection.execute(_who_share, {"among": list(known)}) if (row.first_name or "").casefold() in names}:
        known |= more
    return known


def erase(session: Session, subject: Subject, staff: Collection[str], at: datetime, salt: str) -> Erased:
    """Take out what is known of these people. Messages of the purposes `staff` went to our own people: such a phone or email is kept.

    Keyed hashes of what is closed to messages stay, so that nobody writes to who wrote STOP should they come again.
    """
    connection = session.connection()
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA secure_delete=ON")  # else it stays in the file until something else takes its place
    lock_keys(session, subject.keys)
    lock_leads(session, subject.leads)
    among = list(subject.borrowers)
    contacts = connection.execute(_with_keys, {"keys": list(subject.keys)}).scalars().all()
    shared = set(connection.execute(_shared_lead, {"among": among, "leads": list(subject.leads)}).scalars())
    alone = [number for number in subject.leads if number not in shared]
    theirs = or_(_event.c.subject_id.in_(among), _event.c.stream.in_(alone))
    emptied: dict[int, list[int]] = {number: [] for number in subject.leads}
    for event in connection.execute(_said_of.where(theirs)):
        emptied.setdefault(event.stream, []).append(event.seq)  # in another lead's too, which they were part of for a while
    for number, seqs in emptied.items():
        seq = append_event(session, number, Fact(ERASED, OPERATOR, at, {"borrowers": len(among), "emptied": seqs}), salt)
        if number in alone:
            _end(session, number, seq, at)
    connection.execute(delete(_of_borrower).where(_of_borrower.c.borrower_id.in_(among)))
    nobodys = list(connection.execute(_nobodys, {"contacts": contacts, "staff": list(staff)}).scalars())
    theirs_spoken = or_(call.c.lead_id.in_(alone), call.c.contact_point_id.in_(nobodys))
    recorded = update(call).where(theirs_spoken, call.c.recording.in_(("on", "stopped", "kept"))).values(recording="erased")
    connection.execute(recorded)
    messages = _empty_messages(session, or_(message.c.lead_id.in_(alone), message.c.contact_point_id.in_(nobodys)), at)
    _empty_contacts(session, nobodys, alone)
    connection.execute(update(_borrower).where(_borrower.c.id.in_(among)).values(first_name=null(), last_name=null(), language=null()))
    connection.execute(update(_event).where(theirs, _event.c.body.is_not(None)).values(body=null(), salt=null()))
    _empty_requests(session, list(subject.leads))
    for told_seq in drop_requests(session, subject.requests):
        redraw_notice(session, told_seq)
    for number in subject.leads:
        redraw_everything(session, number)
    notes = connection.execute(_notes, {"streams": sorted(shared)}).all()
    kept_notes = {row.stream: row.notes for row in notes}
    return Erased(len(among), len(subject.leads), messages, len(subject.requests), len(contacts) - len(nobodys), kept_notes)


def _end(session: Session, number: int, seq: int, at: datetime) -> None:
    """Nothing is owed to a lead of which nobody is known."""
    connection = session.connection()
    row = connection.execute(select(lead.c.stage, lead.c.details).where(lead.c.id == number)).one()
    for kind, clock in clocks_of(session, number).items():
        if clock.runs:
            stop_clock(session, number, kind)
    end_drips(session, number, LEFT_STAGE, at)
    if row.stage not in ENDED:
        move_to_stage(session, number, "withdrawn", at)
    kept = {name: value for name, value in (row.details or {}).items() if name == "language"}  # fair lending counts by it
    quiet = {"score_due_at": None, "drip_look_at": None, "goes_back_at": None, "booked_for": None}
    connection.execute(update(lead).where(lead.c.id == number).values(details=kept, **quiet))
    drop_waits(session, number)
    for table in (_date, _certificate):
        connection.execute(delete(table).where(table.c.lead_id == number))
    of_lead = _reminder.c.lead_id == number
    connection.execute(update(_reminder).where(of_lead).values(note=null()))
    connection.execute(
        update(_reminder).where(of_lead, _reminder.c.gave_up_because.is_(None)).values(due_at=null(), gave_up_because=ERASED, ended_seq=seq)
    )
    connection.execute(update(call).where(call.c.lead_id == number).values(words=""))
    connection.execute(
        update(call).where(call.c.lead_id == number, call.c.status == "queued").values(due_at=null(), status="over", gave_up_because=ERASED)
    )


def _empty_messages(session: Session, theirs: ColumnElement[bool], at: datetime) -> int:
    """What was written stays as a row without words; what has not left does not leave, and nobody is asked about it any more."""
    connection = session.connection()
    waits = and_(theirs, message.c.direction == "out", message.c.status.in_(("kept_back", "asked", "queued", "held")))
    connection.execute(update(message).where(waits).values(status="refused", due_at=null(), gave_up_because=ERASED))
    for row in connection.execute(_in_doubt.where(theirs)).all():  # nobody can look at the words any more: in doubt it was an opt-out
        suppress(session, row.key, (row.channel,), "opted_out", at)
    connection.execute(update(message).where(theirs, message.c.status == "unclear").values(status="opt_out", due_at=null()))
    connection.execute(update(message).where(theirs, message.c.status == "unplaced").values(status="not_ours"))
    for event_seq in connection.execute(_of_no_lead.where(theirs)).scalars():
        redraw_notice(session, event_seq)
    connection.execute(delete(_file).where(_file.c.message_id.in_(select(message.c.id).where(theirs))))
    emptied = update(message).where(theirs).values(subject=null(), body="", whole=null(), files=null(), opened_at=null())
    return connection.execute(emptied).rowcount


def _empty_contacts(session: Session, contacts: Collection[int], leads: Collection[int]) -> None:
    connection = session.connection()
    for contact_id in contacts:  # the key goes too: who comes again is a new person. What is locked by it needs one that looks the same
        key = hashlib.sha256(f"{ERASED} {contact_id}".encode()).hexdigest()
        gone = {"value": "", "ending": None, "key": key, "phone_kind": None}
        connection.execute(update(_contact).where(_contact.c.id == contact_id).values(**gone))
    evidence = dict.fromkeys(("url", "ip", "user_agent", "trustedform_url", "jornaya_id"))
    came = select(arrival.c.id).where(arrival.c.lead_id.in_(leads))
    theirs = or_(_consent.c.contact_point_id.in_(contacts), _consent.c.arrival_id.in_(came))
    connection.execute(update(_consent).where(theirs).values(**evidence))


def _empty_requests(session: Session, leads: Collection[int]) -> None:
    connection = session.connection()
    arrivals = select(arrival.c.id).where(arrival.c.lead_id.in_(leads))
    connection.execute(delete(request).where(or_(request.c.arrival_id.in_(arrivals), request.c.lead_id.in_(leads))))
    said: dict[str, Any] = {"external_id": None, "record": "{}", "fingerprint": "", "earlier": None, "attribution": {}}
    connection.execute(update(arrival).where(arrival.c.lead_id.in_(leads)).values(**said))

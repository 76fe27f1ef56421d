"""Leads, their arrivals and their borrowers."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import orjson
from sqlalchemy import (
    ColumnElement,
    Index,
    String,
    UniqueConstraint,
    and_,
    bindparam,
    case,
    delete,
    false,
    insert,
    null,
    or_,
    select,
    text,
    type_coerce,
    update,
)
from sqlalchemy.dialects.postgresql import insert as upsert  # its ON CONFLICT compiles for SQLite too, the other way round it does not
from sqlmodel import Field, Session, SQLModel

from bot.rules.stages import ENDED
from bot.store.columns import RowId, json_value, maybe_reference, reference, row_id, sealed_text, table_of, whole_dollars
from bot.store.contacts import BorrowerContact, ContactPoint
from bot.store.people import Source, officer
from bot.store.prepared import Prepared
from bot.store.sealing import SealedAlike, SealedJson, forms_of

LOST = ("lapsed", "neglected")
"""Passes of somebody whose lead was taken back: they did not call in time, or left it alone for days."""
LET_GO = ("given_back", *LOST)
"""Passes of somebody who owned the lead: it rings for them again only where hardly anybody else could take it."""
ENDED_STAGES = ENDED


HIGHEST_NUMBER = 2**31 - 1
"""Of a lead, that a timeline can have."""


class Lead(SQLModel, table=True):
    """One borrower's wish for one loan. Its id is the number that people say aloud; numbers begin at 1001."""

    __table_args__ = (
        Index("ix_lead_owner", "owner_id", "stage", "practice"),  # whole, to count what somebody holds without reading it
        Index("ix_lead_free", "id", postgresql_where=text("owner_id IS NULL"), sqlite_where=text("owner_id IS NULL")),
        Index("ix_lead_rang", "team_id", "rang_at", postgresql_where=text("rang_at IS NOT NULL"), sqlite_where=text("rang_at IS NOT NULL")),
        Index(
            "ix_lead_score_due", "score_due_at",
            postgresql_where=text("score_due_at IS NOT NULL"), sqlite_where=text("score_due_at IS NOT NULL"),
        ),
        Index(
            "ix_lead_drip_look", "drip_look_at",
            postgresql_where=text("drip_look_at IS NOT NULL"), sqlite_where=text("drip_look_at IS NOT NULL"),
        ),
        Index("ix_lead_stage", "team_id", "stage", "staged_at"),
        Index(
            "ix_lead_goes_back", "team_id", "goes_back_at",
            postgresql_where=text("goes_back_at IS NOT NULL"), sqlite_where=text("goes_back_at IS NOT NULL"),
        ),
        {"sqlite_autoincrement": True},
    )  # fmt: skip

    id: int | None = row_id()
    team_id: int = reference("team.id")
    source_id: int = reference("source.id")
    owner_id: int | None = maybe_reference("officer.id")
    claimed_at: datetime | None = None
    stage: str = "new"
    staged_at: datetime | None = None  # since when it is in this stage
    purpose: str | None = None
    state: str | None = None  # of the property
    score: int = 0
    grade: str = "D"
    score_reasons: list[Any] = json_value()  # as rules.scoring.Reason writes them
    score_inputs: list[Any] | None = json_value()  # the names of what counted
    score_version: str | None = None  # by which facts and points; none: version 2 or before
    score_due_at: datetime | None = None  # when it is made anew, in business time
    segments: dict[str, Any] | None = json_value()  # that it belongs to, with the names that the config gives them
    route: dict[str, Any] | None = json_value()  # the rule that it came under, as rules.routing.Route writes it; none: the source's team
    arrived_at: datetime
    booked_for: datetime | None = None  # while it is free: when the borrower was promised a call, and by whom
    booked_by: int | None = Field(default=None, sa_type=RowId)
    rang_at: datetime | None = None  # when a lead that came while the team slept was handed out: how quick people were counts from then
    drip_look_at: datetime | None = None  # when it is looked at what begins by itself for it, in business time
    drip_looked_seq: int | None = None  # its events up to this one were looked at
    goes_back_at: datetime | None = None  # the owner, who leaves it alone, was warned that it goes back to the pool then
    linked_lead_id: int | None = maybe_reference("lead.id")
    link_answer: str | None = None  # asked, then same_request or two_people, where the two leads have different first names
    practice: bool = Field(default=False, sa_column_kwargs={"server_default": false()})  # an officer tries the bell: never counted
    six_piece_at: datetime | None = None
    details: dict[str, Any] = json_value()  # the canonical record (facts of the wish, no name, phone or email)
    head_seq: int = 0
    head_digest: str = ""


UNDATED = "undated_row"
"""In the attribution of a row of a file that does not say when its borrower asked, quiet or not."""


class Arrival(SQLModel, table=True):
    """One request from one source."""

    __table_args__ = (
        UniqueConstraint("source_id", "external_id", name="uq_arrival_source_external"),
        Index("ix_arrival_fingerprint", "source_id", "fingerprint", "received_at"),
    )

    id: int | None = row_id()
    lead_id: int = reference("lead.id", index=True)
    source_id: int = reference("source.id")
    external_id: str | None = None
    fingerprint: str = Field(sa_type=SealedAlike)  # of a record that a phone alone may be missing from
    duplicate: bool = False  # what the sender was told: this request was one more for a lead that stood already
    received_at: datetime
    day: date | None = None  # in whose costs it is, by its team's clocks then; none of what was imported quietly
    submitted_at: datetime | None = None
    price: int | None = whole_dollars()
    price_assumed: bool = False  # the source named none: it is the one that we wrote down for it
    attribution: dict[str, Any] = json_value()
    record: str = sealed_text("")  # the whole parsed record as JSON, personal data included
    earlier: list[str] | None = Field(default=None, sa_type=SealedJson)  # fingerprints of what its source said before under this id


class Borrower(SQLModel, table=True):
    # Who is looked for by name is found by indexes over `small_letters`, which migration 0005 makes: SQLAlchemy cannot read them back.
    id: int | None = row_id()
    first_name: str | None = None
    last_name: str | None = None
    language: str | None = None


class LeadBorrower(SQLModel, table=True):
    __tablename__ = "lead_borrower"
    lead_id: int = reference("lead.id", primary_key=True)
    borrower_id: int = reference("borrower.id", primary_key=True, index=True)
    position: int = 0  # 0 is who asked; co-borrowers follow


class LeadDate(SQLModel, table=True):
    """A day of a borrower's that sequences go by. Of a birthday only month and day are kept, in the year 2000."""

    __tablename__ = "lead_date"
    lead_id: int = reference("lead.id", primary_key=True)
    kind: str = Field(primary_key=True)  # closing, birthday, lock_expiry or preapproval_expiry
    day: date


class LeadPass(SQLModel, table=True):
    """An officer let a lead go by: not to be rung for it until then."""

    __tablename__ = "lead_pass"
    lead_id: int = reference("lead.id", primary_key=True)
    officer_id: int = reference("officer.id", primary_key=True)
    reason: str
    at: datetime
    until: datetime | None = Field(default=None)


@dataclass(frozen=True, slots=True)
class KnownArrival:
    """An arrival that came before: its lead, what it said (as a fingerprint), and what its sender was told."""

    arrival_id: int
    lead_id: int
    fingerprint: str
    duplicate: bool


@dataclass(frozen=True, slots=True)
class LeadOfContact:
    """A lead that already has one of these phones or emails."""

    lead_id: int
    team_id: int
    source_id: int
    borrower_id: int
    first_name: str | None
    purpose: str | None
    stage: str
    score: int
    arrived_at: datetime
    source_label: str
    owner_id: int | None
    owner_active: bool | None
    owner_off_until: datetime | None
    position: int  # of the borrower within the lead: 0 is who asked

    def owner_is_here(self, now: datetime) -> bool:
        """Whether the owner works at the company and is not off."""
        return bool(self.owner_active) and (self.owner_off_until is None or self.owner_off_until <= now)


lead = table_of(Lead)
arrival = table_of(Arrival)
not_ended = and_(*(lead.c.stage != ended for ended in ENDED_STAGES))
_borrower, _lead_borrower = table_of(Borrower), table_of(LeadBorrower)
_contact, _borrower_contact = table_of(ContactPoint), table_of(BorrowerContact)

_known = select(arrival.c.id, arrival.c.lead_id, arrival.c.fingerprint, arrival.c.duplicate).where(
    arrival.c.source_id == bindparam("source_id")
)
_known_by_id = Prepared(_known.where(arrival.c.external_id == bindparam("external_id")))
_known_by_words = Prepared(
    _known.where(
        arrival.c.external_id.is_(None),
        type_coerce(arrival.c.fingerprint, String) == bindparam("fingerprint"),
        arrival.c.received_at > bindparam("since"),
    )
    .order_by(arrival.c.id)
    .limit(1)
)


def known_arrival(session: Session, source_id: int, external_id: str | None, fingerprint: str, since: datetime) -> KnownArrival | None:
    """The arrival that this one repeats: by the sender's id, or where it has none by the same words since then."""
    if external_id is not None:
        found = _known_by_id.run(session, {"source_id": source_id, "external_id": external_id})
    else:
        forms = forms_of(session.connection().dialect, arrival.c.fingerprint, fingerprint)
        asked = ({"source_id": source_id, "fingerprint": form, "since": since} for form in forms)
        found = next(filter(None, (_known_by_words.run(session, row) for row in asked)), [])
    return KnownArrival(*found[0]) if found else None


@dataclass(frozen=True, slots=True)
class SaidBefore:
    """What a source said under an id, last and earlier."""

    record: dict[str, Any]
    fingerprints: tuple[str, ...]
    attribution: dict[str, str]


_MOST_EARLIER = 50
"""So many earlier deliveries are known when they come late; who sends a new time of day each minute fills no more."""
_said = select(arrival.c.record, arrival.c.fingerprint, arrival.c.earlier, arrival.c.attribution).where(
    arrival.c.id == bindparam("of_arrival")
)
_say_now = (
    update(arrival)
    .where(arrival.c.id == bindparam("of_arrival"))
    .values(
        record=bindparam("new_record"),
        fingerprint=bindparam("new_fingerprint"),
        earlier=bindparam("said_earlier", type_=arrival.c.earlier.type),
        attribution=bindparam("new_attribution", type_=arrival.c.attribution.type),
    )
)


def said_until_now(session: Session, arrival_id: int) -> SaidBefore:
    found = session.connection().execute(_said, {"of_arrival": arrival_id}).one()
    return SaidBefore(orjson.loads(found.record), (*(found.earlier or ()), found.fingerprint), found.attribution)


def say_now(session: Session, arrival_id: int, record: str, fingerprint: str, attribution: Mapping[str, str]) -> SaidBefore:
    """Keep what a source says now of a request, its price aside; what it said until now is returned. The keys of the request are locked."""
    before = said_until_now(session, arrival_id)
    if fingerprint not in before.fingerprints:
        new = {
            "new_record": record,
            "new_fingerprint": fingerprint,
            "said_earlier": before.fingerprints[-_MOST_EARLIER:],
            "new_attribution": {**before.attribution, **attribution},
        }
        session.connection().execute(_say_now, {"of_arrival": arrival_id, **new})
    return before


_by_arrival_id = Prepared(
    select(arrival.c.id, arrival.c.lead_id, arrival.c.fingerprint, arrival.c.duplicate).where(arrival.c.id == bindparam("of_arrival"))
)


_taken_for = select(lead.c.linked_lead_id).where(lead.c.id == bindparam("of_lead"), lead.c.link_answer == "same_request")


def taken_for(session: Session, lead_id: int) -> int | None:
    """The older lead of which somebody said that this one is the same request."""
    found: int | None = session.connection().execute(_taken_for, {"of_lead": lead_id}).scalar_one_or_none()
    return found


_practice = select(lead.c.practice).where(lead.c.id == bindparam("of_lead"))


def is_practice(session: Session, lead_id: int) -> bool:
    """Whether it is an officer's practice lead, which counts nowhere."""
    return bool(session.connection().execute(_practice, {"of_lead": lead_id}).scalar_one_or_none())


_name = select(_borrower.c.first_name, _borrower.c.last_name).where(_borrower.c.id == bindparam("of_borrower"))
_set_name = (
    update(_borrower)
    .where(_borrower.c.id == bindparam("of_borrower"))
    .values(first_name=bindparam("new_first"), last_name=bindparam("new_last"))
)


def mend_name(session: Session, borrower_id: int, before: dict[str, Any], record: dict[str, Any]) -> bool:
    """Take over the parts of a name that are still as they were understood before, or not known at all; return whether any changed."""
    connection = session.connection()
    known = connection.execute(_name, {"of_borrower": borrower_id}).one()._asdict()
    new = {part: record.get(part) or name if name in (None, before.get(part)) else name for part, name in known.items()}
    if new == known:
        return False
    connection.execute(_set_name, {"of_borrower": borrower_id, "new_first": new["first_name"], "new_last": new["last_name"]})
    return True


def arrival_by_id(session: Session, arrival_id: int) -> KnownArrival:
    return KnownArrival(*_by_arrival_id.run(session, {"of_arrival": arrival_id})[0])


_insert_lead = Prepared(insert(lead).returning(lead.c.id))
_insert_arrival = Prepared(insert(arrival).returning(arrival.c.id))
_insert_borrower = Prepared(insert(_borrower).returning(_borrower.c.id))
_insert_lead_borrower = Prepared(insert(_lead_borrower))


def add_lead(session: Session, row: dict[str, Any]) -> int:
    return int(_insert_lead.run(session, row)[0].id)


def add_arrival(session: Session, row: dict[str, Any]) -> int:
    return int(_insert_arrival.run(session, row)[0].id)


def add_borrower(session: Session, lead_id: int, first_name: str | None, last_name: str | None, language: str | None) -> int:
    row = {"first_name": first_name, "last_name": last_name, "language": language}
    borrower_id = int(_insert_borrower.run(session, row)[0].id)
    _insert_lead_borrower.run(session, {"lead_id": lead_id, "borrower_id": borrower_id, "position": 0})
    return borrower_id


_first_borrower = Prepared(
    select(_lead_borrower.c.borrower_id).where(_lead_borrower.c.lead_id == bindparam("of_lead"), _lead_borrower.c.position == 0)
)


def borrower_of(session: Session, lead_id: int) -> int | None:
    """Whom the lead is about: the one who asked."""
    return borrowers_of(session, [lead_id])[0]


def borrowers_of(session: Session, lead_ids: Sequence[int]) -> list[int | None]:
    """The same of each of several."""
    return [
        int(found[0].borrower_id) if found else None
        for found in _first_borrower.run_each(session, [{"of_lead": each} for each in lead_ids])
    ]


_source = table_of(Source)
_of_contact = select(
    lead.c.id, lead.c.team_id, lead.c.source_id, _borrower.c.id, _borrower.c.first_name, lead.c.purpose, lead.c.stage, lead.c.score,
    lead.c.arrived_at, _source.c.label, lead.c.owner_id, officer.c.active, officer.c.off_until, _lead_borrower.c.position,
)  # fmt: skip
_by_contact = Prepared(
    _of_contact.join_from(_contact, _borrower_contact)
    .join(_borrower)
    .join(_lead_borrower, _lead_borrower.c.borrower_id == _borrower.c.id)
    .join(lead, lead.c.id == _lead_borrower.c.lead_id)
    .join(_source, _source.c.id == lead.c.source_id)
    .outerjoin(officer, officer.c.id == lead.c.owner_id)
    .where(
        _contact.c.key == bindparam("of_key"),
        or_(lead.c.arrived_at > bindparam("since"), not_ended),
        or_(lead.c.link_answer.is_(None), lead.c.link_answer != "same_request"),  # its borrowers belong to the older lead too
    )
)
_by_number = Prepared(
    _of_contact.join_from(lead, _lead_borrower)
    .join(_borrower)
    .join(_source, _source.c.id == lead.c.source_id)
    .outerjoin(officer, officer.c.id == lead.c.owner_id)
    .where(lead.c.id == bindparam("of_lead"), _lead_borrower.c.position == 0)
)


def leads_of_contacts(session: Session, keys: Sequence[str], since: datetime) -> list[LeadOfContact]:
    """The leads that have one of these contact keys and are open or arrived since then, newest first."""
    found = {LeadOfContact(*row) for key in keys for row in _by_contact.run(session, {"of_key": key, "since": since})}
    return sorted(found, key=lambda known: (known.lead_id, known.borrower_id), reverse=True)


_there_is = select(lead.c.id).where(lead.c.id == bindparam("of_lead"))


def add_co_borrower(session: Session, lead_id: int) -> int:
    """One more person in the lead, of whom nothing is known yet."""
    borrower_id = int(_insert_borrower.run(session, {"first_name": None, "last_name": None, "language": None})[0].id)
    _insert_lead_borrower.run(session, {"lead_id": lead_id, "borrower_id": borrower_id, "position": 1})
    return borrower_id


def there_is(session: Session, lead_id: int) -> bool:
    return session.connection().execute(_there_is, {"of_lead": lead_id}).first() is not None


def lead_of(session: Session, lead_id: int) -> LeadOfContact:
    """The same about one lead, which there is."""
    return LeadOfContact(*_by_number.run(session, {"of_lead": lead_id})[0])


_pass = table_of(LeadPass)
_new_pass = upsert(_pass)
_keep_pass = _new_pass.on_conflict_do_update(
    index_elements=[_pass.c.lead_id, _pass.c.officer_id],
    set_={"reason": _new_pass.excluded.reason, "at": _new_pass.excluded.at, "until": _new_pass.excluded.until},
)


def keep_pass(session: Session, lead_id: int, officer_id: int, reason: str, at: datetime, until: datetime | None) -> None:
    """An officer lets a lead go by, or let it lapse; the last reason counts."""
    row = {"lead_id": lead_id, "officer_id": officer_id, "reason": reason, "at": at, "until": until}
    session.connection().execute(_keep_pass, row)


_lapsed = select(_pass.c.at).where(
    _pass.c.lead_id == bindparam("of_lead"), _pass.c.officer_id == bindparam("of_officer"), _pass.c.reason.in_(LOST)
)


def let_lapse(session: Session, lead_id: int, officer_id: int) -> bool:
    """Whether the officer had this lead and lost it for not calling."""
    return session.connection().execute(_lapsed, {"of_lead": lead_id, "of_officer": officer_id}).first() is not None


_book = update(lead).where(lead.c.id == bindparam("of_lead")).values(booked_for=bindparam("promised_for"), booked_by=bindparam("by"))


def book(session: Session, lead_id: int, promised_for: datetime | None, by: int | None) -> None:
    """Keep when the borrower of a free lead expects a call, and who promised it; None where nobody did."""
    session.connection().execute(_book, {"of_lead": lead_id, "promised_for": promised_for, "by": by})


def still_booked(at: str) -> ColumnElement[datetime | None]:
    """What remains of a promised call at the moment that this parameter names: nothing once its time came."""
    return case((lead.c.booked_for > bindparam(at, type_=lead.c.booked_for.type), lead.c.booked_for), else_=null())


_lock = select(lead.c.details).where(lead.c.id == bindparam("lead_id")).with_for_update(key_share=True)
_set_details = update(lead).where(lead.c.id == bindparam("lead_id")).values(details=bindparam("new_details"))


_wish = {"purpose": bindparam("new_purpose", type_=lead.c.purpose.type), "state": bindparam("new_state", type_=lead.c.state.type)}


_only_lock = Prepared(select(lead.c.id).where(lead.c.id == bindparam("lead_id")).with_for_update(key_share=True))


def lock_lead(session: Session, lead_id: int) -> None:
    """Nobody else claims, releases or changes the lead until this transaction ends."""
    _only_lock.run(session, {"lead_id": lead_id})


def lock_leads(session: Session, lead_ids: Collection[int]) -> None:
    """The same for several, in the order of their numbers."""
    _only_lock.run_each(session, [{"lead_id": lead_id} for lead_id in sorted(lead_ids)])


@dataclass(frozen=True, slots=True)
class WrittenLead:
    """What an email about a lead is judged and written by: little of what a card shows."""

    number: int
    stage: str
    owner_id: int | None
    claimed_at: datetime | None
    details: Mapping[str, Any]


_written_row = Prepared(
    select(lead.c.id, lead.c.stage, lead.c.owner_id, lead.c.claimed_at, lead.c.details).where(lead.c.id == bindparam("lead_id"))
)


def written_leads(session: Session, numbers: Sequence[int]) -> dict[int, WrittenLead]:
    """The leads with these numbers as they stand; who has none is left out."""
    found = _written_row.run_each(session, [{"lead_id": number} for number in numbers])
    return {number: WrittenLead(*rows[0]) for number, rows in zip(numbers, found, strict=True) if rows}


def fill_details(session: Session, lead_id: int, details: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Add what a later request knew and the lead did not; what stands is kept. Returns what was known and what is known now."""
    connection = session.connection()
    known = connection.execute(_lock, {"lead_id": lead_id}).scalar_one()
    filled = {**details, **known}
    connection.execute(_set_details, {"lead_id": lead_id, "new_details": filled})
    return known, filled


def change_details(session: Session, lead_id: int, before: dict[str, Any], details: dict[str, Any]) -> tuple[str, ...]:
    """Take over what a source says now, where the lead still has what the same source said `before`, or nothing. Returns what changed."""
    connection = session.connection()
    known = connection.execute(_lock, {"lead_id": lead_id}).scalar_one()
    said = {name: value for name, value in details.items() if known.get(name) in (None, before.get(name)) and known.get(name) != value}
    if said:
        changed = {**known, **said}
        wish = {"new_purpose": changed.get("purpose"), "new_state": changed.get("property_state")}
        connection.execute(_set_details.values(_wish), {"lead_id": lead_id, "new_details": changed, **wish})
    return tuple(said)


def set_detail(session: Session, lead_id: int, name: str, value: str) -> None:
    """What is known now, whatever stood there."""
    connection = session.connection()
    known = connection.execute(_lock, {"lead_id": lead_id}).scalar_one()
    connection.execute(_set_details, {"lead_id": lead_id, "new_details": {**known, name: value}})


def drop_details(session: Session, lead_id: int, names: Collection[str]) -> None:
    """Forget what came from a request that was not this lead's after all."""
    connection = session.connection()
    known = connection.execute(_lock, {"lead_id": lead_id}).scalar_one()
    kept = {name: value for name, value in known.items() if name not in names}
    connection.execute(_set_details, {"lead_id": lead_id, "new_details": kept})


_borrowers = (
    select(_lead_borrower.c.borrower_id).where(_lead_borrower.c.lead_id == bindparam("of_lead")).order_by(_lead_borrower.c.position)
)
_add_borrower = upsert(_lead_borrower).on_conflict_do_nothing()
_drop_borrowers = delete(_lead_borrower).where(
    _lead_borrower.c.lead_id == bindparam("of_lead"), _lead_borrower.c.borrower_id.in_(bindparam("dropped", expanding=True))
)


def add_borrowers_of(session: Session, lead_id: int, other_id: int) -> list[int]:
    """The other lead's borrowers are this lead's too, after its own; return those who were not before."""
    connection = session.connection()
    own, theirs = (list(connection.execute(_borrowers, {"of_lead": each}).scalars()) for each in (lead_id, other_id))
    new = [borrower_id for borrower_id in theirs if borrower_id not in own]
    for position, borrower_id in enumerate(new, len(own)):
        connection.execute(_add_borrower, {"lead_id": lead_id, "borrower_id": borrower_id, "position": position})
    return new


def drop_borrowers(session: Session, lead_id: int, borrower_ids: Collection[int]) -> None:
    session.connection().execute(_drop_borrowers, {"of_lead": lead_id, "dropped": list(borrower_ids)})

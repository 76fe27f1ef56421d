"""What sources sent, as it came: kept to be read again, shown to a person where it was not understood, and made a lead after all."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Literal

from pydantic import TypeAdapter
from sqlmodel import Session

from bot.capture import intake
from bot.capture.intake import NewArrival, Received, record_arrival, understand_again
from bot.in_force import SourceInForce
from bot.leads.press import Press
from bot.rules.roles import Role, may
from bot.rules.text import clean, truncate
from bot.services import Services
from bot.sources.generic import fingerprint, parse
from bot.sources.mail import MAIL, leads_in_mail
from bot.sources.new_lead import NewLead
from bot.sources.pinging import as_bought
from bot.sources.private import PRIVATE_NOTES, holds_private, without_private_fields
from bot.sources.request import LeadRequest
from bot.sources.unreadable import FieldError, Unreadable
from bot.sources.vendors_test import VendorsTest
from bot.store.contacts import lock_keys
from bot.store.events import COMPANY, Fact, append_event
from bot.store.installation import contact_key
from bot.store.leads import arrival_by_id, known_arrival, said_until_now
from bot.store.people import doer, operators
from bot.store.places import KnownOfficer
from bot.store.postings import Lease, post_notice, redraw_notice
from bot.store.seen import once
from bot.store.source_requests import (
    RequestRow,
    State,
    came_already,
    keep_request,
    lock_request,
    next_requests,
    request_row,
    settle_request,
    told_of,
)

KEPT_FOR = timedelta(days=90)
CONFLICT = "conflict"
"""The problem of a request that is understood, and says other things under an id that its source used."""
MOST_BYTES = 64 * 1024
"""What we did not understand is kept up to here, and what is longer is not kept as it came: hardly a lead is, and it is looked through."""
MOST_SHOWN = 700
"""Characters of it that a person is shown."""


def as_it_came(services: Services, source: SourceInForce, asked: LeadRequest, lead: NewLead) -> Mapping[str, Any] | None:
    """The row for a request that was understood. One that held a social security number or a birth date is kept nowhere as it came."""
    if len(asked.body) > MOST_BYTES or any(note in PRIVATE_NOTES for note in lead.notes) or holds_private(_as_text(asked.body)):
        return None
    return _row(services, source, asked, asked.body, "kept")


async def keep_unread(services: Services, source: SourceInForce, asked: LeadRequest, errors: Sequence[FieldError]) -> None:
    """Keep a request that nobody understood, and tell who runs Leadbell. Sent again, it waits once."""
    body = asked.body[:MOST_BYTES]
    text = _as_text(body)
    left = without_private_fields(text)
    row = _row(services, source, asked, body if left == text else left.encode(), "unread")  # as it came it can be read again
    problems = [{"type": error.type, "field": error.field} for error in errors]
    services.owe(await services.store.transact(add_unread, {**row, "problems": problems}, source.label, services.salt()))


def add_unread(session: Session, row: Mapping[str, Any], label: str, salt: str) -> list[Lease]:
    """The transaction that keeps it. One message tells of all that wait from a source, and is drawn again for each more."""
    lock_keys(session, [contact_key(b"", "unread", str(row["source_id"]))])  # of two at once, the second is told of beside the first
    decided_too = any(problem["type"] == CONFLICT for problem in row["problems"])  # with its id the same bytes are the same request
    if came_already(session, row["source_id"], row["digest"], decided_too=decided_too):
        return []
    seq = told_of(session, row["source_id"])
    if seq is not None:
        keep_request(session, {**row, "told_seq": seq})
        redraw_notice(session, seq)
        return []
    seq = append_event(session, COMPANY, Fact("request_unread", "leadbell", row["received_at"], {"source": label}), salt)
    keep_request(session, {**row, "told_seq": seq})
    return [lease for each in operators(session) for lease in post_notice(session, None, each, "request_unread", seq, 0, at_once=True)]


@dataclass(frozen=True, slots=True)
class Made:
    """A lead was made of the request, or the request belongs to one; `already` where somebody else was quicker."""

    lead: int
    already: bool = False
    kind: Literal["made"] = "made"


@dataclass(frozen=True, slots=True)
class SetAside:
    """It is no lead: it waits no more. `already` where somebody else was quicker."""

    already: bool = False
    kind: Literal["set_aside"] = "set_aside"


@dataclass(frozen=True, slots=True)
class WaitsAgain:
    """It was set aside, and is looked at after all."""

    kind: Literal["waits_again"] = "waits_again"


@dataclass(frozen=True, slots=True)
class Unreachable:
    """What was typed holds neither a phone nor an email."""

    kind: Literal["unreachable"] = "unreachable"


@dataclass(frozen=True, slots=True)
class NoBasis:
    """Its source sells trigger leads, whose basis no person can make up: the vendor has to send it."""

    kind: Literal["no_basis"] = "no_basis"


@dataclass(frozen=True, slots=True)
class MayNotReview:
    """Another role looks after requests."""

    role: Role
    kind: Literal["may_not_review"] = "may_not_review"


@dataclass(frozen=True, slots=True)
class Forgotten:
    """The request is older than we keep them, or its source is gone."""

    kind: Literal["forgotten"] = "forgotten"


ReviewOutcome = Made | SetAside | WaitsAgain | Unreachable | NoBasis | MayNotReview | Forgotten
_answers: TypeAdapter[ReviewOutcome] = TypeAdapter(ReviewOutcome)


@dataclass(frozen=True, slots=True)
class Shown:
    """What a person sees of a request: its text, as far as a screen holds it."""

    request: int
    source: str
    words: str


async def look_at(services: Services, who: KnownOfficer, request_id: int) -> Shown | ReviewOutcome:
    """The request for somebody who may make a lead of it."""
    if not may(who.role, "review_requests"):
        return MayNotReview(who.role)
    row = await services.store.read(request_row, request_id)
    if row is None:
        return Forgotten()
    if row.state != "unread":
        return _settled(row)
    return Shown(row.id, row.label, truncate(_as_text(row.body), MOST_SHOWN))


async def make_lead(services: Services, pressed: Press, request_id: int, typed: Mapping[str, str]) -> ReviewOutcome:
    """A lead of the request's source, of what a person read out of it; it rings like any other."""
    row = await services.store.read(request_row, request_id)
    source = None if row is None else services.in_force.sources.get(row.source)
    if row is None or source is None:
        return Forgotten()
    if source.map.trigger_leads:
        return NoBasis()
    try:
        lead = replace(parse(typed), external_id=f"request-{row.id}", submitted_at=row.received_at)
    except Unreadable:
        return Unreachable()
    outcome, leases = await services.store.transact(make, pressed, row.id, intake.prepare(services, source, lead))
    services.owe(leases)
    return outcome


def make(session: Session, by: Press, request_id: int, new: NewArrival) -> tuple[ReviewOutcome, Sequence[Lease]]:
    """The transaction of that lead. Whoever is first decides."""
    leases: list[Lease] = []

    def decide() -> ReviewOutcome:
        row = _may_settle(session, by, request_id)
        if not isinstance(row, RequestRow):
            return row
        received = record_arrival(session, new)
        if not isinstance(received, Received):  # its source sent our name for this request as an id of its own
            received = record_arrival(session, replace(new, lead=replace(new.lead, external_id=None)))
        assert isinstance(received, Received), "without an id nothing is in the way"
        leases.extend(received.leases)
        _settle(session, by, row, "made", received.lead)
        return Made(received.lead)

    return once(session, by.delivery, by.at, _answers, decide), leases


async def set_aside(services: Services, pressed: Press, request_id: int) -> ReviewOutcome:
    return await services.store.transact(put_aside, pressed, request_id)


def put_aside(session: Session, by: Press, request_id: int) -> ReviewOutcome:
    """The transaction for a request that is no lead."""

    def decide() -> ReviewOutcome:
        row = _may_settle(session, by, request_id)
        if not isinstance(row, RequestRow):
            return row
        _settle(session, by, row, "set_aside", None)
        return SetAside()

    return once(session, by.delivery, by.at, _answers, decide)


async def take_up_again(services: Services, pressed: Press, request_id: int) -> ReviewOutcome:
    return await services.store.transact(put_back, pressed, request_id)


def put_back(session: Session, by: Press, request_id: int) -> ReviewOutcome:
    """The transaction that undoes `put_aside`."""

    def decide() -> ReviewOutcome:
        person = doer(session, by.officer_id)
        if not person.active or not may(person.role, "review_requests"):
            return MayNotReview(person.role)
        row = lock_request(session, request_id)
        if row is None:
            return Forgotten()
        if row.state != "set_aside":
            return WaitsAgain() if row.state == "unread" else _settled(row)
        _settle(session, by, row, "unread", None)
        return WaitsAgain()

    return once(session, by.delivery, by.at, _answers, decide)


def _may_settle(session: Session, by: Press, request_id: int) -> RequestRow | ReviewOutcome:
    person = doer(session, by.officer_id)
    if not person.active or not may(person.role, "review_requests"):
        return MayNotReview(person.role)
    row = lock_request(session, request_id)
    if row is None:
        return Forgotten()
    return row if row.state == "unread" else _settled(row)


def _settled(row: RequestRow) -> ReviewOutcome:
    return SetAside(already=True) if row.lead_id is None else Made(row.lead_id, already=True)


def _settle(session: Session, by: Press, row: RequestRow, state: State, lead_id: int | None) -> None:
    settle_request(session, row.id, state, lead_id)
    person = doer(session, by.officer_id)
    meta = {"request": row.id, "source": row.label, "state": state, "lead": lead_id}
    append_event(session, COMPANY, Fact("request_settled", f"officer:{person.key}", by.at, meta, officer_id=by.officer_id), by.salt)
    if row.told_seq is not None:
        redraw_notice(session, row.told_seq)


@dataclass(slots=True)
class Replayed:
    """What came of reading requests again."""

    read: int = 0
    unchanged: int = 0
    changed: int = 0
    made: int = 0
    still_unread: int = 0
    sources_gone: int = 0


def say_replayed(done: Replayed, *, dry_run: bool) -> str:
    """The sum, for an operator."""
    would = "would be " if dry_run else ""
    parts = [
        f"{done.read:,} read again",
        f"{done.unchanged:,} as before",
        f"{done.changed:,} {would}corrected",
        f"{done.made:,} {would}leads now",
        f"{done.still_unread:,} still not understood",
    ]
    return ", ".join([*parts, *([f"{done.sources_gone:,} of sources that are gone"] if done.sources_gone else [])]) + "."


async def replay(services: Services, source: str | None, since: datetime, told: Callable[[str], None], *, dry_run: bool) -> Replayed:
    """Read again what came since then, with today's readers: leads learn what was misread, and what was not understood may be a lead now.
    A dry run changes nothing."""
    done, after = Replayed(), 0
    while rows := await services.store.read(next_requests, after, since, source):
        for row in rows:
            await _read_again(services, row, done, told, dry_run=dry_run)
        after = rows[-1].id
    return done


async def _read_again(services: Services, row: RequestRow, done: Replayed, told: Callable[[str], None], *, dry_run: bool) -> None:
    done.read += 1
    source = services.in_force.sources.get(row.source)
    if source is None:
        done.sources_gone += 1
        return
    asked = LeadRequest({"content-type": row.content_type} if row.content_type else {}, {}, row.body)
    try:
        if row.content_type == MAIL:
            leads = leads_in_mail(asked.body.decode("utf-8", "replace"), source.map)
        else:
            leads = source.format.read(asked, source.map)
    except (Unreadable, VendorsTest):
        leads = ()
    if not leads or (source.ping is not None and row.arrival_id is None):  # its seller heard that we did not buy it, and may have sold it
        done.still_unread += row.state == "unread"
        done.unchanged += row.state == "kept"
    elif row.arrival_id is not None:
        await _correct(services, source, row.arrival_id, leads, done, told, dry_run=dry_run)
    else:
        await _make_of(services, source, row, leads, done, told, dry_run=dry_run)


async def _correct(
    services: Services,
    source: SourceInForce,
    arrival_id: int,
    leads: Sequence[NewLead],
    done: Replayed,
    told: Callable[[str], None],
    *,
    dry_run: bool,
) -> None:
    said = await services.store.read(said_until_now, arrival_id)
    lead = _of_that_arrival(source, leads, said.record)
    if lead is None or fingerprint(lead) in said.fingerprints:
        done.unchanged += 1
        return
    known = await services.store.read(arrival_by_id, arrival_id)
    done.changed += 1
    told(f"#{known.lead_id} {'would learn' if dry_run else 'learns'} what was misread before.")
    if not dry_run:
        received = await services.store.transact(understand_again, intake.prepare(services, source, lead), arrival_id)
        services.owe(received.leases)


def _of_that_arrival(source: SourceInForce, leads: Sequence[NewLead], record: Mapping[str, Any]) -> NewLead | None:
    """The lead of a request that this arrival is about; None where that cannot be told: what another said must not become this one's."""
    if source.ping is not None:
        return as_bought(leads[0], record.get("price"), record.get("external_id"))
    own_id = record.get("external_id")
    if len(leads) == 1:  # a mail says no id; it has one that we gave it
        return leads[0] if leads[0].external_id is not None else replace(leads[0], external_id=own_id)
    return next((lead for lead in leads if lead.external_id is not None and lead.external_id == own_id), None)


async def _make_of(
    services: Services,
    source: SourceInForce,
    row: RequestRow,
    leads: Sequence[NewLead],
    done: Replayed,
    told: Callable[[str], None],
    *,
    dry_run: bool,
) -> None:
    if await _stands_in_the_way(services, source, leads[0]):
        done.still_unread += 1
        return
    done.made += 1
    if dry_run:
        told(f"Request {row.id} from {row.label} would be a lead.")
        return
    numbers = []
    for place, lead in enumerate(leads):
        named = lead if lead.external_id is not None else replace(lead, external_id=f"request-{row.id}-{place}")
        outcome = await intake.receive(services, source, named)
        numbers.append(outcome.lead)
    await services.store.transact(settle_replayed, row.id, numbers[0])
    told(f"Request {row.id} from {row.label} is #{numbers[0]}.")


async def _stands_in_the_way(services: Services, source: SourceInForce, lead: NewLead) -> bool:
    """Whether another request has this one's id, and its source may not say other things under an id: then a person decides."""
    if source.format.takes_changes or lead.external_id is None:
        return False
    known = await services.store.read(known_arrival, source.id, lead.external_id, "", services.clock.now())
    return known is not None and known.fingerprint != fingerprint(lead)


def settle_replayed(session: Session, request_id: int, lead_id: int) -> None:
    """The transaction that ends the waiting of a request that was understood after all."""
    row = lock_request(session, request_id)
    if row is not None and row.state == "unread":
        settle_request(session, request_id, "made", lead_id)
        if row.told_seq is not None:
            redraw_notice(session, row.told_seq)


def _as_text(body: bytes) -> str:
    """As a person may look at it. Of UTF-16 the letters remain, since their other halves are no characters."""
    return clean(body.decode("utf-8", "replace"))


def _row(services: Services, source: SourceInForce, asked: LeadRequest, body: bytes, state: State) -> dict[str, Any]:
    return {
        "source_id": source.id,
        "received_at": services.clock.now(),
        "content_type": asked.content_type,
        "body": body,
        "digest": hashlib.sha256(services.hash_key + body).hexdigest(),
        "state": state,
        "problems": None,
        "told_seq": None,
        "lead_id": None,
        "arrival_id": None,
    }

"""What was agreed to and taken back on each phone and email: the evidence, as it was recorded."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select
from sqlmodel import Session

from bot.rules.certificates import certificate_in
from bot.store.certificates import Kept, kept_of
from bot.store.columns import table_of
from bot.store.contacts import BorrowerContact, Consent, ContactPoint
from bot.store.leads import Arrival, LeadBorrower
from bot.store.people import Source
from bot.store.suppressions import Suppression


@dataclass(frozen=True, slots=True)
class Agreed:
    """One consent with who supplied it."""

    supplied_by: str | None
    recorded_at: datetime
    given: bool | None
    given_at: datetime | None
    text: str | None
    version: str | None
    url: str | None
    ip: str | None
    user_agent: str | None
    trustedform_url: str | None
    jornaya_id: str | None
    sellers: tuple[str, ...]
    names_us: bool | None
    certificate: Kept | None = None


@dataclass(frozen=True, slots=True)
class Closed:
    """A channel that was closed, and opened again where `lifted_at` says so."""

    channel: str
    reason: str
    at: datetime
    lifted_at: datetime | None


@dataclass(frozen=True, slots=True)
class ContactFile:
    """One phone or email with everything that was agreed to and closed on it, the oldest first."""

    kind: str
    value: str
    key: str
    agreed: tuple[Agreed, ...]
    closed: tuple[Closed, ...]


_contact, _consent, _theirs = table_of(ContactPoint), table_of(Consent), table_of(BorrowerContact)
_of_lead, _arrival, _source, _suppression = table_of(LeadBorrower), table_of(Arrival), table_of(Source), table_of(Suppression)
_columns = (_contact.c.id, _contact.c.kind, _contact.c.value, _contact.c.key)
_contacts = (
    select(*_columns)
    .join_from(_of_lead, _theirs, _of_lead.c.borrower_id == _theirs.c.borrower_id)
    .join(_contact)
    .where(_of_lead.c.lead_id == bindparam("lead"))
    .distinct()
    .order_by(_contact.c.id)
)
_by_key = select(*_columns).where(_contact.c.key == bindparam("key"))
_agreed = (
    select(
        _source.c.label, _consent.c.recorded_at, _consent.c.given, _consent.c.given_at, _consent.c.text, _consent.c.version, _consent.c.url,
        _consent.c.ip, _consent.c.user_agent, _consent.c.trustedform_url, _consent.c.jornaya_id, _consent.c.sellers, _consent.c.names_us,
    )
    .join_from(_consent, _arrival, _consent.c.arrival_id == _arrival.c.id, isouter=True)
    .join(_source, _arrival.c.source_id == _source.c.id, isouter=True)
    .where(_consent.c.contact_point_id == bindparam("of_contact"))
    .order_by(_consent.c.id)
)  # fmt: skip
_closed = (
    select(_suppression.c.channel, _suppression.c.reason, _suppression.c.at, _suppression.c.lifted_at)
    .where(_suppression.c.contact_key == bindparam("of_key"))
    .order_by(_suppression.c.id)
)


def consents_of_lead(session: Session, lead: int) -> list[ContactFile]:
    """Of every phone and email of the lead's borrowers."""
    return _files(session, session.connection().execute(_contacts, {"lead": lead}).all())


def consents_of_key(session: Session, key: str, value: str) -> list[ContactFile]:
    """Of one phone or email by its look-up key. What was closed is known also where the person was erased."""
    found = _files(session, session.connection().execute(_by_key, {"key": key}).all())
    if found:
        return found
    closed = _closings(session, key)
    return [ContactFile("email" if "@" in value else "phone", value, key, (), closed)] if closed else []


def _files(session: Session, contacts: Sequence[Any]) -> list[ContactFile]:
    files = []
    for each in contacts:
        agreed = session.connection().execute(_agreed, {"of_contact": each.id}).all()
        tokens = {row.trustedform_url: token for row in agreed if (token := certificate_in(row.trustedform_url)) is not None}
        certificates = kept_of(session, tokens.values())
        kept = tuple(
            Agreed(
                row.label, row.recorded_at, row.given, row.given_at, row.text, row.version, row.url, row.ip, row.user_agent,
                row.trustedform_url, row.jornaya_id, tuple(row.sellers or ()), row.names_us,
                certificates.get(tokens.get(row.trustedform_url, "")),
            )
            for row in agreed
        )  # fmt: skip
        files.append(ContactFile(each.kind, each.value, each.key, kept, _closings(session, each.key)))
    return files


def _closings(session: Session, key: str) -> tuple[Closed, ...]:
    return tuple(Closed(*row) for row in session.connection().execute(_closed, {"of_key": key}))

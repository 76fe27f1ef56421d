"""Whoever reads an email of ours can end them with one press, without a login: no more marketing on any channel, from then on."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, exists, select
from sqlmodel import Session

from bot.leads.lead_facts import letters_in
from bot.outreach.emails import UNSUBSCRIBED
from bot.rules.signed import said_by_us, signed
from bot.services import Services
from bot.store.columns import table_of
from bot.store.contacts import BorrowerContact, ContactPoint, lock_keys
from bot.store.drips import end_drips
from bot.store.events import Event, Fact, append_event
from bot.store.leads import LeadBorrower, borrower_of, lock_lead
from bot.store.messages import refuse_waiting
from bot.store.postings import Lease, post_update, redraw, redraw_line
from bot.store.suppressions import Suppression, suppress, suppress_marketing_elsewhere
from bot.store.views import lead_view

_SAID = re.compile(r"([1-9]\d{0,17})\.([1-9]\d{0,17})", re.ASCII)
_contact, _theirs, _of_lead = table_of(ContactPoint), table_of(BorrowerContact), table_of(LeadBorrower)
_closed, _event = table_of(Suppression), table_of(Event)
_key = select(_contact.c.key).where(_contact.c.id == bindparam("contact_id"), _contact.c.kind == "email")
_noted = exists(
    select(_event.c.id)
    .join_from(_theirs, _of_lead, _of_lead.c.borrower_id == _theirs.c.borrower_id)
    .join(_event, _event.c.stream == _of_lead.c.lead_id)
    .where(_theirs.c.contact_point_id == bindparam("contact_id"), _event.c.kind == "asked_to_stop", _event.c.at == _closed.c.at)
)
_ended_by_them = (
    select(_closed.c.id)
    .where(_closed.c.contact_key == bindparam("key"), _closed.c.reason == UNSUBSCRIBED, _closed.c.lifted_at.is_(None), ~_noted)
    .limit(1)
)


@dataclass(frozen=True, slots=True)
class Reader:
    """To whom an email went and about which lead: what its link says, signed. It holds for ever."""

    contact_id: int
    lead: int


@dataclass(frozen=True, slots=True)
class Subscription:
    """How somebody stands to our emails, and in which language to tell them. `ended`: they ended them themselves. What an officer only
    noted can be taken back, and is theirs to end all the same."""

    language: str
    ended: bool


def unsubscribe_url(public_url: str, hash_key: bytes, contact_id: int, lead: int) -> str:
    """The link below one reader's emails about one lead."""
    return f"{public_url}/u/{signed(hash_key, 'unsubscribe', f'{contact_id}.{lead}')}"


def read(hash_key: bytes, token: str) -> Reader | None:
    """The reader of a link of ours."""
    found = _SAID.fullmatch(said_by_us(hash_key, "unsubscribe", token) or "")
    return Reader(int(found[1]), int(found[2])) if found else None


Does = Callable[[Services, str], Awaitable[Subscription | None]]


async def look(services: Services, token: str) -> Subscription | None:
    """Somebody, or a program that looks at every link in an email, opened it: nothing changes. None where the link is none of ours."""
    reader = read(services.hash_key, token)
    return await services.store.read(subscription_of, reader) if reader else None


async def unsubscribe(services: Services, token: str) -> Subscription | None:
    """Somebody pressed the button, or their mail program's. When this returns, it is durable and in force."""
    reader = read(services.hash_key, token)
    if reader is None:
        return None
    subscription, leases = await services.store.transact(end_subscription, reader, services.clock.now(), services.salt())
    services.owe(leases)
    return subscription


def subscription_of(session: Session, reader: Reader) -> Subscription | None:
    """None where the address or the lead is not known any more."""
    key = session.connection().execute(_key, {"contact_id": reader.contact_id}).scalar_one_or_none()
    lead = lead_view(session, reader.lead)
    if key is None or lead is None:
        return None
    ended = session.connection().execute(_ended_by_them, {"contact_id": reader.contact_id, "key": key}).first() is not None
    return Subscription(letters_in(lead), ended)


def end_subscription(session: Session, reader: Reader, now: datetime, salt: str) -> tuple[Subscription | None, list[Lease]]:
    """The transaction of that press: told once, however often it is pressed. No email that waits leaves after it."""
    key = session.connection().execute(_key, {"contact_id": reader.contact_id}).scalar_one_or_none()
    if key is None:
        return None, []
    lock_keys(session, [key])
    lock_lead(session, reader.lead)
    stands = subscription_of(session, reader)
    if stands is None:
        return None, []
    suppress(session, key, ("marketing",), UNSUBSCRIBED, now)
    suppress_marketing_elsewhere(session, key, UNSUBSCRIBED, now)
    end_drips(session, reader.lead, UNSUBSCRIBED, now)
    for lead_id, event_seq in refuse_waiting(session, reader.contact_id, "email_unsubscribed"):
        if lead_id is not None:
            redraw_line(session, lead_id, event_seq)
    if not stands.ended:
        fact = Fact("unsubscribed", "borrower", now, {}, subject_id=borrower_of(session, reader.lead))
        seq = append_event(session, reader.lead, fact, salt)
        lead = lead_view(session, reader.lead)
        assert lead is not None, "it is locked"
        post_update(session, reader.lead, "unsubscribed", seq, lead.score)
    return Subscription(stands.language, ended=True), redraw(session, reader.lead, at_once=True)

"""How quickly a lead is answered: its first claim and the first try to reach its borrower, in callable minutes and by the wall clock."""

from datetime import datetime, timedelta

from sqlmodel import Session

from bot.rules.callable_time import between, calendars
from bot.rules.zones import whereabouts
from bot.store import speeds
from bot.store.speeds import Measured, Minutes
from bot.store.standing import phones_of

_MINUTE = timedelta(minutes=1)


def note_claim(session: Session, lead_id: int, officer_id: int, at: datetime) -> None:
    """The lead, locked, was claimed: it counts if it is the first time."""
    lead = speeds.measured(session, lead_id)
    if lead is not None and not lead.claimed:
        speeds.set_claimed(session, lead, officer_id, _took(session, lead, at))


def note_given(session: Session, lead_id: int, officer_id: int) -> None:
    """A rule gave the lead, locked, to its first owner. Only their first try says how quick they are."""
    lead = speeds.measured(session, lead_id)
    if lead is not None and not lead.claimed:
        speeds.set_given(session, lead, officer_id)


def note_first_attempt(session: Session, lead_id: int, at: datetime, *, verified: bool) -> None:
    """Somebody tried to reach the borrower of the lead, locked: it counts if it is the first time.

    Told again of the same try, it is verified since: an SMS was sent then, and is delivered now.
    """
    lead = speeds.measured(session, lead_id)
    if lead is None:
        return
    if lead.tried_at is None:
        speeds.set_tried(session, lead, at, _took(session, lead, at), verified=verified)
    elif lead.tried_at == at and verified and not lead.verified:
        speeds.set_verified(session, lead)


def forget_attempt(session: Session, lead_id: int, at: datetime) -> None:
    """That attempt was taken back and is gone from the store: if it was the first, the next one is."""
    lead = speeds.measured(session, lead_id)
    if lead is None or lead.tried_at != at:
        return
    speeds.unset_tried(session, lead)
    first = speeds.first_attempt(session, lead_id)
    if first is not None:
        note_first_attempt(session, lead_id, first.at, verified=first.verified)


def _took(session: Session, lead: Measured, at: datetime) -> Minutes:
    where = whereabouts(phones_of(session, lead.lead_id), lead.state, lead.details)
    hours = calendars(lead.hours, where)
    return Minutes(between(lead.rang_at, at, hours), max(0.0, (at - lead.arrived_at) / _MINUTE))

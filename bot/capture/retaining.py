"""Certificates of consent are retained as they arrive: TrustedForm lets what nobody keeps vanish within days."""

import asyncio
from datetime import datetime, timedelta

import structlog
from sqlmodel import Session

from bot.outreach.trustedform import CouldNotRetain, Retained, TrustedForm
from bot.rules.certificates import NotRetained
from bot.services import Services
from bot.store.certificates import (
    CERTIFICATES,
    OwedCertificate,
    give_up,
    note_retained,
    put_off,
    take_certificates,
)
from bot.store.events import Fact, append_event
from bot.store.leads import lock_lead
from bot.store.views import LeadView, lead_view

log = structlog.get_logger()

LOOK_AGAIN_AFTER = 2.0
RETAINED_TOGETHER = 4
TRIED_AGAIN_AFTER = tuple(timedelta(seconds=seconds) for seconds in (5, 30, 120, 600, 1800, 3600))
"""The pauses between tries; the last one again and again."""
GIVEN_UP_AFTER = timedelta(days=7)


async def retain_and_wait(services: Services, trusted_form: TrustedForm) -> None:
    """One step: have kept what is due, then wait until there may be more."""
    while await _retain_some(services, trusted_form):
        pass
    await asyncio.sleep(LOOK_AGAIN_AFTER)


async def _retain_some(services: Services, trusted_form: TrustedForm) -> bool:
    """Whether there was something."""
    if not await services.store.read(CERTIFICATES.some_is_due, services.clock.now()):
        return False
    taken = await services.store.transact(take_certificates, services.clock.now(), RETAINED_TOGETHER)
    ended = await asyncio.gather(*(_retain(services, trusted_form, each) for each in taken), return_exceptions=True)
    broken = [each for each in ended if isinstance(each, BaseException)]
    if broken:
        raise broken[0]  # only now: what breaks keeps nothing else waiting
    return bool(taken)


async def _retain(services: Services, trusted_form: TrustedForm, owed: OwedCertificate) -> None:
    lead = await services.store.read(lead_view, owed.lead_id)
    assert lead is not None, "leads are never deleted"
    now, salt = services.clock.now(), services.salt()
    email, phone = _reached_by(lead)
    if email is None and phone is None:
        await services.store.transact(record_not_retained, owed, "no_match", now, salt)
        return
    try:
        retained = await trusted_form.retain(owed.token, email, phone, str(lead.number), lead.source)
    except CouldNotRetain as failed:
        log.warning("a certificate was not retained", lead=lead.number, because=failed.because, told=failed.told)
        if failed.for_good or now - owed.found_at >= GIVEN_UP_AFTER:
            await services.store.transact(record_not_retained, owed, failed.because, now, salt)
        else:
            pause = TRIED_AGAIN_AFTER[min(owed.attempts, len(TRIED_AGAIN_AFTER)) - 1]
            await services.store.transact(put_off, owed, now + pause)
        return
    await services.store.transact(record_retained, owed, retained, now, salt)


def _reached_by(lead: LeadView) -> tuple[str | None, str | None]:
    """The email and the phone that the certificate must be about, the phone in ten digits; a number that forwards is nobody's."""
    return (lead.emails[0] if lead.emails else None), next((phone.removeprefix("+1") for phone in lead.placed_phones), None)


def record_retained(session: Session, owed: OwedCertificate, retained: Retained, at: datetime, salt: str) -> None:
    """The transaction of a certificate that is kept: the timeline says so."""
    lock_lead(session, owed.lead_id)
    if note_retained(session, owed, at, retained.until):
        until = retained.until and retained.until.date().isoformat()
        append_event(session, owed.lead_id, Fact("retained", "leadbell", at, {"certificate": owed.id, "until": until}), salt)


def record_not_retained(session: Session, owed: OwedCertificate, because: NotRetained, at: datetime, salt: str) -> None:
    """The transaction of one that is not, for good."""
    lock_lead(session, owed.lead_id)
    if give_up(session, owed, because):
        append_event(session, owed.lead_id, Fact("not_retained", "leadbell", at, {"certificate": owed.id, "because": because}), salt)

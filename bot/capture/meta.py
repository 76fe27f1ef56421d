"""Lead Ads: what Meta tells of is kept and answered at once, then fetched until it is here; its forms are asked for what it did not."""

import asyncio
import hmac
from contextlib import suppress
from datetime import datetime, timedelta

import structlog
from sqlmodel import Session

from bot.capture import intake
from bot.capture.source_requests import as_it_came, keep_unread
from bot.capture.source_trouble import Trouble, tell_trouble
from bot.in_force import SourceInForce
from bot.outreach.meta import Graph, GraphSilent
from bot.services import Services
from bot.sources.meta import is_test_lead, leads_told
from bot.sources.request import LeadRequest
from bot.sources.unreadable import Unreadable
from bot.store.meta import (
    PROMISES,
    Promise,
    break_promise,
    keep_promise,
    note_polled,
    polled_until,
    promise,
    put_off,
    take_promises,
)
from bot.store.postings import Lease

log = structlog.get_logger()

LOOK_AGAIN_AFTER = 2.0
FETCHED_TOGETHER = 8
TRIED_AGAIN_AFTER = tuple(timedelta(seconds=seconds) for seconds in (2, 10, 30, 120, 600, 1800, 3600))
"""The pauses between tries; the last one again and again."""
TOLD_AFTER = timedelta(minutes=5)
"""Who runs Leadbell hears of a lead that could not be fetched for so long."""
GIVEN_UP_AFTER = timedelta(days=7)
OVERLAP = timedelta(hours=1)
"""How far back a form is looked through before the last look: a lead may be listed late, and clocks differ."""


def is_our_token(source: SourceInForce, presented: str) -> bool:
    """Whether this is the word that was agreed on with Meta for its handshake. Takes the same time for any wrong one."""
    assert source.meta is not None
    agreed = source.meta.verify_token
    return bool(agreed) and hmac.compare_digest(presented.encode("utf-8", "surrogatepass"), agreed.encode())


async def take_event(services: Services, source: SourceInForce, body: bytes) -> None:
    """Keep which leads an event tells of. When this returns they are owed, durably. Raises Unreadable."""
    await services.store.transact(promise, source.id, leads_told(body), services.clock.now())
    services.promised.set()


async def fetch_and_wait(services: Services, graph: Graph) -> None:
    """One step: fetch what is due, then wait until there may be more."""
    services.promised.clear()
    while await _fetch_some(services, graph):
        pass
    with suppress(TimeoutError):
        async with asyncio.timeout(LOOK_AGAIN_AFTER):
            await services.promised.wait()


async def _fetch_some(services: Services, graph: Graph) -> bool:
    """Whether there was something."""
    sources = {source.id: source for source in services.in_force.sources.values() if source.meta is not None}
    if not sources or not await services.store.read(PROMISES.some_is_due, services.clock.now()):
        return False
    taken = await services.store.transact(take_promises, services.clock.now(), FETCHED_TOGETHER)
    ended = await asyncio.gather(*(_fetch(services, graph, sources.get(each.source_id), each) for each in taken), return_exceptions=True)
    broken = [each for each in ended if isinstance(each, BaseException)]
    if broken:
        raise broken[0]  # only now: what breaks keeps nothing else waiting
    return bool(taken)


async def _fetch(services: Services, graph: Graph, source: SourceInForce | None, promised: Promise) -> None:
    now, salt = services.clock.now(), services.salt()
    if source is None or source.meta is None:
        await services.store.transact(put_off, promised, now + TRIED_AGAIN_AFTER[-1])
        return
    try:
        body = await graph.lead(promised.external_id, source.meta.access_token)
    except GraphSilent as silent:
        log.warning("a lead of Meta could not be fetched", source=source.key, lead_of_meta=promised.external_id, because=silent.because)
        services.owe(await services.store.transact(not_fetched, promised, source, now, salt))
        return
    if is_test_lead(body):
        services.owe(await services.store.transact(give_up, promised, source, "test_lead", now, salt))
        return
    came = LeadRequest({"content-type": "application/json"}, {}, body)
    try:
        [lead] = source.format.read(came, source.map)
    except Unreadable as unread:
        await keep_unread(services, source, came, unread.errors)
        await services.store.transact(break_promise, promised, "not_understood")
        return
    outcome = await intake.receive(services, source, lead, as_it_came(services, source, came, lead))
    await services.store.transact(keep_promise, promised, outcome.lead)


def not_fetched(session: Session, promised: Promise, source: SourceInForce, now: datetime, salt: str) -> list[Lease]:
    """The transaction of a try that failed."""
    waited = now - promised.promised_at
    if waited >= GIVEN_UP_AFTER:
        return give_up(session, promised, source, "given_up", now, salt)
    pause = TRIED_AGAIN_AFTER[min(promised.attempts, len(TRIED_AGAIN_AFTER)) - 1]
    put_off(session, promised, now + pause)
    return tell_trouble(session, source, "not_fetched", now, salt) if waited >= TOLD_AFTER else []


def give_up(session: Session, promised: Promise, source: SourceInForce, because: Trouble, now: datetime, salt: str) -> list[Lease]:
    """The transaction of fetching a lead no more; who runs Leadbell hears of it."""
    break_promise(session, promised, because)
    return tell_trouble(session, source, because, now, salt)


async def look_for_gaps(services: Services, graph: Graph) -> None:
    """Owe the leads of the forms that no event told of. What a form had before it was first looked at is left alone."""
    for source in services.in_force.sources.values():
        for form in source.meta.forms if source.meta is not None else ():
            await _look_through(services, graph, source, form)


async def _look_through(services: Services, graph: Graph, source: SourceInForce, form: str) -> None:
    assert source.meta is not None
    now = services.clock.now()
    until = await services.store.read(polled_until, source.id, form)
    try:
        found = [] if until is None else await graph.leads_since(form, until - OVERLAP, source.meta.access_token)
    except GraphSilent as silent:
        log.error("a form of Meta could not be looked through", source=source.key, form=form, because=silent.because)
        services.owe(await services.store.transact(tell_trouble, source, "form_unread", now, services.salt()))
        return
    await services.store.transact(_keep_found, source.id, form, found, now)
    services.promised.set()


def _keep_found(session: Session, source_id: int, form: str, found: list[str], now: datetime) -> None:
    promise(session, source_id, found, now)
    note_polled(session, source_id, form, now)

"""What is owed to chat is drawn: the lead's state as it is now, until what is shown is what should be shown."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from functools import partial

import structlog
from sqlmodel import Session

from bot.chat import CardGone, ChatTrouble, MessageGone, MethodLimited, PlaceBroken, Refused, Shown, SlowDown, Unclear
from bot.errors import LeadbellError
from bot.outreach.calls import call_sheet
from bot.runner import do_or_report
from bot.services import ChatPlatform, Services
from bot.store.leads import ENDED_STAGES
from bot.store.places import address_of, is_named
from bot.store.postings import CALL_LIMIT, Lease, Settled, forget_card, forget_message, give_up, limit_place, mend_place, postpone, settle
from bot.store.views import Drawing, drawing
from bot.store.work import SHOWING
from bot.telling import notice_of, update_of
from bot.updates import MOOT, SHOWS_HOURS, Yours

log = structlog.get_logger()

LONGEST_WAIT = 60.0
"""Seconds between two tries at most, and between two looks at a broken place."""
NOT_CONNECTED_WAIT = 2.0
MOST_ATTEMPTS = 1000
"""Tries, most of them a minute apart, after which nobody needs it any more."""
MOST_BREAKS = 20
"""The same of tries that broke us, whatever the platform would have said: a quarter of an hour, in which a version that can may come."""


async def show_next(services: Services) -> None:
    """One step of a worker: draw one posting of those we hold the lease of."""
    lease = await services.leased.get()
    try:
        await do_or_report(partial(show, services, lease), partial(_put_off, services, lease))
        services.undrawn.pop(lease.posting_id, None)
    finally:
        services.leased.task_done()


async def _put_off(services: Services, lease: Lease, trouble: Exception) -> None:
    """Write down that a posting broke us: what is behind it does not wait for ever. Raises the trouble, for the log."""
    if isinstance(trouble, LeadbellError):  # the store is away, or something else that is no fault of the posting's
        raise trouble
    services.undrawn[lease.posting_id] += 1
    tries = services.undrawn[lease.posting_id]
    if tries < MOST_BREAKS:
        await services.store.transact(postpone, lease, min(LONGEST_WAIT, 2.0**tries))
    else:
        del services.undrawn[lease.posting_id]
        await services.store.transact(give_up, lease, type(trouble).__name__)
        log.error("posting given up", posting=lease.posting_id, because=type(trouble).__name__)
    raise trouble


async def hand_back(services: Services) -> None:
    """Let others draw at once what we hold and did not begin. What was begun may have reached the platform: its lease runs out."""
    held = [services.leased.get_nowait() for _ in range(services.leased.qsize())]
    if held:
        await services.store.transact(_hand_back, held)


def _hand_back(session: Session, held: Sequence[Lease]) -> None:
    for lease in sorted(held, key=lambda lease: lease.posting_id):
        postpone(session, lease, 0, counts=False)


async def show(services: Services, lease: Lease) -> None:
    """Draw one posting under its lease and record what came of it."""
    wanted = await services.store.read(drawing, lease.posting_id)
    platform = services.platforms.get(wanted.spot.platform)
    if platform is None or SHOWING in services.paused:
        await services.store.transact(postpone, lease, NOT_CONNECTED_WAIT, counts=False)
        return
    if wanted.attempts > MOST_ATTEMPTS:
        await services.store.transact(give_up, lease, f"tried {MOST_ATTEMPTS} times")
        log.error("posting given up", posting=lease.posting_id, lead=wanted.number)
        return
    now = services.clock.now()
    try:
        async with asyncio.timeout(CALL_LIMIT):
            shown = await _draw(platform, wanted)
    except (ChatTrouble, TimeoutError) as trouble:
        await services.store.transact(_keep_owed, lease, wanted, trouble)
        log.warning("posting not shown", posting=lease.posting_id, lead=wanted.number, because=type(trouble).__name__, detail=str(trouble))
        services.owed.set()
        return
    if shown is None:
        await services.store.transact(give_up, lease, "it no longer held when its turn came")
        return
    if not wanted.shows(shown.digest):  # what was left as it stood says nothing of whether the platform works
        services.shown_in.add((wanted.spot.platform, wanted.spot.place_id))
    settled = await services.store.note(_record, lease, wanted, shown, _stale_at(wanted, now))
    log.info("posting shown", posting=lease.posting_id, lead=wanted.number, kind=wanted.kind, platform=wanted.spot.platform)
    if wanted.kind == "card" and wanted.message_id is None:
        services.cards_shown.count(settled.after)
    if settled.message_id != shown.message_id:
        with suppress(ChatTrouble):  # an extra copy that will not go does no harm: its buttons work
            await platform.remove(wanted, shown.message_id)
    if settled.owed:
        services.owed.set()


async def _draw(platform: ChatPlatform, wanted: Drawing) -> Shown | None:
    """Show it and return the message that stands; None when there is nothing to show any more."""
    if wanted.message_id is None and wanted.attempts > 1:
        wanted = replace(wanted, message_id=await platform.find(wanted))
    match wanted.kind:
        case "card":
            return await platform.show_lead(wanted)
        case "update":
            return await platform.tell(wanted, update_of(wanted))
        case "notice":
            notice = notice_of(wanted)
            if isinstance(notice, MOOT) and wanted.message_id is None:
                return None
            return await platform.notify(wanted, notice)
    raise ValueError(f"no posting is called {wanted.kind!r}")


def _stale_at(wanted: Drawing, now: datetime) -> datetime | None:
    """When the calling hours that this shows change: their end everywhere, their beginning only where somebody may be about to call."""
    lead = wanted.about
    if lead is None or lead.stage in ENDED_STAGES:
        return None
    match wanted.kind:
        case "card" if lead.owner_id is None:
            about_to_call = True
        case "notice" if isinstance(notice := notice_of(wanted), SHOWS_HOURS):
            about_to_call = isinstance(notice, Yours) and lead.stage == "new"
        case _:
            return None
    hours = call_sheet(lead, now)
    return hours.open_until or (hours.opens_at if about_to_call else None)


def _record(session: Session, lease: Lease, wanted: Drawing, shown: Shown, stale_at: datetime | None) -> Settled:
    if wanted.spot.broken:
        mend_place(session, wanted.spot.place_id)
    return settle(session, lease, wanted.wanted_version, shown.message_id, shown.digest, stale_at)


def _keep_owed(session: Session, lease: Lease, wanted: Drawing, trouble: ChatTrouble | TimeoutError) -> None:
    """Write down what stays owed after a failure, and when to try again."""
    backoff = min(LONGEST_WAIT, 2.0**wanted.attempts)
    match trouble:
        case MethodLimited(seconds=seconds):
            postpone(session, lease, seconds, counts=False)
        case SlowDown(seconds=seconds):
            limit_place(session, wanted.spot.place_id, seconds)
            postpone(session, lease, 0, counts=False)
        case PlaceBroken() if not is_named(session, wanted.spot.place_id):
            give_up(session, lease, str(trouble))  # nobody opens it again for us
        case PlaceBroken():
            if address_of(session, wanted.spot.place_id) == wanted.spot.address:  # else it was found while we drew
                limit_place(session, wanted.spot.place_id, LONGEST_WAIT, broken_because=str(trouble))
            postpone(session, lease, 0, counts=False)
        case MessageGone():
            forget_message(session, lease)
            postpone(session, lease, 0)
        case CardGone():
            forget_card(session, wanted.lead.number, wanted.spot.place_id)
            postpone(session, lease, 0)
        case Refused():
            give_up(session, lease, str(trouble))
        case Unclear() | TimeoutError():
            postpone(session, lease, backoff)
        case _:
            raise trouble

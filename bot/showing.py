"""What is owed to chat is drawn: the lead's state as it is now, until what is shown is what should be shown."""

import asyncio
from dataclasses import replace

import structlog
from sqlmodel import Session

from bot.chat import ChatTrouble, MessageGone, PlaceBroken, Refused, SlowDown, Unclear
from bot.errors import StoreUnavailable
from bot.services import Services
from bot.store.postings import CALL_LIMIT, Lease, forget_message, give_up, limit_place, mend_place, postpone, settle
from bot.store.views import Drawing, drawing
from bot.updates import NoLongerYours, notice_of, update_of

log = structlog.get_logger()

LONGEST_WAIT = 60.0
"""Seconds between two tries at most, and between two looks at a broken place."""


async def show_leased(services: Services) -> None:
    """One worker: draw what was leased, one after another, for ever."""
    while True:
        lease = await services.leased.get()
        try:
            await show(services, lease)
        except StoreUnavailable:
            log.warning("posting left to its lease", posting=lease.posting_id)


async def show(services: Services, lease: Lease) -> None:
    """Draw one posting under its lease and record what came of it."""
    wanted = await services.store.read(drawing, lease.posting_id)
    if wanted is None or wanted.spot.platform not in services.platforms:
        await services.store.transact(postpone, lease, LONGEST_WAIT, counts=False)
        return
    try:
        async with asyncio.timeout(CALL_LIMIT):
            message_id = await _draw(services, wanted)
    except (ChatTrouble, TimeoutError) as trouble:
        await services.store.transact(_keep_owed, lease, wanted, trouble)
        log.warning("posting not shown", posting=lease.posting_id, lead=wanted.lead.number, because=type(trouble).__name__, detail=str(trouble))
        services.owed.set()
        return
    if message_id is None:
        await services.store.transact(give_up, lease, "it no longer held when its turn came")
        return
    settled = await services.store.transact(_record, lease, wanted, message_id)
    if settled.message_id != message_id:
        await services.platforms[wanted.spot.platform].remove(wanted, message_id)
    if settled.owed:
        services.owed.set()


async def _draw(services: Services, wanted: Drawing) -> str | None:
    """Show it and return its message; None when there is nothing to show any more."""
    platform = services.platforms[wanted.spot.platform]
    if wanted.message_id is None and wanted.attempts > 1:
        wanted = replace(wanted, message_id=await platform.find(wanted))
    match wanted.kind:
        case "card":
            return await platform.show_lead(wanted)
        case "update":
            return await platform.tell(wanted, update_of(wanted))
        case "notice":
            notice = notice_of(wanted)
            if isinstance(notice, NoLongerYours) and wanted.message_id is None:
                return None
            return await platform.notify(wanted, notice)
    raise ValueError(f"no posting is called {wanted.kind!r}")


def _record(session: Session, lease: Lease, wanted: Drawing, message_id: str):
    if wanted.spot.broken:
        mend_place(session, wanted.spot.place_id)
    return settle(session, lease, wanted.wanted_version, message_id)


def _keep_owed(session: Session, lease: Lease, wanted: Drawing, trouble: ChatTrouble | TimeoutError) -> None:
    """Write down what stays owed after a failure, and when to try again."""
    backoff = min(LONGEST_WAIT, 2.0**wanted.attempts)
    match trouble:
        case SlowDown(seconds=seconds):
            limit_place(session, wanted.spot.place_id, seconds)
            postpone(session, lease, 0, counts=False)
        case PlaceBroken():
            limit_place(session, wanted.spot.place_id, LONGEST_WAIT, broken_because=str(trouble))
            postpone(session, lease, 0, counts=False)
        case MessageGone():
            forget_message(session, lease)
            postpone(session, lease, 0)
        case Refused():
            give_up(session, lease, str(trouble))
        case Unclear() | TimeoutError():
            postpone(session, lease, backoff)
        case _:
            raise trouble

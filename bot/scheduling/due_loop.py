"""The due loop: looks for what is owed whenever something new is, when the next thing falls due, and every two seconds anyway."""

import asyncio
import os
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime

from sqlmodel import Session

from bot.escalation import escalate
from bot.in_force import newest
from bot.leaving import ask_about_leavers
from bot.practice import end_practice, next_practice_end
from bot.reminders import ring_reminders
from bot.services import Services
from bot.shift_end import ask_at_shift_end
from bot.store.clocks import next_clock_due
from bot.store.leavers import next_leaver_due
from bot.store.messages import owed_texts
from bot.store.people import newest_version
from bot.store.postings import Lease, next_stale, redraw_stale, seconds_until_due, take_due
from bot.store.reminders import next_reminder_due
from bot.store.shifts import next_shift_end

TICK = 2.0
SHORTEST_WAIT = 0.02

NextDue = Callable[[Session], datetime | None]
Decide = Callable[[Session, datetime, str], tuple[int, list[Lease]]]
IN_BUSINESS_TIME: tuple[tuple[NextDue, Decide], ...] = (
    (next_clock_due, escalate),
    (next_reminder_due, ring_reminders),
    (next_leaver_due, ask_about_leavers),
    (next_shift_end, ask_at_shift_end),
    (next_practice_end, end_practice),
)
"""What tells when the next of its kind is due, and what decides it."""


async def look_and_wait(services: Services) -> None:
    """One step of the loop: hand what is due to the workers, then wait until there may be more."""
    wait = await look(services)
    await asyncio.sleep(SHORTEST_WAIT)  # what is owed meanwhile shares one look
    with suppress(TimeoutError):
        async with asyncio.timeout(wait - SHORTEST_WAIT):
            await services.owed.wait()


async def look(services: Services) -> float:
    """One look: take the newest config, decide and lease what is due, and say how long nothing more can be due."""
    services.owed.clear()
    if await services.store.read(newest_version) != services.in_force.version:
        newer = await services.store.read(newest, os.environ)
        services.in_force = newer or services.in_force
    step_due_in = await decide_steps(services)
    hours_end_in = await follow_hours(services)
    services.tend(await services.store.read(owed_texts, services.clock.now()))
    if not services.may_lease:
        return SHORTEST_WAIT
    leases = await services.store.transact(take_due)
    for lease in leases:
        services.leased.put_nowait(lease)
    due_in = await services.store.read(seconds_until_due)
    return max(SHORTEST_WAIT, min(wait for wait in (TICK, due_in, step_due_in, hours_end_in) if wait is not None))


async def decide_steps(services: Services) -> float | None:
    """Decide what is due in business time; the seconds until the next of it, None when nothing waits."""
    waits = [await _decide(services, next_due, decide) for next_due, decide in IN_BUSINESS_TIME]
    return min((wait for wait in waits if wait is not None), default=None)


async def _decide(services: Services, next_due: NextDue, decide: Decide) -> float | None:
    """Decide what is due of one kind, a batch at a time."""
    while True:
        due_at = await services.store.read(next_due)
        if due_at is None or due_at > services.clock.now():
            return None if due_at is None else (due_at - services.clock.now()).total_seconds()
        decided, leases = await services.store.transact(decide, services.clock.now(), services.salt())
        for lease in leases:
            services.leased.put_nowait(lease)
        if not decided:
            return None  # another process has them


async def follow_hours(services: Services) -> float | None:
    """Owe again what shows calling hours that are over; the seconds until the next ones are, None when none are shown."""
    while True:
        at, now = await services.store.read(next_stale), services.clock.now()
        if at is None or at > now:
            return None if at is None else (at - now).total_seconds()
        await services.store.transact(redraw_stale, now)

"""The due loop: looks for what is owed whenever something new is, when the next thing falls due, and every two seconds anyway."""

import asyncio
import os

import structlog

from bot.errors import StoreUnavailable
from bot.in_force import newest
from bot.services import Services
from bot.store.people import newest_version
from bot.store.postings import seconds_until_due, take_due

log = structlog.get_logger()

TICK = 2.0
SHORTEST_WAIT = 0.02


async def run_due_loop(services: Services) -> None:
    """For ever: hand what is due to the workers. A store that is away is asked again at the next tick."""
    while True:
        wait = TICK
        try:
            wait = await look(services)
        except StoreUnavailable:
            log.error("the store is away: what is owed waits")
        try:
            async with asyncio.timeout(wait):
                await services.owed.wait()
        except TimeoutError:
            pass


async def look(services: Services) -> float:
    """One look: take the newest config, lease what is due, and say how long nothing more can be due."""
    services.owed.clear()
    if await services.store.read(newest_version) != services.in_force.version:
        services.in_force = await services.store.read(newest, os.environ) or services.in_force
    if not services.may_lease:
        return SHORTEST_WAIT
    leases = await services.store.transact(take_due)
    for lease in leases:
        services.leased.put_nowait(lease)
    due_in = await services.store.read(seconds_until_due)
    return TICK if due_in is None else min(TICK, max(SHORTEST_WAIT, due_in))

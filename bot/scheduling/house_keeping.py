"""What need not be kept any more is let go of, and what is left is looked over."""

import asyncio
from datetime import timedelta

from bot.calls.recording import forget_old
from bot.capture.source_requests import KEPT_FOR
from bot.services import Services
from bot.store.message_files import forget_files
from bot.store.pinging import forget_pings
from bot.store.seen import forget_before
from bot.store.source_requests import forget_requests
from bot.store.statistics import look_over, tables_to_look_over

SEEN_KEPT = timedelta(days=7)
"""Longer than any platform or vendor delivers the same thing again."""
BREATH = 0.05
"""Seconds between two pages, in which others write."""


async def keep_house(services: Services) -> None:
    """Forget everything that was kept for long enough, here and at the phone network."""
    now = services.clock.now()
    for forget_page, kept in (
        (forget_before, SEEN_KEPT),
        (forget_pings, SEEN_KEPT),
        (forget_files, SEEN_KEPT),
        (forget_requests, KEPT_FOR),
    ):
        while await services.store.transact(forget_page, now - kept):
            await asyncio.sleep(BREATH)
    for table in await services.store.read(tables_to_look_over):
        await services.store.transact(look_over, table)
        await asyncio.sleep(BREATH)
    await forget_old(services)

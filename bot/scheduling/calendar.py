"""What belongs to a time of day or an interval, by APScheduler: house-keeping of the store. It holds no lead's business."""

from datetime import UTC, timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.services import Services
from bot.store import counters, seen, speeds

SEEN_KEPT = timedelta(days=7)
"""Longer than any platform or vendor delivers the same thing again."""


def start_calendar(services: Services) -> AsyncIOScheduler:
    """Start the jobs. Each is late rather than lost, and never runs beside itself."""
    scheduler = AsyncIOScheduler(timezone=UTC, job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1})

    async def fold_counters() -> None:
        await services.store.transact(counters.fold)
        await services.store.transact(speeds.fold)

    async def forget_seen() -> None:
        await services.store.transact(seen.forget_before, services.clock.now() - SEEN_KEPT)

    scheduler.add_job(fold_counters, "interval", minutes=1)
    scheduler.add_job(forget_seen, "cron", hour=9)
    scheduler.start()
    return scheduler

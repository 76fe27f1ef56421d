"""What belongs to a time of day or an interval, by APScheduler: house-keeping, the audit, the heartbeat. It holds no lead's business."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.cron import CronTrigger
from pydantic import SecretStr

from bot.calls.recording import forget_erased
from bot.capture.meta import look_for_gaps
from bot.capture.returns_due import tell_managers
from bot.outreach.meta import Graph
from bot.oversight.auditor import Auditor
from bot.oversight.compliance import tell_compliance
from bot.oversight.seals import seal_timelines, tell_head
from bot.scheduling.heartbeat import Heartbeat
from bot.scheduling.house_keeping import keep_house
from bot.services import Services
from bot.store import costs, counters, lateness, postings, speeds
from bot.store.folding import FOLDED_AT_ONCE

CAUGHT_UP_AFTER = timedelta(minutes=10)
"""After a start, when what is owed to people has left."""
TOLD_AT: tuple[tuple[Callable[[Services], Awaitable[None]], CronTrigger], ...] = (
    (tell_managers, CronTrigger(minute=0, timezone=UTC)),
    (tell_compliance, CronTrigger(hour=14, timezone=UTC)),
    (tell_head, CronTrigger(hour=15, timezone=UTC)),
)
"""What people are told at an hour, each at most once however often it is looked at."""


def missed_today(now: datetime) -> list[Callable[[Services], Awaitable[None]]]:
    """What a start at this moment may come too late for: a machine that is off each night still forgets, and tells what it did not tell."""
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    return [keep_house, *(tell for tell, hour in TOLD_AT if hour.get_next_fire_time(None, midnight) <= now)]


def start_calendar(services: Services, auditor: Auditor, graph: Graph, heartbeat_url: SecretStr | None) -> AsyncIOScheduler:
    """Start the jobs. Each is late rather than lost, and never runs beside itself."""
    scheduler = AsyncIOScheduler(timezone=UTC, job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1})

    async def tidy_up() -> None:
        while await services.store.transact(speeds.fold) == FOLDED_AT_ONCE:
            pass
        while await services.store.transact(costs.fold) == FOLDED_AT_ONCE:
            pass
        await services.store.transact(lateness.fold)
        await services.store.transact(postings.give_up_left)
        await services.store.transact(counters.fold)  # last: the only one that takes all at once

    scheduler.add_job(tidy_up, "interval", minutes=1)
    scheduler.add_job(auditor.audit, "interval", minutes=1)
    scheduler.add_job(seal_timelines, args=[services])  # at once: for a minute after a long pause Leadbell would not be ready
    scheduler.add_job(seal_timelines, "interval", minutes=1, args=[services])
    if heartbeat_url is not None:
        scheduler.add_job(Heartbeat(services, auditor, heartbeat_url.get_secret_value()).beat, "interval", minutes=1)
    scheduler.add_job(look_for_gaps, "interval", minutes=15, args=[services, graph])
    scheduler.add_job(keep_house, "cron", hour=9, args=[services])
    scheduler.add_job(forget_erased, "interval", minutes=5, args=[services])
    for tell, hour in TOLD_AT:
        scheduler.add_job(tell, hour, args=[services])
    now = datetime.now(UTC)
    for missed in missed_today(now):
        scheduler.add_job(missed, "date", run_date=now + CAUGHT_UP_AFTER, args=[services])
    scheduler.start()
    return scheduler

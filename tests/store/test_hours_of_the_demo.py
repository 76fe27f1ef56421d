"""Whoever skips the demo's clock past an hour reads what is told at it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from bot.demo import _keep_hours
from bot.oversight.seals import seal_timelines
from bot.store.events import COMPANY
from tests.doubles.branch import Branch
from tests.doubles.waiting import until


@asynccontextmanager
async def hours_are_kept(branch: Branch) -> AsyncIterator[asyncio.Event]:
    """As beside the demo; what to set once the clock was skipped."""
    skipped = asyncio.Event()
    keeping = asyncio.create_task(_keep_hours(branch.services, skipped))
    await asyncio.sleep(0)  # it reads the clock, and waits
    yield skipped
    keeping.cancel()
    with suppress(asyncio.CancelledError):
        await keeping


def heads_told(branch: Branch) -> int:
    return [event.kind for event in branch.events(COMPANY)].count("head_told")


async def test_each_skip_past_the_hour_tells_what_is_told_at_it_once(branch: Branch) -> None:
    branch.new_lead()
    await seal_timelines(branch.services)
    async with hours_are_kept(branch) as skipped:
        for days in (1, 2):
            branch.clock.skip(days=1)
            skipped.set()

            async def told(days: int = days) -> bool:
                return heads_told(branch) == days

            await until(told, f"the head of day {days}")
        branch.clock.skip(minutes=1)
        skipped.set()

        async def looked() -> bool:
            return not skipped.is_set()

        await until(looked, "a look at the hour")
    assert heads_told(branch) == 2

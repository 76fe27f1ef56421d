"""Waiting for what is about to be so: one patience for every test, and what was there instead where it never came."""

# How long something takes says how busy the machine is, so no test waits for a time of its own, and where seconds are promised, they are
# counted as the test's process had them.

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TypeVar

T = TypeVar("T")

PATIENCE = 120.0
"""Seconds. Only a test that fails waits so long."""
LOOKS_EVERY = 0.02
MACHINE = 30.0
"""Seconds that a busy machine may add to what is promised of several processes."""


async def until(holds: Callable[[], Awaitable[T | None]], what: str, there: Callable[[], Awaitable[object]] | None = None) -> T:
    """What `holds` finds, as soon as it finds something. Fails with what was waited for, and with what was `there` instead."""
    for _ in range(int(PATIENCE / LOOKS_EVERY)):  # looks rather than seconds: a process that gets no processor looks as often
        if found := await holds():
            return found
        await asyncio.sleep(LOOKS_EVERY)
    raise AssertionError(f"in {PATIENCE:g} s there was not {what}" + (f", but {await there()}" if there else ""))


def wait_until(holds: Callable[[], T | None], what: str) -> T:
    """The same where no event loop runs."""
    for _ in range(int(PATIENCE / LOOKS_EVERY)):
        if found := holds():
            return found
        time.sleep(LOOKS_EVERY)
    raise AssertionError(f"in {PATIENCE:g} s there was not {what}")


class Stopwatch:
    """Seconds in which the event loop could turn: those in which the machine let it wait do not count."""

    def __init__(self) -> None:
        self._turns = 0

    @property
    def seconds(self) -> float:
        return self._turns * LOOKS_EVERY

    async def run(self) -> None:
        while True:
            await asyncio.sleep(LOOKS_EVERY)
            self._turns += 1


@asynccontextmanager
async def stopwatch() -> AsyncIterator[Stopwatch]:
    """Runs until the end of the block."""
    watch = Stopwatch()
    running = asyncio.create_task(watch.run())
    try:
        yield watch
    finally:
        running.cancel()

"""One storm from the first lead to the last look at what is left."""

import asyncio
import random
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import aiohttp

from bot.scheduling.due_loop import TICK
from bot.store.database import Store
from tests.chaos.installation import Installation, installation
from tests.chaos.oracle import Done, broken_promises, done, settled
from tests.chaos.people import People
from tests.chaos.storm import Storm
from tests.doubles.waiting import MACHINE, PATIENCE

LOOKS_EVERY = 0.25
ANSWERS_WITHIN = aiohttp.ClientTimeout(total=4)
LOCKED_AT_MOST = 15.0
"""Seconds after which the server takes the locks from who was stopped in the middle of a transaction."""


@dataclass(frozen=True)
class Outlived:
    """What the storm did, what people did meanwhile, how late steps might be and were, and which promises it broke."""

    did: Counter[str]
    done: Done
    stopped: int
    trespasses: int
    away: float
    late_at_most: float
    broken: list[str]

    def __str__(self) -> str:
        did = ", ".join(f"{what} {times} times" for what, times in sorted(self.did.items()))
        held = "all held" if not self.broken else "BROKEN: " + "; ".join(self.broken)
        return (
            f"{self.done.leads} leads, {self.done.claims} claims, {self.done.logged} calls logged, {self.done.staged} stages set, "
            f"{self.done.given_back} given back, {self.done.texts} texts, {self.stopped} STOPs, "
            f"{self.trespasses} tried what they may not; {did}; "
            f"{self.done.steps} steps, the latest {self.done.latest:.1f} s late "
            f"(nothing ran for {self.away:.1f} s at most, so {self.late_at_most:.1f} s are allowed); {held}"
        )


async def outlive(folder: Path, seconds: float, replicas: int, *, over_http: bool, seed: int) -> Outlived:
    """Let it rage for so long, and on until everything has happened once; wait until all is caught up with, and look."""
    luck = random.Random(seed)
    async with installation(folder, replicas, over_http=over_http) as place, aiohttp.ClientSession() as session:
        await place.is_open()
        watch = Watch(place, session)
        people, storm = People(place, session, luck), Storm(place, luck, lambda: watch.works)
        watching = asyncio.create_task(watch.look())
        begun = time.monotonic()

        def is_over() -> bool:
            raged = time.monotonic() - begun
            return raged > seconds and ((people.did_all and storm.did_all) or raged > seconds + PATIENCE)

        await asyncio.gather(people.work(is_over), storm.rage(is_over))
        await place.is_open()
        store = Store(place.postgres.url)
        try:
            await settled(place, store)
            watching.cancel()
            late_at_most = watch.away + LOCKED_AT_MOST + 2 * TICK + MACHINE
            broken = await broken_promises(place, store, people.told, late_at_most=late_at_most)
            told, what_came = people.told, store.transact_now(done)
            return Outlived(storm.did, what_came, len(told.stopped), told.trespasses, watch.away, late_at_most, broken)
        finally:
            watching.cancel()
            store.close()


class Watch:
    """Sees whether a replica `works`, which is to live and to reach the store, and how long at most none did: `away`, in seconds."""

    def __init__(self, place: Installation, session: aiohttp.ClientSession) -> None:
        self.away = 0.0
        self.works = True
        self._place = place
        self._session = session

    async def look(self) -> None:
        """Until cancelled."""
        worked_at = time.monotonic()
        while True:
            self.works = any(await asyncio.gather(*(self._reaches_the_store(replica.port) for replica in self._place.replicas)))
            self.away = max(self.away, time.monotonic() - worked_at)
            worked_at = time.monotonic() if self.works else worked_at
            await asyncio.sleep(LOOKS_EVERY)

    async def _reaches_the_store(self, port: int) -> bool:
        try:
            async with self._session.get(f"http://127.0.0.1:{port}/readyz", timeout=ANSWERS_WITHIN) as answer:
                return "the store is away" not in (await answer.json())["reasons"]
        except (aiohttp.ClientError, TimeoutError):
            return False

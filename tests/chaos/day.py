"""One storm from the first lead to the last look at what is left."""

import asyncio
import random
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import aiohttp

from bot.store.database import Store
from tests.chaos.installation import installation
from tests.chaos.oracle import Done, broken_promises, done, settled
from tests.chaos.people import People
from tests.chaos.storm import Storm


@dataclass(frozen=True)
class Outlived:
    """What the storm did, what people did meanwhile, and which promises it broke."""

    did: Counter[str]
    done: Done
    stopped: int
    broken: list[str]

    def __str__(self) -> str:
        did = ", ".join(f"{what} {times} times" for what, times in sorted(self.did.items()))
        held = "all held" if not self.broken else "BROKEN: " + "; ".join(self.broken)
        return f"{self.done.leads} leads, {self.done.claims} claims, {self.done.texts} texts, {self.stopped} STOPs; {did}; {held}"


async def outlive(folder: Path, seconds: float, replicas: int, *, over_http: bool, seed: int) -> Outlived:
    """Let it rage for so long, wait until all is caught up with, and look."""
    luck = random.Random(seed)
    async with installation(folder, replicas, over_http=over_http) as place, aiohttp.ClientSession() as session:
        await place.is_open()
        people, storm = People(place, session, luck), Storm(place, luck)
        await asyncio.gather(people.work(seconds), storm.rage(seconds))
        await place.is_open()
        store = Store(place.postgres.url)
        try:
            await settled(store)
            broken = await broken_promises(place, store, people.told)
            return Outlived(storm.did, store.transact_now(done), len(people.told.stopped), broken)
        finally:
            store.close()

"""What is done to the replicas and to their database while it lasts."""

import asyncio
import itertools
import random
import signal
import time
from collections import Counter
from collections.abc import Callable

from tests.chaos.installation import Installation, Replica
from tests.doubles.waiting import LOOKS_EVERY

SERVER_RESTARTS = (5.0, 40.0)
"""Seconds between two restarts of PostgreSQL, at least and at most."""
A_REPLICA_IS_HIT = (2.0, 10.0)
KILLED, STOPPED, RESTARTED = "replica killed", "replica stopped and continued", "PostgreSQL restarted"
STOPPED_FOR = (1.0, 60.0)
"""Past every lease, at its longest: who wakes then is a zombie."""


class Storm:
    """`works` says whether a replica lives that reaches the store: before one does, the next is not hit, or nobody would do anything."""

    def __init__(self, place: Installation, luck: random.Random, works: Callable[[], bool]) -> None:
        self.did: Counter[str] = Counter()
        self._works = works
        self._place = place
        self._luck = luck
        self._stopped: set[Replica] = set()

    @property
    def did_all(self) -> bool:
        return {KILLED, STOPPED, RESTARTED} <= self.did.keys()

    async def rage(self, is_over: Callable[[], bool]) -> None:
        """Return when it is over: everything is as it was, and nobody sleeps any more."""
        await asyncio.gather(self._restart_the_server(is_over), self._hit_replicas(is_over))

    async def _restart_the_server(self, is_over: Callable[[], bool]) -> None:
        soonest, latest = SERVER_RESTARTS
        pause = (soonest, 2 * soonest)  # the first comes early in the shortest storm
        while await self._pause(pause, is_over):
            await asyncio.to_thread(self._place.postgres.restart)
            self.did[RESTARTED] += 1
            pause = (soonest, latest)

    async def _hit_replicas(self, is_over: Callable[[], bool]) -> None:
        sleeping: list[asyncio.Task[None]] = []
        hits = itertools.chain((KILLED, STOPPED), iter(lambda: self._luck.choice((KILLED, STOPPED)), None))
        while await self._pause(A_REPLICA_IS_HIT, is_over):
            if not self._works():
                continue
            replica = self._luck.choice(self._place.replicas)
            if next(hits) == KILLED:
                self.did[KILLED] += replica.hit(signal.SIGKILL)
            elif replica not in self._stopped and replica.hit(signal.SIGSTOP):
                sleeping.append(asyncio.create_task(self._sleep(replica, is_over)))
                self.did[STOPPED] += 1
        await asyncio.gather(*sleeping)

    async def _sleep(self, replica: Replica, is_over: Callable[[], bool]) -> None:
        self._stopped.add(replica)
        await self._pause(STOPPED_FOR, is_over)
        replica.hit(signal.SIGCONT)
        self._stopped.discard(replica)

    async def _pause(self, span: tuple[float, float], is_over: Callable[[], bool]) -> bool:
        """Whether the storm still rages after a pause."""
        until = time.monotonic() + self._luck.uniform(*span)
        while not is_over() and time.monotonic() < until:
            await asyncio.sleep(LOOKS_EVERY)
        return not is_over()

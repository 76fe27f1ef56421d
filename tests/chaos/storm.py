"""What is done to the replicas and to their database while it lasts."""

import asyncio
import random
import signal
import time
from collections import Counter
from collections.abc import Callable

from tests.chaos.installation import Installation, Replica

SERVER_RESTARTS = (5.0, 40.0)
"""Seconds between two restarts of PostgreSQL, at least and at most."""
A_REPLICA_IS_HIT = (2.0, 10.0)
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

    async def rage(self, seconds: float) -> None:
        """Return when it is over: everything is as it was, and nobody sleeps any more."""
        over = time.monotonic() + seconds
        await asyncio.gather(self._restart_the_server(over), self._hit_replicas(over))

    async def _restart_the_server(self, over: float) -> None:
        while await self._pause(SERVER_RESTARTS, over):
            await asyncio.to_thread(self._place.postgres.restart)
            self.did["PostgreSQL restarted"] += 1

    async def _hit_replicas(self, over: float) -> None:
        sleeping: list[asyncio.Task[None]] = []
        while await self._pause(A_REPLICA_IS_HIT, over):
            if not self._works():
                continue
            replica = self._luck.choice(self._place.replicas)
            if self._luck.random() < 0.5:
                replica.hit(signal.SIGKILL)
                self.did["replica killed"] += 1
            elif replica not in self._stopped:
                sleeping.append(asyncio.create_task(self._sleep(replica, over)))
                self.did["replica stopped and continued"] += 1
        await asyncio.gather(*sleeping)

    async def _sleep(self, replica: Replica, over: float) -> None:
        self._stopped.add(replica)
        replica.hit(signal.SIGSTOP)
        await asyncio.sleep(min(self._luck.uniform(*STOPPED_FOR), max(0.0, over - time.monotonic())))
        replica.hit(signal.SIGCONT)
        self._stopped.discard(replica)

    async def _pause(self, span: tuple[float, float], over: float) -> bool:
        """Whether the storm still rages after a pause."""
        await asyncio.sleep(min(self._luck.uniform(*span), max(0.0, over - time.monotonic())))
        return time.monotonic() < over

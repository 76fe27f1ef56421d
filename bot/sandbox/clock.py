"""The clock that the bot follows in demo and tests: real time plus the sandbox's offset, and word of every skip."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Self

import aiohttp

WAIT_LIMIT_S = 35.0
FIRST_PAUSE_S = 0.1
LONGEST_PAUSE_S = 2.0


class SandboxClock:
    """Made by `await SandboxClock.connect(url)`."""

    def __init__(self, url: str, offset_s: float, version: int) -> None:
        self._url = url.rstrip("/")
        self._offset = timedelta(seconds=offset_s)
        self._version = version

    @classmethod
    async def connect(cls, url: str) -> Self:
        """The clock of the sandbox at url. Raises aiohttp.ClientError when none answers there."""
        async with aiohttp.ClientSession() as session, session.get(f"{url.rstrip('/')}/_control/clock") as response:
            response.raise_for_status()
            state = await response.json()
        return cls(url, state["offset_s"], state["version"])

    def now(self) -> datetime:
        return datetime.now(UTC) + self._offset

    async def follow(self, on_skip: Callable[[], None]) -> None:
        """Call on_skip after each skip, for ever; while the sandbox is away, try again with growing pauses."""
        pause_s = FIRST_PAUSE_S
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=WAIT_LIMIT_S)) as session:
            while True:
                try:
                    skipped = await self._wait(session)
                    pause_s = FIRST_PAUSE_S
                except (aiohttp.ClientError, TimeoutError):
                    await asyncio.sleep(pause_s)
                    pause_s = min(LONGEST_PAUSE_S, pause_s * 2)
                    continue
                if skipped:
                    on_skip()

    async def _wait(self, session: aiohttp.ClientSession) -> bool:
        """Wait for the next skip, or for as long as the sandbox lets us; whether there was one."""
        async with session.get(f"{self._url}/_control/clock/wait", params={"version": self._version}) as response:
            response.raise_for_status()
            state = await response.json()
        if state["version"] == self._version:
            return False
        self._offset = timedelta(seconds=state["offset_s"])
        self._version = state["version"]
        return True

"""A number that grows with every change, and that readers can wait for instead of asking again and again."""

import asyncio


class Version:
    def __init__(self, number: int = 0) -> None:
        self.number = number
        self._moved = asyncio.Event()

    def bump(self) -> None:
        self.number += 1
        self._moved.set()
        self._moved = asyncio.Event()

    async def differs(self, known: int, timeout_s: float) -> bool:
        """Wait until the number is another than the known one; False when it still is not after timeout_s seconds."""
        if self.number != known:
            return True
        try:
            async with asyncio.timeout(timeout_s):
                await self._moved.wait()
        except TimeoutError:
            return False
        return True

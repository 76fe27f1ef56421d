"""The sandbox's own time: real time plus an offset that people can move, and that everybody who waits hears of."""

import time
from datetime import UTC, datetime, timedelta

from bot.sandbox.store import Store
from bot.sandbox.version import Version


class OffsetClock:
    """Offset and version survive a restart; the version moves with every skip."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.offset_s = float(store.setting("clock_offset_s", "0"))
        self.version = Version(int(store.setting("clock_version", "0")))
        self._last_stamp = store.newest_ts()

    def now(self) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=self.offset_s)

    def stamp(self) -> int:
        """Microseconds since 1970, later than every stamp before, also when the clock was set back."""
        self._last_stamp = max(self._last_stamp + 1, int((time.time() + self.offset_s) * 1_000_000))
        return self._last_stamp

    def skip_to(self, offset_s: float) -> None:
        self.offset_s = offset_s
        self.version.bump()
        self._store.set_setting("clock_offset_s", repr(offset_s))
        self._store.set_setting("clock_version", str(self.version.number))

    async def sleep(self, seconds: float) -> None:
        """Sleep in sandbox time: a skip over the end wakes the sleeper at once."""
        end = self.now() + timedelta(seconds=seconds)
        while (left := (end - self.now()).total_seconds()) > 0:
            await self.version.differs(self.version.number, left)

"""The wall clock of business times: windows, caps, steps. The demo and the tests bring another one."""

from datetime import UTC, datetime


class SystemClock:
    def now(self) -> datetime:
        """The present, aware, in UTC."""
        return datetime.now(UTC)

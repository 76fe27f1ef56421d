"""The wall clock of business times: windows, caps, steps. The demo and the tests bring another one."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.errors import NoTimeZones


class SystemClock:
    def now(self) -> datetime:
        """The present, aware, in UTC."""
        return datetime.now(UTC)


def require_time_zones() -> None:
    """Raises NoTimeZones where Python knows no time zones: every hour of ours stands on them."""
    try:
        ZoneInfo.no_cache("America/Chicago")
    except ZoneInfoNotFoundError:
        raise NoTimeZones from None

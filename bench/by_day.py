"""`python -m bench.by_day run`: Leadbell by a clock on which it is noon in Austin, since at night nobody is rung and nothing escalates."""

import os
import runpy
import sys
from datetime import UTC, datetime, timedelta
from unittest.mock import patch
from zoneinfo import ZoneInfo

SHIFT = "LEADBELL_BENCH_SHIFT"


def shift_to_noon() -> str:
    """The seconds from now to the next noon, for the environment of all that shall have the same clock."""
    here = datetime.now(ZoneInfo("America/Chicago"))
    noon = here.replace(hour=12, minute=0, second=0, microsecond=0)
    return str(((noon - here) % timedelta(days=1)).total_seconds())


if __name__ == "__main__":
    shift = timedelta(seconds=float(os.environ[SHIFT]))
    with patch("bot.clock.SystemClock.now", lambda _: datetime.now(UTC) + shift):
        sys.argv[0] = "leadbell"
        runpy.run_module("bot", run_name="__main__")

"""`leadbell run` by a clock that is behind, so that a storm finds officers at work and borrowers awake at whatever hour it rages."""

import sys
from datetime import UTC, datetime, timedelta
from unittest.mock import patch

from bot import cli
from bot.clock import SystemClock

if __name__ == "__main__":
    behind = timedelta(seconds=int(sys.argv[1]))
    patch.object(SystemClock, "now", lambda _: datetime.now(UTC) - behind).start()
    sys.argv[1:] = ["run", "--unencrypted"]
    cli.main()

"""`leadbell run` of a version to come, which does the escalation otherwise: it stands beside that of today on one database."""

import sys
from unittest.mock import patch

from bot import cli
from bot.store import work

if __name__ == "__main__":
    patch.object(work, "KNOWN", {"escalation": 2}).start()
    sys.argv[1:] = ["run", "--unencrypted"]
    cli.main()

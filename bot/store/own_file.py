"""A file that nobody but its owner reads, whatever the machine lets others read of what is made on it."""

import contextlib
import os
from pathlib import Path

OWNER_ONLY = 0o600


def begin_own_file(path: Path) -> None:
    """Begin it, empty, unless there is one; what stands there keeps its mode. Raises OSError.

    SQLite makes its other files beside a database as the database is.
    """
    with contextlib.suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, OWNER_ONLY))

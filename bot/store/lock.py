"""One process at a time serves a SQLite file."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.errors import StoreInUse, StoreUnavailable
from bot.store.database import database_url


@contextmanager
def hold_store(url: str) -> Iterator[bool]:
    """Hold the SQLite store until the block ends: True, for then nobody else holds leases. PostgreSQL serves many: False.

    Raises StoreInUse when another process holds it, StoreUnavailable when there can be no file.
    The lock is a file of its own: opening the database's would drop SQLite's locks.
    """
    parsed = database_url(url)
    if parsed.get_backend_name() != "sqlite":
        yield False
        return
    path = Path(f"{parsed.database}.lock")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        opened = path.open("a")
    except OSError as error:
        raise StoreUnavailable from error
    with opened as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise StoreInUse from None
        yield True

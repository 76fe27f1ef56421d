"""One process at a time serves a SQLite file."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.engine import URL

from bot.errors import StoreInUse, StoreMoved, StoreUnavailable
from bot.store.database import Store, cannot_be_used, database_url
from bot.store.tables import is_begun

BEGUN = """The store {store} is being moved to PostgreSQL. Finish it: leadbell db copy goes on where it stopped.
To keep the SQLite store instead, delete {marker}.
"""
MOVED = """The store {store} was moved to PostgreSQL: set LEADBELL_DATABASE_URL to its address there.
To go back to the SQLite store, without what came since, delete {marker}.
"""


def mark_moved(url: URL, *, whole: bool) -> Path:
    """From now on nobody opens this SQLite store, who does not delete the file that is returned."""
    marker = _marker(url)
    unfinished = marker.with_name(f"{marker.name}.new")
    unfinished.write_text((MOVED if whole else BEGUN).format(store=url.database, marker=marker), "utf-8")
    unfinished.replace(marker)
    return marker


def refuse_moved(url: URL) -> None:
    """Raises StoreMoved for a SQLite store that is being moved, or was."""
    if url.get_backend_name() == "sqlite" and _marker(url).exists():
        raise StoreMoved(_marker(url).read_text("utf-8").strip())


def refuse_missing(url: URL) -> None:
    """Raises StoreUnavailable for a SQLite file that is not there or a PostgreSQL database without our tables, and StoreMoved where the
    file is in PostgreSQL by now. To whoever types in another folder, or restored in vain, an empty store made by the way would look like
    theirs."""
    if url.get_backend_name() == "postgresql":
        _refuse_empty(url)
    elif not (url.database and Path(url.database).exists()):
        refuse_moved(url)
        raise StoreUnavailable(
            f"There is no database at {Path(url.database or '').absolute()}. Type this in the folder that Leadbell runs in, with its "
            "environment: LEADBELL_DATABASE_URL says where the database is. To begin a new one: leadbell db upgrade"
        )


def _refuse_empty(url: URL) -> None:
    store = Store(url.render_as_string(hide_password=False))
    try:
        begun = store.read_now(is_begun)
    finally:
        store.close()
    if not begun:
        raise StoreUnavailable(
            f"The PostgreSQL database {url.database or url.username} holds no tables of Leadbell, and none were made. If a back-up was "
            "restored into it or a store copied, that did not end: do it again. Else LEADBELL_DATABASE_URL says where the database is. To "
            "begin a new one: leadbell db upgrade"
        )


def is_being_moved(url: URL) -> bool:
    """Whether a move of this store began, and nobody wrote down that it ended."""
    marker = _marker(url)
    return marker.exists() and marker.read_text("utf-8") == BEGUN.format(store=url.database, marker=marker)


def _marker(url: URL) -> Path:
    return Path(f"{url.database}.moved")


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
        raise cannot_be_used(parsed, error) from error
    with opened as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise StoreInUse from None
        yield True

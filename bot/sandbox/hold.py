"""One sandbox at a time has a store, and whoever looks for it learns which process that is and where it answers."""

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


class StoreBusy(Exception):
    """Another sandbox already runs on this store."""


@dataclass(frozen=True)
class Holder:
    """The process that has the store; `url` is empty until it answers there."""

    process_id: int
    url: str


@contextmanager
def hold(store: Path) -> Iterator[Callable[[str], None]]:
    """Have the store until the block ends or the process dies; call what it yields with the address. Raises StoreBusy."""
    path = _lock_file(store)
    path.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o644), "r+b", buffering=0) as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise StoreBusy(f"Another sandbox already runs on {store}. Stop it first, or choose another store.") from None

        def tell(url: str) -> None:
            file.seek(0)
            file.truncate(file.write(f"{os.getpid()} {url}\n".encode()))

        tell("")
        yield tell


def holder_of(store: Path) -> Holder | None:
    """Who has the store now."""
    try:
        with _lock_file(store).open() as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                process_id, _, url = file.read().strip().partition(" ")
                return Holder(int(process_id), url) if process_id else None
    except FileNotFoundError:
        pass
    return None


def _lock_file(store: Path) -> Path:
    return store.with_name(store.name + ".lock")

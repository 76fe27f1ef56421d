"""A pooler in transaction mode stands before PostgreSQL: Leadbell says so at its start, or as soon as it shows."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlmodel import Session

from bot.app import open_store
from bot.errors import PooledByTransaction, StoreUnavailable
from bot.settings import Settings
from bot.store import database
from bot.store.database import Store
from tests.doubles.databases import fresh_postgresql

BOT = Path(__file__).parent.parent.parent / "bot"
OF_A_SESSION = re.compile(r"pg_(?:try_)?advisory_lock|\bLISTEN \w|\bUNLISTEN\b|CREATE TEMP|SET SESSION|WITH HOLD")
"""What stays with a session when its transaction is over."""


@pytest.fixture
def store() -> Iterator[Store]:
    opened = Store(fresh_postgresql())
    yield opened
    opened.close()


@pytest.mark.fault(12)
def test_a_start_where_two_connections_share_one_session_is_refused_and_says_why(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "_SESSION", text("SELECT 4711"))  # as a pooler answers who gives both the session that is free
    with pytest.raises(PooledByTransaction, match="transaction mode"):
        open_store(Settings.model_construct(database_url=store.url.render_as_string(hide_password=False)))


@pytest.mark.fault(12)
@pytest.mark.parametrize("said", ["EXECUTE prepared_elsewhere", "PREPARE here AS SELECT 1; PREPARE here AS SELECT 1"])
def test_where_sessions_change_later_it_is_named_and_counts_as_a_store_that_is_away(store: Store, said: str) -> None:
    def asked(session: Session) -> None:
        session.connection().exec_driver_sql(said)

    with pytest.raises(PooledByTransaction):
        store.transact_now(asked)
    assert issubclass(PooledByTransaction, StoreUnavailable)


def test_where_each_connection_has_its_own_session_it_starts(store: Store) -> None:
    open_store(Settings.model_construct(database_url=store.url.render_as_string(hide_password=False))).close()


@pytest.mark.fault(12)
def test_nothing_of_ours_stands_on_a_session_beyond_its_transaction() -> None:
    assert [path.name for path in BOT.rglob("*.py") if OF_A_SESSION.search(path.read_text("utf-8"))] == []

"""A role that may not create tables, as PostgreSQL gives none to a stranger since version 15, is told with the command that helps."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text

from bot.app import open_store
from bot.errors import MayNotCreate
from bot.settings import Settings
from bot.store.copying import copy_store
from tests.doubles.databases import bare_postgresql, fresh_sqlite

HELPS = "createdb -O leadbell leadbell"


@pytest.fixture
def without_rights() -> Iterator[str]:
    """The URL of a bare database for a role that may connect to it and no more."""
    url = make_url(bare_postgresql())
    role = f"stranger_{url.database}"
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE ROLE {role} LOGIN"))
        connection.execute(text("REVOKE CREATE ON SCHEMA public FROM PUBLIC"))
    yield url.set(username=role).render_as_string(hide_password=False)
    with engine.connect() as connection:
        connection.execute(text(f"DROP ROLE {role}"))
    engine.dispose()


def test_a_start_says_who_has_to_own_the_database(without_rights: str) -> None:
    with pytest.raises(MayNotCreate) as told:
        open_store(Settings.model_construct(database_url=without_rights))

    assert HELPS in str(told.value)


def test_a_copy_says_so_too_and_leaves_the_sqlite_store_in_force(without_rights: str, tmp_path: Path) -> None:
    source = fresh_sqlite(tmp_path)

    with pytest.raises(MayNotCreate) as told:
        copy_store(source, without_rights, lambda _table, _rows, _total: None)

    assert HELPS in str(told.value)
    open_store(Settings.model_construct(database_url=source)).close()

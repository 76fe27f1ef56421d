"""The example company at work: over both kinds of store, or on PostgreSQL alone where several processes are the point."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.store.database import Store
from tests.conftest import COMPANY, NOON
from tests.doubles.branch import Branch
from tests.doubles.databases import fresh_store


@pytest.fixture
def branch(company: Store) -> Branch:
    return Branch(company, NOON)


@pytest.fixture
def replicated(tmp_path: Path) -> Iterator[Branch]:
    """The company on PostgreSQL."""
    store = fresh_store("postgresql", tmp_path, COMPANY)
    yield Branch(store, NOON)
    store.close()

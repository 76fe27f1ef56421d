"""The example company at work: over both kinds of store, or on PostgreSQL alone where several processes are the point."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.config import Config
from bot.configuring import apply_config
from bot.store.database import Store
from bot.store.installation import prepare
from tests.conftest import NOON
from tests.doubles.branch import Branch
from tests.doubles.databases import fresh_store


@pytest.fixture
def branch(company: Store) -> Branch:
    return Branch(company, NOON)


@pytest.fixture
def replicated(tmp_path: Path, example: Config) -> Iterator[Branch]:
    """The company on PostgreSQL."""
    store = fresh_store("postgresql", tmp_path)
    store.transact_now(prepare, "00" * 32, NOON)
    store.transact_now(apply_config, example, by="test", at=NOON, salt="test")
    yield Branch(store, NOON)
    store.close()

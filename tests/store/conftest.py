"""The example company at work, over both kinds of store."""

import pytest

from bot.store.database import Store
from tests.conftest import NOON
from tests.doubles.branch import Branch


@pytest.fixture
def branch(company: Store) -> Branch:
    return Branch(company, NOON)

"""Files of leads, and the example company to import them."""

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.store.database import Store
from tests.conftest import NOON
from tests.doubles.branch import Branch

Save = Callable[[str | bytes], Path]


@pytest.fixture
def save(tmp_path: Path) -> Save:
    """Save a text, or bytes as they are, as leads.csv."""

    def as_leads(content: str | bytes) -> Path:
        path = tmp_path / "leads.csv"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return as_leads


@pytest.fixture
def branch(company: Store) -> Branch:
    return Branch(company, NOON)

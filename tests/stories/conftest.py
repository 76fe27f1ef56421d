"""An office for each story."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import pytest
import pytest_asyncio

from tests.doubles.databases import fresh_sqlite
from tests.doubles.office import Office, environment, office_at_work

OpenOffice = Callable[..., AbstractAsyncContextManager[Office]]


@pytest.fixture(autouse=True)
def keys(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every source has its key."""
    for name, key in environment().items():
        monkeypatch.setenv(name, key)


@pytest_asyncio.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    """The example company on SQLite."""
    async with office_at_work(tmp_path, fresh_sqlite(tmp_path)) as opened:
        yield opened

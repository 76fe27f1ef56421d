"""An office for each story."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import pytest
import pytest_asyncio

from tests.doubles.databases import fresh_postgresql, fresh_sqlite
from tests.doubles.office import Office, environment, office_at_work

OpenOffice = Callable[[Mapping[str, str]], AbstractAsyncContextManager[Office]]


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


@pytest_asyncio.fixture
async def office_on_postgresql(tmp_path: Path) -> AsyncIterator[Office]:
    """The example company on PostgreSQL."""
    async with office_at_work(tmp_path, fresh_postgresql()) as opened:
        yield opened


@pytest_asyncio.fixture(params=[fresh_sqlite, fresh_postgresql], ids=["sqlite", "postgresql"])
async def any_office(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Office]:
    """The example company, once on each kind of store."""
    url = fresh_sqlite(tmp_path) if request.param is fresh_sqlite else fresh_postgresql()
    async with office_at_work(tmp_path, url) as opened:
        yield opened


@pytest.fixture
def changed_office(tmp_path: Path) -> OpenOffice:
    """Opens an office with changes to the texts of the example config."""
    return lambda changes: office_at_work(tmp_path, fresh_sqlite(tmp_path), changes=changes)


@pytest_asyncio.fixture(params=[fresh_sqlite, fresh_postgresql], ids=["sqlite", "postgresql"])
async def texting_office(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Office]:
    """The example company with a phone network, once on each kind of store."""
    url = fresh_sqlite(tmp_path) if request.param is fresh_sqlite else fresh_postgresql()
    async with office_at_work(tmp_path, url, texting=True) as opened:
        yield opened


@pytest_asyncio.fixture
async def office_of_texts(tmp_path: Path) -> AsyncIterator[Office]:
    """The same on SQLite alone, for stories of which another one is told on both."""
    async with office_at_work(tmp_path, fresh_sqlite(tmp_path), texting=True) as opened:
        yield opened


@pytest_asyncio.fixture(params=[fresh_sqlite, fresh_postgresql], ids=["sqlite", "postgresql"])
async def hearing_office(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Office]:
    """The same with a mailbox that is read."""
    url = fresh_sqlite(tmp_path) if request.param is fresh_sqlite else fresh_postgresql()
    async with office_at_work(tmp_path, url, emailing=True, hearing=True) as opened:
        yield opened


@pytest_asyncio.fixture(params=[fresh_sqlite, fresh_postgresql], ids=["sqlite", "postgresql"])
async def emailing_office(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Office]:
    """The example company with a mail server, once on each kind of store."""
    url = fresh_sqlite(tmp_path) if request.param is fresh_sqlite else fresh_postgresql()
    async with office_at_work(tmp_path, url, emailing=True) as opened:
        yield opened

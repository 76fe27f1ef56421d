"""An office in Discord for each story."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.doubles.databases import fresh_sqlite
from tests.doubles.discord_office import DiscordOffice, discord_office
from tests.doubles.mailing_office import MailingOffice, mailing_office
from tests.doubles.office import environment


@pytest.fixture(autouse=True)
def keys(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every source has its key."""
    for name, key in environment().items():
        monkeypatch.setenv(name, key)


@pytest_asyncio.fixture
async def office(tmp_path: Path) -> AsyncIterator[DiscordOffice]:
    """The example company on SQLite."""
    async with discord_office(tmp_path, fresh_sqlite(tmp_path)) as opened:
        yield opened


@pytest_asyncio.fixture
async def mailing(tmp_path: Path) -> AsyncIterator[MailingOffice]:
    """The same with a mail server."""
    async with mailing_office(tmp_path) as opened:
        yield opened

"""A vendor's test is acknowledged, rings for nobody, and shows who runs Leadbell what would have been understood."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from bot.store.leads import Lead
from tests.doubles.databases import fresh_postgresql, fresh_sqlite
from tests.doubles.office import Office, office_at_work

SECRET = "    secret_env: LEADBELL_KEY_WEBSITE\n"
SAYS_TRIAL = {SECRET: SECRET + "    mapping: {test: trial}\n"}


@pytest_asyncio.fixture(params=[fresh_sqlite, fresh_postgresql], ids=["sqlite", "postgresql"])
async def office(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Office]:
    """The example company, whose website says which of its requests are tests, once on each kind of store."""
    url = fresh_sqlite(tmp_path) if request.param is fresh_sqlite else fresh_postgresql()
    async with office_at_work(tmp_path, url, changes=SAYS_TRIAL) as opened:
        yield opened


async def test_it_is_shown_to_who_runs_leadbell_and_is_no_lead(office: Office) -> None:
    fields = {"trial": "yes", "first_name": "Tess", "phone": "(512) 555-0142", "utm_source": "ads", "shoes": "9"}
    status, answer, _ = await office.post("website", json=fields)

    assert (status, answer) == (200, {"lead": None, "duplicate": False})
    said = await office.is_told("sam", "A test from Website arrived and was read: first name, phones, attribution utm source.")
    assert "I don't know these names: shoes." in said and "0142" not in said
    assert office.all(Lead) == []


async def test_one_that_could_not_be_a_lead_says_why(office: Office) -> None:
    status, _, _ = await office.post("website", json={"trial": True, "first_name": "Tess"})

    assert status == 200
    await office.is_told("sam", "A test from Website arrived, but a lead like it could not be read: there is no phone and no email in it.")

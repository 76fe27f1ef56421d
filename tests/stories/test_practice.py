"""Each officer is welcomed once, and tries the bell with a lead that counts nowhere."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.doubles.counts import leads_per_stage
from tests.doubles.databases import fresh_postgresql, fresh_sqlite
from tests.doubles.office import Office, office_at_work
from tests.doubles.shown import buttons
from tests.doubles.workplace import LEADS

WELCOME = "Hi Maya: licensed OK, TX until 12/31/2099, on duty 8 am-8 pm."


@pytest_asyncio.fixture
async def new_office(tmp_path: Path) -> AsyncIterator[Office]:
    """An office whose people were never welcomed."""
    async with office_at_work(tmp_path, fresh_sqlite(tmp_path), welcomed=False) as opened:
        yield opened


@pytest_asyncio.fixture(params=["sqlite", "postgresql"])
async def any_new_office(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Office]:
    url = fresh_sqlite(tmp_path) if request.param == "sqlite" else fresh_postgresql()
    async with office_at_work(tmp_path, url, welcomed=False) as opened:
        yield opened


async def practice_rings(office: Office) -> None:
    await office.told("maya", WELCOME)
    await office.presses_in_direct("maya", "Ring me a practice lead", 0)
    await office.told("maya", "TEST #1001: practice lead, nobody waits.")


async def test_officers_are_welcomed_once_and_who_works_no_leads_is_not(any_new_office: Office) -> None:
    office = any_new_office
    assert buttons(await office.told("maya", WELCOME)) == ["Ring me a practice lead"]
    await office.told("tess", "Hi Tess: licensed")

    await office.restart()

    await office.until(office.nothing_is_owed, "everything shown")
    assert len(await office.direct_messages("maya")) == 1
    assert await office.direct_messages("cora") == []


async def test_a_practice_lead_rings_only_who_asked_for_it_and_says_how_quick_they_were(any_new_office: Office) -> None:
    office = any_new_office
    await practice_rings(office)
    await office.skip(seconds=20)

    await office.presses_in_direct("maya", "Claim", 1001)

    told = await office.is_told("maya", "TEST #1001: you took", "quick enough")
    took = re.search(r"you took (\d+) s", told)
    assert took is not None
    assert 20 <= int(took[1]) < 60
    assert "iPhone" not in told
    assert await office.messages(LEADS) == []
    assert "TEST" not in f"{await office.messages('D0LUIS')}"
    assert await counted(office) == {}


async def test_who_was_slow_reads_how_to_hear_leads_sooner(new_office: Office) -> None:
    await practice_rings(new_office)
    await new_office.skip(minutes=3)

    await new_office.presses_in_direct("maya", "Claim", 1001)

    await new_office.told("maya", "TEST #1001: you took 3:", "iPhone", "Settings, Notifications, Slack:", "Android")


async def test_pressed_twice_there_is_one_at_a_time(new_office: Office) -> None:
    await practice_rings(new_office)

    await new_office.presses_in_direct("maya", "Ring me a practice lead", 0)

    await new_office.hears("maya", "Your practice lead TEST #1001 rings already")
    assert "#1002" not in f"{await new_office.direct_messages('maya')}"


async def test_nobody_claims_it_and_it_closes_itself(new_office: Office) -> None:
    await practice_rings(new_office)

    await new_office.skip(minutes=15)

    await new_office.told("maya", "TEST #1001: the practice lead is over.")
    await new_office.presses_in_direct("maya", "Ring me a practice lead", 0)
    await new_office.told("maya", "TEST #1002: practice lead, nobody waits.")


async def test_an_hour_later_nobody_was_told_of_it(new_office: Office) -> None:
    await practice_rings(new_office)

    await new_office.skip(hours=1)

    await new_office.told("maya", "the practice lead is over")
    await new_office.until(new_office.nothing_is_owed, "everything shown")
    assert "1001" not in f"{await new_office.messages('D0TESS')}{await new_office.messages('D0SAM')}{await new_office.messages(LEADS)}"


async def test_it_takes_no_place_of_a_real_lead(new_office: Office) -> None:
    await practice_rings(new_office)
    await new_office.presses_in_direct("maya", "Claim", 1001)
    await new_office.told("maya", "you took")

    lead = await new_office.lead_arrives()

    await new_office.presses("maya", "Claim", lead)
    await new_office.told("maya", f"Yours: #{lead}")
    assert await counted(new_office) == {"new": 1}


async def counted(office: Office) -> dict[str, int]:
    assert office.services is not None
    return await office.services.store.read(leads_per_stage)

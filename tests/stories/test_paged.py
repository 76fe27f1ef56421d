"""Nobody takes a lead: whom its policy names is called, hears of it, and takes it by pressing 1."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from bot.store.calls import Call
from tests.doubles.databases import fresh_postgresql, fresh_sqlite
from tests.doubles.office import Office, office_at_work
from tests.doubles.workplace import LUIS_NUMBER, MAYAS_NUMBER

BEFORE = "# A team or source with open leads"
CALLS = {
    BEFORE: f"""escalation_policies:
  - key: default
    unclaimed:
      - {{after: 0, do: ring_best}}
      - {{after: 3, do: call, whom: maya}}
      - {{after: 5, do: call, whom: luis}}

{BEFORE}""",
}


@pytest_asyncio.fixture(params=[fresh_sqlite, fresh_postgresql], ids=["sqlite", "postgresql"])
async def calling_office(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Office]:
    url = fresh_sqlite(tmp_path) if request.param is fresh_sqlite else fresh_postgresql()
    async with office_at_work(tmp_path, url, changes=CALLS, texting=True) as opened:
        yield opened


async def test_whoever_is_called_about_a_lead_takes_it_by_pressing_one(calling_office: Office) -> None:
    office = calling_office
    lead = await office.lead_arrives()
    await office.told("maya", "callable till")
    await office.skip(minutes=3)

    await office.answers_and_presses(MAYAS_NUMBER)

    number = " ".join(str(lead))
    await office.phone_says(MAYAS_NUMBER, f"Lead {number}, purchase in Texas, grade A, has waited ", "Press 1 to take it.")
    await office.phone_says(MAYAS_NUMBER, f"Lead {number} is yours. Its name and number are in your chat.")
    await office.card_of(lead, says="Maya Torres has it")
    await office.told("maya", f"Yours: #{lead}")


async def test_a_lead_that_nobody_takes_on_the_phone_goes_on_to_the_next(calling_office: Office) -> None:
    office = calling_office
    lead = await office.lead_arrives()
    await office.told("maya", "callable till")
    await office.skip(minutes=3)
    await office.phone_rings(MAYAS_NUMBER)
    await office.handles_phone(MAYAS_NUMBER, "picks_up")
    await office.phone_says(MAYAS_NUMBER, "Press 1 to take it.")
    await office.handles_phone(MAYAS_NUMBER, "hangs_up")
    await office.skip(minutes=2)

    await office.answers_and_presses(LUIS_NUMBER)

    await office.card_of(lead, says="Luis Ortega has it")
    assert len(await office.on_the_phone(MAYAS_NUMBER)) == 1
    assert {call.kind for call in office.all(Call)} == {"paging"}

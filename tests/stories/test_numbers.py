"""A team with numbers of its own: its borrowers hear from the nearest, keep it, and are rung from it; what comes there is the team's."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from bot.store.leads import Lead
from bot.store.people import Team
from tests.doubles.databases import fresh_postgresql, fresh_sqlite
from tests.doubles.office import Office, office_at_work
from tests.doubles.workplace import DANAS_NUMBER, MAYAS_NUMBER
from tests.stories.test_texts_out import claimed_by_maya

SHARED, DALLAS, AUSTIN, DENVER = "+15125550199", "+12145550181", "+15125550182", "+13035550183"
CHANGES = {
    "    manager: sam   ": f"    numbers: [{DALLAS}, {AUSTIN}]\n    manager: sam   ",
    "    name: South\n": f"    name: South\n    numbers: {DENVER}\n",
}


@pytest_asyncio.fixture(params=[fresh_sqlite, fresh_postgresql], ids=["sqlite", "postgresql"])
async def office(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Office]:
    """The example company with numbers of its teams' own, once on each kind of store."""
    url = fresh_sqlite(tmp_path) if request.param is fresh_sqlite else fresh_postgresql()
    async with office_at_work(tmp_path, url, changes=CHANGES, texting=True) as opened:
        await opened.do("phone", numbers=[SHARED, DALLAS, AUSTIN, DENVER])
        yield opened


async def texts_with(office: Office, number: str = DANAS_NUMBER) -> list[tuple[str, str]]:
    """From and to which numbers was texted so far."""
    seen = (await office.see(f"texts?number={number.replace('+', '%2B')}"))["texts"]
    return [(text["from"], text["to"]) for text in seen]


async def team_of(office: Office, lead: int) -> str:
    [row] = [each for each in office.all(Lead) if each.id == lead]
    return next(team.key for team in office.all(Team) if team.id == row.team_id)


async def test_dana_hears_from_austins_own_number_answers_there_and_is_called_from_it(office: Office) -> None:
    lead = await claimed_by_maya(office)
    await office.presses_in_direct("maya", "Text", lead)
    assert "from (512) 555-0182" in await office.screen_of("maya", says="OK to text")
    await office.texts_on_screen("maya", "Hi Dana, free at 2?")
    await office.thread_says(lead, "Delivered")

    await office.borrower_texts("Yes, call me then")

    await office.thread_says(lead, "Yes, call me then")
    assert await texts_with(office) == [(AUSTIN, DANAS_NUMBER), (DANAS_NUMBER, AUSTIN)]
    await office.types("maya", f"/lead call {lead}")
    await office.answers_and_presses(MAYAS_NUMBER)
    await office.phone_rings(DANAS_NUMBER)
    assert [call["from"] for call in await office.on_the_phone(DANAS_NUMBER)] == [AUSTIN]


async def test_stop_to_another_of_our_numbers_ends_all_texts(office: Office) -> None:
    lead = await claimed_by_maya(office)
    await office.types("maya", f"/lead text {lead} Hi Dana")
    await office.thread_says(lead, "Delivered")

    await office.borrower_texts("STOP", to=DENVER)

    await office.thread_says(lead, "STOP")
    await office.types("maya", f"/lead text {lead} Just one thing")
    await office.hears("maya", "opted out")


async def test_a_caller_whom_nobody_knows_is_a_lead_of_the_team_whose_number_they_called(office: Office) -> None:
    await office.do("call", **{"from": "+13035550177"}, to=DENVER)
    await office.phone_says("+13035550177", "We call you right back")

    async def there() -> int | None:
        return next((each.id for each in office.all(Lead)), None)

    lead = await office.until(there, "a lead of the call")
    assert await team_of(office, lead) == "south"


async def test_a_new_lead_from_a_text_belongs_to_the_team_whose_number_was_texted(office: Office) -> None:
    await office.borrower_texts("Do you lend in Colorado?", number="+13035550177", to=DENVER)

    await office.presses_on(await office.told("tess", "Do you lend in Colorado?"), "tess", "New lead")

    async def there() -> int | None:
        return next((each.id for each in office.all(Lead)), None)

    assert await team_of(office, await office.until(there, "a lead of the text")) == "south"


async def test_what_came_to_a_teams_number_while_nobody_heard_it_is_read_back(office: Office) -> None:
    lead = await claimed_by_maya(office)
    await office.closes()
    await office.do("phone", inbound_url="")
    await office.borrower_texts("Anybody there?", to=AUSTIN)

    await office.opens()

    await office.thread_says(lead, "Anybody there?")

"""Who follows a link in an email to our own site and looks around there is scored at once; of anybody else nothing is heard."""

from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
import pytest_asyncio

from bot.handlers.web.visiting import SCRIPT
from bot.store.events import Event
from bot.store.leads import Lead
from tests.doubles.databases import fresh_postgresql, fresh_sqlite
from tests.doubles.office import Office, office_at_work
from tests.stories.test_clicking import FIREFOX, SWITCHED_ON, TARGET, follows, link_sent

SITE = {"# forms:\n#   sites: [https://www.acme.example]\n": "forms:\n  sites: [https://acme.example]\n"}
POINTS = {
    "# scoring:\n": "scoring:\n  rules: [{reason: looks around, when: {did: visited}, points: 30}]\n# scoring:\n",
}


@pytest_asyncio.fixture(params=[fresh_sqlite, fresh_postgresql], ids=["sqlite", "postgresql"])
async def visited_office(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Office]:
    url = fresh_sqlite(tmp_path) if request.param is fresh_sqlite else fresh_postgresql()
    async with office_at_work(tmp_path, url, emailing=True, changes={**SWITCHED_ON, **SITE, **POINTS}) as opened:
        yield opened


async def tells(office: Office, token: str, did: str, program: str = FIREFOX) -> int:
    return await says(office, token, f"did={did}".encode(), program)


async def says(office: Office, token: str, body: bytes, program: str = FIREFOX) -> int:
    headers = {"User-Agent": program, "Content-Type": "application/x-www-form-urlencoded;charset=UTF-8"}
    async with aiohttp.ClientSession() as session, session.post(f"{office.url}/l/{token}", data=body, headers=headers) as answer:
        assert await answer.text() == "" and "Set-Cookie" not in answer.headers
        return answer.status


def visits(office: Office) -> list[Event]:
    return [event for event in office.all(Event) if event.kind == "visited"]


def points(office: Office) -> int:
    [lead] = office.all(Lead)
    return lead.score


async def test_who_comes_by_a_link_and_looks_around_is_scored_at_once_and_once_a_day(visited_office: Office) -> None:
    office = visited_office
    lead, link = await link_sent(office)
    token = link.rsplit("/", 1)[1]
    await office.skip(minutes=5)
    before = points(office)

    assert await follows(link) == (302, f"{TARGET}#leadbell={token}")
    for _ in range(3):
        assert await tells(office, token, "visited") == 204
    assert (len(visits(office)), points(office)) == (1, min(100, before + 30))

    assert await tells(office, token, "calculated") == 204
    await office.thread_says(lead, "Dana R. worked something out with a calculator, where the email")
    assert len(visits(office)) == 2


async def test_a_visit_stands_in_the_history_of_the_lead(visited_office: Office) -> None:
    office = visited_office
    lead, link = await link_sent(office)
    await office.skip(minutes=5)
    await tells(office, link.rsplit("/", 1)[1], "visited")

    await office.types("maya", f"/lead show {lead}")

    await office.hears("maya", "they visited the site, where the email")


async def test_who_has_no_token_of_ours_changes_nothing_and_learns_nothing(visited_office: Office) -> None:
    office = visited_office
    _, link = await link_sent(office)
    token = link.rsplit("/", 1)[1]
    await office.skip(minutes=5)

    for wrong in (token[:-1] + ("0" if token[-1] != "0" else "1"), "1.0." + "0" * 20, "x", "9" * 40):
        assert await tells(office, wrong, "visited") == 204
    for body in (b"", b"did=bought", b"did=visited&did=calculated&did=x", b"did=" + b"x" * 5000, b"{", b"\xff\xfe", b"did[]=visited"):
        assert await says(office, token, body) == 204
    for program in ("", "curl/8.0", "Mozilla/5.0 HeadlessChrome/120"):
        assert await tells(office, token, "visited", program) == 204

    assert visits(office) == []


async def test_a_token_goes_nowhere_but_to_a_site_of_ours(tmp_path: Path) -> None:
    async with office_at_work(tmp_path, fresh_sqlite(tmp_path), emailing=True, changes=SWITCHED_ON) as office:
        _, link = await link_sent(office)

        assert await follows(link) == (302, TARGET)


async def test_the_script_is_small_and_the_same_for_everybody(office: Office) -> None:
    async with aiohttp.ClientSession() as session, session.get(f"{office.url}/forms/site.js") as answer:
        assert answer.status == 200 and await answer.read() == SCRIPT and len(SCRIPT) <= 2000
        assert answer.headers["Content-Type"] == "text/javascript; charset=utf-8" and "Set-Cookie" not in answer.headers

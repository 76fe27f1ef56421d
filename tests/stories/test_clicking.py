"""A borrower follows a link in an email: told once a day, and after a silence to the owner; programs that look at mail count nothing."""

from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
import pytest_asyncio

from bot.store.events import Event
from tests.doubles.databases import fresh_postgresql, fresh_sqlite
from tests.doubles.office import Office, office_at_work
from tests.stories.test_emails_out import SUBJECT, emailed

SWITCHED_ON = {"  # track_links: true": "  track_links: true"}
TARGET = "https://acme.example/apply?for=dana"
WORDS = f"Hi Dana,\n\nyou can apply here: {TARGET}."
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"


@pytest_asyncio.fixture(params=[fresh_sqlite, fresh_postgresql], ids=["sqlite", "postgresql"])
async def counting_office(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Office]:
    url = fresh_sqlite(tmp_path) if request.param is fresh_sqlite else fresh_postgresql()
    async with office_at_work(tmp_path, url, emailing=True, changes=SWITCHED_ON) as opened:
        yield opened


async def link_sent(office: Office) -> tuple[int, str]:
    """Maya emailed Dana an address; the lead, and what stands for it."""
    lead = await emailed(office, SUBJECT, WORDS)
    await office.thread_says(lead, "Sent")
    email = await office.email_arrives()
    assert TARGET not in email["words"] and f">{TARGET}</a>" in email["page"].replace("&amp;", "&")
    return lead, next(word.rstrip(".") for word in email["words"].split() if "/l/" in word)


async def follows(url: str, program: str = FIREFOX, method: str = "GET") -> tuple[int, str]:
    """Where somebody who follows it is led."""
    async with (
        aiohttp.ClientSession() as session,
        session.request(method, url, headers={"User-Agent": program}, allow_redirects=False) as answer,
    ):
        return answer.status, answer.headers.get("Location", "")


def clicks(office: Office) -> list[Event]:
    return [event for event in office.all(Event) if event.kind == "clicked"]


async def test_a_followed_link_leads_on_and_stands_in_the_thread_once_a_day(counting_office: Office) -> None:
    office = counting_office
    lead, link = await link_sent(office)
    await office.skip(minutes=5)

    assert await follows(link) == (302, TARGET)
    assert await follows(link) == (302, TARGET)

    await office.thread_says(lead, f'Dana R. followed a link in the email "{SUBJECT}".')
    assert len(clicks(office)) == 1


async def test_after_a_silence_the_owner_is_rung(counting_office: Office) -> None:
    office = counting_office
    lead, link = await link_sent(office)
    await office.skip(days=8)

    assert (await follows(link))[0] == 302

    await office.is_told("maya", f"#{lead} Dana R. followed a link in your email after a silence", "A good moment to call.")


@pytest.mark.fault(87)
async def test_programs_that_look_at_mail_and_looks_within_seconds_count_nothing(counting_office: Office) -> None:
    office = counting_office
    _, link = await link_sent(office)

    assert await follows(link) == (302, TARGET)  # the mail has just left
    await office.skip(minutes=5)
    assert await follows(link, "Barracuda Sentinel (EE)") == (302, TARGET)
    assert await follows(link, method="HEAD") == (302, TARGET)

    assert clicks(office) == []


@pytest.mark.fault(86)
async def test_nobody_is_led_where_no_email_of_ours_led(counting_office: Office) -> None:
    office = counting_office
    _, link = await link_sent(office)

    for wrong in (
        link[:-1] + ("0" if link[-1] != "0" else "1"),
        f"{office.url}/l/https:%2F%2Fevil.example",
        f"{link}?to=https://evil.example",
    ):
        status, location = await follows(wrong)
        assert (status, location) in ((404, ""), (302, TARGET))
    assert clicks(office) == []


async def test_where_it_is_not_switched_on_an_address_stays_as_it_is(emailing_office: Office) -> None:
    office = emailing_office
    await emailed(office, SUBJECT, WORDS)

    email = await office.email_arrives()

    assert TARGET in email["words"] and "/l/" not in email["words"]

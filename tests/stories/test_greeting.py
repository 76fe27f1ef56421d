"""Who just asked is greeted by text where the company switched that on: within the law, once, and no clock takes it for an answer."""

from collections.abc import AsyncIterator
from datetime import time
from pathlib import Path

import pytest
import pytest_asyncio

from bot.store.leads import Lead
from bot.store.outbound import ContactAttempt, Message
from tests.doubles.databases import fresh_postgresql, fresh_sqlite
from tests.doubles.office import Office, office_at_work
from tests.doubles.rows import rows
from tests.doubles.shown import buttons
from tests.stories.test_texts_out import AGREED

GREETING = (
    "Hi Dana, this is Acme Mortgage, NMLS 123456. Thank you for asking about buying in Austin. "
    "A loan officer will be in touch soon; you can also answer here. Reply STOP to opt out."
)
SWITCHED_ON = {"  # instant_reply: true": "  instant_reply: true"}


@pytest_asyncio.fixture(params=[fresh_sqlite, fresh_postgresql], ids=["sqlite", "postgresql"])
async def greeting_office(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Office]:
    url = fresh_sqlite(tmp_path) if request.param is fresh_sqlite else fresh_postgresql()
    async with office_at_work(tmp_path, url, texting=True, changes=SWITCHED_ON) as opened:
        yield opened


async def test_who_agreed_to_texts_is_greeted_at_once_and_rings_on_all_the_same(greeting_office: Office) -> None:
    office = greeting_office

    lead = await office.lead_arrives(**AGREED)

    await office.thread_says(lead, "Delivered")
    assert await office.texts_to() == [GREETING]
    assert "Acme Mortgage to Dana R.:" in await office.thread_says(lead, "Thank you for asking")
    assert office.services is not None
    assert rows(office.services.store, ContactAttempt) == []
    [greeting] = rows(office.services.store, Message)
    assert greeting.created_at == rows(office.services.store, Lead)[0].arrived_at
    assert "Claim" in buttons(await office.card_of(lead))


async def test_at_night_the_greeting_waits_for_the_first_legal_minute(greeting_office: Office) -> None:
    office = greeting_office
    await office.clock_says(time(21))

    lead = await office.lead_arrives(**AGREED)

    await office.thread_says(lead, "Leaves at 9:00 am CT")
    assert await office.texts_to() == []
    await office.skip(hours=12)
    await office.thread_says(lead, "Delivered")
    assert await office.texts_to() == [GREETING]


async def test_at_two_in_the_morning_the_greeting_waits_for_the_same_day(greeting_office: Office) -> None:
    office = greeting_office
    await office.clock_says(time(2))

    lead = await office.lead_arrives(**AGREED)

    await office.thread_says(lead, "Leaves at 9:00 am CT")
    await office.skip(hours=7)
    await office.thread_says(lead, "Delivered")
    assert await office.texts_to() == [GREETING]


async def test_the_hours_of_each_place_where_they_may_be_have_to_allow_it(greeting_office: Office) -> None:
    """Without a ZIP a number of El Paso may be in Austin as well: it is after nine on one clock alone."""
    office = greeting_office
    await office.clock_says(time(9, 30))

    lead = await office.lead_arrives(**AGREED, phone="(915) 555-0177", property_zip=None)

    await office.thread_says(lead, "Leaves at 10:00 am CT")
    assert await office.texts_to("+19155550177") == []
    await office.skip(minutes=30)
    await office.thread_says(lead, "Delivered")
    assert len(await office.texts_to("+19155550177")) == 1


async def test_what_was_owed_when_leadbell_stopped_leaves_once_it_runs_again(greeting_office: Office) -> None:
    office = greeting_office
    await office.clock_says(time(8, 30))
    lead = await office.lead_arrives(**AGREED)
    await office.thread_says(lead, "Leaves at 9:00 am CT")
    await office.closes()
    await office.do("clock", advance_s=35 * 60)
    assert await office.texts_to() == []

    await office.opens()

    await office.thread_says(lead, "Delivered")
    assert await office.texts_to() == [GREETING]


async def test_who_was_called_before_it_could_leave_is_not_greeted_any_more(greeting_office: Office) -> None:
    office = greeting_office
    await office.clock_says(time(21))
    lead = await office.lead_arrives(**AGREED)
    await office.presses("maya", "Claim", lead)
    await office.logs("maya", lead, "Connected")
    await office.thread_says(lead, "Maya Torres: Connected.")

    await office.skip(hours=12)

    await office.thread_says(lead, "Somebody was in touch with them already")
    assert await office.texts_to() == []


async def test_nobody_is_greeted_twice_or_without_consent(greeting_office: Office) -> None:
    office = greeting_office
    without = await office.lead_arrives(consent="no")
    await office.lead_arrives(**AGREED, phone="(512) 555-0177", email=None, first_name="Marcus")
    again = await office.lead_arrives(source="zillow", **AGREED)

    async def greeted() -> bool:
        return len(await office.texts_to("+15125550177")) == 1

    await office.until(greeted, "a greeting for Marcus")
    assert again == without
    assert await office.texts_to() == []


@pytest.mark.parametrize("boxes", [{"agree_to_terms": "on"}, {"agree_to_terms": "yes", "tcpa_consent": "yes", "sms_consent": "no"}])
async def test_who_agreed_to_the_terms_or_said_no_to_texts_is_not_greeted_though_the_words_beside_the_box_came_along(
    greeting_office: Office, boxes: dict[str, str]
) -> None:
    office = greeting_office

    lead = await office.lead_arrives("website", **{**AGREED, "consent": None, **boxes})

    await office.types("maya", f"/lead claim {lead}")
    await office.hears("maya", f"#{lead} is yours")
    await office.types("maya", f"/lead show {lead}")
    await office.hears("maya", "no text left by itself. They did not agree to texts.")
    assert await office.texts_to() == []


async def test_it_is_off_until_the_company_switches_it_on(texting_office: Office) -> None:
    office = texting_office

    lead = await office.lead_arrives(**AGREED)

    await office.told("maya", "Claim")
    await office.until(office.nothing_is_owed, "everything shown")
    assert await office.thread_of(lead) == []


async def test_a_greeting_that_may_not_leave_stands_in_the_lead_with_why(greeting_office: Office) -> None:
    office = greeting_office
    lead = await office.lead_arrives(**AGREED, property_city="Casino")
    await office.types("maya", f"/lead claim {lead}")
    await office.hears("maya", f"#{lead} is yours")

    await office.types("maya", f"/lead show {lead}")

    await office.hears("maya", "no text left by itself. Its words may not leave: carriers drop texts with such words")
    assert await office.texts_to() == []

"""Outside the legal hours the owner is reminded when they open; where the config lets them, they say why it cannot wait and call."""

from collections.abc import AsyncIterator
from datetime import time
from pathlib import Path

import pytest
import pytest_asyncio

from bot.store.events import Event
from tests.doubles.databases import fresh_postgresql, fresh_sqlite
from tests.doubles.office import Office, office_at_work
from tests.doubles.overrides import CALLS_OUTSIDE_HOURS, switch_overrides_off
from tests.doubles.rows import rows
from tests.doubles.shown import buttons

NUMBER = "(512) 555-0100"


@pytest_asyncio.fixture(params=[fresh_sqlite, fresh_postgresql], ids=["sqlite", "postgresql"])
async def calling_office(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Office]:
    """A company that lets its officers call outside the hours, once on each kind of store."""
    url = fresh_sqlite(tmp_path) if request.param is fresh_sqlite else fresh_postgresql()
    async with office_at_work(tmp_path, url, changes=CALLS_OUTSIDE_HOURS) as opened:
        yield opened


async def claimed_late(office: Office) -> int:
    await office.clock_says(time(21, 40))
    lead = await office.lead_arrives()
    await office.presses("maya", "Claim", lead)
    await office.is_told("maya", f"Yours: #{lead}", "Not yet: OK to call from 9:00 am CT.")
    return lead


def called_anyway(office: Office) -> list[Event]:
    assert office.services is not None
    return [event for event in rows(office.services.store, Event) if event.kind == "called_anyway"]


async def test_the_owner_is_reminded_when_the_hours_open(office: Office) -> None:
    lead = await claimed_late(office)

    await office.presses_in_direct("maya", "Remind me then", lead)

    await office.hears("maya", f"#{lead}: I remind you", "9:00 am")
    await office.skip(hours=11, minutes=20)
    await office.is_told("maya", "You wanted to come back to")


async def test_a_call_that_cannot_wait_needs_a_reason_and_shows_the_number_to_its_owner_alone(calling_office: Office) -> None:
    office = calling_office
    lead = await claimed_late(office)

    await office.presses_in_direct("maya", "Call anyway", lead)
    assert NUMBER not in await office.screen_of("maya", says="Why now?")
    await office.fills_in("maya", reason="She asked me to ring at ten")

    await office.screen_of("maya", says=NUMBER)
    [event] = called_anyway(office)
    assert event.actor == "officer:maya" and event.meta["opens_at"] and "ring at ten" in (event.body or "")
    assert NUMBER not in f"{await office.messages()} {await office.messages('D0MAYA')}"


async def test_nobody_is_offered_a_call_outside_the_hours_unless_the_config_lets_them(office: Office) -> None:
    lead = await claimed_late(office)

    assert "Call anyway" not in buttons(await office.told("maya", f"Yours: #{lead}"))


async def test_a_button_from_before_it_was_switched_off_says_when_calls_are_legal(calling_office: Office) -> None:
    office = calling_office
    lead = await claimed_late(office)
    await switch_overrides_off(office.services)

    await office.presses_in_direct("maya", "Call anyway", lead)

    await office.hears("maya", f"#{lead} may be called from 9:00 am", "Press Remind me then")
    assert called_anyway(office) == []


async def test_a_reason_that_comes_after_it_was_switched_off_shows_no_number(calling_office: Office) -> None:
    office = calling_office
    lead = await claimed_late(office)
    await office.presses_in_direct("maya", "Call anyway", lead)
    await office.screen_of("maya", says="Why now?")
    await switch_overrides_off(office.services)

    await office.fills_in("maya", reason="She asked me to")

    assert NUMBER not in await office.screen_of("maya", says=f"#{lead} may be called from 9:00 am")
    assert called_anyway(office) == []


async def test_who_lost_the_lead_meanwhile_sees_no_number(calling_office: Office) -> None:
    office = calling_office
    lead = await claimed_late(office)
    await office.presses_in_direct("maya", "Call anyway", lead)
    await office.screen_of("maya", says="Why now?")
    await office.types("tess", f"/lead assign {lead} to Luis")
    await office.hears("tess", "Luis")

    await office.fills_in("maya", reason="She asked me to")

    assert NUMBER not in await office.screen_of("maya", says=f"#{lead}")
    assert called_anyway(office) == []


async def test_in_the_legal_hours_nobody_is_asked_why(calling_office: Office) -> None:
    office = calling_office
    lead = await office.lead_arrives()
    await office.presses("maya", "Claim", lead)

    assert "Call anyway" not in buttons(await office.told("maya", "OK to call until 8:00 pm CT."))

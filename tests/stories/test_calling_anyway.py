"""Outside the legal hours the owner is reminded when they open, or says why the call cannot wait and sees the number once."""

from datetime import time

from bot.store.events import Event
from tests.doubles.office import Office
from tests.doubles.rows import rows
from tests.doubles.shown import buttons

NUMBER = "(512) 555-0100"


async def claimed_late(office: Office) -> int:
    await office.clock_says(time(21, 40))
    lead = await office.lead_arrives()
    await office.presses("maya", "Claim", lead)
    await office.is_told("maya", f"Yours: #{lead}", "Not yet: OK to call from 9:00 am CT.")
    return lead


async def test_the_owner_is_reminded_when_the_hours_open(office: Office) -> None:
    lead = await claimed_late(office)

    await office.presses_in_direct("maya", "Remind me then", lead)

    await office.hears("maya", f"#{lead}: I remind you", "9:00 am")
    await office.skip(hours=11, minutes=20)
    await office.is_told("maya", "You wanted to come back to")


async def test_a_call_that_cannot_wait_needs_a_reason_and_shows_the_number_to_its_owner_alone(any_office: Office) -> None:
    office = any_office
    lead = await claimed_late(office)

    await office.presses_in_direct("maya", "Call anyway", lead)
    assert NUMBER not in await office.screen_of("maya", says="Why now?")
    await office.fills_in("maya", reason="She asked me to ring at ten")

    await office.screen_of("maya", says=NUMBER)
    assert office.services is not None
    [event] = [event for event in rows(office.services.store, Event) if event.kind == "called_anyway"]
    assert event.actor == "officer:maya" and event.meta["opens_at"] and "ring at ten" in (event.body or "")
    assert NUMBER not in f"{await office.messages()} {await office.messages('D0MAYA')}"


async def test_who_lost_the_lead_meanwhile_sees_no_number(office: Office) -> None:
    lead = await claimed_late(office)
    await office.presses_in_direct("maya", "Call anyway", lead)
    await office.screen_of("maya", says="Why now?")
    await office.types("tess", f"/lead assign {lead} to Luis")
    await office.hears("tess", "Luis")

    await office.fills_in("maya", reason="She asked me to")

    assert NUMBER not in await office.screen_of("maya", says=f"#{lead}")
    assert office.services is not None
    assert [event for event in rows(office.services.store, Event) if event.kind == "called_anyway"] == []


async def test_in_the_legal_hours_nobody_is_asked_why(office: Office) -> None:
    lead = await office.lead_arrives()
    await office.presses("maya", "Claim", lead)

    assert "Call anyway" not in buttons(await office.told("maya", "OK to call until 8:00 pm CT."))

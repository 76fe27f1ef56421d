"""Outside the legal hours the owner is reminded when they open, or says why the call cannot wait and sees the number once, in Discord."""

from datetime import time
from typing import Any

from bot.store.events import Event
from tests.doubles.discord_office import DiscordOffice, read
from tests.doubles.rows import rows

NUMBER = "(512) 555-0100"


async def claimed_late(office: DiscordOffice) -> tuple[int, Any]:
    office.clock_says(time(21, 40))
    lead = await office.lead_arrives()
    await office.presses("maya", await office.card_of(lead), "claim")
    yours = await office.is_told("maya", f"Yours: #{lead}", "Not yet: OK to call from 9:00 am CT.")
    assert NUMBER not in read(yours)
    return lead, yours


async def test_the_owner_is_reminded_when_the_hours_open(office: DiscordOffice) -> None:
    lead, yours = await claimed_late(office)
    await office.restarts()

    result = await office.presses("maya", yours, "remind_at_opening")

    assert f"#{lead}: I remind you" in read(office.answer_of(result)) and "9:00 am" in read(office.answer_of(result))
    office.skip(hours=11, minutes=20)
    await office.is_told("maya", "You wanted to come back to")


async def test_a_call_that_cannot_wait_needs_a_reason_and_shows_the_number_to_its_owner_alone(office: DiscordOffice) -> None:
    lead, yours = await claimed_late(office)

    opened = await office.presses("maya", yours, "call_anyway")
    said = await office.fills_in("maya", opened, reason="She asked me to ring at ten")

    assert NUMBER in said
    [event] = [event for event in rows(office.services.store, Event) if event.kind == "called_anyway"]
    assert event.actor == "officer:maya" and "ring at ten" in (event.body or "")
    everything = "\n".join(read(each) for each in [*office.messages(), *(await office.thread_of(lead)).history()])
    assert NUMBER not in everything


async def test_in_the_legal_hours_nobody_is_asked_why(office: DiscordOffice) -> None:
    lead = await office.lead_arrives()
    await office.presses("maya", await office.card_of(lead), "claim")
    yours = await office.is_told("maya", f"Yours: #{lead}", NUMBER)

    assert "call_anyway" not in f"{yours.components}"

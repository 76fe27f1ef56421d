"""In Discord, outside the legal hours the owner is reminded when they open; where the config lets them, they say why and call."""

from collections.abc import AsyncIterator
from datetime import time
from pathlib import Path
from typing import Any

import pytest_asyncio

from bot.store.events import Event
from tests.doubles.databases import fresh_sqlite
from tests.doubles.discord_office import DiscordOffice, discord_office, read
from tests.doubles.overrides import CALLS_OUTSIDE_HOURS, switch_overrides_off
from tests.doubles.rows import rows

NUMBER = "(512) 555-0100"


@pytest_asyncio.fixture
async def calling_office(tmp_path: Path) -> AsyncIterator[DiscordOffice]:
    """A company that lets its officers call outside the hours."""
    async with discord_office(tmp_path, fresh_sqlite(tmp_path), changes=CALLS_OUTSIDE_HOURS) as opened:
        yield opened


async def claimed_late(office: DiscordOffice) -> tuple[int, Any]:
    office.clock_says(time(21, 40))
    lead = await office.lead_arrives()
    await office.presses("maya", await office.card_of(lead), "claim")
    yours = await office.is_told("maya", f"Yours: #{lead}", "Not yet: OK to call from 9:00 am CT.")
    assert NUMBER not in read(yours)
    return lead, yours


def called_anyway(office: DiscordOffice) -> list[Event]:
    return [event for event in rows(office.services.store, Event) if event.kind == "called_anyway"]


async def test_the_owner_is_reminded_when_the_hours_open(office: DiscordOffice) -> None:
    lead, yours = await claimed_late(office)
    await office.restarts()

    result = await office.presses("maya", yours, "remind_at_opening")

    assert f"#{lead}: I remind you" in read(office.answer_of(result)) and "9:00 am" in read(office.answer_of(result))
    office.skip(hours=11, minutes=20)
    await office.is_told("maya", "You wanted to come back to")


async def test_a_call_that_cannot_wait_needs_a_reason_and_shows_the_number_to_its_owner_alone(calling_office: DiscordOffice) -> None:
    office = calling_office
    lead, yours = await claimed_late(office)

    opened = await office.presses("maya", yours, "call_anyway")
    said = await office.fills_in("maya", opened, reason="She asked me to ring at ten")

    assert NUMBER in said
    [event] = called_anyway(office)
    assert event.actor == "officer:maya" and "ring at ten" in (event.body or "")
    everything = "\n".join(read(each) for each in [*office.messages(), *(await office.thread_of(lead)).history()])
    assert NUMBER not in everything


async def test_nobody_is_offered_a_call_outside_the_hours_unless_the_config_lets_them(office: DiscordOffice) -> None:
    _, yours = await claimed_late(office)

    assert "remind_at_opening" in f"{yours.components}" and "call_anyway" not in f"{yours.components}"


async def test_a_button_from_before_it_was_switched_off_says_when_calls_are_legal(calling_office: DiscordOffice) -> None:
    office = calling_office
    lead, yours = await claimed_late(office)
    await switch_overrides_off(office.services)

    result = await office.presses("maya", yours, "call_anyway")

    said = read(office.answer_of(result))
    assert f"#{lead} may be called from 9:00 am" in said and "Press Remind me then" in said
    assert called_anyway(office) == []


async def test_a_reason_that_comes_after_it_was_switched_off_shows_no_number(calling_office: DiscordOffice) -> None:
    office = calling_office
    lead, yours = await claimed_late(office)
    opened = await office.presses("maya", yours, "call_anyway")
    await switch_overrides_off(office.services)

    said = await office.fills_in("maya", opened, reason="She asked me to")

    assert f"#{lead} may be called from 9:00 am" in said and NUMBER not in said
    assert called_anyway(office) == []


async def test_in_the_legal_hours_nobody_is_asked_why(calling_office: DiscordOffice) -> None:
    office = calling_office
    lead = await office.lead_arrives()
    await office.presses("maya", await office.card_of(lead), "claim")
    yours = await office.is_told("maya", f"Yours: #{lead}", NUMBER)

    assert "call_anyway" not in f"{yours.components}"

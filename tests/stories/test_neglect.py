"""A lead that its owner leaves alone goes back to the pool, and its owner hears of it a working morning before."""

from datetime import time

import pytest

from tests.doubles.shown import buttons
from tests.stories.conftest import OpenOffice

_NEXT_LINE = "    escalation_policy: default      # what"
TAKES_BACK = {_NEXT_LINE: f"    neglected: {{days_without_attempt: 2}}\n{_NEXT_LINE}"}


@pytest.fixture
def takes_back(changed_office: OpenOffice) -> OpenOffice:
    return lambda changes: changed_office({**TAKES_BACK, **changes})


async def test_the_owner_is_warned_and_a_day_later_it_is_free(takes_back: OpenOffice) -> None:
    async with takes_back({}) as office:
        lead = await office.lead_arrives()
        await office.presses("maya", "Claim", lead)
        await office.told("maya", f"Yours: #{lead}")
        await office.types("maya", f"/log {lead} connected")
        await office.hears("maya", "Connected")

        await office.clock_says(time(23, 59))
        await office.skip(hours=8, minutes=2)
        warned = await office.told("maya", f"#{lead} Dana R. goes back to the pool", "unless you call, text or plan the next touch")
        assert "8:00 am" in f"{warned}" and "I'm calling" in buttons(warned)

        await office.skip(hours=24)
        await office.told("maya", f"#{lead} went back to the pool: it was left alone for days.")
        await office.thread_says(lead, "Maya Torres had no time for it for days. It is free to claim.")


async def test_who_plans_to_come_back_is_left_in_peace(takes_back: OpenOffice) -> None:
    async with takes_back({}) as office:
        lead = await office.lead_arrives()
        await office.presses("maya", "Claim", lead)
        await office.told("maya", f"Yours: #{lead}")
        await office.types("maya", f"/log {lead} connected")
        await office.hears("maya", "Connected")
        await office.clock_says(time(23, 59))
        await office.skip(hours=8, minutes=2)
        await office.told("maya", f"#{lead} Dana R. goes back to the pool")

        await office.types("maya", f"/lead remind {lead} friday 3pm rates")

        await office.told("maya", f"#{lead}: done, thank you.")

"""Somebody opens a claimed lead: how much they read depends on whose it is and on who they are."""

import pytest

from bot.store.events import Event
from tests.doubles.office import Office
from tests.stories.conftest import OpenOffice


async def _claimed(office: Office) -> int:
    lead = await office.lead_arrives()
    await office.presses("maya", "Claim", lead)
    return lead


@pytest.mark.parametrize("who", ["maya", "sam", "cora"])
async def test_the_owner_the_manager_and_compliance_read_everything(office: Office, who: str) -> None:
    lead = await _claimed(office)

    await office.presses(who, "Open", lead)

    screen = await office.screen_of(who)
    assert "*Dana Rowe*, with Maya Torres\nA, purchase $310k, Austin TX\n" in screen
    assert "(512) 555-0100" in screen
    assert "<mailto:dana.rowe@example.com|dana.rowe@example.com>" in screen


@pytest.mark.parametrize("who", ["luis", "tess"])
async def test_other_officers_read_a_masked_lead(office: Office, who: str) -> None:
    lead = await _claimed(office)

    await office.presses(who, "Open", lead)

    screen = await office.screen_of(who)
    assert "*Dana R.*, with Maya Torres\nA, purchase $310k, Austin TX" in screen
    assert not any(secret in screen for secret in ("Rowe", "555-0100", "5125550100", "example"))


async def test_who_has_left_reads_a_masked_lead_whatever_the_role_was(changed_office: OpenOffice) -> None:
    async with changed_office({"- key: cora\n": "- key: cora\n    active: false\n"}) as office:
        lead = await _claimed(office)

        await office.presses("cora", "Open", lead)

        screen = await office.screen_of("cora")
        assert "*Dana R.*, with Maya Torres" in screen
        assert not any(secret in screen for secret in ("Rowe", "555-0100", "5125550100", "example"))


async def test_a_stranger_opens_nothing(office: Office) -> None:
    lead = await _claimed(office)

    await office.presses("nina", "Open", lead)

    await office.hears("nina", "I do not know you yet")
    assert await office.calls("views.open") == []


async def test_the_number_of_a_closed_window_shows_the_next_morning(office: Office) -> None:
    await office.skip(hours=9, minutes=40)  # 9:40 pm
    lead = await _claimed(office)
    await office.presses("maya", "Open", lead)
    assert "OK to call from 9:00 am CT; the number shows then" in await office.screen_of("maya")

    await office.skip(hours=11, minutes=22)
    await office.presses("maya", "Open", lead)

    assert "(512) 555-0100" in await office.screen_of("maya", says="OK to call until")


async def test_what_the_gate_said_of_a_call_is_kept_with_each_look_at_the_number(office: Office) -> None:
    lead = await _claimed(office)
    await office.presses("luis", "Open", lead)
    await office.screen_of("luis")
    await office.presses("maya", "Open", lead)
    await office.screen_of("maya")
    await office.skip(hours=12)
    await office.presses("maya", "Open", lead)

    async def kept() -> bool:
        return len(judged()) == 2

    def judged() -> list[tuple[str, bool, str | None]]:
        looks = [event for event in office.all(Event) if event.stream == lead and event.kind == "call_judged"]
        return [(event.actor, event.meta["allowed"], event.meta["rule"]) for event in looks]

    await office.until(kept, "two looks")
    assert judged() == [("officer:maya", True, None), ("officer:maya", False, "call_state_hours")]


async def test_what_stands_behind_the_first_lead_is_said_to_be_unused(office: Office) -> None:
    lead = await office.lead_arrives()

    await office.types("maya", f"/lead show {lead} 1024")

    await office.hears("maya", 'I did not use "1024": /lead show shows one lead at a time.')

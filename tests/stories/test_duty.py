"""An officer goes off until a time they say in their own words, and comes back."""

import pytest

from bot.store.people import Officer
from tests.doubles.office import Office
from tests.doubles.rows import rows


async def off_until(office: Office, key: str) -> object:
    assert office.services is not None
    [officer] = [row for row in rows(office.services.store, Officer) if row.key == key]
    return officer.off_until


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("/lead off until monday", "You are off until Monday, "),
        ("/lead off till friday 3pm", "You are off until Friday, "),
        ("/lead off", "You are off until Wednesday, "),
        ("/lead off for 2 hours", "You are off until Tuesday, "),
    ],
)
async def test_the_time_is_said_back_in_full(office: Office, line: str, told: str) -> None:
    await office.types("luis", line)

    await office.hears("luis", told, "/lead on brings you back.")


async def test_who_is_off_is_not_rung_and_who_came_back_is(any_office: Office) -> None:
    office = any_office
    for officer in ("luis", "priya", "tess"):
        await office.types(officer, "/lead off until friday")
        await office.hears(officer, "You are off until Friday")
    first = await office.lead_arrives()
    await office.told("maya", "Claim")
    await office.until(office.nothing_is_owed, "everything shown")
    assert await office.direct_messages("luis") == []

    await office.types("luis", "/lead on")
    await office.hears("luis", "Welcome back: leads ring for you again.")
    await office.types("luis", f"/lead claim {first}")

    await office.hears("luis", f"#{first} is yours")


async def test_words_that_are_no_time_change_nothing(office: Office) -> None:
    await office.types("luis", "/lead off until whenever")

    await office.hears("luis", "I did not understand until when, so nothing changed.")
    assert await off_until(office, "luis") is None


async def test_going_off_can_be_undone(any_office: Office) -> None:
    office = any_office
    await office.types("luis", "/lead off until friday")
    await office.hears("luis", "You are off until Friday")

    await office.presses("luis", "Undo", 0)

    await office.hears("luis", "Undone. Your duty is as it was before.")
    assert await off_until(office, "luis") is None


async def test_who_is_on_duty_is_told_so(office: Office) -> None:
    await office.types("luis", "/lead on")

    await office.hears("luis", "You are on duty already, so nothing changed.")


async def test_who_works_no_leads_has_no_duty(office: Office) -> None:
    await office.types("cora", "/lead off")

    await office.hears("cora", "As compliance you cannot do this.")


async def test_who_comes_back_hears_what_waits_for_somebody_like_them(any_office: Office) -> None:
    office = any_office
    await office.types("maya", "/lead off")
    await office.hears("maya", "You are off until")
    lead = await office.lead_arrives()
    await office.lead_arrives(phone="(719) 555-0111", email=None, property_state="NM", property_zip="87101", property_city="Santa Fe")

    await office.types("maya", "/lead on")

    await office.hears("maya", f"Welcome back: leads ring for you again. #{lead} is the best that waits now: /lead next shows it.")

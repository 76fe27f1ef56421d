"""In the morning each officer reads in one message which of their leads want something today."""

from datetime import time
from functools import partial

from bot.store.people import Officer
from tests.doubles.office import Office
from tests.doubles.shown import buttons
from tests.stories.conftest import OpenOffice


async def until_next_morning(office: Office) -> None:
    """Maya has a lead that nobody called; it is two minutes past the next day's beginning."""
    await office.clock_says(time(19, 50))
    await office.until(partial(mornings_are_known, office), "mornings that are worked out")
    lead = await office.lead_arrives(first_name="Zebulon", email=None)
    await office.presses("maya", "Claim", lead)
    await office.told("maya", f"Yours: #{lead}")
    await office.skip(hours=12, minutes=12)


async def mornings_are_known(office: Office) -> bool:
    return all(officer.morning_due_at is not None for officer in office.all(Officer))


async def test_the_owner_reads_what_the_day_holds_and_opens_a_lead_from_it(any_office: Office) -> None:
    office = any_office
    await until_next_morning(office)

    told = await office.told("maya", "Good morning. 1 lead of yours wants you today: New 1.", "#1001 ")

    assert buttons(told) == ["Open"]
    assert "Zebulon" not in told["text"]
    await office.presses_on(told, "maya", "Open")
    await office.screen_of("maya", says="Zebulon")


async def test_who_reads_spanish_reads_it_in_spanish(changed_office: OpenOffice) -> None:
    async with changed_office({"    email: maya@acme.example\n": "    email: maya@acme.example\n    language: es\n"}) as office:
        await office.clock_says(time(19, 50))
        await office.until(partial(mornings_are_known, office), "mornings that are worked out")
        lead = await office.lead_arrives(email=None)
        await office.types("maya", f"/lead claim {lead}")
        await office.card_of(lead, says="Maya Torres")
        await office.skip(hours=12, minutes=12)

        await office.told("maya", "Buenos días. 1 lead tuyo te necesita hoy", "#1001 ")

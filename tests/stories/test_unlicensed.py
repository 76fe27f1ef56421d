"""An update moves a lead to a state where its owner has no license: its owner hears it, and who leads hands it over with a press."""

from dataclasses import replace

from bot.capture import intake
from bot.sources.formats import VENDOR
from bot.sources.generic import parse
from tests.doubles.office import Office


async def zillow_says(office: Office, state: str) -> int:
    services = office.services
    assert services is not None
    said = parse({"lead_id": "7", "phone": "(512) 555-0142", "first_name": "Dana", "property_state": state})
    outcome = await intake.receive(services, replace(services.in_force.sources["zillow"], format=VENDOR), said)
    return outcome.lead


async def test_the_manager_hands_it_over(any_office: Office) -> None:
    office = any_office
    lead = await zillow_says(office, "TX")
    await office.presses("luis", "Claim", lead)
    await office.told("luis", f"Yours: #{lead}")

    await zillow_says(office, "OK")

    await office.is_told("luis", f"#{lead} is in OK now, says its source, and you have no license there.")
    await office.told("sam", f"#{lead} is in OK now, says its source, and Luis Ortega has no license there.", "Assign")
    await office.presses_in_direct("sam", "Assign", lead)
    await office.screen_of("sam", says="Maya Torres")

"""An update moves a lead to a state where its owner has no license, in Discord."""

from dataclasses import replace

from bot.capture import intake
from bot.sources.formats import VENDOR
from bot.sources.generic import parse
from tests.doubles.discord_office import DiscordOffice


async def test_the_owner_and_the_manager_are_told(office: DiscordOffice) -> None:
    source = replace(office.services.in_force.sources["zillow"], format=VENDOR)
    said = {"lead_id": "7", "phone": "(512) 555-0142", "first_name": "Dana"}
    received = await intake.receive(office.services, source, parse({**said, "property_state": "TX"}))
    await office.presses("luis", await office.card_of(received.lead), "claim")

    await intake.receive(office.services, source, parse({**said, "property_state": "OK"}))

    await office.is_told("luis", f"#{received.lead} is in OK now, says its source, and you have no license there.")
    await office.is_told("sam", f"#{received.lead} is in OK now, says its source, and Luis Ortega has no license there.")

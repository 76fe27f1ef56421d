"""Nobody claims a lead: who leads hears of it in Discord, and takes it or gives it to somebody."""

import pytest

from tests.doubles.discord_office import DiscordOffice, labels_of, read


@pytest.mark.parametrize("restarts", [False, True])
async def test_who_leads_assigns_a_lead_that_nobody_took(office: DiscordOffice, *, restarts: bool) -> None:
    lead = await office.lead_arrives()
    await office.card_of(lead)
    office.skip(minutes=5)
    warned = await office.is_told("tess", f"Nobody has taken #{lead}")
    assert labels_of(warned) == ["Claim", "Assign", "Pass"]
    if restarts:
        await office.restarts()

    opened = await office.presses("tess", warned, "assign")
    said = await office.fills_in("tess", opened, officer=["luis"])

    assert f"#{lead}" in said and "Luis Ortega" in said
    await office.is_told("luis", f"Yours: #{lead}", "Tess")
    await office.thread_of(lead, says="gave it to Luis Ortega")
    await office.card_of(lead, says="Luis Ortega has it")


async def test_nobody_licensed_is_told_to_the_team_lead_with_assign_and_book(office: DiscordOffice) -> None:
    lead = await office.lead_arrives(property_state="NY", property_city="Albany", property_zip="12207")

    told = await office.is_told("tess", f"Nobody on Austin may take #{lead}")
    assert labels_of(told) == ["Assign", "Book a time"]
    result = await office.presses("tess", told, "assign")

    said = read(office.answer_of(result))
    assert "Not now" in said and "Maya Torres (" in said

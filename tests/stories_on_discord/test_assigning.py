"""/lead assign in Discord: in one line, on a screen, or asked back; everybody concerned hears of it."""

import pytest

from tests.doubles.discord_office import DiscordOffice, ids_of, read


@pytest.mark.parametrize("to", ["luis", "Luis Ortega", "to Luis", "@luis"])
async def test_a_free_lead_is_given_to_an_officer_in_one_line_and_taken_back(office: DiscordOffice, to: str) -> None:
    lead = await office.lead_arrives()

    told = await office.types("tess", "lead assign", lead=str(lead), to=to)

    assert f"#{lead} is Luis Ortega's now." in read(told)
    await office.card_of(lead, says="Luis Ortega")
    await office.is_told("luis", f"Yours: #{lead} Dana Rowe", "Tess Lindqvist gave it to you.")
    await office.presses("tess", told, "undo")
    assert ids_of(told) == []


async def test_the_team_is_offered_and_who_may_not_have_it_stands_last_with_the_reason(office: DiscordOffice) -> None:
    lead = await office.lead_arrives()

    offered = await office.offered("tess", "lead assign", "to", "", lead=str(lead))

    assert offered["luis"] == "Luis Ortega" and list(offered)[-1] == "omar"
    assert offered["omar"] == "Omar Haddad (not licensed, TX)"
    assert await office.offered("tess", "lead assign", "to", "lui", lead=str(lead)) == {"luis": "Luis Ortega"}
    assert await office.offered("maya", "lead assign", "to", "", lead=str(lead)) == {}


async def test_without_a_name_the_screen_asks(office: DiscordOffice) -> None:
    lead = await office.lead_arrives()

    opened = await office.people["tess"].slash(office.channel, "lead assign", lead=str(lead))
    sent = await office.people["tess"].submit_modal(opened, {"officer": ["luis"]})

    assert f"#{lead} is Luis Ortega's now." in read(office.answer_of(sent))


async def test_a_name_with_a_typo_is_asked_back_and_done_on_a_press(office: DiscordOffice) -> None:
    lead = await office.lead_arrives()
    asked = await office.types("tess", "lead assign", lead=str(lead), to="liuis")
    assert ids_of(asked) == [f"lb:assign_to:{lead}:luis"]

    await office.presses("tess", asked, "assign_to")

    assert f"#{lead} is Luis Ortega's now." in read(asked)


async def test_a_name_that_nobody_has_is_told_as_it_was_meant(office: DiscordOffice) -> None:
    lead = await office.lead_arrives()
    assert 'I know no "Zed" in that team' in read(await office.types("tess", "lead assign", lead=str(lead), to="to Zed"))


async def test_who_leads_no_team_may_not(office: DiscordOffice) -> None:
    lead = await office.lead_arrives()
    assert "you cannot do this" in read(await office.types("maya", "lead assign", lead=str(lead), to="luis"))
    assert "you cannot do this" in read(await office.types("maya", "lead assign", lead=str(lead)))
    assert f"lb:claim:{lead}" in ids_of(await office.card_of(lead))

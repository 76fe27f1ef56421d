"""Nobody claims a lead: who leads hears of it, the wider channel gets it, and so on until somebody does."""

import pytest

from tests.doubles.office import Office
from tests.doubles.shown import buttons

WIDE = "C0WIDE"


async def test_it_climbs_from_the_team_lead_over_the_wider_channel_to_the_manager(any_office: Office) -> None:
    office = any_office
    lead = await office.lead_arrives(timeline="within 3 months")
    await office.told("maya", "callable till")
    await office.skip(minutes=2)
    await office.told("tess", "callable till")

    await office.skip(minutes=3)
    warned = await office.told("tess", "Nobody has taken #1001 (B) in 5 minutes.")
    assert buttons(warned) == ["Claim", "Pass", "Assign"]

    await office.skip(minutes=5)
    await office.told("maya", "Your turn: #1001 still waits.")

    await office.skip(minutes=5)
    await office.told("sam", "Nobody has taken #1001 (B) in 15 minutes.")
    assert buttons(await office.card_of(lead, WIDE)) == ["Claim", "Pass"]

    await office.skip(minutes=15)
    await office.told("sam", "in 30 minutes.")
    for minutes in (60, 90):
        await office.skip(minutes=30)
        await office.told("sam", f"in {minutes} minutes.")


async def test_a_claim_in_the_wider_channel_redraws_all_and_ends_it(office: Office) -> None:
    lead = await office.lead_arrives()
    await office.skip(minutes=15)
    await office.told("sam", "Nobody has taken")

    await office.presses("luis", "Claim", lead, channel=WIDE)

    for channel in ("C0LEADS", WIDE):
        await office.card_of(lead, channel, says="Luis Ortega has it")
    await office.told("sam", "Luis Ortega took #1001, 15:")
    await office.skip(minutes=3)
    await office.until(office.nothing_is_owed, "everything shown")
    assert "30 minutes" not in f"{await office.direct_messages('sam')}"


async def test_nobody_licensed_is_told_to_the_team_lead_at_once_and_only_once(office: Office) -> None:
    await office.lead_arrives(property_state="NY", property_city="Albany", property_zip="12207")

    await office.told("tess", "Nobody on Austin may take #1001 (")
    await office.skip(minutes=2)
    await office.until(office.nothing_is_owed, "everything shown")

    assert len(await office.direct_messages("tess")) == 1
    assert await office.direct_messages("maya") == []


@pytest.mark.parametrize("reason", ["Busy for 15 minutes", "Not my product"])
async def test_when_all_who_could_let_it_go_by_the_team_lead_hears_it_at_once(office: Office, reason: str) -> None:
    lead = await office.lead_arrives(property_state="OK", property_city="Tulsa", property_zip="74103")
    for who in ("maya", "tess"):
        await office.presses(who, "Pass", lead, choose=reason)
    await office.card_of(lead, says="Tess Lindqvist")

    told = await office.told("tess", "Nobody free for #1001")
    assert buttons(told) == ["Take", "Assign", "Book a time"]


async def test_when_the_last_who_could_take_it_goes_off_the_team_lead_hears_it_at_once(office: Office) -> None:
    lead = await office.lead_arrives(property_state="OK", property_city="Tulsa", property_zip="74103")
    await office.presses("tess", "Pass", lead, choose="Not my product")
    await office.card_of(lead, says="Tess Lindqvist")

    await office.types("maya", "/lead off")

    await office.told("tess", "Nobody free for #1001")


@pytest.mark.fault(36)
async def test_eight_hours_away_give_one_catch_up_for_each_lead(any_office: Office) -> None:
    office = any_office
    leads = [await office.lead_arrives(first_name=f"Lead{n}", phone=f"(512) 555-011{n}", email=None) for n in range(3)]
    for lead in leads:
        await office.card_of(lead)
    await office.until(office.nothing_is_owed, "everything shown")
    rung = {who: len(await office.direct_messages(who)) for who in ("maya", "luis", "priya", "tess")}
    await office.closes()
    await office.do("clock", advance_s=7 * 3600)  # noon to seven
    await office.opens()

    for lead in leads:
        await office.told("sam", f"Nobody has taken #{lead}")
    await office.until(office.nothing_is_owed, "everything shown")

    assert len(await office.direct_messages("sam")) == len(leads)
    more = {who: len(await office.direct_messages(who)) - before for who, before in rung.items()}
    assert all(count <= len(leads) for count in more.values()), more
    assert sum(rung.values()) + sum(more.values()) == 4 * len(leads)  # each officer once for each lead


@pytest.mark.fault(35)
async def test_a_restart_repeats_no_step(office: Office) -> None:
    await office.lead_arrives()
    await office.skip(minutes=5)
    await office.told("tess", "in 5 minutes")
    await office.until(office.nothing_is_owed, "everything shown")
    before = {who: len(await office.direct_messages(who)) for who in ("maya", "luis", "priya", "tess", "sam")}

    await office.restart()
    await office.skip(minutes=1)

    await office.until(office.nothing_is_owed, "everything shown")
    assert {who: len(await office.direct_messages(who)) for who in before} == before

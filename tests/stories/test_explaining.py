"""Why was I rung, or not: an officer hears the rule, who heard of the lead, who was passed over, and their own part."""

from tests.doubles.office import Office
from tests.stories.conftest import OpenOffice

CROWD = "".join(
    f"""
  - key: officer{number}
    name: Bartholomew Maximilian the {number}th of a family with long names
    email: officer{number}@acme.example
    nmls_id: {300000 + number}
    teams: austin
    licenses: [CO]
"""
    for number in range(60)
)


async def test_who_was_rung_hears_so_with_everybody_who_was_and_who_was_passed_over(any_office: Office) -> None:
    office = any_office
    await office.types("priya", "/lead off until friday")
    await office.hears("priya", "You are off until Friday")
    lead = await office.lead_arrives()
    await office.told("maya", "Claim")

    await office.types("maya", f"/lead why {lead}")

    told = await office.hears(
        "maya", f"#{lead} rang for ", "You were among them", "Priya Nair (off duty)", "Omar Haddad (not licensed, TX)"
    )
    assert "Maya Torres (12:" in told
    assert "all others after 2 minutes" in told
    assert "It follows the policy “default”. Next, Tuesday, " in told and "12:02 pm CT: everybody who may take it is rung." in told


async def test_who_may_not_take_it_hears_what_stands_in_the_way(office: Office) -> None:
    lead = await office.lead_arrives()
    await office.told("maya", "Claim")

    await office.types("omar", f"/lead why {lead}")

    await office.hears("omar", f"It did not ring for you. You are not licensed in TX, so #{lead} is for somebody who is.")


async def test_who_passed_or_came_too_late_hears_that(office: Office) -> None:
    lead = await office.lead_arrives()
    await office.presses("tess", "Pass", lead, choose="I know them")
    await office.hears("tess", "Passed on")
    await office.types("sam", f"/lead why {lead}")

    await office.hears("sam", "It belongs to a team that you are not in")


async def test_before_opening_it_says_that_nobody_was_rung_yet(office: Office) -> None:
    await office.skip(hours=11)
    lead = await office.lead_arrives()

    await office.types("maya", f"/lead why {lead}")

    await office.hears("maya", f"#{lead} has rung for nobody yet.", "It rings once the team works and the borrower may be called.")


async def test_an_unknown_lead_has_no_reasons(office: Office) -> None:
    await office.types("maya", "/lead why 99999")

    await office.hears("maya", "There is no lead #99999.")


async def test_a_crowd_is_named_in_part_and_counted(changed_office: OpenOffice) -> None:
    async with changed_office({"# Where leads come from.": f"{CROWD}\n# Where leads come from."}) as office:
        lead = await office.lead_arrives()
        await office.told("maya", "Claim")

        await office.types("maya", f"/lead why {lead}")

        told = await office.hears("maya", f"#{lead} rang for ")
    assert "(not licensed, TX) and 51 others." in told
    assert len(told) < 3000


async def test_who_is_off_reads_until_when_by_their_own_clock_and_what_brings_them_back(office: Office) -> None:
    await office.types("priya", "/lead off until friday 7 pm")
    await office.hears("priya", "You are off until Friday, April 20, 7:00 pm CT")
    lead = await office.lead_arrives()
    refused = "You are off until Friday, April 20, 7:00 pm CT. /lead on brings you back."

    await office.types("priya", f"/lead why {lead}")

    await office.hears("priya", f"It did not ring for you. {refused}")
    await office.presses("priya", "Claim", lead)
    await office.hears("priya", refused)

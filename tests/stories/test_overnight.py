"""The night: the card says when the lead rings, and in the morning the best ones are handed out first."""

from datetime import time

from tests.doubles.office import Office
from tests.doubles.shown import buttons, words

NIGHT = time(21, 40)


async def test_at_night_the_card_says_when_the_lead_rings_and_in_the_morning_it_no_longer_does(any_office: Office) -> None:
    office = any_office
    await office.clock_says(NIGHT)
    lead = await office.lead_arrives()

    card = await office.card_of(lead, says="Came 9:40 pm CT. Rings at 9:00 am CT, their time. Claim now if you're up.")
    assert buttons(card) == ["Claim", "Pass"]
    await office.skip(hours=11, minutes=20)

    await office.told("maya", "purchase $310k")
    await office.card_of(lead, says="callable till 8 pm CT")
    assert "Rings at" not in words(await office.card_of(lead))


async def test_the_card_of_a_borrower_further_west_tells_the_time_there(office: Office) -> None:
    await office.clock_says(NIGHT)

    lead = await office.lead_arrives(phone="(303) 555-0100", property_city="Denver", property_state="CO", property_zip="80202")

    await office.card_of(lead, says="Came 9:40 pm CT. Rings at 8:00 am MT, their time.")


async def test_a_lead_claimed_at_night_is_owned_and_rings_nobody_in_the_morning(office: Office) -> None:
    await office.clock_says(NIGHT)
    lead = await office.lead_arrives()
    await office.presses("luis", "Claim", lead)
    await office.card_of(lead, says="Luis Ortega has it")

    await office.skip(hours=11, minutes=21)

    await office.until(office.nothing_is_owed, "everything shown")
    assert await office.direct_messages("maya") == []


async def test_after_a_restart_in_the_morning_each_officer_gets_one_and_reads_how_many_waited(any_office: Office) -> None:
    office = any_office
    await office.clock_says(NIGHT)
    leads = [await office.lead_arrives(first_name=f"Lead{n}", phone=f"(512) 555-011{n}", email=None) for n in range(5)]
    for lead in leads:
        await office.card_of(lead, says="Rings at")
    await office.closes()
    await office.do("clock", advance_s=11 * 3600 + 20 * 60)
    await office.opens()

    for who in ("maya", "luis", "priya", "tess"):
        await office.told(who, "waited overnight, best first.")
    await office.told("tess", "Austin: 5 waited overnight. I hand them out best first, one for each free officer every 3 minutes.")
    await office.until(office.nothing_is_owed, "everything shown")
    assert "5 waited overnight" in f"{await office.direct_messages('maya')}"
    for who in ("maya", "luis", "priya"):
        assert len(await office.direct_messages(who)) == 1
    await office.skip(minutes=3)
    await office.card_of(leads[-1], says="callable till")

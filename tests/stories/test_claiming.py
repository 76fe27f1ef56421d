"""An officer claims a lead, and everybody hears what they need to."""

import re

import pytest

from tests.doubles.office import Office
from tests.doubles.shown import buttons, words
from tests.stories.conftest import OpenOffice

LUIS_LICENSE = "nmls_id: 200102\n    teams: austin\n    licenses:\n      - {state: TX, expires: 2099-12-31}"


async def test_a_claim_shrinks_the_card_to_its_owner_and_open(office: Office) -> None:
    lead = await office.lead_arrives()

    await office.presses("maya", "Claim", lead)

    card = await office.card_of(lead, says="Maya Torres has it")
    assert buttons(card) == ["Open"]
    assert words(card).splitlines()[0] == "Dana R., purchase $310k, Austin TX"
    assert len(words(card).splitlines()) == 3  # two lines and the button


async def test_the_winner_gets_the_number_the_window_and_what_to_say(office: Office) -> None:
    lead = await office.lead_arrives()

    await office.presses("maya", "Claim", lead)

    told = await office.is_told("maya", "Yours: #1001 Dana Rowe")
    assert "<tel:+15125550100|(512) 555-0100>" in told
    assert "OK to call until 8:00 pm CT." in told
    assert "Say: Hi Dana, Maya at Acme Mortgage, you asked about buying in Austin." in told


async def test_the_winner_s_push_text_gives_nobody_away(office: Office) -> None:
    lead = await office.lead_arrives()

    await office.presses("maya", "Claim", lead)

    message = await office.told("maya", "Yours")
    assert message["text"] == "Yours: #1001, Dana R."


async def test_the_winner_s_message_has_what_an_owner_does(office: Office) -> None:
    lead = await office.lead_arrives()

    await office.presses("maya", "Claim", lead)

    assert buttons(await office.told("maya", "Yours")) == ["I'm calling", "Text", "Log", "Later", "More"]


async def test_the_winner_is_whispered_nothing(office: Office) -> None:
    lead = await office.lead_arrives()

    await office.presses("maya", "Claim", lead)
    await office.presses("nina", "Open", lead)
    await office.hears("nina", "I do not know you yet")

    assert await office.whispers_to("maya") == []


async def test_a_second_officer_hears_who_was_quicker_and_by_how_much(office: Office) -> None:
    lead = await office.lead_arrives()
    card = await office.card_of(lead)
    await office.slack_fault("error_5xx", method="chat.update", times=100)  # so that Luis still sees the button

    await office.presses("maya", "Claim", lead)
    await office.is_told("maya", "Yours")
    await office.skip(seconds=7)
    await office.presses_on(card, "luis", "Claim")

    told = await office.hears("luis", "#1001 is theirs.")
    seconds = re.match(r"Maya Torres was (\d+) seconds quicker", told)
    assert seconds and int(seconds[1]) == 7


async def test_the_owner_who_presses_again_is_reminded(office: Office) -> None:
    lead = await office.lead_arrives()
    card = await office.card_of(lead)
    await office.slack_fault("error_5xx", method="chat.update", times=100)

    for _ in range(2):
        await office.presses_on(card, "maya", "Claim")

    assert await office.hears("maya", "already yours")


@pytest.mark.parametrize(
    ("who", "hears"),
    [
        ("omar", "You are not licensed in TX"),
        ("cora", "As compliance you cannot claim leads"),
        ("gus", "Guests cannot work leads here"),
        ("nina", "I do not know you yet"),
    ],
)
async def test_who_may_not_claim_hears_why_and_the_lead_stays_free(office: Office, who: str, hears: str) -> None:
    lead = await office.lead_arrives()

    await office.presses(who, "Claim", lead)

    await office.hears(who, hears)
    assert "Claim" in buttons(await office.card_of(lead))


async def test_nobody_may_claim_where_the_company_has_no_license(office: Office) -> None:
    lead = await office.lead_arrives(property_state="NY", property_city="Albany", property_zip="12207")

    await office.presses("maya", "Claim", lead)

    await office.hears("maya", "Acme Mortgage is not licensed in NY")


async def test_an_officer_over_the_daily_cap_waits_for_tomorrow(changed_office: OpenOffice) -> None:
    async with changed_office({"daily_cap: 20": "daily_cap: 1"}) as office:
        first = await office.lead_arrives()
        second = await office.lead_arrives(first_name="Marcus", phone="(512) 555-0177", email=None)
        await office.presses("priya", "Claim", first)
        await office.card_of(first, says="Priya Nair has it")

        await office.presses("priya", "Claim", second)
        await office.hears("priya", "You have claimed 1 lead today, and your limit is 1.")

        await office.skip(hours=24)
        await office.presses("priya", "Claim", second)
        await office.card_of(second, says="Priya Nair has it")


async def test_an_officer_on_leave_is_told_until_when(changed_office: OpenOffice) -> None:
    async with changed_office({"daily_cap: 20": "off_until: 2098-01-11"}) as office:
        lead = await office.lead_arrives()

        await office.presses("priya", "Claim", lead)

        await office.hears("priya", "You are off until Saturday, January 11, 12:00 am CT. /lead on brings you back.")


async def test_an_officer_whose_license_ran_out_is_told_when(changed_office: OpenOffice) -> None:
    async with changed_office({LUIS_LICENSE: LUIS_LICENSE.replace("2099-12-31", "2026-01-31")}) as office:
        lead = await office.lead_arrives()

        await office.presses("luis", "Claim", lead)

        await office.hears("luis", "Your TX license expired on January 31.")


async def test_an_officer_is_not_given_what_is_not_among_their_products(office: Office) -> None:
    lead = await office.lead_arrives(loan_purpose="cash out")

    await office.presses("priya", "Claim", lead)

    await office.hears("priya", "is a cash-out refinance, which is not among your products")


@pytest.mark.fault(38)
async def test_a_claim_by_a_clock_that_is_behind_took_no_time(office: Office) -> None:
    lead = await office.lead_arrives()
    await office.card_of(lead)
    await office.skip(minutes=-2)

    await office.presses("maya", "Claim", lead)

    await office.card_of(lead, says="Maya Torres has it, claimed in 0:00")

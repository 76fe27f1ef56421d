"""The bell: who is rung for a lead, when, and what each ring turns into."""

from datetime import time

import pytest

from tests.doubles.office import Office
from tests.doubles.shown import buttons, words
from tests.stories.conftest import OpenOffice

NIGHT = time(21, 40)
HEADLINE = "purchase $310k, Austin TX, this month"


async def test_the_best_three_get_the_lead_with_claim_and_pass_at_once_and_the_others_after_two_minutes(any_office: Office) -> None:
    office = any_office
    await office.lead_arrives()

    for who in ("maya", "luis", "priya"):
        message = await office.told(who, HEADLINE, "Dana R., callable till 8 pm CT, Website")
        assert buttons(message) == ["Claim", "Pass"]
    assert await office.direct_messages("tess") == []
    await office.skip(minutes=2)

    await office.told("tess", HEADLINE)
    for who in ("omar", "cora", "sam"):  # no license, no claims, no claims
        assert await office.direct_messages(who) == []


async def test_a_ring_shows_neither_the_number_nor_the_full_name(office: Office) -> None:
    await office.lead_arrives()

    message = await office.told("maya", HEADLINE)

    assert "555-0100" not in f"{message}"
    assert "Rowe" not in f"{message}"
    assert "dana.rowe" not in f"{message}"


async def test_a_claim_from_the_direct_message_is_a_claim_and_every_ring_says_who_took_it(any_office: Office) -> None:
    office = any_office
    lead = await office.lead_arrives()
    await office.told("maya", HEADLINE)
    await office.skip(seconds=41)

    await office.presses_in_direct("luis", "Claim", lead)

    await office.card_of(lead, says="Luis Ortega has it")
    taken = await office.told("maya", "Luis Ortega took #1001, 0:4")
    mine = await office.told("luis", "#1001 is yours, in 0:4")
    await office.told("luis", "Yours: #1001 Dana Rowe", "(512) 555-0100")
    assert buttons(taken) == buttons(mine) == []
    assert len(await office.direct_messages("maya")) == 1  # one edited message rather than two


async def test_a_pass_from_the_direct_message_stands_on_the_card(office: Office) -> None:
    lead = await office.lead_arrives()
    await office.told("maya", HEADLINE)

    await office.presses_in_direct("maya", "Pass", lead, choose="I know them")

    await office.card_of(lead, says="Maya Torres (knows them)")


async def test_after_a_claim_nobody_else_is_rung(office: Office) -> None:
    lead = await office.lead_arrives()
    await office.told("maya", HEADLINE)
    await office.presses("maya", "Claim", lead)
    await office.card_of(lead, says="Maya Torres has it")

    await office.skip(minutes=4)

    await office.until(office.nothing_is_owed, "everything shown")
    assert await office.direct_messages("tess") == []


async def test_who_let_it_go_by_is_not_rung(office: Office) -> None:
    lead = await office.lead_arrives()
    await office.presses("tess", "Pass", lead, choose="Not my product")
    await office.card_of(lead, says="Passed: Tess Lindqvist")

    await office.skip(minutes=2)

    await office.until(office.nothing_is_owed, "everything shown")
    assert await office.direct_messages("tess") == []


async def test_a_lead_at_night_rings_nobody_until_the_team_works(office: Office) -> None:
    await office.clock_says(NIGHT)
    lead = await office.lead_arrives()
    await office.card_of(lead, says="callable from")
    await office.skip(hours=11)  # 8:40

    await office.until(office.nothing_is_owed, "everything shown")
    assert await office.direct_messages("maya") == []
    await office.skip(minutes=21)

    await office.told("maya", HEADLINE)


async def test_a_ring_whose_answer_was_lost_is_found_and_not_given_twice(office: Office) -> None:
    lead = await office.lead_arrives(property_state="NY", property_city="Albany", property_zip="12207")
    await office.told("tess", "Nobody on Austin may take")
    await office.slack_fault("lost_response", method="chat.postMessage", times=2)

    await office.lead_arrives(first_name="Marcus", phone="(512) 555-0177", email=None)

    for who in ("maya", "luis", "priya"):
        await office.told(who, HEADLINE)
    await office.until(office.nothing_is_owed, "everything shown")
    for who in ("maya", "luis", "priya"):
        assert len(await office.direct_messages(who)) == 1
    assert len(await office.cards_of(lead)) == 1


@pytest.mark.fault(45)
async def test_a_ring_that_comes_too_late_to_be_given_is_not_given(office: Office) -> None:
    await office.slack_fault("error_5xx", method="conversations.open", times=1000)
    lead = await office.lead_arrives()
    await office.presses("maya", "Claim", lead)
    await office.card_of(lead, says="Maya Torres has it")

    await office.slack_heals()

    await office.is_told("maya", "Yours")
    await office.until(office.nothing_is_owed, "everything shown")
    assert await office.direct_messages("luis") == []


async def test_the_borrower_who_asks_again_at_once_rings_nobody_twice(office: Office) -> None:
    lead = await office.lead_arrives("zillow")
    await office.told("maya", HEADLINE)

    await office.lead_arrives("lendingtree")

    await office.thread_says(lead, "asked again")
    await office.until(office.nothing_is_owed, "everything shown")
    assert len(await office.direct_messages("maya")) == 1


@pytest.mark.parametrize("left", ["active: false", "off_until: 2098-01-11"])
async def test_who_left_or_is_on_leave_is_not_rung(changed_office: OpenOffice, left: str) -> None:
    async with changed_office({"daily_cap: 20": left}) as office:
        await office.lead_arrives()

        await office.told("tess", HEADLINE)
        assert await office.direct_messages("priya") == []


async def test_no_ring_mentions_anybody(office: Office) -> None:
    lead = await office.lead_arrives()
    await office.skip(minutes=31)
    await office.told("sam", "Nobody has taken")

    await office.card_of(lead)
    await office.card_of(lead, "C0WIDE")
    said = [words(each) for channel in ("C0LEADS", "C0WIDE") for each in await office.messages(channel)]

    assert len(said) == 2
    assert not any(mark in each for each in said for mark in ("<!", "<@", "@here", "@channel"))
    assert all(f"#{lead}" in each for each in said)

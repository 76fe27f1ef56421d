"""Rules of the config say who gets a lead: which team, who is rung first, whose turn it is, or whose it is."""

import json
from collections.abc import Callable
from datetime import time
from pathlib import Path
from typing import Any

import pytest

from tests.doubles.databases import fresh_postgresql, fresh_sqlite
from tests.doubles.hostile import faults_in
from tests.doubles.office import Office, office_at_work
from tests.doubles.shown import buttons
from tests.doubles.workplace import LEADS, SOUTH
from tests.stories.conftest import OpenOffice

HEADLINE = "purchase $310k, Austin TX, this month"
RULES = "\nrouting:\n"


def with_rules(rules: str) -> dict[str, str]:
    """The example's with these before them."""
    return {RULES: f"{RULES}{rules}\n"}


IN_TURN = with_rules(
    """
  - name: Texas in turn
    when: {state: TX}
    team: austin
    mode: round_robin
    officers: [maya, luis]
"""
)


async def test_a_rule_sends_a_lead_to_another_team_than_its_source_does(changed_office: OpenOffice) -> None:
    rules = with_rules("  - {name: Colorado, when: {state: [CO, NM]}, team: south}")
    async with changed_office(rules) as office:
        lead = await office.lead_arrives(property_state="CO", property_zip="80202", property_city="Denver")

        await office.card_of(lead, says="Denver CO", channel=SOUTH)


@pytest.mark.parametrize("new_store", [fresh_sqlite, lambda _: fresh_postgresql()], ids=["sqlite", "postgresql"])
async def test_leads_are_given_in_turn_and_their_owners_told_by_which_rule(new_store: Callable[[Path], str], tmp_path: Path) -> None:
    async with office_at_work(tmp_path, new_store(tmp_path), changes=IN_TURN) as office:
        first = await office.lead_arrives()
        await office.card_of(first, says="Maya Torres has it")
        second = await office.lead_arrives(first_name="Eve", phone="(512) 555-0160", email=None)
        await office.card_of(second, says="Luis Ortega has it")

        await office.is_told("maya", f"Yours: #{first} Dana Rowe", "The rule “Texas in turn” gave it to you.")
        await office.is_told("luis", f"Yours: #{second} Eve Rowe")
        await office.thread_says(first, "The rule “Texas in turn” gave it to Maya Torres.")


async def test_what_was_given_and_not_called_goes_back_and_rings_for_whoever_claims(changed_office: OpenOffice) -> None:
    async with changed_office(IN_TURN) as office:
        lead = await office.lead_arrives()
        await office.card_of(lead, says="Maya Torres has it")

        for minutes in (5, 8, 2):
            await office.skip(minutes=minutes)
        await office.is_told("maya", f"#{lead} went back")

        await office.is_told("luis", HEADLINE)
        await office.card_of(lead, says="callable till")


async def test_who_is_off_misses_their_turn(changed_office: OpenOffice) -> None:
    async with changed_office(IN_TURN) as office:
        await office.types("maya", "/lead off until tomorrow 9am")
        await office.hears("maya", "You are off")

        lead = await office.lead_arrives()

        await office.card_of(lead, says="Luis Ortega has it")


async def test_a_lead_goes_straight_to_whom_the_rule_names(changed_office: OpenOffice) -> None:
    rules = with_rules("  - {name: Luis speaks Spanish, when: {language: es}, mode: direct, officers: [luis, maya], team: austin}")
    async with changed_office(rules) as office:
        lead = await office.lead_arrives(language="es")

        await office.card_of(lead, says="Luis Ortega has it, after 0:0")


async def test_when_none_whom_the_rule_names_may_take_it_the_team_is_rung(changed_office: OpenOffice) -> None:
    rules = with_rules("  - {name: Omar first, mode: direct, officers: omar, team: austin}")
    async with changed_office(rules) as office:
        lead = await office.lead_arrives()  # in Texas, where Omar has no license

        await office.is_told("maya", HEADLINE)
        await office.card_of(lead, says="callable till")


async def test_those_whom_the_rule_names_are_rung_before_the_others(changed_office: OpenOffice) -> None:
    rules = with_rules("  - {name: Luis first, officers: luis, team: austin}")
    async with changed_office(rules) as office:
        await office.lead_arrives()
        await office.is_told("luis", HEADLINE)
        assert await office.direct_messages("maya") == []

        await office.skip(minutes=2)

        await office.is_told("maya", HEADLINE)


PULLED = with_rules("  - {name: One after another, mode: blind_pull, team: austin}")


@pytest.mark.parametrize("new_store", [fresh_sqlite, lambda _: fresh_postgresql()], ids=["sqlite", "postgresql"])
async def test_a_lead_that_nobody_picks_is_handed_to_who_asks(new_store: Callable[[Path], str], tmp_path: Path) -> None:
    async with office_at_work(tmp_path, new_store(tmp_path), changes=PULLED) as office:
        lead = await office.lead_arrives()
        card = await office.card_of(lead, says="Rings nobody. Press Next lead, or type /lead next: the best one that waits is yours.")
        assert buttons(card) == ["Next lead"]
        await office.types("omar", "/lead next")
        await office.hears("omar", "No lead waits that you may take now; 1 waits for others.")
        await office.types("luis", f"/lead claim {lead}")
        await office.hears("luis", f"#{lead} is one of those that nobody picks: type /lead next")

        await office.presses("luis", "Next lead", lead)

        await office.card_of(lead, says="Luis Ortega has it")
        await office.is_told("luis", f"Yours: #{lead} Dana Rowe")
        second = await office.lead_arrives(first_name="Eve", phone="(512) 555-0160", email=None)
        await office.types("maya", "/lead next")
        await office.hears("maya", f"#{second}: *Eve Rowe*")


async def can_be_claimed(office: Office, lead: int) -> bool:
    return "Claim" in buttons(await office.card_of(lead))


async def test_a_lead_that_nobody_asked_for_can_be_claimed_after_a_while(changed_office: OpenOffice) -> None:
    async with changed_office(PULLED) as office:
        lead = await office.lead_arrives()
        await office.card_of(lead, says="Rings nobody.")

        for minutes in (2, 3):
            await office.skip(minutes=minutes)
        await office.is_told("tess", f"Nobody has taken #{lead}")
        await office.until(lambda: can_be_claimed(office, lead), "a card with Claim")
        await office.presses("maya", "Claim", lead)

        await office.card_of(lead, says="Maya Torres has it")


async def test_why_says_how_a_rule_rings(changed_office: OpenOffice) -> None:
    rules = with_rules("  - {name: Two first, when: {state: TX}, mode: staggered}\n  - {name: Asked for, mode: blind_pull}")
    async with changed_office(rules) as office:
        staggered = await office.lead_arrives()
        pulled = await office.lead_arrives(first_name="Eve", phone="(303) 555-0160", email=None, property_state="CO", property_zip="80202")
        await office.card_of(pulled, says="Rings nobody")

        await office.types("maya", f"/lead why {staggered}")
        await office.hears("maya", "“Two first”, which rings 2 officers at once and all others 45 seconds later.")
        await office.types("maya", f"/lead why {pulled}")
        await office.hears("maya", "“Asked for”, which rings nobody: /lead next hands it out, the best one first.")


async def test_a_lead_of_the_night_is_given_in_the_morning(changed_office: OpenOffice) -> None:
    async with changed_office(IN_TURN) as office:
        await office.clock_says(time(21, 40))
        lead = await office.lead_arrives()
        await office.card_of(lead, says="Rings at")

        await office.skip(hours=11, minutes=25)

        await office.card_of(lead, says="Maya Torres has it")


async def test_a_rules_name_is_text_in_everything_that_names_it(changed_office: OpenOffice) -> None:
    name = "**b** <!channel> <@U0MAYA> @here https://evil.example *bold* `code` {{7*7}}"
    async with changed_office(with_rules(f"  - {{name: {json.dumps(name)}, mode: direct, officers: maya, team: austin}}")) as office:
        lead = await office.lead_arrives()
        await office.is_told("maya", f"Yours: #{lead}", "gave it to you.")
        await office.thread_says(lead, "gave it to Maya Torres.")
        await office.types("luis", f"/lead why {lead}")
        await office.hears("luis", "came under the rule")

        seen = [message for place in (LEADS, "D0MAYA", "D0LUIS") for message in await office.messages(place)]
        assert "came under the rule" in str(seen)
        assert [fault for message in seen for fault in faults_in(message)] == []


async def test_why_names_the_rule(changed_office: OpenOffice) -> None:
    async with changed_office(IN_TURN) as office:
        lead = await office.lead_arrives()
        await office.card_of(lead, says="Maya Torres has it")

        await office.types("luis", f"/lead why {lead}")

        await office.hears(
            "luis", f"#{lead} came under the rule “Texas in turn”", f"#{lead} rang for nobody, because it had an owner before."
        )
        await office.hears("luis", "those of the rule who may take it ring first")


SHARED = with_rules("  - {name: Colorado shared, when: {state: CO}, percent: {austin: 50, south: 50}}")
IN_COLORADO = {"property_state": "CO", "property_zip": "80202", "property_city": "Denver"}


@pytest.mark.parametrize("new_store", [fresh_sqlite, lambda _: fresh_postgresql()], ids=["sqlite", "postgresql"])
async def test_teams_share_leads_and_why_says_whose_share_it_was(new_store: Callable[[Path], str], tmp_path: Path) -> None:
    async with office_at_work(tmp_path, new_store(tmp_path), changes=SHARED) as office:
        first = await office.lead_arrives(**IN_COLORADO)
        await office.card_of(first, says="Denver CO", channel=LEADS)
        second = await office.lead_arrives(first_name="Eve", phone="(303) 555-0160", email=None, **IN_COLORADO)
        await office.card_of(second, says="Denver CO", channel=SOUTH)

        await office.types("priya", f"/lead why {second}")

        await office.hears("priya", "Teams share what comes under it: South gets 50% and had 0 of 1 before.")


NAMED = with_rules("  - {name: To whom it was sold, mode: direct, to: [recipient, partner, last_owner]}") | {
    "# partners:\n": "partners: [{key: keller, name: Keller Realty, officer: luis}]\n"
}
SOLD_TO_MAYA: dict[str, Any] = {"recipient": {"firstName": "Maya", "emailAddress": "maya@acme.example"}}


@pytest.mark.parametrize("new_store", [fresh_sqlite, lambda _: fresh_postgresql()], ids=["sqlite", "postgresql"])
async def test_a_lead_goes_to_the_officer_whom_it_names(new_store: Callable[[Path], str], tmp_path: Path) -> None:
    async with office_at_work(tmp_path, new_store(tmp_path), changes=NAMED) as office:
        sold = await office.lead_arrives(**SOLD_TO_MAYA)
        await office.is_told("maya", f"Yours: #{sold} Dana Rowe", "The rule “To whom it was sold” gave it to you.")
        sent = await office.lead_arrives(first_name="Eve", phone="(512) 555-0160", email=None, referred_by="Keller Realty")
        await office.is_told("luis", f"Yours: #{sent} Eve Rowe")
        again = await office.lead_arrives(first_name="Eve", phone="(512) 555-0160", email=None, loan_purpose="refinance")
        await office.is_told("luis", f"Yours: #{again} Eve Rowe")

        for lead, named in ((sold, "Maya Torres (whom the vendor sold it to)"), (again, "Luis Ortega (who had this borrower before)")):
            await office.types("tess", f"/lead why {lead}")
            await office.hears("tess", f"#{lead} came under the rule “To whom it was sold”", f"It was meant for {named}.")


SENT = with_rules("  - {name: From Keller, when: {partner: keller}, team: south}") | {
    "# partners:\n": "partners: [{key: keller, name: Keller Realty, email: jo@keller.example, officer: luis}]\n"
}


async def test_a_rule_for_a_partner_takes_the_leads_that_name_them_and_no_others(changed_office: OpenOffice) -> None:
    async with changed_office(SENT) as office:
        sent = await office.lead_arrives(agent_email="Jo@Keller.example", **IN_COLORADO)
        await office.card_of(sent, says="Denver CO", channel=SOUTH)
        other = await office.lead_arrives(first_name="Eve", phone="(512) 555-0160", email=None, referred_by="Compass")
        await office.card_of(other, says="Eve R.", channel=LEADS)


async def test_where_who_is_named_is_off_the_team_hears_of_it_and_why(changed_office: OpenOffice) -> None:
    async with changed_office(NAMED) as office:
        await office.types("maya", "/lead off until tomorrow 9am")
        await office.hears("maya", "You are off")

        lead = await office.lead_arrives(**SOLD_TO_MAYA)

        await office.is_told("luis", HEADLINE)
        await office.thread_says(lead, "This lead was meant for Maya Torres (whom the vendor sold it to, off duty), so others hear of it.")
        await office.types("luis", f"/lead why {lead}")
        await office.hears("luis", "It was meant for Maya Torres (whom the vendor sold it to, off duty).")
        await office.presses("luis", "Claim", lead)
        await office.card_of(lead, says="Luis Ortega has it")


async def test_a_lead_that_names_nobody_of_ours_comes_under_the_next_rule(changed_office: OpenOffice) -> None:
    async with changed_office(NAMED) as office:
        lead = await office.lead_arrives(recipient={"emailAddress": "lee@example.com"})

        await office.is_told("maya", HEADLINE)
        await office.types("maya", f"/lead why {lead}")
        await office.hears("maya", f"#{lead} came under the rule “All others”, for whoever claims it first.")

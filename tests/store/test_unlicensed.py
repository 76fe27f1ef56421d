"""A source says later that the property is elsewhere: the lead stays with its owner, who hears of it with who leads."""

from dataclasses import replace

import pytest

from bot.capture import intake
from bot.sources.formats import VENDOR
from bot.sources.generic import parse
from tests.doubles.branch import Branch


def zillow_says(branch: Branch, state: str) -> int:
    """Zillow's words about its request 7; the number of the lead."""
    source = replace(branch.services.in_force.sources["zillow"], format=VENDOR)
    lead = parse({"lead_id": "7", "phone": "(512) 555-0142", "first_name": "Dana", "property_state": state})
    received = branch.store.transact_now(intake.record_arrival, intake.prepare(branch.services, source, lead))
    assert isinstance(received, intake.Received)
    return received.lead


def told(branch: Branch) -> int:
    return len([posting for posting in branch.postings("notice") if posting.topic == "owner_unlicensed"])


def test_the_owner_and_who_leads_are_told_and_the_lead_stays_where_it_is(branch: Branch) -> None:
    lead = zillow_says(branch, "TX")
    branch.claim("maya", lead)

    zillow_says(branch, "CO")

    [event] = [event for event in branch.events(lead) if event.kind == "owner_unlicensed"]
    assert event.meta == {"officer": "Maya Torres", "state": "CO", "company": False}
    assert told(branch) == 2
    assert branch.view(lead).owner_id == branch.officer_id("maya")


@pytest.mark.parametrize("state", ["TX", "OK"])
def test_who_is_licensed_there_is_left_alone(branch: Branch, state: str) -> None:
    branch.claim("maya", zillow_says(branch, "TX"))

    zillow_says(branch, state)

    assert told(branch) == 0


def test_a_lead_that_nobody_has_tells_nobody(branch: Branch) -> None:
    zillow_says(branch, "TX")
    zillow_says(branch, "CO")

    assert told(branch) == 0


def test_where_the_whole_company_has_no_license_it_says_so(branch: Branch) -> None:
    lead = zillow_says(branch, "TX")
    branch.claim("maya", lead)

    zillow_says(branch, "NY")

    [event] = [event for event in branch.events(lead) if event.kind == "owner_unlicensed"]
    assert event.meta["company"]

"""What a source sends and nobody understands is lost to nobody: who runs Leadbell is told, looks, and makes a lead of it."""

import pytest

from bot.store.leads import Lead
from bot.store.source_requests import SourceRequest
from tests.doubles.office import Office
from tests.stories.conftest import OpenOffice

NO_CONTACT = {"first_name": "Dana", "notes": "call me at five one two, 555 0100"}


async def test_it_waits_with_who_runs_leadbell_and_becomes_a_lead_by_hand(any_office: Office) -> None:
    office = any_office
    status, _, _ = await office.post("website", json=NO_CONTACT)
    assert status == 422
    await office.told("sam", "Website sent 1 request that I can't read: there is no phone and no email in it.", "Look at it")

    await office.presses_in_direct("sam", "Look at it", 0)
    await office.fills_in("sam", first_name="Dana", phone="(512) 555-0100")

    await office.screen_of("sam", says="#1001 is made. It rings like any other.")
    await office.told("maya", "Claim")
    await office.told("sam", "Whatever Website sent that I couldn't read is settled: #1001.")
    [lead] = office.all(Lead)
    assert lead.details["comments"].startswith('{"first_name"')


async def test_the_same_again_waits_once_and_more_are_counted_in_one_message(office: Office) -> None:
    for body in (NO_CONTACT, NO_CONTACT, {"first_name": "Tom"}):
        await office.post("website", json=body)

    await office.told("sam", "Website sent 2 requests that I can't read")
    assert len(office.all(SourceRequest)) == 2


async def test_what_is_no_lead_is_set_aside(office: Office) -> None:
    await office.post("website", json=NO_CONTACT)
    await office.told("sam", "Not a lead")

    await office.presses_in_direct("sam", "Not a lead", 0)

    await office.hears("sam", "Set aside: it is no lead.")
    assert [request.state for request in office.all(SourceRequest)] == ["set_aside"]


async def test_what_was_set_aside_by_mistake_waits_again_and_becomes_a_lead(office: Office) -> None:
    await office.post("website", json=NO_CONTACT)
    await office.told("sam", "Not a lead")
    await office.presses_in_direct("sam", "Not a lead", 0)
    await office.hears("sam", "Set aside: it is no lead.")
    await office.told("sam", "Whatever Website sent that I couldn't read is settled.")

    await office.presses_in_direct("sam", "Undo", 0)

    await office.hears("sam", "Undone: the request waits again, with its buttons.")
    await office.told("sam", "Website sent 1 request that I can't read", "Look at it")
    await office.presses_in_direct("sam", "Look at it", 0)
    await office.fills_in("sam", first_name="Dana", phone="(512) 555-0100")
    await office.screen_of("sam", says="#1001 is made. It rings like any other.")


async def test_a_lead_needs_a_way_to_reach_the_borrower(office: Office) -> None:
    await office.post("website", json=NO_CONTACT)
    await office.told("sam", "Look at it")

    await office.presses_in_direct("sam", "Look at it", 0)
    await office.fills_in("sam", first_name="Dana")

    await office.screen_of("sam", says="A lead needs a phone with area code, or an email.")
    assert office.all(Lead) == []


@pytest.mark.parametrize("key", ["wrong-key", ""])
async def test_what_comes_with_a_wrong_key_is_kept_nowhere(office: Office, key: str) -> None:
    status, _, _ = await office.post("website", json=NO_CONTACT, headers={"Authorization": f"Bearer {key}"})

    assert status == 401 and office.all(SourceRequest) == []


async def test_a_trigger_lead_without_its_basis_is_nobodys_to_call_until_its_vendor_says_it(changed_office: OpenOffice) -> None:
    sells = "    secret_env: LEADBELL_KEY_ZILLOW\n"
    async with changed_office({sells: sells + "    bought: true\n    trigger_leads: true\n"}) as office:
        bought = {"external_id": "t-1", "first_name": "Dana", "phone": "(512) 555-0100"}
        status, said, _ = await office.post("zillow", json=bought)
        assert status == 422 and said["errors"][0]["type"] == "no_basis"
        await office.told("sam", "a trigger lead has to say on what basis it was furnished", "Look at it")

        await office.presses_in_direct("sam", "Look at it", 0)
        await office.fills_in("sam", first_name="Dana", phone="(512) 555-0100")

        await office.screen_of("sam", says="Ask for it, and to send the lead again with trigger_basis.")
        assert office.all(Lead) == []

        status, _, _ = await office.post("zillow", json={**bought, "trigger_basis": "authorized"})
        assert status == 200
        [lead] = office.all(Lead)
        assert lead.details["trigger_basis"] == "authorized"

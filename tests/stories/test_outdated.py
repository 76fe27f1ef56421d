"""What an earlier version left standing in Slack is pressed: nothing of it is done, and whoever presses hears that."""

import pytest

from bot.handlers.slack.cards import button
from bot.store.records import lead_record
from tests.doubles.office import Office


async def test_a_button_that_is_no_more_says_so(office: Office) -> None:
    await office.stands_from_before([button("Dial", "dial_v0", "1001")])

    await office.presses("maya", "Dial", 1001)

    await office.hears("maya", "This button is from before our last update, so nothing was done.")


async def test_a_stranger_hears_only_that_they_are_one(office: Office) -> None:
    await office.stands_from_before([button("Dial", "dial_v0", "1001")])

    await office.presses("gus", "Dial", 1001)

    await office.hears("gus", "Guests cannot work leads here.")


@pytest.mark.parametrize(("action", "value"), [("end:sure", "1001:sold"), ("end:sure", "1001:"), ("claim", "1001:now")])
async def test_a_button_with_what_is_no_more_changes_nothing(office: Office, action: str, value: str) -> None:
    lead = await office.lead_arrives()
    await office.presses("maya", "Claim", lead)
    await office.told("maya", "Yours")
    await office.stands_from_before([button("Before", action, value)])

    await office.presses("maya", "Before", lead)

    await office.hears("maya", "That did not work" if action != "claim" else "is already yours")
    assert office.services is not None
    record = await office.services.store.read(lead_record, lead)
    assert record is not None and record["stage"] == "new"


async def test_a_reason_to_pass_that_is_no_more_is_kept_nowhere(office: Office) -> None:
    lead = await office.lead_arrives()
    option = {"text": {"type": "plain_text", "text": "Too far"}, "value": f"{lead}:too_far"}
    placeholder = {"type": "plain_text", "text": "Let go"}
    await office.stands_from_before([{"type": "static_select", "action_id": "pass", "placeholder": placeholder, "options": [option]}])

    await office.presses("maya", "Let go", lead, choose="Too far")

    await office.hears("maya", "That did not work")
    assert office.services is not None
    record = await office.services.store.read(lead_record, lead)
    assert record is not None and "too_far" not in str(record)

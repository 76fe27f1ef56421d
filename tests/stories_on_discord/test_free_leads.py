"""A lead that somebody may not work, in Discord: no screen opens about it, and a free one can be claimed right there."""

import pytest

from tests.doubles.discord_office import DiscordOffice, labels_of, read
from tests.stories_on_discord.test_editing_a_screen import begun, sends_off
from tests.stories_on_discord.test_texts_out import claimed_by_maya, yours


@pytest.mark.parametrize("command", ["log", "lead later"])
async def test_no_screen_opens_about_a_free_lead_and_the_button_claims_it(office: DiscordOffice, command: str) -> None:
    lead = await office.lead_arrives()

    told = await office.types("maya", command, lead=str(lead))

    assert f"#{lead} is free. Claim it first." in read(told) and labels_of(told) == ["Claim"]
    await office.presses("maya", told, "claim")
    await office.is_told("maya", f"Yours: #{lead}")


async def test_a_lead_that_became_free_is_claimed_and_its_note_is_saved(office: DiscordOffice) -> None:
    lead = await claimed_by_maya(office)
    opened = await office.presses("maya", await yours(office, lead), "log")
    await office.types("maya", "lead release", lead=str(lead))

    told = await sends_off(office, "maya", opened, disposition=["connected"], note="wants a 15-year")

    assert f"#{lead} is free. Claim it first." in read(told) and labels_of(told) == ["Claim", "Edit"]
    await office.presses("maya", told, "claim")
    again = await office.presses("maya", told, "edit_again")
    assert begun(again) == {"disposition": ["connected"], "note": "wants a 15-year"}
    await office.fills_in("maya", again, **begun(again))
    await office.thread_of(lead, says="Maya Torres: Connected.")

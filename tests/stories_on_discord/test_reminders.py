"""Later and reminders in Discord: one choice or a screen, and what rings when the time comes."""

import pytest

from tests.doubles.discord_office import DiscordOffice, labels_of, read


async def worked_by_maya(office: DiscordOffice) -> int:
    """A lead that was tried once: what owes its first call cannot be put off."""
    lead = await office.lead_arrives()
    await office.presses("maya", await office.card_of(lead), "claim")
    opened = await office.presses("maya", await office.is_told("maya", f"Yours: #{lead}"), "log")
    await office.fills_in("maya", opened, disposition=["connected"])
    return lead


@pytest.mark.parametrize("restarts", [False, True])
async def test_a_lead_is_put_off_by_one_choice_and_rings_then(office: DiscordOffice, *, restarts: bool) -> None:
    lead = await worked_by_maya(office)
    yours = await office.is_told("maya", f"Yours: #{lead}")

    result = await office.presses("maya", yours, "later", "hour")
    assert "1:00 pm" in read(office.answer_of(result))
    if restarts:
        await office.restarts()
    office.skip(hours=1, minutes=1)

    rung = await office.is_told("maya", f"#{lead}", "You wanted to come back to")
    assert labels_of(rung) == ["I'm calling", "Text", "Log", "Later"]


async def test_another_time_is_typed_on_a_screen_and_taken_back(office: DiscordOffice) -> None:
    lead = await worked_by_maya(office)
    yours = await office.is_told("maya", f"Yours: #{lead}")

    opened = await office.presses("maya", yours, "pick_time")
    result = await office.people["maya"].user.submit_modal(opened, {"when": "tomorrow 9am", "note": "ask for the W-2"})

    answer = office.answer_of(result)
    assert "9:00 am" in read(answer)
    undone = await office.presses("maya", answer, "undo")
    assert "9:00 am" not in read(office.answer_of(undone))


async def test_a_time_that_is_none_is_said_so(office: DiscordOffice) -> None:
    lead = await worked_by_maya(office)
    opened = await office.presses("maya", await office.is_told("maya", f"Yours: #{lead}"), "pick_time")

    said = await office.fills_in("maya", opened, when="when pigs fly")

    assert "tomorrow 9am" in said


async def test_a_time_outside_the_borrowers_hours_can_be_moved_there(office: DiscordOffice) -> None:
    lead = await worked_by_maya(office)
    opened = await office.presses("maya", await office.is_told("maya", f"Yours: #{lead}"), "pick_time")
    result = await office.people["maya"].user.submit_modal(opened, {"when": "tomorrow 6am"})
    answer = office.answer_of(result)
    assert labels_of(answer) == ["Move it there", "Undo"]

    moved = await office.presses("maya", answer, "move_there")

    assert "9:00 am" in read(office.answer_of(moved)) and labels_of(office.answer_of(moved)) == ["Undo"]

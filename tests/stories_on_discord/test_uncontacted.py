"""A claim alone stops no clock, in Discord either: the owner is asked, and keeps the lead or answers how the call went."""

import pytest

from tests.doubles.discord_office import DiscordOffice, labels_of, read


async def claimed_by_maya(office: DiscordOffice) -> int:
    lead = await office.lead_arrives()
    await office.presses("maya", await office.card_of(lead), "claim")
    await office.is_told("maya", f"Yours: #{lead}")
    return lead


@pytest.mark.parametrize("restarts", [False, True])
async def test_an_owner_who_does_not_call_is_nudged_and_may_keep_it_once(office: DiscordOffice, *, restarts: bool) -> None:
    lead = await claimed_by_maya(office)
    office.skip(minutes=5)
    nudged = await office.is_told("maya", f"#{lead}", "waits for your call.")
    assert labels_of(nudged) == ["I'm calling", "Text", "Log"]
    office.skip(minutes=8)
    warned = await office.is_told("maya", f"#{lead}", "goes back")
    assert labels_of(warned) == ["Keep, I'm on it"]
    if restarts:
        await office.restarts()

    result = await office.presses("maya", warned, "calling")

    assert f"#{lead}" in read(office.answer_of(result))
    office.skip(minutes=30)
    asked = await office.is_told("maya", "How did it go")
    assert labels_of(asked) == ["Connected", "Left a voicemail", "No answer", "Still on"]
    result = await office.presses("maya", asked, "went", "left_voicemail")
    assert "Left a voicemail" in read(office.answer_of(result))
    await office.thread_of(lead, says="Left a voicemail")


async def test_still_on_holds_it_once_more(office: DiscordOffice) -> None:
    lead = await claimed_by_maya(office)
    await office.presses("maya", await office.is_told("maya", f"Yours: #{lead}"), "calling")
    office.skip(minutes=30)
    asked = await office.is_told("maya", "How did it go")

    result = await office.presses("maya", asked, "calling", "still_on")

    assert f"#{lead}" in read(office.answer_of(result))

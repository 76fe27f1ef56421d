"""/lead off and /lead on in Discord: a time in one's own words is said back in full, and can be undone."""

from typing import Any

import pytest

from tests.doubles.discord_office import DiscordOffice, ids_of, read


async def asks(office: DiscordOffice, who: str, command: str, **fields: Any) -> str:
    return read(await office.types(who, command, **fields))


@pytest.mark.parametrize(
    ("until", "told"),
    [
        ("monday", "You are off until Monday, "),
        ("until friday 3pm", "You are off until Friday, "),
        ("for 2 hours", "You are off until Tuesday, "),
        (None, "You are off until Wednesday, "),
        ("whenever", "I did not understand until when, so nothing changed."),
    ],
)
async def test_the_time_is_said_back_in_full(office: DiscordOffice, until: str | None, told: str) -> None:
    assert told in await asks(office, "luis", "lead off", **({"until": until} if until else {}))


async def test_who_is_off_may_not_claim_until_they_are_back(office: DiscordOffice) -> None:
    lead = await office.lead_arrives()
    await asks(office, "luis", "lead off", until="friday")
    assert "You are off until" in await asks(office, "luis", "lead claim", lead=str(lead))

    assert "leads ring for you again" in await asks(office, "luis", "lead on")

    assert f"#{lead} is yours" in await asks(office, "luis", "lead claim", lead=str(lead))


async def test_going_off_can_be_undone(office: DiscordOffice) -> None:
    told = await office.types("luis", "lead off", until="friday")

    await office.presses("luis", told, "undo")

    assert read(told) == "Undone. Your duty is as it was before." and ids_of(told) == []
    assert "You are on duty already" in await asks(office, "luis", "lead on")


async def test_who_works_no_leads_has_no_duty(office: DiscordOffice) -> None:
    assert "As compliance you cannot do this." in await asks(office, "cora", "lead off")

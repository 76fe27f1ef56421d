"""A process that was stopped between its lease and its call says nothing when it wakes: somebody else has said it."""

import asyncio
from dataclasses import replace

import pytest

from bot.handlers.discord.platform import DiscordPlatform
from bot.store.postings import Posting
from bot.store.views import Drawing, drawing
from tests.doubles.discord_office import DiscordOffice, read
from tests.doubles.rows import rows


@pytest.mark.fault(42)
@pytest.mark.parametrize("is_there", [False, True], ids=["a new card", "a card redrawn"])
async def test_who_slept_past_a_call_says_nothing_when_they_wake(
    office: DiscordOffice, monkeypatch: pytest.MonkeyPatch, is_there: bool
) -> None:
    lead = await office.lead_arrives()
    card = await office.card_of(lead)
    await office.nothing_is_owed()
    [posting] = [each.id for each in rows(office.services.store, Posting) if each.lead_id == lead and each.kind == "card"]
    assert posting is not None
    wanted = await office.services.store.read(drawing, posting)
    seen = replace(wanted.lead, first_name="Earlier")
    wanted = replace(wanted, about=seen, message_id=str(card.id) if is_there else None)

    with pytest.raises(TimeoutError):
        await shows_after_a_sleep(office, wanted, monkeypatch)

    assert not [each for each in office.messages() if "Earlier" in read(each)]


async def shows_after_a_sleep(office: DiscordOffice, wanted: Drawing, monkeypatch: pytest.MonkeyPatch) -> None:
    """Show it, stopped before the last call of it until the time for that is over, which nobody could hear of yet."""

    async def hears() -> bool:
        return True

    sleeper = DiscordPlatform(office.services, office.leadbell.client, hears)
    async with asyncio.timeout(None) as call:

        async def is_over_then(_: str) -> None:
            call.reschedule(0)

        monkeypatch.setattr(sleeper._forums, "at", is_over_then)
        await sleeper.show_lead(wanted)

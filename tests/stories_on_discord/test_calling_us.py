"""A borrower calls our number, and nobody takes it: the owner is told in Discord when the call back may be made."""

from datetime import time

from bot.calls.calling_us import called
from tests.doubles.discord_office import DiscordOffice, read
from tests.stories_on_discord.test_calling import wired
from tests.stories_on_discord.test_texts_out import claimed_by_maya


async def test_at_an_hour_at_which_nobody_may_call_the_owner_reads_when_it_opens(office: DiscordOffice) -> None:
    wired(office)
    lead = await claimed_by_maya(office)
    office.clock_says(time(21, 30))

    _, heard = await called(office.services, "CA-theirs", "+15125550100", "+15125550199")

    assert "Nobody is here at this hour." in str(heard)
    told = read(await office.is_told("maya", f"#{lead}", "called, and nobody picked up."))
    assert "Not yet: OK to call from" in told and "Call back now" not in told

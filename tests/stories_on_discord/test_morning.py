"""In the morning each officer reads in one message in Discord which of their leads want something today."""

from datetime import time

from bot.store.people import Officer
from tests.doubles.discord_office import DiscordOffice, labels_of, read
from tests.doubles.rows import rows


async def test_the_owner_reads_what_the_day_holds_and_opens_a_lead_from_it(office: DiscordOffice) -> None:
    async def mornings_are_known() -> bool:
        return all(officer.morning_due_at is not None for officer in rows(office.services.store, Officer))

    office.clock_says(time(19, 50))
    await office.until(mornings_are_known, "mornings that are worked out")
    lead = await office.lead_arrives(email=None)
    await office.presses("maya", await office.card_of(lead), "claim")
    await office.is_told("maya", f"Yours: #{lead}")
    office.skip(hours=12, minutes=12)

    told = await office.is_told("maya", "Good morning. 1 lead of yours wants you today: New 1.", f"#{lead} ")

    assert labels_of(told) == [f"#{lead}"]
    assert "Dana Rowe" in read(office.answer_of(await office.presses("maya", told, "open")))

"""/consent in Discord: what a borrower agreed to and took back, and what may reach them now."""

from datetime import time

from tests.doubles.discord_office import DiscordOffice, read
from tests.stories_on_discord.test_texts_out import claimed_by_maya


async def test_the_file_is_read_in_words_with_the_answers_of_this_moment(office: DiscordOffice) -> None:
    lead = await claimed_by_maya(office)

    told = read(await office.types("maya", "consent", lead=str(lead))).replace("\\", "")

    assert f"#{lead}: what may reach them now" in told and "Texts: yes, until 8:00 pm CT." in told
    assert "agreed on 11/1/2026, 9:00 am CT" in told and "I agree to calls and text messages from Acme Mortgage" in told


async def test_what_was_taken_back_in_the_evening_has_the_day_of_the_lead(office: DiscordOffice) -> None:
    lead = await claimed_by_maya(office)
    office.clock_says(time(19, 30))  # the next day in UTC
    await office.phone.borrower_texts("STOP")

    told = read(await office.types("cora", "consent", lead=str(lead)))

    assert "texts closed on 4/17/2040, 7:30 pm CT, they opted out" in told

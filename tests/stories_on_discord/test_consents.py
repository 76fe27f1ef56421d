"""/consent in Discord: what a borrower agreed to and took back, and what may reach them now."""

from tests.doubles.discord_office import DiscordOffice, read
from tests.stories_on_discord.test_texts_out import claimed_by_maya


async def test_the_file_is_read_in_words_with_the_answers_of_this_moment(office: DiscordOffice) -> None:
    lead = await claimed_by_maya(office)

    told = read(await office.types("maya", "consent", lead=str(lead))).replace("\\", "")

    assert f"#{lead}: what may reach them now" in told and "Texts: yes, until 8:00 pm CT." in told
    assert "agreed on 2026-11-01" in told and "I agree to calls and text messages from Acme Mortgage" in told

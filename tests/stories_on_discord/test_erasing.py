"""Who is erased is gone from the cards, the threads and the direct messages of Discord."""

from tests.doubles.discord_office import DiscordOffice, read
from tests.stories.test_erasing import TRACES, erased
from tests.stories_on_discord.test_texts_out import claimed_by_maya


async def test_an_erased_borrower_is_shown_nowhere_any_more(office: DiscordOffice) -> None:
    lead = await claimed_by_maya(office)
    await office.phone.borrower_texts("It is the purple door")
    thread = await office.thread_of(lead, says="purple door")
    await office.is_told("maya", f"#{lead} Dana R. texted", "purple door")
    await office.nothing_is_owed()

    await erased(office.services, lead)

    async def shown_nowhere() -> bool:
        shown = [read(each) for each in (*office.messages(), *thread.history(), *office.people["maya"].user.dm_channel.history())]
        return not any(trace in each for trace in TRACES for each in shown)

    await office.until(shown_nowhere, "messages without a trace of Dana")
    await office.nothing_is_owed()
    assert await shown_nowhere()


async def test_the_title_of_the_thread_of_who_is_erased_loses_the_name(office: DiscordOffice) -> None:
    office.lets_leadbell(manage_channels=True)  # simcord asks for what Discord asks of those who change channels
    lead = await claimed_by_maya(office)
    thread = await office.thread_of(lead)
    assert "Dana" in f"{thread.name}"
    await office.nothing_is_owed()

    await erased(office.services, lead)

    async def title_without_a_name() -> bool:
        return "Dana" not in f"{thread.name}" and f"{thread.name}".startswith(f"#{lead}")

    await office.until(title_without_a_name, "a title without a name")

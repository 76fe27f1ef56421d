"""The thread of a card in Discord: archived ones open again when there is news, and what somebody deleted is made anew."""

from functools import partial

import pytest

from bot.store.places import broken_places
from tests.doubles.discord_office import DiscordOffice, read
from tests.stories_on_discord.test_texts_out import claimed_by_maya


@pytest.fixture(autouse=True)
def may_change_threads(office: DiscordOffice) -> None:
    """simcord asks whoever changes a thread for what Discord asks of those who change channels."""
    office.lets_leadbell(manage_channels=True)


async def test_an_archived_thread_opens_when_news_come(office: DiscordOffice) -> None:
    lead = await claimed_by_maya(office)
    await office.phone.borrower_texts("Hello?")
    thread = await office.thread_of(lead, says="Hello?")
    await office.leadbell.client.http.edit_channel(thread.id, archived=True)

    await office.phone.borrower_texts("Are you there?")

    await office.thread_of(lead, says="Are you there?")


async def test_a_mark_is_redrawn_in_an_archived_thread_after_hours_and_a_restart(office: DiscordOffice) -> None:
    lead = await claimed_by_maya(office)
    opened = await office.presses("maya", await office.is_told("maya", f"Yours: #{lead}"), "text")
    await office.fills_in("maya", opened, words="Hi Dana")
    thread = await office.thread_of(lead, says="Sent")
    await office.nothing_is_owed()
    await office.leadbell.client.http.edit_channel(thread.id, archived=True, locked=True)
    office.skip(minutes=20)
    await office.env.advance_time(20 * 60)  # every press of that time can no longer be answered
    await office.restarts()

    await office.phone.delivers()

    await office.thread_of(lead, says="Delivered")


@pytest.mark.fault(32)
async def test_a_deleted_thread_is_made_anew_with_the_next_news(office: DiscordOffice) -> None:
    lead = await claimed_by_maya(office)
    thread = await office.thread_of(lead)
    await office.nothing_is_owed()
    await office.leadbell.client.http.delete_channel(thread.id)

    await office.phone.borrower_texts("Are you there?")

    await office.thread_of(lead, says="Are you there?")
    await office.nothing_is_owed()
    assert len([each for each in office.messages() if "Maya Torres has it" in read(each)]) == 1


@pytest.mark.fault(32)
async def test_a_deleted_card_is_posted_anew_with_its_thread(office: DiscordOffice) -> None:
    lead = await claimed_by_maya(office)
    card = await office.card_of(lead, says="Maya Torres has it")
    await office.nothing_is_owed()
    await office.leadbell.client.http.delete_message(office.channel.id, card.id)
    await office.leadbell.client.http.delete_channel((await office.thread_of(lead)).id)

    await office.phone.borrower_texts("Are you there?")

    await office.thread_of(lead, says="Are you there?")
    assert (await office.card_of(lead, says="Maya Torres has it")).id != card.id
    await office.nothing_is_owed()


async def test_a_deleted_line_is_told_again_when_it_changes(office: DiscordOffice) -> None:
    lead = await claimed_by_maya(office)
    opened = await office.presses("maya", await office.is_told("maya", f"Yours: #{lead}"), "text")
    await office.fills_in("maya", opened, words="Hi Dana")
    thread = await office.thread_of(lead, says="Sent")
    await office.nothing_is_owed()
    [line] = [each for each in thread.history() if "Hi Dana" in read(each)]
    await office.leadbell.client.http.delete_message(thread.id, line.id)

    await office.phone.delivers()

    await office.thread_of(lead, says="Delivered")
    assert len([each for each in office.messages() if "Maya Torres has it" in read(each)]) == 1


async def test_a_deleted_channel_stops_nobody_from_working_the_lead(office: DiscordOffice) -> None:
    lead = await claimed_by_maya(office)
    await office.nothing_is_owed()
    await office.leadbell.client.http.delete_channel(office.channel.id)

    await office.phone.borrower_texts("Are you there?")
    told = await office.is_told("maya", f"#{lead} Dana R. texted")
    opened = await office.presses("maya", told, "text")
    said = await office.fills_in("maya", opened, words="I am, Dana.")

    assert f"#{lead}: your text is on its way." in said
    broken = await office.until(partial(known_to_be_gone, office), "a channel that is known to be gone")
    assert broken["100000000000000001"] in ("status 404, code 10003", "status 403, code 50001")  # by which call of ours found out first


async def known_to_be_gone(office: DiscordOffice) -> dict[str, str]:
    return dict(await office.services.store.read(broken_places))

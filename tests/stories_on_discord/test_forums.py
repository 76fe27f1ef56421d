"""A team whose channel is a forum: each lead is a post there, which is its thread too, and wears the tag of its stage."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import discord
import pytest_asyncio
import simcord

from tests.doubles.databases import fresh_sqlite
from tests.doubles.discord_office import DiscordOffice, discord_office, read
from tests.doubles.texts import AGREED


@pytest_asyncio.fixture
async def forum_office(tmp_path: Path) -> AsyncIterator[DiscordOffice]:
    """An office whose Austin team has a forum."""
    async with discord_office(tmp_path, fresh_sqlite(tmp_path), forum=True) as opened:
        yield opened


async def tags_of(office: DiscordOffice, post: simcord.ChannelHandle) -> list[str]:
    """The tags that a post wears, by name."""
    forum = await office.leadbell.client.fetch_channel(office.channel.id)
    seen: Any = await office.leadbell.client.http.get_channel(post.id)
    assert isinstance(forum, discord.ForumChannel)
    names = {str(tag.id): tag.name for tag in forum.available_tags}
    return [names[each] for each in seen["applied_tags"]]


async def wears(office: DiscordOffice, post: simcord.ChannelHandle, *tags: str) -> None:
    async def worn() -> bool:
        return await tags_of(office, post) == list(tags)

    await office.until(worn, f"a post with the tags {tags}")


async def test_a_lead_is_a_post_with_the_tag_of_its_stage_and_follows_it(forum_office: DiscordOffice) -> None:
    office = forum_office
    lead = await office.lead_arrives(**AGREED)
    post = await office.thread_of(lead)
    card = await office.card_of(lead)
    assert post.name == f"#{lead} Dana R., purchase, TX" and card.id == post.id
    await wears(office, post, "new")

    await office.presses("maya", card, "claim")
    await office.card_of(lead, says="Maya Torres has it")
    opened = await office.presses("maya", await office.is_told("maya", f"Yours: #{lead}"), "stage")
    await office.fills_in("maya", opened, stage=["qualified"])

    await wears(office, post, "qualified")
    assert len(office.channel.threads) == 1


async def test_the_borrowers_words_come_into_the_post_and_are_answered_there(forum_office: DiscordOffice) -> None:
    office = forum_office
    lead = await office.lead_arrives(**AGREED)
    await office.presses("maya", await office.card_of(lead), "claim")

    await office.phone.borrower_texts("Are you there?")

    post = await office.thread_of(lead, says="Are you there?")
    result = await office.people["maya"].slash(post, "lead text", words="I am, Dana.")
    assert f"#{lead}: your text is on its way." in read(office.answer_of(result))
    await office.thread_of(lead, says="I am, Dana.")


async def test_tags_that_people_gave_stay_and_a_restart_changes_none(forum_office: DiscordOffice) -> None:
    office = forum_office
    lead = await office.lead_arrives()
    post = await office.thread_of(lead)
    await wears(office, post, "new")
    forum = await office.leadbell.client.fetch_channel(office.channel.id)
    assert isinstance(forum, discord.ForumChannel)
    mine = await forum.create_tag(name="hot")
    worn = [tag.id for tag in forum.available_tags if tag.name == "new"]
    await office.leadbell.client.http.edit_channel(post.id, applied_tags=[*worn, mine.id])
    await office.restarts()

    await office.presses("maya", await office.card_of(lead), "claim")
    opened = await office.presses("maya", await office.is_told("maya", f"Yours: #{lead}"), "stage")
    await office.fills_in("maya", opened, stage=["contacted"])

    await wears(office, post, "contacted", "hot")


async def test_a_forum_full_of_tags_keeps_them_and_gets_as_many_of_ours_as_fit(forum_office: DiscordOffice) -> None:
    office = forum_office
    forum = await office.leadbell.client.fetch_channel(office.channel.id)
    assert isinstance(forum, discord.ForumChannel)
    await forum.edit(available_tags=[discord.ForumTag(name=f"ours {number}") for number in range(19)])

    lead = await office.lead_arrives()

    await wears(office, await office.thread_of(lead), "new")
    kept = await office.leadbell.client.fetch_channel(office.channel.id)
    assert isinstance(kept, discord.ForumChannel)
    assert [tag.name for tag in kept.available_tags] == [*(f"ours {number}" for number in range(19)), "new"]


async def test_a_lost_answer_leaves_one_post(forum_office: DiscordOffice) -> None:
    office = forum_office
    lead = await office.lead_arrives()
    await office.card_of(lead)
    await office.nothing_is_owed()

    await office.forget_that_it_was_shown(lead)
    await office.nothing_is_owed()

    assert len(office.channel.threads) == 1


async def test_a_deleted_post_is_made_anew(forum_office: DiscordOffice) -> None:
    office = forum_office
    lead = await office.lead_arrives(**AGREED)
    await office.presses("maya", await office.card_of(lead), "claim")
    await office.nothing_is_owed()
    first = await office.thread_of(lead)
    await office.leadbell.client.http.delete_channel(first.id)

    await office.phone.borrower_texts("Are you there?")

    again = await office.thread_of(lead, says="Are you there?")
    assert again.id != first.id
    await office.nothing_is_owed()


async def test_an_archived_post_opens_when_its_lead_moves_on(forum_office: DiscordOffice) -> None:
    office = forum_office
    lead = await office.lead_arrives()
    card = await office.card_of(lead)
    post = await office.thread_of(lead)
    await office.nothing_is_owed()
    await office.leadbell.client.http.edit_channel(post.id, archived=True, locked=True)

    await office.presses("maya", card, "claim")

    await office.card_of(lead, says="Maya Torres has it")

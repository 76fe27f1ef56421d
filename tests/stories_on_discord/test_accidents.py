"""The owner writes in the thread what was meant for the borrower: told privately where we may read it, and nothing leaves by itself."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from hypothesis import given
from hypothesis import strategies as st

from bot.handlers.discord.words import escape, typed
from bot.rules.text import clean
from tests.doubles.databases import fresh_sqlite
from tests.doubles.discord_office import DiscordOffice, discord_office, labels_of, read
from tests.stories_on_discord.test_texts_out import claimed_by_maya


@pytest_asyncio.fixture
async def reading_office(tmp_path: Path) -> AsyncIterator[DiscordOffice]:
    """An office whose threads we may read."""
    async with discord_office(tmp_path, fresh_sqlite(tmp_path), reads=True) as opened:
        yield opened


async def asked_by_dana(office: DiscordOffice) -> int:
    lead = await claimed_by_maya(office)
    await office.phone.borrower_texts("Are you there?")
    await office.thread_of(lead, says="Are you there?")
    return lead


@pytest.mark.parametrize("restarts", [False, True])
async def test_the_owners_first_words_become_a_text_if_they_say_so(reading_office: DiscordOffice, *, restarts: bool) -> None:
    office = reading_office
    lead = await asked_by_dana(office)

    await office.people["maya"].send(await office.thread_of(lead), "Yes! Free at 2? *Call* me: acme.example")

    told = await office.is_told("maya", "Only your team saw that. Dana did not.", "Yes! Free at 2? *Call* me: acme.example")
    assert labels_of(told) == ["Send as text", "Keep as note"] and office.phone.sent == []
    if restarts:
        await office.restarts()
    opened = await office.presses("maya", told, "send_as_text")
    assert opened.modal is not None
    [field] = [each["component"] for each in opened.modal["components"] if each.get("component", {}).get("custom_id") == "words"]
    assert field["value"] == "Yes! Free at 2? *Call* me: acme.example"
    await office.fills_in("maya", opened, words=field["value"])
    await office.thread_of(lead, says="Sent")
    assert office.phone.sent == ["Yes! Free at 2? *Call* me: acme.example"]


async def test_they_become_a_note_if_they_say_so(reading_office: DiscordOffice) -> None:
    office = reading_office
    lead = await asked_by_dana(office)
    await office.people["maya"].send(await office.thread_of(lead), "she is busy until noon")
    told = await office.is_told("maya", "Only your team saw that.")

    result = await office.presses("maya", told, "keep_as_note")

    assert f"#{lead}" in read(office.answer_of(result))
    await office.thread_of(lead, says="note")
    assert office.phone.sent == []


async def test_only_the_first_words_are_asked_about_and_an_edit_or_a_deletion_sends_nothing(reading_office: DiscordOffice) -> None:
    office = reading_office
    lead = await asked_by_dana(office)
    thread = await office.thread_of(lead)
    said = await office.people["maya"].send(thread, "Yes, at noon")
    await office.is_told("maya", "Only your team saw that.")

    await office.people["maya"].edit(said, "Yes, at one")
    await office.people["maya"].send(thread, "she is nice")
    await office.people["maya"].delete(said)

    asked = [each for each in office.people["maya"].user.dm_channel.history() if "Only your team saw that." in read(each)]
    assert len(asked) == 1 and "Yes, at noon" in read(asked[0]) and office.phone.sent == []


async def test_talk_between_colleagues_is_left_alone(reading_office: DiscordOffice) -> None:
    office = reading_office
    lead = await asked_by_dana(office)
    thread = await office.thread_of(lead)

    await office.people["luis"].send(thread, "lucky you")
    await office.people["maya"].send(thread, f"<@{office.people['tess'].id}> can you look?")
    await office.people["maya"].send(office.channel, "good morning")

    for who in ("maya", "luis"):
        assert not [each for each in office.people[who].user.dm_channel.history() if "Only your team" in read(each)]
    assert office.phone.sent == []


async def test_without_leave_to_read_nothing_is_read(office: DiscordOffice) -> None:
    lead = await asked_by_dana(office)

    await office.people["maya"].send(await office.thread_of(lead), "Yes! Free at 2?")

    assert not [each for each in office.people["maya"].user.dm_channel.history() if "Only your team" in read(each)]


async def test_who_takes_no_messages_from_us_is_told_below_their_words(reading_office: DiscordOffice) -> None:
    office = reading_office
    lead = await asked_by_dana(office)
    thread = await office.thread_of(lead)
    await office.nothing_is_owed()
    office.env.inject_error("POST", rf"/channels/{office.people['maya'].user.dm_channel.id}/messages", status=403, times=1)

    await office.people["maya"].send(thread, "Yes! Free at 2?")

    await office.thread_of(lead, says="Only your team saw that. Dana did not.")


@given(st.text())
def test_what_was_escaped_is_read_back_as_it_was_typed(text: str) -> None:
    assert typed(escape(text)) == clean(text)

"""An officer answers a borrower in the thread, where only the team reads it: they are asked privately what the words should be."""

import time
from pathlib import Path

import aiohttp
import orjson
import pytest

from bot.sandbox.delivery import signature
from tests.doubles.databases import fresh_sqlite
from tests.doubles.office import Office, office_at_work
from tests.doubles.ports import free_port
from tests.doubles.shown import JSON, action, words
from tests.stories.test_texts_out import claimed_by_maya

ONLY_YOUR_TEAM = "Only your team saw that. Dana did not."


async def dana_wrote(office: Office) -> int:
    lead = await claimed_by_maya(office)
    await office.borrower_texts("Are you there?")
    await office.thread_says(lead, "Are you there?")
    return lead


async def is_warned(office: Office, times: int) -> None:
    """Maya is warned so often, and not once more: what is written after is heard after."""

    async def warned() -> bool:
        return sum(ONLY_YOUR_TEAM in each for each in await office.whispers_to("maya")) == times

    await office.until(warned, f"{times} warnings")


async def is_heard(office: Office, lead: int) -> None:
    """Whatever was said in the thread before is heard by now."""
    await office.writes("maya", "@Leadbell show", under=lead)
    await office.hears("maya", f"#{lead}: *Dana")


@pytest.mark.fault(53)
async def test_words_meant_for_the_borrower_leave_as_a_text_once_the_officer_says_so(texting_office: Office) -> None:
    office = texting_office
    lead = await dana_wrote(office)

    await office.writes("maya", "Yes, Dana & co. Free at 2?", under=lead)

    await office.hears("maya", ONLY_YOUR_TEAM)
    assert await office.texts_to() == []
    await office.presses("maya", "Send as text", lead)
    screen = await office.screen_of("maya", says="These words take 1 segment.")
    assert "OK to text" in screen
    await office.fills_in("maya")
    await office.thread_says(lead, "Delivered")
    assert await office.texts_to() == ["Yes, Dana & co. Free at 2?"]


async def test_the_same_words_can_be_kept_as_a_note(texting_office: Office) -> None:
    office = texting_office
    lead = await dana_wrote(office)
    await office.writes("maya", "She sounds keen, call her first", under=lead)
    await office.hears("maya", ONLY_YOUR_TEAM)

    await office.presses("maya", "Keep as note", lead)

    await office.thread_says(lead, "Maya Torres wrote a note")
    assert await office.texts_to() == []
    await is_warned(office, 0)  # the answer stands in its place


async def test_only_the_first_words_after_each_text_are_asked_about(texting_office: Office) -> None:
    office = texting_office
    lead = await dana_wrote(office)
    await office.writes("maya", "Sure, at 2", under=lead)
    await is_warned(office, 1)

    await office.writes("maya", "or at 3", under=lead)
    await is_heard(office, lead)
    await is_warned(office, 1)
    await office.borrower_texts("3 is fine")
    await office.thread_says(lead, "3 is fine")
    await office.writes("maya", "See you then", under=lead)
    await is_warned(office, 2)


@pytest.mark.fault(53)
async def test_talk_between_colleagues_is_left_alone(texting_office: Office) -> None:
    office = texting_office
    lead = await dana_wrote(office)

    await office.writes("luis", "Is she back from her holidays?", under=lead)
    await office.writes("maya", "<@U0LUIS> not yet", under=lead)
    await office.writes("maya", "Lunch, anybody?")

    await is_heard(office, lead)
    assert ONLY_YOUR_TEAM not in f"{await office.whispers_to('maya')} {await office.whispers_to('luis')}"


async def test_who_answered_by_text_already_talks_to_the_team(texting_office: Office) -> None:
    office = texting_office
    lead = await dana_wrote(office)
    await office.types("maya", f"/lead text {lead} I am, Dana")
    await office.thread_says(lead, "Delivered")

    await office.writes("maya", "Answered her", under=lead)

    await is_heard(office, lead)
    await is_warned(office, 0)


async def test_words_too_long_for_a_text_can_still_be_a_note(texting_office: Office) -> None:
    office = texting_office
    lead = await dana_wrote(office)

    await office.writes("maya", "word " * 350, under=lead)

    await office.hears("maya", ONLY_YOUR_TEAM)
    [warning] = [each for each in await office.messages() if ONLY_YOUR_TEAM in words(each)]
    assert action(warning, "Keep as note") and not action(warning, "Send as text")


@pytest.mark.parametrize("subtype", ["message_changed", "message_deleted"])
@pytest.mark.fault(53)
async def test_an_edit_or_a_deletion_resends_nothing(tmp_path: Path, subtype: str) -> None:
    async with office_at_work(tmp_path, fresh_sqlite(tmp_path), http_port=free_port(), texting=True) as office:
        lead = await dana_wrote(office)
        await office.writes("maya", "Free at 2?", under=lead)
        await office.presses("maya", "Send as text", lead)
        await office.screen_of("maya", says="OK to text")
        await office.fills_in("maya")
        await office.thread_says(lead, "Delivered")
        said = next(each for each in await office.messages() if words(each) == "Free at 2?")
        changed = {**said, "text": "Free at 3?", "type": "message"}

        await slack_tells(office, {"subtype": subtype, "channel": "C0LEADS", "message": changed, "previous_message": said, "ts": "1.1"})

        await is_heard(office, lead)
        await is_warned(office, 1)
        assert await office.texts_to() == ["Free at 2?"]


async def slack_tells(office: Office, event: JSON, event_id: str = "Ev1") -> None:
    """An event that the stand-in Slack has no hands for, signed as its others are."""
    body = orjson.dumps({"type": "event_callback", "team_id": "T0ACME", "event_id": event_id, "event": {"type": "message", **event}})
    headers = {"Content-Type": "application/json", **signature(body, int(time.time()))}
    async with aiohttp.ClientSession() as session, session.post(f"{office.url}/slack/events", data=body, headers=headers) as answer:
        assert answer.status == 200

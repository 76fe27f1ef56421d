"""Press 2 on Call me: a machine that answers hears a recorded message, where the law lets one be left, and the officer is free."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from bot.store.calls import Call
from bot.store.events import Event
from bot.store.outbound import ContactAttempt
from tests.doubles.databases import fresh_postgresql, fresh_sqlite
from tests.doubles.office import Office, office_at_work
from tests.doubles.workplace import DANAS_NUMBER, MAYAS_NUMBER
from tests.stories.test_texts_out import claimed_by_maya

VOICEMAIL = "voicemail:\n  opt_out_phone: (800) 555-0188\n  signed_off_by: Cora Bell\n  signed_off_on: 2026-11-02\n"
CHANGES = {"\ndefault_team:": f"\n{VOICEMAIL}\ndefault_team:"}
IN_WRITING = "I agree to calls with an artificial or prerecorded voice, and to texts, from Acme Mortgage at this number."


@pytest_asyncio.fixture(params=[fresh_sqlite, fresh_postgresql], ids=["sqlite", "postgresql"])
async def office(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Office]:
    """The example company with words for machines, once on each kind of store."""
    url = fresh_sqlite(tmp_path) if request.param is fresh_sqlite else fresh_postgresql()
    async with office_at_work(tmp_path, url, changes=CHANGES, texting=True) as opened:
        yield opened


async def tries(office: Office) -> list[tuple[str | None, bool]]:
    return [(attempt.disposition, attempt.verified) for attempt in office.all(ContactAttempt)]


async def test_a_machine_hears_the_message_and_the_try_logs_itself_as_a_voicemail(office: Office) -> None:
    await office.do("line", number=DANAS_NUMBER, line="machine")
    lead = await claimed_by_maya(office, consent_text=IN_WRITING)
    await office.types("maya", f"/lead call {lead}")

    await office.answers_and_presses(MAYAS_NUMBER, "2")

    said = await office.phone_says(DANAS_NUMBER, "This is a recorded message from Acme Mortgage LLC")
    assert "Maya Torres just called" in said and "5 1 2, 5 5 5, 0 1 9 9" in said and "8 0 0, 5 5 5, 0 1 8 8" in said
    await office.phone_says(MAYAS_NUMBER, "our message is being left")
    await office.thread_says(lead, "Maya Torres called Dana R.: a machine answered, our message was left.")
    await office.is_told("maya", "a machine answered for Dana R.", "The try is logged.")
    assert await tries(office) == [("left_voicemail", True)]
    await office.types("maya", f"/lead show {lead}")
    await office.hears("maya", "a machine answered, our message was left")


async def test_a_person_who_answers_is_connected_as_ever(office: Office) -> None:
    lead = await claimed_by_maya(office, consent_text=IN_WRITING)
    await office.types("maya", f"/lead call {lead}")
    await office.phone_rings(MAYAS_NUMBER)
    await office.handles_phone(MAYAS_NUMBER, "picks_up")
    await office.phone_says(MAYAS_NUMBER, "Press 2 to connect, and to leave our recorded message if a machine answers.")
    await office.handles_phone(MAYAS_NUMBER, "presses", "2")
    await office.phone_rings(DANAS_NUMBER)
    await office.handles_phone(DANAS_NUMBER, "picks_up")

    await office.thread_says(lead, "talks with Dana R.")
    await office.handles_phone(DANAS_NUMBER, "hangs_up")

    await office.thread_says(lead, "connected")
    await office.is_told("maya", "How did it go?")
    assert await tries(office) == [("connected", True)]
    assert [call["heard"] for call in await office.on_the_phone(DANAS_NUMBER)] == [[]]


async def test_without_written_consent_it_is_not_offered_and_whoever_presses_2_hears_why(office: Office) -> None:
    lead = await claimed_by_maya(office)
    await office.types("maya", f"/lead call {lead}")
    await office.phone_rings(MAYAS_NUMBER)
    await office.handles_phone(MAYAS_NUMBER, "picks_up")
    assert "Press 2" not in await office.phone_says(MAYAS_NUMBER, "Press 1 to connect.")

    await office.handles_phone(MAYAS_NUMBER, "presses", "2")

    await office.phone_says(MAYAS_NUMBER, "has not agreed in writing to recorded messages")
    [refused] = [event for event in office.all(Event) if event.kind == "not_allowed"]
    assert (refused.meta["channel"], refused.meta["rule"]) == ("voicemail", "call_recorded_no_written_consent")
    await office.handles_phone(MAYAS_NUMBER, "presses", "1")
    await office.phone_rings(DANAS_NUMBER)
    assert [call.voicemail for call in office.all(Call)] == [None]

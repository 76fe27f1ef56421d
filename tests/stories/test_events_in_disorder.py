"""What people say in Slack comes late, the wrong way round and by the hundred: nothing leaves by it, and presses are answered."""

import asyncio
from pathlib import Path

import pytest

from bot.store.events import Event
from tests.doubles.databases import fresh_sqlite
from tests.doubles.office import Office, office_at_work
from tests.doubles.ports import free_port
from tests.stories.test_accidents import ONLY_YOUR_TEAM, dana_wrote, is_heard, is_warned, slack_tells

CHATTER = 200


@pytest.mark.fault(27)
async def test_what_slack_tells_the_wrong_way_round_asks_the_officer_once_and_nothing_leaves(tmp_path: Path) -> None:
    async with office_at_work(tmp_path, fresh_sqlite(tmp_path), http_port=free_port(), texting=True) as office:
        lead = await dana_wrote(office)
        card = (await office.card_of(lead))["ts"]
        said = {"type": "message", "user": "U0MAYA", "text": "Free at 2?", "ts": f"{float(card) + 900:.6f}", "thread_ts": card}

        async def takes_back(moment: str) -> None:
            about = {"channel": "C0LEADS", "previous_message": said, "ts": "1.1"}
            await slack_tells(office, {**about, "subtype": "message_deleted", "deleted_ts": said["ts"]}, f"EvDeleted{moment}")
            await slack_tells(office, {**about, "subtype": "message_changed", "message": {**said, "text": "At 3?"}}, f"EvChanged{moment}")

        await takes_back("before")
        await office.writes("maya", "Free at 2?", under=lead)
        await office.hears("maya", ONLY_YOUR_TEAM)
        await takes_back("after")

        await is_heard(office, lead)
        await is_warned(office, 1)
        assert await office.texts_to() == []


@pytest.mark.fault(28)
async def test_hundreds_of_words_at_once_write_nothing_and_hold_up_no_press(texting_office: Office) -> None:
    office = texting_office
    lead = await office.lead_arrives()
    await office.card_of(lead)
    chatter = [asyncio.create_task(office.writes("luis", f"Talk {number}")) for number in range(CHATTER)]

    await office.presses("maya", "Claim", lead)

    await office.card_of(lead, says="Maya Torres has it")
    await asyncio.gather(*chatter)
    await is_heard(office, lead)
    assert not {"noted", "overheard", "texted"} & {each.kind for each in office.all(Event)}
    assert ONLY_YOUR_TEAM not in f"{await office.whispers_to('luis')}"

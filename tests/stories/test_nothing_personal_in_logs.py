"""A borrower's data stays out of the logs, whatever goes well or wrong with the lead. Seen on a real process's standard error."""

from pathlib import Path

import aiohttp
import pytest

from bot.sandbox.server import running_sandbox
from tests.doubles.databases import fresh_sqlite
from tests.doubles.processes import KEY, Bot, running_bot
from tests.doubles.workplace import Workplace

CANARY = {
    "first_name": "Zebulon",
    "last_name": "Quixworth",
    "phone": "(737) 555-0142",
    "email": "zebulon@quixworth.example",
    "property_city": "Canaryville",
    "comments": "Please ring my sister Hortensia",
}
TELLTALE = ("Zebulon", "Quixworth", "5550142", "555-0142", "Canaryville", "Hortensia", KEY, "xoxb-", "xapp-")


@pytest.mark.fault(79)
async def test_a_lead_leaves_no_trace_in_the_logs(tmp_path: Path) -> None:
    async with running_sandbox() as sandbox, aiohttp.ClientSession() as session:
        place = Workplace(sandbox, session)
        async with running_bot(fresh_sqlite(tmp_path), tmp_path, sandbox) as bot:
            await _arrives_in_every_way(bot, session)
            await _is_worked_with_slack_in_trouble(place)
            assert await bot.end() == 0

        log = bot.log.read_text()

    assert "posting not shown" in log
    assert "a press broke" in log
    assert [word for word in TELLTALE if word.casefold() in log.casefold()] == []


async def _arrives_in_every_way(bot: Bot, session: aiohttp.ClientSession) -> None:
    """Taken, joined, in conflict, not understood, unreadable, and with its key in the address."""
    answers = [
        await bot.deliver("zillow", **CANARY, id="z-1"),
        await bot.deliver("lendingtree", **CANARY),
        await bot.deliver("zillow", **{**CANARY, "loan_amount": "1"}, id="z-1"),
        await bot.deliver("zillow", **{**CANARY, "phone": "Quixworth 555-0142", "email": "zebulon"}),
    ]
    assert [status for status, _ in answers] == [200, 200, 409, 422]
    for key, status in ((KEY, 200), (f"{KEY}-wrong", 401)):
        async with session.post(f"{bot.url}/leads/website", params={"key": key, **CANARY}, json=CANARY) as answer:
            assert answer.status == status
    async with session.post(f"{bot.url}/leads/Quixworth", params={"key": KEY}, data=b'{"phone": "(737) 555-0142"') as answer:
        assert answer.status == 404


async def _is_worked_with_slack_in_trouble(place: Workplace) -> None:
    lead = 1001
    await place.card_of(lead)
    await place.slack_fault("lost_response", method="chat.postMessage", times=1)
    await place.slack_fault("error_5xx", method="chat.update", times=1)
    await place.presses("maya", "Claim", lead)
    await place.card_of(lead, says="Maya Torres has it")
    await place.slack_fault("error_5xx", method="views.open", times=1)
    await place.presses("maya", "Open", lead)
    await place.hears("maya", "That did not work")
    await place.slack_fault("channel_archived", channel="C0LEADS")
    await place.presses("maya", "Give back", lead)
    await place.hears("maya", "is back in the pool")

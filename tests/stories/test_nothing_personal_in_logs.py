"""A borrower's data stays out of logs, answers to programs and figures, whatever goes well or wrong. Seen from outside a real process."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from unittest.mock import patch

import aiohttp
import orjson
import pytest

from bot.conversation.emailing import Emailed, queue_email
from bot.outreach.calls import CallSheet
from bot.sandbox.server import running_sandbox
from bot.store.database import Store
from tests.doubles.branch import Branch
from tests.doubles.calls import Calls
from tests.doubles.cutting_proxy import cutting_proxy
from tests.doubles.databases import fresh_postgresql, fresh_sqlite
from tests.doubles.processes import KEY, Bot, running_bot
from tests.doubles.waiting import until
from tests.doubles.workplace import Workplace

CANARY = {
    "first_name": "Zebulon",
    "last_name": "Quixworth",
    "phone": "(737) 555-0142",
    "email": "zebulon@quixworth.example",
    "property_city": "Canaryville",
    "comments": "Please ring my sister Hortensia, my SSN is 078-05-1120",
}
JSON = {"Content-Type": "application/json"}
NUMBER = "+17375550142"
MAYA = "+15125550101"
TELLTALE = ("Zebulon", "Quixworth", "5550142", "555-0142", "Canaryville", "Hortensia", "078-05-1120", "078051120", KEY, "xoxb-", "xapp-")


def entries(log: str, event: str, **fields: Any) -> list[dict[str, Any]]:
    """The lines about this, with these fields."""
    found = [orjson.loads(line) for line in log.splitlines() if line.startswith("{")]
    return [each for each in found if each.get("event") == event and fields.items() <= each.items()]


def told_of(said: str) -> list[str]:
    """What of the borrower's, and of our secrets, stands there."""
    return [word for word in TELLTALE if word.casefold() in said.casefold()]


@pytest.mark.fault(79)
async def test_a_lead_leaves_no_trace_in_logs_answers_and_figures(tmp_path: Path) -> None:
    async with running_sandbox() as sandbox, aiohttp.ClientSession() as session:
        place = Workplace(sandbox, session)
        async with running_bot(fresh_sqlite(tmp_path), tmp_path, sandbox) as bot:
            answers = await _arrives_in_every_way(bot, session)
            await _is_worked_with_slack_in_trouble(place, bot)
            figures = [await _asked(session, f"{bot.url}{door}") for door in ("/metrics", "/readyz", "/healthz", "/openapi.json")]
            assert await bot.end() == 0

        log = bot.log.read_text()

    assert "posting not shown" in log
    assert told_of(log) == []
    assert {each["source"] for each in entries(log, "a lead came in", lead=1001)} == {"zillow", "lendingtree", "website"}
    assert entries(log, "a step was decided", lead=1001)
    claimed = entries(log, "a claim was decided", lead=1001)[0]
    assert claimed["outcome"] == "claimed" and claimed["delivery"].startswith("slack:")
    assert {each["kind"] for each in entries(log, "posting shown", lead=1001)} >= {"card", "update"}
    assert entries(log, "somebody pressed or typed", lead=1001)[0]["delivery"].startswith("slack:")
    assert entries(log, "a press broke")[0]["delivery"].startswith("slack:")
    assert entries(log, "a text left", lead=1001)[0]["provider_id"].startswith("SM")
    assert entries(log, "the status of a text was told", status="failed") != []
    assert entries(log, "a text came in") != []
    assert told_of("\n".join(answers)) == []
    assert "leadbell_leads{" in figures[0]
    assert told_of("\n".join(figures)) == []


@pytest.mark.fault(79)
async def test_a_call_and_emails_leave_no_trace_in_the_logs(tmp_path: Path) -> None:
    async with running_sandbox() as sandbox, aiohttp.ClientSession() as session:
        place, url = Workplace(sandbox, session), fresh_postgresql()
        store = Store(url)
        async with running_bot(url, tmp_path, sandbox) as bot:
            calls, lead, call_id = await asyncio.to_thread(_wants_to_reach, store)

            async def both_left() -> bool:
                log = await bot.said()
                return bool(entries(log, "an email left", lead=lead) and entries(log, "a call was placed", lead=lead, call=call_id))

            await place.phone_rings(MAYA)
            await place.handles_phone(MAYA, "picks_up")
            await place.phone_says(MAYA, "1")
            await place.handles_phone(MAYA, "hangs_up")
            await until(both_left, "a call and an email that left", bot.said)
            email = await place.email_arrives(CANARY["email"])
            await place.do("answer-email", message_id=email["message_id"], words="Zebulon: ask Hortensia", automatic=False)

            async def is_over() -> bool:
                heard = entries(await bot.said(), "an email came in")
                return calls.stand(call_id)[0] == "over" and bool(heard)

            await until(is_over, "the end of the call and an answer", bot.said)
            figures = [await _asked(session, f"{bot.url}{door}") for door in ("/metrics", "/readyz")]
            assert await bot.end() == 0
        store.close()
        log = bot.log.read_text()

    assert told_of(log) == []
    assert told_of("\n".join(figures)) == []


def _wants_to_reach(store: Store) -> tuple[Calls, int, int]:
    """Maya has the lead, writes an email and asks to be connected. The law is not the point here, so it allows the call at any hour."""
    branch = Branch(store, datetime.now(UTC))
    calls = Calls(branch)
    lead = calls.lead(**CANARY)
    written = store.transact_now(
        queue_email, branch.press("maya", lead), "For Zebulon", "Zebulon, I spoke with Hortensia", branch.services.in_force.config, on=True
    )
    assert isinstance(written, Emailed)
    with patch("bot.calls.calling.call_sheet", lambda lead, _: CallSheet(lead.phones[0], None, None, None)):
        return calls, lead, calls.asked(lead)


@pytest.mark.fault(79)
async def test_a_store_that_goes_away_has_nobody_told_of_the_lead(tmp_path: Path) -> None:
    with cutting_proxy(fresh_postgresql()) as proxy:
        async with running_sandbox() as sandbox, aiohttp.ClientSession() as session:
            place = Workplace(sandbox, session)
            async with running_bot(proxy.url, tmp_path, sandbox) as bot:
                assert (await bot.deliver("zillow", **CANARY, id="z-1"))[0] == 200
                await place.card_of(1001)
                proxy.away = True
                proxy.cut_all()
                async with session.post(f"{bot.url}/leads/website", params={"key": KEY}, json=CANARY) as refused:
                    assert refused.status == 503
                    answers = [await refused.text()]
                await place.presses("maya", "Claim", 1001)
                await place.hears("maya", "That did not work")
                answers += [await _asked(session, f"{bot.url}{door}") for door in ("/metrics", "/readyz")]

                async def complains() -> bool:
                    return "The database cannot be reached" in bot.log.read_text()

                await until(complains, "a complaint", bot.said)

            log = bot.log.read_text()

    assert told_of(log) == []
    assert told_of("\n".join(answers)) == []


async def _asked(session: aiohttp.ClientSession, url: str) -> str:
    async with session.get(url) as answer:
        return await answer.text()


async def _arrives_in_every_way(bot: Bot, session: aiohttp.ClientSession) -> list[str]:
    """Taken, joined, in conflict, not understood, unreadable, and with its key in the address; what was answered."""
    answers = [
        await bot.deliver("zillow", **CANARY, id="z-1"),
        await bot.deliver("lendingtree", **CANARY),
        await bot.deliver("zillow", **{**CANARY, "loan_amount": "1"}, id="z-1"),
        await bot.deliver("zillow", **{**CANARY, "phone": "Quixworth 555-0142", "email": "zebulon"}),
    ]
    assert [status for status, _ in answers] == [200, 200, 409, 422]
    said = [str(told) for _, told in answers]
    for key, status in ((KEY, 200), (f"{KEY}-wrong", 401)):
        async with session.post(f"{bot.url}/leads/website", params={"key": key, **CANARY}, json=CANARY) as answer:
            assert answer.status == status
            said.append(await answer.text())
    for source, status in (("Quixworth", 404), ("website", 422)):
        cut = b'{"first_name": "Zebulon", "phone": "(737) 555-0142"'
        async with session.post(f"{bot.url}/leads/{source}", params={"key": KEY}, data=cut, headers=JSON) as answer:
            assert answer.status == status
            said.append(await answer.text())
    async with session.get(f"{bot.url}/Quixworth/5550142") as answer:
        assert answer.status == 404
        said.append(await answer.text())
    return said


async def _is_worked_with_slack_in_trouble(place: Workplace, bot: Bot) -> None:
    lead = 1001
    await place.card_of(lead)
    await place.slack_fault("lost_response", method="chat.postMessage", times=1)
    await place.slack_fault("error_5xx", method="chat.update", times=1)
    await place.presses("maya", "Claim", lead)
    await place.card_of(lead, says="Maya Torres has it")
    await _texts_with_maya(place, bot, lead)
    await place.slack_fault("error_5xx", method="views.open", times=1)
    await place.presses("maya", "Open", lead)
    await place.hears("maya", "That did not work")
    await place.slack_fault("channel_archived", channel="C0LEADS")
    await place.presses("maya", "Give back", lead)
    await place.hears("maya", "is back in the pool")


async def _texts_with_maya(place: Workplace, bot: Bot, lead: int) -> None:
    """The borrower writes, and the answer, which may leave at any hour, does not arrive."""
    await place.do("phone", inbound_url=f"{bot.url}/twilio/messages")
    await place.do("number", number=NUMBER, ends="undelivered", error_code=30006)
    await place.borrower_texts("Zebulon here, talk with Hortensia", number=NUMBER)
    await place.thread_says(lead, "talk with Hortensia")
    await place.types("maya", f"/lead text {lead} Zebulon, I talk with Hortensia now.")
    await place.thread_says(lead, "Not delivered")

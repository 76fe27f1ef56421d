"""What goes wrong between a bot and the phone network, on demand; and what outlives the network's process."""

import asyncio
import time
from pathlib import Path
from types import SimpleNamespace
from unittest.mock import patch

import aiohttp
import pytest

from bot.sandbox.server import Sandbox, running_sandbox
from tests.doubles.waiting import MACHINE
from tests.sandbox.hands import People
from tests.sandbox.lines import DANA, OURS, Account, Bot
from tests.sandbox.test_process import started

ALL = ["sending", "sent", "delivered"]


async def told(bot: Bot, people: People, statuses: list[str]) -> None:
    async def so_it_is() -> bool:
        return bot.statuses() == statuses

    await people.until(so_it_is)


async def test_a_text_whose_answer_was_lost_goes_out_all_the_same(bot: Bot, account: Account, people: People) -> None:
    await people.do("faults", kind="lost_response", method="Messages.create")
    with pytest.raises(aiohttp.ClientError):
        await account.send(StatusCallback=f"{bot.url}/status?id=7")
    await told(bot, people, ALL)
    assert await account.listed(To=DANA) == ["Hi Dana"]
    assert (await account.send())[0] == 201


async def test_a_server_error_before_creation_sends_nothing(sandbox: Sandbox, session: aiohttp.ClientSession, people: People) -> None:
    account = Account(session, sandbox)
    await people.do("faults", kind="error_5xx", method="Messages.create")
    with pytest.raises(aiohttp.ContentTypeError):
        await account.send()
    assert await account.listed() == []


async def test_a_server_error_after_creation_sends_it(account: Account, people: People) -> None:
    await people.do("faults", kind="error_5xx_after", method="Messages.create")
    status, error = await account.send()
    assert (status, error["code"]) == (500, 20500)
    assert await account.listed() == ["Hi Dana"]


async def test_too_many_requests_are_never_processed(account: Account, people: People) -> None:
    await people.do("faults", kind="too_many_requests", times=2)
    for status, error in (await account.send(), await account.get("/Messages.json")):
        assert (status, error["code"]) == (429, 20429)
    assert await account.listed() == []


async def test_a_slow_answer_takes_as_long_as_asked(account: Account, people: People) -> None:
    await people.do("faults", kind="slow", method="Messages.create", seconds=0.3)
    began = time.monotonic()
    assert (await account.send())[0] == 201
    assert time.monotonic() - began >= 0.3


async def test_a_caller_who_gives_up_on_a_slow_answer_has_sent_it_all_the_same(account: Account, people: People) -> None:
    begun, goes_on = asyncio.Event(), asyncio.Event()

    async def waits(_: float) -> None:
        begun.set()
        await goes_on.wait()

    await people.do("faults", kind="slow", method="Messages.create", seconds=0.3)
    with patch("bot.sandbox.phone.rest.asyncio", SimpleNamespace(sleep=waits)):
        sending = asyncio.create_task(account.send())
        await begun.wait()
    sending.cancel()
    await asyncio.gather(sending, return_exceptions=True)
    assert await account.listed() == []
    goes_on.set()

    async def is_there() -> bool:
        return await account.listed() == ["Hi Dana"]

    await people.until(is_there)


@pytest.mark.parametrize(
    ("kind", "heard"),
    [
        ("webhook_twice", ["sending", "sending", "sent", "sent", "delivered", "delivered"]),
        ("webhook_reversed", ["delivered", "sent", "sending"]),
    ],
)
async def test_callbacks_come_as_wrong_as_asked_for_one_text(
    bot: Bot, account: Account, people: People, kind: str, heard: list[str]
) -> None:
    await people.do("faults", kind=kind, method="webhook.status")
    await account.send(StatusCallback=f"{bot.url}/status")
    await told(bot, people, heard)
    await account.send(StatusCallback=f"{bot.url}/status")
    await told(bot, people, heard + ALL)


async def test_callbacks_can_come_before_the_answer(bot: Bot, account: Account, people: People) -> None:
    await people.do("faults", kind="webhook_early")
    _, created = await account.send(StatusCallback=f"{bot.url}/status")
    assert bot.statuses() == ALL
    assert created["status"] == "queued" and await account.status(created["sid"]) == "delivered"


async def test_callbacks_can_stay_away_and_be_sent_by_hand_in_any_order(bot: Bot, account: Account, people: People) -> None:
    await people.do("faults", kind="webhook_never", method="webhook.status")
    _, created = await account.send(StatusCallback=f"{bot.url}/status")

    async def is_delivered() -> bool:
        return await account.status(created["sid"]) == "delivered"

    await people.until(is_delivered)
    assert bot.heard == []
    for status, code in (("delivered", None), ("sent", None), ("undelivered", 30003)):
        answer = await people.do("callback", sid=created["sid"], status=status, error_code=code)
        assert answer["answered"] == 204
    assert bot.statuses() == ["delivered", "sent", "undelivered"]
    assert [form.get("ErrorCode") for _, form in bot.heard] == [None, None, "30003"]


async def test_a_borrowers_text_can_come_twice_or_never(bot: Bot, account: Account, people: People) -> None:
    await people.do("faults", kind="webhook_twice", method="webhook.inbound")
    await people.do("sms", **{"from": DANA, "body": "twice"})
    await people.do("faults", kind="webhook_never", method="webhook.inbound")
    await people.do("sms", **{"from": DANA, "body": "never"})
    assert [form["Body"] for form in bot.texts()] == ["twice", "twice"]
    assert bot.texts()[0] == bot.texts()[1] and bot.tokens[0] == bot.tokens[1]
    assert await account.listed(To=OURS) == ["never", "twice"]


async def test_killed_and_started_again_it_remembers_and_goes_on(tmp_path: Path, session: aiohttp.ClientSession, bot: Bot) -> None:
    store = tmp_path / "sandbox.db"
    async with started(store) as (process, sandbox):
        people, account = People(session, sandbox), Account(session, sandbox)
        await people.do("phone", inbound_url=f"{bot.url}/texts", confirms=False)
        await people.do("sms", **{"from": DANA, "body": "STOP", "media": [{"content_type": "image/png", "data": "aGVsbG8="}]})
        await people.do("number", number="+12105550144", ends="undelivered", error_code=30006)
        await people.do("number", number="+19185550111", ends="queued")
        _, created = await account.send("+12105550144", StatusCallback=f"{bot.url}/status")
        await account.send("+19185550111", ValidityPeriod="600", StatusCallback=f"{bot.url}/stuck")
        process.kill()
        await process.wait()
    async with started(store) as (_, sandbox):
        people, account = People(session, sandbox), Account(session, sandbox)

        async def has_ended() -> bool:
            return await account.status(created["sid"]) == "undelivered"

        await people.until(has_ended)
        await told(bot, people, ["sending", "sent", "undelivered"])
        assert (await account.send())[1]["code"] == 21610
        await people.do("sms", **{"from": DANA, "body": "still there?"})
        assert bot.texts()[-1]["Body"] == "still there?"
        assert len((await account.get(f"/Messages/{bot.texts()[0]['MessageSid']}/Media.json"))[1]["media_list"]) == 1
        await people.do("clock", advance_s=601)

        async def has_expired() -> bool:
            return bot.heard[-1][0] == "/stuck"

        await people.until(has_expired)


async def test_an_open_call_does_not_keep_the_sandbox_from_ending(bot: Bot, session: aiohttp.ClientSession) -> None:
    async with running_sandbox() as sandbox:
        people, account = People(session, sandbox), Account(session, sandbox)
        await people.do("number", number=DANA, ends="queued")
        await account.send(StatusCallback=f"{bot.url}/status")
        began = time.monotonic()
    assert time.monotonic() - began < 1 + MACHINE

"""Faults on demand: each does what it says, as often as asked, and no longer."""

import asyncio
import time
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.server import Sandbox
from tests.doubles.waiting import PATIENCE
from tests.sandbox.hands import People, card
from tests.sandbox.test_web_api import refusal


async def test_a_post_whose_answer_was_lost_is_really_there(client: AsyncWebClient, people: People) -> None:
    await people.do("faults", kind="lost_response", method="chat.postMessage")
    with pytest.raises(aiohttp.ClientError):
        await client.chat_postMessage(channel="C0LEADS", text="A lead", metadata={"event_type": "posting", "event_payload": {"id": 7}})
    history = await client.conversations_history(channel="C0LEADS", include_all_metadata=True)
    assert [message["metadata"]["event_payload"]["id"] for message in history["messages"]] == [7]
    await client.chat_postMessage(channel="C0LEADS", text="The next one gets through")


async def test_slacks_own_retry_posts_twice_when_an_answer_is_lost(sandbox: Sandbox, people: People) -> None:
    careless = AsyncWebClient(token="xoxb-sandbox", base_url=sandbox.api_url)
    await people.do("faults", kind="lost_response", method="chat.postMessage")
    await careless.chat_postMessage(channel="C0LEADS", text="A lead")
    assert await people.texts() == ["A lead", "A lead"]


async def test_a_server_error_is_no_json_and_nothing_is_posted(client: AsyncWebClient, people: People) -> None:
    await people.do("faults", kind="error_5xx", method="chat.postMessage", times=2)
    for _ in range(2):
        with pytest.raises(SlackApiError) as caught:
            await client.chat_postMessage(channel="C0LEADS", text="A lead")
        assert caught.value.response.status_code == 503
    await client.chat_postMessage(channel="C0LEADS", text="A lead")
    assert await people.texts() == ["A lead"]


async def test_a_fault_for_one_method_spares_the_others(client: AsyncWebClient, people: People) -> None:
    await people.do("faults", kind="error_5xx", method="chat.update")
    assert (await client.auth_test())["ok"]


async def test_a_slow_answer_takes_as_long_as_asked(client: AsyncWebClient, people: People) -> None:
    await people.do("faults", kind="slow", seconds=0.3)
    began = time.monotonic()
    await client.auth_test()
    assert time.monotonic() - began >= 0.3


async def test_a_slow_answer_holds_nobody_else_up(client: AsyncWebClient, people: People) -> None:
    await people.do("faults", kind="slow", seconds=PATIENCE)
    answers = [asyncio.create_task(client.auth_test()) for _ in range(2)]
    done, [slow] = await asyncio.wait(answers, return_when=asyncio.FIRST_COMPLETED)
    assert [answer.result()["ok"] for answer in done] == [True]
    slow.cancel()
    await asyncio.gather(slow, return_exceptions=True)


class HandTime:
    """Real time, as a test says it."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def monotonic(self) -> float:
        return self.seconds


@pytest.fixture
def real_time(monkeypatch: pytest.MonkeyPatch) -> HandTime:
    moved = HandTime()
    monkeypatch.setattr("bot.sandbox.faults.time", moved)
    return moved


async def test_a_fault_can_last_for_a_time_instead_of_a_count(client: AsyncWebClient, people: People, real_time: HandTime) -> None:
    await people.do("faults", kind="error_5xx", seconds=5)
    for _ in range(2):
        real_time.seconds += 2
        with pytest.raises(SlackApiError):
            await client.auth_test()
    real_time.seconds += 2
    assert (await client.auth_test())["ok"]


async def test_a_revoked_token_stays_revoked_until_cleared(client: AsyncWebClient, people: People) -> None:
    await people.do("faults", kind="token_revoked")
    assert await refusal(client.auth_test()) == "token_revoked"
    assert await refusal(client.apps_connections_open(app_token="xapp-sandbox")) == "token_revoked"
    await people.do("faults", kind="none")
    assert (await client.auth_test())["ok"]


async def test_an_archived_channel_takes_no_posts_and_says_so(client: AsyncWebClient, people: People) -> None:
    await people.do("faults", kind="channel_archived", channel="C0LEADS")
    assert await refusal(client.chat_postMessage(channel="C0LEADS", text="A lead")) == "is_archived"
    assert (await client.conversations_info(channel="C0LEADS"))["channel"]["is_archived"]
    assert (await client.chat_postMessage(channel="C0SOUTH", text="A lead"))["ok"]


async def test_one_post_a_second_and_channel_when_the_limit_is_on(client: AsyncWebClient, people: People, real_time: HandTime) -> None:
    await people.do("faults", kind="rate_limit")
    await client.chat_postMessage(channel="C0LEADS", text="first")
    await client.chat_postMessage(channel="C0SOUTH", text="another channel")
    with pytest.raises(SlackApiError) as caught:
        await client.chat_postMessage(channel="C0LEADS", text="too soon")
    assert caught.value.response.status_code == 429 and caught.value.response["error"] == "ratelimited"
    assert caught.value.response.headers["Retry-After"] == "1"
    real_time.seconds += 1
    assert (await client.chat_postMessage(channel="C0LEADS", text="after waiting"))["ok"]
    await people.do("faults", kind="rate_limit", on=False)
    assert (await client.chat_postMessage(channel="C0LEADS", text="no limit any more"))["ok"]


async def test_good_blocks_are_refused_as_often_as_asked(client: AsyncWebClient, people: People) -> None:
    await people.do("faults", kind="invalid_blocks", times=1)
    assert await refusal(client.chat_postMessage(channel="C0LEADS", text="A lead", blocks=card())) == "invalid_blocks"
    assert (await client.chat_postMessage(channel="C0LEADS", text="A lead", blocks=card()))["ok"]
    await people.do("faults", kind="invalid_blocks", method="views.publish")
    assert await refusal(client.views_publish(user_id="U0MAYA", view={"type": "home", "blocks": card()})) == "invalid_arguments"


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ({"kind": "gremlins"}, "kind must be one of"),
        ({"kind": "slow", "seconds": "long"}, "seconds must be"),
        ({"kind": "channel_archived"}, "channel_not_found"),
    ],
)
async def test_a_fault_that_does_not_exist_is_refused(people: People, fault: dict[str, Any], error: str) -> None:
    answer = await people.do("faults", **fault)
    assert not answer["ok"] and error in answer["error"]


async def test_none_clears_every_fault(client: AsyncWebClient, people: People) -> None:
    for fault in (
        {"kind": "error_5xx"},
        {"kind": "token_revoked"},
        {"kind": "channel_archived", "channel": "C0LEADS"},
        {"kind": "rate_limit"},
    ):
        await people.do("faults", **fault)
    await people.do("faults", kind="none")
    for text in ("one", "two"):
        await client.chat_postMessage(channel="C0LEADS", text=text, blocks=card())

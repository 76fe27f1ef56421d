"""HTTP mode: what a real Bolt app gets when no socket is open."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.server import running_sandbox
from tests.sandbox.hands import People, bolt_app, card

JSON = dict[str, Any]


@asynccontextmanager
async def sandbox_posting_to(application: web.Application, session: aiohttp.ClientSession) -> AsyncIterator[tuple[AsyncWebClient, People]]:
    """A sandbox that sends its events to the application's /slack/events."""
    async with TestServer(application) as server, running_sandbox(events_url=str(server.make_url("/slack/events"))) as sandbox:
        client = AsyncWebClient(token="xoxb-sandbox", base_url=sandbox.api_url, session=session)
        yield client, People(session, sandbox)


async def test_a_signed_press_reaches_the_app_and_its_answer_comes_back(session: aiohttp.ClientSession) -> None:
    app = bolt_app(AsyncWebClient(token="xoxb-sandbox", session=session))

    @app.action("claim")
    async def claim(ack: Any) -> None:
        await ack()

    @app.command("/lead")
    async def lead(ack: Any, command: JSON) -> None:
        await ack(f"Lead {command['text']}")

    async with sandbox_posting_to(app.web_app("/slack/events"), session) as (client, people):
        app.client.base_url = client.base_url
        posted = await client.chat_postMessage(channel="C0LEADS", text="A lead", blocks=card())
        assert (await people.press(posted["ts"]))["acked"]
        assert (await people.do("command", channel="C0LEADS", user="U0MAYA", command="/lead", text="1042"))["acked"]
        assert "Lead 1042" in await people.texts()


async def test_an_app_with_another_secret_refuses_the_signature(session: aiohttp.ClientSession) -> None:
    app = AsyncApp(client=AsyncWebClient(token="xoxb-sandbox", session=session), signing_secret="another secret")
    async with sandbox_posting_to(app.web_app("/slack/events"), session) as (_, people):
        answer = await people.do("command", channel="C0LEADS", user="U0MAYA", command="/lead", text="")
    assert not answer["acked"] and answer["ack_error"] == "http_error"


@pytest.fixture
def failing_app() -> tuple[web.Application, list[dict[str, str]], dict[str, str]]:
    """An app that answers 500; its requests' headers, and headers to answer with."""
    requests: list[dict[str, str]] = []
    answer_headers: dict[str, str] = {}

    async def fail(request: web.Request) -> web.Response:
        requests.append({name.lower(): value for name, value in request.headers.items()})
        return web.Response(status=500, headers=answer_headers)

    application = web.Application()
    application.router.add_post("/slack/events", fail)
    return application, requests, answer_headers


async def test_a_failed_event_is_sent_again_with_retry_headers(
    failing_app: tuple[web.Application, list[dict[str, str]], dict[str, str]], session: aiohttp.ClientSession
) -> None:
    application, requests, _ = failing_app
    async with sandbox_posting_to(application, session) as (_, people):
        await people.do("message", channel="C0LEADS", user="U0MAYA", text="anyone?")

        async def sent_twice() -> bool:
            return len(requests) == 2

        await people.until(sent_twice)
    assert "x-slack-retry-num" not in requests[0]
    assert requests[1]["x-slack-retry-num"] == "1" and requests[1]["x-slack-retry-reason"] == "http_error"


async def test_an_app_can_ask_not_to_be_sent_it_again(
    failing_app: tuple[web.Application, list[dict[str, str]], dict[str, str]], session: aiohttp.ClientSession
) -> None:
    application, requests, answer_headers = failing_app
    answer_headers["X-Slack-No-Retry"] = "1"
    async with sandbox_posting_to(application, session) as (_, people):
        for text in ("first", "second"):
            await people.do("message", channel="C0LEADS", user="U0MAYA", text=text)

        async def both_written_down() -> bool:
            return len(await people.deliveries("events_api")) == 2

        await people.until(both_written_down)
    assert len(requests) == 2

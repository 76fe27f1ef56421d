"""A sandbox, a client and people for each test."""

from collections.abc import AsyncIterator, Iterator
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from aiohttp import web
from aiohttp.test_utils import TestServer
from playwright.async_api import Page, async_playwright
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.server import Sandbox, running_sandbox
from tests.doubles.unhurried import slack_is_patient
from tests.doubles.waiting import PATIENCE
from tests.sandbox.hands import CHROMIUM, JSON, People, bolt_app, connected
from tests.sandbox.lines import Account, Bot


@pytest.fixture(autouse=True)
def patience() -> Iterator[None]:
    with slack_is_patient():
        yield


@pytest_asyncio.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with running_sandbox() as running:
        yield running


@pytest_asyncio.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as opened:
        yield opened


@pytest_asyncio.fixture
async def client(sandbox: Sandbox, session: aiohttp.ClientSession) -> AsyncWebClient:
    return AsyncWebClient(token="xoxb-sandbox", base_url=sandbox.api_url, session=session, retry_handlers=[])


@pytest_asyncio.fixture
async def people(sandbox: Sandbox, session: aiohttp.ClientSession) -> People:
    return People(session, sandbox)


@pytest_asyncio.fixture
async def account(sandbox: Sandbox, session: aiohttp.ClientSession) -> Account:
    return Account(session, sandbox)


@pytest_asyncio.fixture
async def bot(people: People) -> AsyncIterator[Bot]:
    """A bot that is told of inbound texts; every webhook it gets must be signed."""
    made = Bot()
    application = web.Application()
    application.router.add_post("/{where}", made.hear)
    async with TestServer(application) as server:
        made.url = str(server.make_url("")).rstrip("/")
        await people.do("phone", inbound_url=f"{made.url}/texts")
        yield made
    assert made.forged == []


@pytest_asyncio.fixture
async def app(client: AsyncWebClient) -> AsyncIterator[AsyncApp]:
    made = bolt_app(client)
    async with connected(made):
        yield made


@pytest_asyncio.fixture
async def bodies(app: AsyncApp) -> list[JSON]:
    """What the app heard of presses on `claim`, which it only acknowledges."""
    heard: list[JSON] = []

    @app.action("claim")
    async def claim(ack: Any, body: JSON) -> None:
        heard.append(body)
        await ack()

    return heard


@pytest_asyncio.fixture
async def page(sandbox: Sandbox) -> AsyncIterator[Page]:
    """A page at phone width; whatever goes wrong in its script fails the test."""
    troubles: list[str] = []
    async with async_playwright() as playwright:
        flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=flags, timeout=1000 * PATIENCE)
        opened = await browser.new_page(viewport={"width": 390, "height": 800})
        opened.set_default_timeout(1000 * PATIENCE)
        opened.on("pageerror", lambda error: troubles.append(str(error)))
        opened.on("dialog", lambda dialog: troubles.append(dialog.message))
        opened.on("request", lambda request: troubles.append(request.url) if not request.url.startswith((sandbox.url, "data:")) else None)
        yield opened
        await browser.close()
    assert troubles == []

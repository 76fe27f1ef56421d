"""Hands for the sandbox's tests: people who press and write, a Bolt app that answers, blocks to press."""

import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.server import Sandbox
from tests.doubles.waiting import until

JSON = dict[str, Any]
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


class People:
    """Drives the control API. Answers are what it says, errors included."""

    def __init__(self, session: aiohttp.ClientSession, sandbox: Sandbox) -> None:
        self._session = session
        self._control = f"{sandbox.url}/_control/"

    async def do(self, act: str, **body: Any) -> JSON:
        async with self._session.post(self._control + act, json=body) as response:
            answer: JSON = await response.json()
            return answer

    async def see(self, what: str) -> JSON:
        async with self._session.get(self._control + what) as response:
            answer: JSON = await response.json()
            return answer

    async def messages(self, channel: str = "C0LEADS") -> list[JSON]:
        found: list[JSON] = (await self.see(f"messages/{channel}"))["messages"]
        return found

    async def texts(self, channel: str = "C0LEADS") -> list[str]:
        return [message["text"] for message in await self.messages(channel)]

    async def press(self, ts: str, user: str = "U0MAYA", **action: Any) -> JSON:
        return await self.do("interact", channel="C0LEADS", messageTs=ts, user=user, action={"action_id": "claim", **action})

    async def deliveries(self, kind: str) -> list[JSON]:
        return [entry for entry in (await self.see("log"))["log"] if entry["direction"] == "to_bot" and entry["kind"] == kind]

    async def until(self, holds: Callable[[], Awaitable[bool]]) -> None:
        """Wait for something that is about to be so."""
        await until(holds, holds.__name__.replace("_", " "))


def bolt_app(client: AsyncWebClient) -> AsyncApp:
    """A Bolt app as production has it, that takes every message event without a word."""
    app = AsyncApp(client=client, signing_secret="sandbox-signing-secret")

    @app.event("message")
    async def take(event: JSON) -> None:
        """Acknowledged by Bolt itself."""

    return app


@asynccontextmanager
async def connected(app: AsyncApp, ping_s: float = 10) -> AsyncIterator[AsyncSocketModeHandler]:
    """The app with one open socket, which it looks after every ping_s seconds."""
    handler = AsyncSocketModeHandler(app, "xapp-sandbox", ping_interval=ping_s)
    await handler.connect_async()
    try:
        yield handler
    finally:
        await handler.close_async()


def plain(text: str) -> JSON:
    return {"type": "plain_text", "text": text}


def button(action_id: str, text: str, **more: Any) -> JSON:
    return {"type": "button", "action_id": action_id, "text": plain(text), **more}


def option(value: str) -> JSON:
    return {"text": plain(value.title()), "value": value}


def card(*elements: JSON) -> list[JSON]:
    """A card with these elements, or with a Claim button of lead 1042."""
    shown = list(elements) or [button("claim", "Claim", value="1042")]
    return [
        {"type": "section", "block_id": "head", "text": {"type": "mrkdwn", "text": "*A, purchase $310k*"}},
        {"type": "actions", "block_id": "act", "elements": shown},
    ]


def modal(*blocks: JSON, **more: Any) -> JSON:
    """A modal that asks for a note, or shows these blocks."""
    note = {"type": "input", "block_id": "note", "label": plain("Note"), "element": {"type": "plain_text_input", "action_id": "text"}}
    return {"type": "modal", "title": plain("Log a call"), "submit": plain("Save"), "blocks": list(blocks) or [note], **more}


async def post_card(client: AsyncWebClient, *elements: JSON) -> str:
    """The ts of a fresh card."""
    return str((await client.chat_postMessage(channel="C0LEADS", text="A lead", blocks=card(*elements)))["ts"])

"""A light stand-in Slack: answers at once, notes when cards and acks come, echoes cards and sends presses by Socket Mode."""

import asyncio
import itertools
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import orjson
from aiohttp import web

from bench.company import BRANCHES, CHANNEL, OFFICERS

WORKSPACE = "T0BENCH"
BOT_USER = "U0BELL"


class StandIn:
    """The Slack of one server under test. Times are `time.perf_counter` seconds."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.carded: dict[int, float] = {}
        """When each lead's first card was received, in the order in which they came."""
        self.message_of: dict[int, str] = {}
        self.acked: dict[str, float] = {}
        self.pace: float | None = None
        """Seconds between posts in a channel, like Slack's own limit; None is without one."""
        self.refused = 0
        """How many posts were answered 429."""
        self._free_at: dict[str, float] = {}
        self._sockets: list[web.WebSocketResponse] = []
        self._numbers = itertools.count(1)
        self._next_socket = itertools.count()

    async def connected(self, sockets: int) -> None:
        """Wait until so many sockets are open."""
        while len(self._sockets) < sockets:
            await asyncio.sleep(0.01)

    async def press_claim(self, lead: int, user: str) -> str:
        """Press Claim on a lead's card; the envelope's id, under which its ack will be noted."""
        envelope, action_ts = f"press-{next(self._numbers)}", f"{time.time():.6f}"
        action = {"type": "button", "action_id": "claim", "block_id": f"lead:{lead}", "value": str(lead), "action_ts": action_ts}
        payload = {
            "type": "block_actions",
            "user": {"id": user, "team_id": WORKSPACE},
            "team": {"id": WORKSPACE},
            "api_app_id": "A0BENCH",
            "container": {"type": "message", "message_ts": self.message_of[lead], "channel_id": CHANNEL},
            "channel": {"id": CHANNEL, "name": "leads"},
            "response_url": f"{self.url}/response/{envelope}",
            "actions": [action],
        }
        await self._send({"envelope_id": envelope, "type": "interactive", "accepts_response_payload": False, "payload": payload})
        return envelope

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """One call of the Web API."""
        method = request.match_info["method"]
        if method == "chat.postMessage":
            return await self._post(await request.json(loads=orjson.loads))
        if method == "chat.update":
            return _json({"ok": True, "ts": (await request.json(loads=orjson.loads))["ts"]})
        asked = {name: str(value) for name, value in {**request.query, **(await request.post())}.items()}
        match method:
            case "auth.test":
                identity = {"team_id": WORKSPACE, "user_id": BOT_USER, "bot_id": "B0BELL", "team": "Acme", "user": "leadbell"}
                return _json({"ok": True, "url": self.url, **identity})
            case "apps.connections.open":
                return _json({"ok": True, "url": f"{self.url.replace('http', 'ws')}/socket"})
            case "conversations.list":
                others = [{"id": f"{CHANNEL}{each}", "name": f"leads{each}"} for each in range(2, BRANCHES + 1)]
                return _json({"ok": True, "channels": [{"id": CHANNEL, "name": "leads"}, *others]})
            case "conversations.open":
                return _json({"ok": True, "channel": {"id": f"D{asked['users'][1:]}"}})
            case "conversations.history" | "conversations.replies":
                return _json({"ok": True, "messages": []})
            case "users.lookupByEmail":
                user = next(
                    (id for id, email in OFFICERS.items() if email == asked["email"]), f"U{asked['email'].partition('@')[0].upper()}"
                )
                return _json({"ok": True, "user": {"id": user}})
            case "users.info":
                return _json({"ok": True, "user": {"id": asked["user"], "team_id": WORKSPACE}})
        return _json({"ok": False, "error": "unknown_method"})

    async def _post(self, message: dict[str, Any]) -> web.StreamResponse:
        now, channel = time.perf_counter(), message["channel"]
        if self.pace is not None and now < self._free_at.get(channel, now):
            self.refused += 1
            return _json({"ok": False, "error": "ratelimited"}, 429, {"Retry-After": "1"})
        self._free_at[channel] = now + (self.pace or 0.0)
        ts = f"{next(self._numbers)}.000000"
        if channel == CHANNEL and "thread_ts" in message:
            await self._echo(ts, message)
        elif channel == CHANNEL:
            lead = int(message["blocks"][-1]["block_id"].removeprefix("lead:"))
            self.carded.setdefault(lead, now)
            self.message_of[lead] = ts
            await self._echo(ts, message)
        return _json({"ok": True, "channel": channel, "ts": ts, "message": {**message, "ts": ts, "user": BOT_USER}})

    async def _echo(self, ts: str, message: dict[str, Any]) -> None:
        """Slack tells an app of each message in its channels, its own too."""
        if self._sockets:
            event = {**message, "type": "message", "subtype": "bot_message", "bot_id": "B0BELL", "user": BOT_USER, "ts": ts}
            payload = {"type": "event_callback", "team_id": WORKSPACE, "event_id": f"Ev{ts}", "event": event}
            await self._send({"envelope_id": f"echo-{ts}", "type": "events_api", "accepts_response_payload": False, "payload": payload})

    async def _send(self, envelope: dict[str, Any]) -> None:
        socket = self._sockets[next(self._next_socket) % len(self._sockets)]
        await socket.send_str(orjson.dumps(envelope).decode())

    async def socket(self, request: web.Request) -> web.WebSocketResponse:
        """One Socket Mode connection."""
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_str('{"type": "hello"}')
        self._sockets.append(socket)
        async for message in socket:
            self.acked[orjson.loads(message.data)["envelope_id"]] = time.perf_counter()
        self._sockets.remove(socket)
        return socket


async def _take(_: web.Request) -> web.Response:
    return web.Response()


def _json(content: dict[str, Any], status: int = 200, headers: dict[str, str] | None = None) -> web.Response:
    return web.Response(body=orjson.dumps(content), status=status, headers=headers, content_type="application/json")


@asynccontextmanager
async def stand_in() -> AsyncIterator[StandIn]:
    """A stand-in on a free port of this machine, until the end of the block."""
    app = web.Application()
    runner = web.AppRunner(app, access_log=None)
    slack = StandIn("")
    app.router.add_route("*", "/api/{method}", slack.answer)
    app.router.add_get("/socket", slack.socket)
    app.router.add_post("/response/{envelope}", _take)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0, shutdown_timeout=1).start()
    slack.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield slack
    finally:
        await runner.cleanup()

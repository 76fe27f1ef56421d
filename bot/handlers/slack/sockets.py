"""Two Socket Mode connections, so that one listens while the other is replaced. One that has gone deaf is, the new one first."""

import asyncio
import math
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime

import structlog
from slack_bolt.adapter.socket_mode.async_internals import run_async_bolt_app, send_async_response
from slack_bolt.async_app import AsyncApp
from slack_bolt.response import BoltResponse
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse

log = structlog.get_logger()

SOCKETS = 2
ANSWERED_WITH_CONTENT = frozenset({"view_submission", "block_suggestion"})
"""What waits for its handler's answer. All else is acked before it is worked on: Bolt looks for a handler's ack every 10 ms only."""
DEAF_AFTER = 60.0
LOOK_EVERY = 2.0
GOODBYE_WITHIN = 1.0
ECHO_WITHIN = 10.0
"""Seconds within which Slack tells us of what we posted: later than that, nobody can say that we hear."""
UNEQUAL = 8
"""Slack gives each envelope to any of our sockets: one that got none of so many, for a minute, gets none at all."""
UNEQUAL_AMONG_PROCESSES = 32
"""The same of all our sockets and those of other processes: Slack lets five processes connect, and one of five gets none of so many once
in a thousand times."""


class Socket:
    """One connection, and when it last heard an envelope. Answers to pings prove nothing: a deaf socket may still give them."""

    def __init__(self, app: AsyncApp, app_token: str, heard: Callable[["Socket", bool], None]) -> None:
        self._app = app
        self._heard = heard
        self._client = SocketModeClient(app_token=app_token, web_client=app.client, ping_interval=10)
        self._client.socket_mode_request_listeners.append(self._handle)
        self.heard_at = time.monotonic()
        self.missed = 0

    async def open(self) -> None:
        await self._client.connect()
        self.heard_at = time.monotonic()

    async def close(self) -> None:
        """Say goodbye, and go also when a Slack that hangs says nothing."""
        self._client.auto_reconnect_enabled = False
        with suppress(TimeoutError):
            async with asyncio.timeout(GOODBYE_WITHIN):
                await self._client.disconnect()
        await self._client.close()

    async def alive(self) -> bool:
        return await self._client.is_connected()

    async def _handle(self, client: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        is_echo = "bot_id" in request.payload.get("event", {})  # Slack tells us of each message of ours, too
        self._heard(self, is_echo)
        if request.payload.get("type") not in ANSWERED_WITH_CONTENT:
            await client.send_socket_mode_response(SocketModeResponse(envelope_id=request.envelope_id))
            if not is_echo:  # no feature listens to bots
                await run_async_bolt_app(self._app, request)
            return
        response = await run_async_bolt_app(self._app, request)
        if response.status != 200:
            response = BoltResponse(status=200)  # nobody handles it, or it broke and was reported: Slack need not send it again
        await send_async_response(client, request, response, time.time())


class Sockets:
    """Keeps the connections open and hearing."""

    def __init__(self, app: AsyncApp, app_token: str, *, deaf_after: float = DEAF_AFTER, echo_within: float = ECHO_WITHIN) -> None:
        self._app = app
        self._app_token = app_token
        self._deaf_after = deaf_after
        self._echo_within = echo_within
        self._sockets: list[Socket] = []
        self._echo_due_since: float | None = None
        self._echoes = False  # whether Slack tells us of our posts at all: without a scope it does not
        self._replaced_at = -math.inf
        self.heard_at = -math.inf
        self._came: datetime | None = None  # when something last came to any of our processes, as the store said last
        self._missed = 0  # how often that was new while nothing came to us

    async def try_token(self) -> None:
        """Ask for a connection as each socket will. Raises SlackApiError when Slack refuses the app-level token."""
        await self._app.client.apps_connections_open(app_token=self._app_token)

    async def open(self) -> None:
        self._sockets = [Socket(self._app, self._app_token, self._heard) for _ in range(SOCKETS)]
        await asyncio.gather(*(socket.open() for socket in self._sockets))

    async def close(self) -> None:
        await asyncio.gather(*(socket.close() for socket in self._sockets))

    def posted(self, at: float) -> None:
        """Something was posted, at that monotonic time, of which Slack tells one of our sockets: from now on silence means something."""
        if self._echo_due_since is None and at > max((socket.heard_at for socket in self._sockets), default=at):
            self._echo_due_since = at

    def compare(self, came: datetime, at: float) -> None:
        """Something came to one of our processes, maybe another one, as the store says, at that monotonic time: Slack may have given the
        echo of our post to it."""
        if self._echo_due_since is not None and at > self._echo_due_since:
            self._echo_due_since = None
        if came != self._came:
            self._came = came
            self._missed += 1

    async def hear(self) -> bool:
        """Whether at least one connection stands, and nothing that we posted is missing from what came through them."""
        late = self._echoes and self._echo_due_since is not None and time.monotonic() - self._echo_due_since > self._echo_within
        return not late and any([await socket.alive() for socket in self._sockets])

    async def watch(self) -> bool:
        """One look after a moment: replace what has gone deaf. True where that was all, and what is shown may prove the new ones."""
        await asyncio.sleep(min(LOOK_EVERY, self._deaf_after))
        deaf = self._deaf()
        for socket in deaf:
            await self._replace(socket)
        return self._echoes and bool(deaf) and len(deaf) == len(self._sockets)

    def _heard(self, socket: Socket, is_echo: bool) -> None:
        self._echo_due_since = None
        self._echoes = self._echoes or is_echo
        self._missed = 0
        for other in self._sockets:
            other.missed += 1
        self.heard_at = socket.heard_at = time.monotonic()
        socket.missed = 0

    def _deaf(self) -> list[Socket]:
        now = time.monotonic()
        if self._echo_due_since is not None and now - max(self._echo_due_since, self._replaced_at) > self._deaf_after:
            self._replaced_at, self._missed = now, 0
            if not self._echoes:
                self._echo_due_since = None
            return list(self._sockets)
        if self._missed >= UNEQUAL_AMONG_PROCESSES and all(now - socket.heard_at > self._deaf_after for socket in self._sockets):
            self._missed = 0
            return list(self._sockets)
        return [socket for socket in self._sockets if socket.missed >= UNEQUAL and now - socket.heard_at > self._deaf_after]

    async def _replace(self, deaf: Socket) -> None:
        log.warning("a socket has gone deaf and is replaced")
        fresh = Socket(self._app, self._app_token, self._heard)
        await fresh.open()
        self._sockets = [fresh if socket is deaf else socket for socket in self._sockets]
        await deaf.close()

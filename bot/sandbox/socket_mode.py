"""Socket Mode: the bot's WebSocket connections, each envelope to exactly one of them, three seconds to acknowledge it."""

import asyncio
import itertools
import math
import time
from dataclasses import dataclass, field
from typing import Any

import orjson
from aiohttp import WSMessage, WSMsgType, web

from bot.sandbox.workspace import APP_ID

JSON = dict[str, Any]
ACK_SECONDS = 3.0
MOST_CONNECTIONS = 10
CLOSE_SECONDS = 0.3
GONE = (WSMsgType.CLOSED, WSMsgType.CLOSING, WSMsgType.ERROR)


@dataclass(frozen=True)
class Ack:
    """The app's answer to an envelope; error says why there was none, ms how long it took."""

    acked: bool
    ms: float = 0.0
    payload: JSON | None = None
    error: str = ""
    may_retry: bool = True
    connection: int | None = None


@dataclass(eq=False)
class Connection:
    number: int
    socket: web.WebSocketResponse
    silent_until: float = 0.0
    deaf_until: float = 0.0
    leaving: bool = False
    waiting: dict[str, asyncio.Future[JSON | None]] = field(default_factory=dict)

    def is_deaf(self) -> bool:
        return time.monotonic() < self.deaf_until

    def is_silent(self) -> bool:
        return time.monotonic() < self.silent_until or self.is_deaf()


class Sockets:
    def __init__(self) -> None:
        self._connections: list[Connection] = []
        self._numbers = itertools.count(1)
        self._turn = itertools.count()

    def live(self) -> list[Connection]:
        return [connection for connection in self._connections if not connection.leaving]

    async def handle(self, request: web.Request) -> web.WebSocketResponse:
        """One connection of the bot, from the handshake to its end."""
        socket = web.WebSocketResponse(autoping=False, autoclose=False, timeout=CLOSE_SECONDS)
        await socket.prepare(request)
        if len(self._connections) >= MOST_CONNECTIONS:
            await socket.send_str(_disconnect("too_many_websockets"))
            await socket.close()
            return socket
        connection = Connection(next(self._numbers), socket)
        self._connections.append(connection)
        try:
            await socket.send_str(_hello(len(self._connections)))
            await _listen(connection)
        except ConnectionError:
            pass  # the bot is gone; what it had not acknowledged is settled below
        finally:
            self._connections.remove(connection)
            for future in connection.waiting.values():
                future.cancel()
        return socket

    async def deliver(self, envelope: JSON) -> Ack:
        """Send to the next connection in turn and wait for its acknowledgement."""
        connections = self.live()
        if not connections:
            return Ack(False, error="connection_failed")
        connection = connections[next(self._turn) % len(connections)]
        future: asyncio.Future[JSON | None] = asyncio.get_running_loop().create_future()
        connection.waiting[envelope["envelope_id"]] = future
        began = time.perf_counter()
        try:
            async with asyncio.timeout(ACK_SECONDS):
                if not connection.is_silent():
                    await connection.socket.send_str(orjson.dumps(envelope).decode())
                await asyncio.wait([future])
            if future.cancelled():
                return Ack(False, _ms_since(began), error="connection_failed", connection=connection.number)
            return Ack(True, _ms_since(began), future.result(), connection=connection.number)
        except TimeoutError:
            return Ack(False, _ms_since(began), error="timeout", connection=connection.number)
        except ConnectionError:
            return Ack(False, _ms_since(began), error="connection_failed", connection=connection.number)
        finally:
            connection.waiting.pop(envelope["envelope_id"], None)

    async def disturb(self, kind: str, count: int | None, seconds: float | None) -> int:
        """
        Bring a socket fault over the oldest `count` live connections, all when None; returns how many it met.
        Connections that open later are sound.
        """
        met = self.live()[:count]
        until = time.monotonic() + (seconds if seconds is not None else math.inf)
        for connection in met:
            if kind == "silent_socket":
                connection.silent_until = until
            elif kind == "deaf_socket":
                connection.deaf_until = until
            else:
                connection.leaving = True
                await connection.socket.send_str(_disconnect("refresh_requested"))
        return len(met)

    def heal(self) -> None:
        for connection in self._connections:
            connection.silent_until = connection.deaf_until = 0.0

    async def close(self) -> None:
        await asyncio.gather(*(connection.socket.close() for connection in self._connections))


async def _listen(connection: Connection) -> None:
    while True:
        message = await connection.socket.receive()
        if message.type in GONE:
            return
        if connection.is_deaf():
            continue
        if message.type == WSMsgType.PING:
            await connection.socket.pong(message.data)
        elif message.type == WSMsgType.CLOSE:
            await connection.socket.close()
            return
        elif message.type == WSMsgType.TEXT:
            _take_ack(connection, message)


def _take_ack(connection: Connection, message: WSMessage) -> None:
    try:
        answer = orjson.loads(message.data)
    except orjson.JSONDecodeError:
        return
    if not isinstance(answer, dict):
        return
    future = connection.waiting.get(str(answer.get("envelope_id")))
    if future is not None and not future.done():
        payload = answer.get("payload")
        future.set_result(payload if isinstance(payload, dict) else None)


def _hello(connections: int) -> str:
    return orjson.dumps(
        {
            "type": "hello",
            "num_connections": connections,
            "connection_info": {"app_id": APP_ID},
            "debug_info": {"host": "sandbox", "build_number": 1, "approximate_connection_time": 18060},
        }
    ).decode()


def _disconnect(reason: str) -> str:
    return orjson.dumps({"type": "disconnect", "reason": reason, "debug_info": {"host": "sandbox"}}).decode()


def _ms_since(began: float) -> float:
    return round((time.perf_counter() - began) * 1000, 2)

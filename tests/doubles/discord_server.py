"""A stand-in Discord over HTTP and a socket, for what the simulated one skips: refusals, lost answers, nonces, sessions that resume."""

import asyncio
import json
import re
import time
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, TypeVar
from unittest.mock import patch

import discord
import yarl
from aiohttp import WSMsgType, web
from discord.gateway import DiscordWebSocket

from tests.doubles.waiting import until

JSON = dict[str, Any]
T = TypeVar("T")

TOKEN = "discord-token"
APP, GUILD = "900000000000000001", "900000000000000002"
_EPOCH = 1_420_070_400_000


@dataclass(slots=True)
class Fault:
    """What becomes of the next requests that fit: refused before anything happens, or done and then answered so. Status 0 cuts the line."""

    method: str
    path: str
    status: int
    times: int
    done: bool
    headers: dict[str, str]
    body: JSON


@dataclass(slots=True)
class Session:
    """One identified listener: what was said to it, in order, and the socket it hears from as long as that is open."""

    id: str
    socket: web.WebSocketResponse | None
    intents: int = 0
    said: list[JSON] = field(default_factory=list)


class DiscordServer:
    """Made by `running_discord`. `channels` hold messages by id, in the order in which they came."""

    def __init__(self) -> None:
        self.url = ""
        self.token = TOKEN
        self.flags = 0
        """What the portal says of the application."""
        self.refuses_intents = False
        self.hangs = False
        """Whether it says nothing to who leaves."""
        self.channels: dict[str, dict[str, JSON]] = {}
        self.hidden: set[str] = set()
        self.in_server: list[str] = []
        """The channels that the server says it has."""
        self.allowed = discord.Permissions.all().value
        """What everybody may do in it."""
        self.strangers: set[str] = set()
        self.requests: list[tuple[str, str, JSON]] = []
        self.answers: dict[str, list[JSON]] = {}
        """What was answered to each press, by its token."""
        self.identified = self.resumed = self.most_at_once = 0
        self.sessions: dict[str, Session] = {}
        self._nonces: dict[tuple[str, str], str] = {}
        self._faults: deque[Fault] = deque()
        self._ids = 0

    # What a story does and sees.

    def fails(self, method: str, path: str, status: int, *, times: int = 1, done: bool = False, **body: Any) -> None:
        """The next requests whose path fits are answered with this status; where `done`, after what they ask for was done."""
        headers = {"Via": "1.1 google", "Retry-After": str(body.get("retry_after", 1))} if status == 429 else {}
        self._faults.append(Fault(method, path, status, times, done, headers, body or {"message": "no", "code": 0}))

    def messages(self, channel: str) -> list[JSON]:
        return list(self.channels.get(channel, {}).values())

    def asked(self, method: str, path: str) -> list[JSON]:
        """The bodies of the requests that fit."""
        return [body for verb, where, body in self.requests if verb == method and re.search(path, where)]

    @property
    def listening(self) -> list[Session]:
        return [each for each in self.sessions.values() if each.socket is not None and not each.socket.closed]

    async def press(self, user: str, channel: str, message: JSON, custom_id: str) -> str:
        """A member presses a button. Every listener hears of it. Returns the press's token."""
        token = f"press-{self._new_id()}"
        member = {"user": _user(user), "roles": [], "joined_at": "2026-01-01T00:00:00+00:00", "deaf": False, "mute": False, "flags": 0,
                  "permissions": "0", "nick": None, "avatar": None}  # fmt: skip
        event = {
            "id": self._new_id(), "application_id": APP, "type": 3, "token": token, "version": 1, "guild_id": GUILD, "channel_id": channel,
            "channel": _channel(channel), "member": member, "message": message, "locale": "en-US", "attachment_size_limit": 1,
            "data": {"component_type": 2, "custom_id": custom_id, "id": 1}, "entitlements": [],
        }  # fmt: skip
        for session in self.sessions.values():
            await self._say(session, "INTERACTION_CREATE", event)
        return token

    async def asks_to_reconnect(self) -> None:
        """As Discord does before it restarts a gateway."""
        for session in self.listening:
            assert session.socket is not None
            await session.socket.send_json({"op": 7, "d": None, "s": None, "t": None})

    async def ends_for_good(self) -> None:
        """As Discord does to a token that is no longer any."""
        for session in self.listening:
            assert session.socket is not None
            await session.socket.close(code=4004)
        self.sessions.clear()

    async def cuts_the_line(self) -> None:
        """The sockets are gone without a word."""
        for session in self.listening:
            assert session.socket is not None
            if (transport := session.socket._req.transport if session.socket._req else None) is not None:
                transport.abort()
            session.socket = None

    def forgets_sessions(self) -> None:
        """Whoever comes back has to begin anew."""
        for session in self.listening:
            session.socket = None
        self.sessions.clear()

    async def until(self, question: Callable[[], T | None], what: str) -> T:
        """The answer, once there is one."""

        async def answer() -> T | None:
            return question()

        async def there() -> Any:
            return {channel: [each["components"] for each in said.values()][-4:] for channel, said in self.channels.items()}

        return await until(answer, what, there)

    async def shown(self, channel: str, part: str) -> JSON:
        """The message that says this, once it is there."""

        def found() -> JSON | None:
            return next((each for each in self.messages(channel) if part in json.dumps(each["components"])), None)

        return await self.until(found, f"a message in {channel} that says {part!r}")

    # The gateway.

    async def gateway(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(autoclose=False)
        await socket.prepare(request)
        await socket.send_json({"op": 10, "d": {"heartbeat_interval": 41250}, "s": None, "t": None})
        async for message in socket:
            if message.type is not WSMsgType.TEXT:
                break
            said = json.loads(message.data)
            match said["op"]:
                case 1:
                    await socket.send_json({"op": 11, "d": None, "s": None, "t": None})
                case 2 if said["d"]["token"] != self.token:
                    await socket.close(code=4004)
                case 2 if self.refuses_intents:
                    await socket.close(code=4014)
                case 2:
                    await self._identify(socket, said["d"]["intents"])
                case 6:
                    await self._resume(socket, said["d"])
        if self.hangs:
            await asyncio.Event().wait()  # until everything ends
        return socket

    async def _identify(self, socket: web.WebSocketResponse, intents: int) -> None:
        self.identified += 1
        session = Session(f"session-{self._new_id()}", socket, intents)
        self.sessions[session.id] = session
        self.most_at_once = max(self.most_at_once, len(self.listening))
        ready = {"v": 10, "user": _user(APP, bot=True), "guilds": [{"id": GUILD, "unavailable": True}], "session_id": session.id,
                 "resume_gateway_url": f"{self.url}/gateway", "application": {"id": APP, "flags": self.flags}}  # fmt: skip
        await self._say(session, "READY", ready)
        await self._say(session, "GUILD_CREATE", _server())

    async def _resume(self, socket: web.WebSocketResponse, asked: JSON) -> None:
        session = self.sessions.get(asked["session_id"])
        if session is None:
            await socket.send_json({"op": 9, "d": False, "s": None, "t": None})
            return
        self.resumed += 1
        session.socket = socket
        for event in session.said[asked["seq"] :]:
            await socket.send_json(event)
        await self._say(session, "RESUMED", {})

    async def _say(self, session: Session, kind: str, data: JSON) -> None:
        """Kept for whoever resumes, and said where somebody hears."""
        event = {"op": 0, "t": kind, "s": len(session.said) + 1, "d": data}
        session.said.append(event)
        if session.socket is not None and not session.socket.closed:
            await session.socket.send_json(event)

    # The API.

    async def api(self, request: web.Request) -> web.StreamResponse:
        body: JSON | list[Any] = await request.json() if request.can_read_body else {}
        path = request.path.removeprefix("/api/v10")
        self.requests.append((request.method, path, body if isinstance(body, dict) else {"list": body}))
        fault = next((each for each in self._faults if each.method == request.method and re.search(each.path, path)), None)
        if fault is not None:
            fault.times -= 1
            if fault.times == 0:
                self._faults.remove(fault)
            if fault.done:
                self._answer(request, path, body)
            if fault.status == 0:
                assert request.transport is not None
                request.transport.abort()
            return _said(fault.status or 500, fault.body, fault.headers)
        return _said(*self._answer(request, path, body))

    def _answer(self, request: web.Request, path: str, body: Any) -> tuple[int, Any]:
        open_to_all = re.match(r"/(interactions|webhooks)/", path)
        if not open_to_all and request.headers.get("Authorization") != f"Bot {self.token}":
            return 401, {"message": "401: Unauthorized", "code": 0}
        for pattern, handler in self._routes():
            if found := re.fullmatch(pattern, f"{request.method} {path}"):
                return handler(found, request, body)
        raise AssertionError(f"the stand-in knows no {request.method} {path}")

    def _routes(self) -> Iterator[tuple[str, Callable[[re.Match[str], web.Request, Any], tuple[int, Any]]]]:
        yield r"GET /users/@me", lambda *_: (200, _user(APP, bot=True))
        yield r"GET /oauth2/applications/@me", lambda *_: (200, _application(self.flags))
        yield r"PUT /applications/\d+/commands", lambda _, __, body: (200, [self._command(each) for each in body])
        yield r"GET /channels/(\d+)", self._get_channel
        yield r"PATCH /channels/(\d+)", lambda found, *_: (200, _channel(found[1]))
        yield r"GET /channels/(\d+)/messages", self._history
        yield r"POST /channels/(\d+)/messages", self._post
        yield r"PATCH /channels/(\d+)/messages/(\d+)", self._edit
        yield r"DELETE /channels/(\d+)/messages/(\d+)", lambda found, *_: (204, self.channels[found[1]].pop(found[2], None) and None)
        yield r"POST /channels/(\d+)/messages/(\d+)/threads", lambda found, *_: (201, {**_channel(found[2]), "type": 11})
        yield r"PUT /channels/(\d+)/thread-members/(\d+)", lambda *_: (204, None)
        yield r"POST /users/@me/channels", lambda _, __, body: (200, {"id": f"7{body['recipient_id']}", "type": 1, "recipients": []})
        yield r"GET /guilds/\d+/members/(\d+)", self._member
        yield r"GET /users/@me/guilds", lambda *_: (200, [self._guild()])
        yield r"GET /guilds/\d+", lambda *_: (200, self._guild())
        yield r"GET /guilds/\d+/channels", lambda *_: (200, [_channel(each) for each in self.in_server])
        yield r"POST /interactions/\d+/([\w-]+)/callback", self._answered
        yield r"(?:POST|PATCH) /webhooks/\d+/([\w-]+)(?:/messages/@original)?", self._answered

    def _command(self, declared: JSON) -> JSON:
        return {"description": "", **declared, "id": self._new_id(), "application_id": APP, "version": "1"}

    def _get_channel(self, found: re.Match[str], *_: Any) -> tuple[int, Any]:
        if found[1] in self.hidden:
            return 403, {"message": "Missing Access", "code": 50001}
        return 200, _channel(found[1])

    def _member(self, found: re.Match[str], *_: Any) -> tuple[int, Any]:
        return (
            (404, {"message": "Unknown", "code": 10007})
            if found[1] in self.strangers
            else (200, {"user": _user(found[1]), "roles": [], "flags": 0})
        )

    def _guild(self) -> JSON:
        everybody = {"id": GUILD, "name": "@everyone", "permissions": str(self.allowed), "color": 0, "position": 0, "hoist": False,
                     "managed": False, "mentionable": False, "flags": 0}  # fmt: skip
        return _server() | {"roles": [everybody], "owner_id": "900000000000000003"}

    def _history(self, found: re.Match[str], request: web.Request, _: Any) -> tuple[int, Any]:
        after = int(request.query.get("after", "0"))
        later = [each for each in self.messages(found[1]) if int(each["id"]) > after]
        return 200, later[: int(request.query.get("limit", "50"))][::-1]

    def _post(self, found: re.Match[str], _: web.Request, body: Any) -> tuple[int, Any]:
        """The same nonce of the same author again is the same message, for whoever asks that it be enforced."""
        channel, nonce = found[1], str(body.get("nonce"))
        if body.get("enforce_nonce") and (known := self._nonces.get((channel, nonce))):
            return 200, self.channels[channel][known]
        message = _message(self._new_id(), channel, body)
        self.channels.setdefault(channel, {})[message["id"]] = message
        self._nonces[channel, nonce] = message["id"]
        return 200, message

    def _edit(self, found: re.Match[str], _: web.Request, body: Any) -> tuple[int, Any]:
        message = self.channels.get(found[1], {}).get(found[2])
        if message is None:
            return 404, {"message": "Unknown Message", "code": 10008}
        message["components"] = body["components"]
        return 200, message

    def _answered(self, found: re.Match[str], request: web.Request, body: Any) -> tuple[int, Any]:
        self.answers.setdefault(found[1], []).append(body)
        if "/interactions/" in request.path:
            return 200, {"interaction": {"id": request.path.split("/")[-3], "type": 3}}
        return 200, _message(self._new_id(), found[1].removeprefix("press-"), body)

    def _new_id(self) -> str:
        """An id as Discord makes them: its first bits say when."""
        self._ids += 1
        return str(((int(time.time() * 1000) - _EPOCH) << 22) + self._ids)


def _said(status: int, answer: Any, headers: Mapping[str, str] = MappingProxyType({})) -> web.Response:
    """As JSON without a charset after its content type, with which the client would read it as text, and a limit as a ban."""
    if answer is None:
        return web.Response(status=status, headers=headers)
    return web.Response(status=status, body=json.dumps(answer).encode(), headers={**headers, "Content-Type": "application/json"})


def _user(number: str, *, bot: bool = False) -> JSON:
    return {"id": number, "username": f"user{number[-2:]}", "discriminator": "0", "avatar": None, "global_name": None, "bot": bot}


def _application(flags: int) -> JSON:
    return {"id": APP, "name": "Leadbell", "description": "", "icon": None, "bot_public": False, "bot_require_code_grant": False,
            "verify_key": "00", "owner": _user("900000000000000003"), "flags": flags}  # fmt: skip


def _server() -> JSON:
    return {"id": GUILD, "name": "Acme", "channels": [], "threads": [], "members": [], "roles": [], "emojis": [], "features": [],
            "stickers": [], "unavailable": False, "member_count": 1, "voice_states": [], "presences": [], "stage_instances": [],
            "guild_scheduled_events": [], "soundboard_sounds": [], "owner_id": APP, "nsfw_level": 0, "verification_level": 0,
            "default_message_notifications": 0, "explicit_content_filter": 0, "afk_timeout": 60, "mfa_level": 0, "premium_tier": 0,
            "preferred_locale": "en-US", "system_channel_flags": 0, "premium_progress_bar_enabled": False}  # fmt: skip


def _channel(number: str) -> JSON:
    return {"id": number, "type": 0, "guild_id": GUILD, "name": "leads", "position": 0, "permission_overwrites": [], "nsfw": False,
            "parent_id": None, "topic": None, "rate_limit_per_user": 0}  # fmt: skip


def _message(number: str, channel: str, body: JSON) -> JSON:
    return {
        "id": number, "channel_id": channel, "author": _user(APP, bot=True), "content": "", "type": 0, "tts": False,
        "timestamp": "2026-01-01T00:00:00+00:00", "edited_timestamp": None, "mention_everyone": False, "mentions": [], "pinned": False,
        "mention_roles": [], "attachments": [], "embeds": [], "components": body.get("components", []), "flags": body.get("flags", 0),
    }  # fmt: skip


@asynccontextmanager
async def running_discord() -> AsyncIterator[DiscordServer]:
    """A stand-in that answers on loopback until the block ends."""
    server = DiscordServer()
    app = web.Application()
    app.router.add_get("/gateway", server.gateway)
    app.router.add_get("/gateway/", server.gateway)
    app.router.add_route("*", "/api/v10/{path:.*}", server.api)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    server.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield server
    finally:
        await runner.cleanup()


@contextmanager
def spoken_to(url: str) -> Iterator[None]:
    """For as long as the block runs, discord.py speaks to the stand-in at this address."""
    with (
        patch.object(discord.http.Route, "BASE", f"{url}/api/v10"),
        patch.object(DiscordWebSocket, "DEFAULT_GATEWAY", yarl.URL(f"{url}/gateway")),
    ):
        yield

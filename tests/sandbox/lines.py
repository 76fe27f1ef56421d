"""Hands for the phone network's tests: a caller of its REST API, and a bot that hears its webhooks."""

import base64
import hashlib
import hmac
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from aiohttp import web

from bot.sandbox.phone.account import ACCOUNT_SID, AUTH_TOKEN, NUMBERS, ROOT, SERVICE_SID
from bot.sandbox.server import Sandbox

JSON = dict[str, Any]
OURS = NUMBERS[0]
DANA = "+15125550123"


class Account:
    """The bot's side of the REST API, without a library."""

    def __init__(self, session: aiohttp.ClientSession, sandbox: Sandbox, token: str = AUTH_TOKEN) -> None:
        self._session = session
        self._url = sandbox.url
        self._key = {"Authorization": aiohttp.encode_basic_auth(ACCOUNT_SID, token)}

    async def send(self, to: str = DANA, body: str = "Hi Dana", **fields: Any) -> tuple[int, JSON]:
        """From our number, or through the service when fields name it."""
        sender = {} if "MessagingServiceSid" in fields else {"From": OURS}
        form = {name: value for name, value in {"To": to, "Body": body, **sender, **fields}.items() if value is not None}
        async with self._session.post(f"{self._url}{ROOT}/Messages.json", data=form, headers=self._key) as response:
            return response.status, await response.json()

    async def send_with_service(self, to: str = DANA, **fields: Any) -> tuple[int, JSON]:
        return await self.send(to, MessagingServiceSid=SERVICE_SID, **fields)

    async def get(self, path: str, **query: str) -> tuple[int, JSON]:
        """A path below the account, or one that an answer gave."""
        url = path if path.startswith("http") else self._url + (path if path.startswith("/2010") else ROOT + path)
        async with self._session.get(url, params=query, headers=self._key) as response:
            return response.status, await response.json()

    async def status(self, sid: str) -> str:
        return str((await self.get(f"/Messages/{sid}.json"))[1]["status"])

    async def listed(self, **query: str) -> list[str]:
        """The words of the listed messages, the newest first."""
        return [message["body"] for message in (await self.get("/Messages.json", **query))[1]["messages"]]


@dataclass
class Bot:
    """What a bot heard at /texts and /status?id=7, with the signature judged; it answers with the statuses it was given, then 204."""

    url: str = ""
    answers: list[int] = field(default_factory=list)
    heard: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    forged: list[str] = field(default_factory=list)
    tokens: list[str] = field(default_factory=list)

    async def hear(self, request: web.Request) -> web.Response:
        form = {name: str(value) for name, value in (await request.post()).items()}
        signed = f"{self.url}{request.raw_path}" + "".join(name + form[name] for name in sorted(form))
        wanted = base64.b64encode(hmac.new(b"sandbox-auth-token", signed.encode(), hashlib.sha1).digest()).decode()
        if request.headers["X-Twilio-Signature"] != wanted:
            self.forged.append(request.raw_path)
        self.heard.append((request.path, form))
        self.tokens.append(request.headers["I-Twilio-Idempotency-Token"])
        return web.Response(status=self.answers.pop(0) if self.answers else 204)

    def texts(self) -> list[dict[str, str]]:
        return [form for path, form in self.heard if path == "/texts"]

    def statuses(self) -> list[str]:
        return [form["MessageStatus"] for path, form in self.heard if path == "/status"]

"""Texts through Twilio. One text is one call: its client's own retries are off, and its time limit, which it ignores, is ours."""

import asyncio
import base64
import json
import re
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager, contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode

import aiohttp
from twilio.base.exceptions import TwilioException, TwilioRestException, TwilioServiceException
from twilio.http import AsyncHttpClient
from twilio.http.response import Response
from twilio.rest import Client

from bot.outreach.answers import PART, TooLong, read_at_most
from bot.outreach.guard import session_to
from bot.outreach.network import Fate, Heard, Known, NeverSent, Nobody, NoPicture, NotNow, Outgoing, Picture, SendAnswer, seconds
from bot.rules.text import storable

TWILIO = "https://api.twilio.com"
CALL_LIMIT = 8.0
"""Seconds that one call may take."""
LISTED = 50
READ_BACK_LIMIT = 60.0
"""Seconds for all that borrowers texted while nobody heard them, a page after the other."""
PAGE = 1000
TOO_MANY = 429
GONE = (404, 410)
MOST_REDIRECTS = 2

NO_ANSWER = (aiohttp.ClientError, OSError, TimeoutError, ValueError, TwilioException, AttributeError, LookupError, TypeError)
"""What comes of no answer, or of one that is none: its client reads what it expects, and stumbles over anything else."""

FATES: dict[str, Fate] = {
    **dict.fromkeys(("accepted", "scheduled", "queued", "sending", "sent"), "sent"),
    **dict.fromkeys(("delivered", "read", "partially_delivered"), "delivered"),
    **dict.fromkeys(("undelivered", "failed", "canceled"), "failed"),
}
"""Twilio's words for where a text of ours is, and ours."""

_deadline: ContextVar[float | None] = ContextVar("deadline", default=None)


@contextmanager
def until_deadline(deadline: float) -> Iterator[None]:
    """Within this no request is begun once `seconds()` has passed the deadline: it raises TimeIsUp instead."""
    _deadline.set(deadline)
    try:
        yield
    finally:
        _deadline.set(None)


class TimeIsUp(Exception):
    """The deadline passed before a byte was sent."""


class Gone(Exception):
    """Twilio has it no more."""


class TwilioNetwork:
    """The PhoneNetwork of one Twilio account. To be built inside a running event loop."""

    name = "twilio"

    def __init__(self, sid: str, auth_token: str, sender: str, api_url: str, public_url: str) -> None:
        self.sender = sender
        self._from = {"messaging_service_sid": sender} if sender.startswith("MG") else {"from_": sender}
        self._status_url = f"{public_url}/twilio/status"
        self._account = f"/2010-04-01/Accounts/{sid}"
        self._http = TwilioRequests(api_url, login_of(sid, auth_token))
        self._client = Client(sid, auth_token, http_client=self._http)

    async def send(self, text: Outgoing, deadline: float) -> SendAnswer:
        callback = f"{self._status_url}?{urlencode({'message': text.text_id})}"
        from_us = {"from_": text.our_number} if text.our_number else self._from
        try:
            with until_deadline(deadline):
                async with asyncio.timeout(max(0.0, min(CALL_LIMIT, deadline - seconds()))):
                    taken = await self._client.messages.create_async(
                        to=text.to,
                        status_callback=callback,
                        **({"body": text.words} if text.words else {}),
                        **({"media_url": list(text.files)} if text.files else {}),
                        **from_us,
                    )
                    return _known(taken) or Nobody()
        except (TimeIsUp, aiohttp.ClientConnectorError):
            return NotNow()
        except TwilioServiceException as error:
            return refusal(error.status, error.code)
        except TwilioRestException as error:
            return refusal(error.status, error.code)
        except NO_ANSWER:
            return Nobody()

    async def sent_to(self, number: str, since: datetime) -> list[Known] | None:
        try:
            async with asyncio.timeout(CALL_LIMIT):
                listed = await self._client.messages.list_async(to=number, limit=LISTED)
            ours = [each for each in listed if str(each.direction).startswith("outbound") and _is_newer(each.date_created, since)]
            return [known for each in ours if (known := _known(each)) is not None]
        except NO_ANSWER:
            return None

    async def received_since(self, since: datetime, numbers: Iterable[str]) -> list[Heard] | None:
        asked = [{}] if self.sender.startswith("MG") else [{"to": number} for number in dict.fromkeys([self.sender, *numbers])]
        begins = since.replace(microsecond=0)
        listed: list[Any] = []
        try:
            async with asyncio.timeout(READ_BACK_LIMIT):
                for to_us in asked:
                    listed += reversed(await self._client.messages.list_async(**to_us, date_sent_after=begins, page_size=PAGE))
            return sorted((heard for each in listed if (heard := _heard(each)) is not None), key=lambda heard: heard.at)
        except NO_ANSWER:
            return None

    async def picture(self, provider_id: str, place: int, most: int) -> Picture | NoPicture:
        media = f"{self._account}/Messages/{provider_id}/Media"
        try:
            async with asyncio.timeout(CALL_LIMIT):
                listed = json.loads(await self._http.read(f"{media}.json", most))
                found = sorted(each["sid"] for each in listed["media_list"])[place - 1 : place]  # Twilio promises no order
                return Picture(await self._http.read(f"{media}/{found[0]}", most)) if found else "gone"
        except Gone:
            return "gone"
        except TooLong:
            return "too_large"
        except NO_ANSWER:
            return "unreachable"

    async def close(self) -> None:
        await self._http.close()


def _heard(message: Any) -> Heard | None:
    at = message.date_sent or message.date_created
    if message.direction != "inbound" or not message.sid or not message.from_ or at is None:
        return None
    written_at = at.replace(tzinfo=at.tzinfo or UTC)
    return Heard(message.sid, message.from_, message.to or "", storable(message.body or ""), counted(message.num_media), written_at)


def counted(told: Any) -> int:
    """A small number as Twilio tells it; 0 where it is none."""
    return int(told) if re.fullmatch(r"[0-9]{1,6}", str(told)) else 0


def _is_newer(created: datetime | None, since: datetime) -> bool:
    """Twilio tells whole seconds."""
    return created is None or created.replace(tzinfo=created.tzinfo or UTC) >= since.replace(microsecond=0)


def _known(message: Any) -> Known | None:
    fate = FATES.get(str(message.status))
    if not message.sid or fate is None:
        return None
    return Known(message.sid, fate, message.error_code, message.body or "", counted(message.num_media))


def refusal(status: int, code: int | None) -> NeverSent | NotNow | Nobody:
    """A refusal is certain where Twilio says why; what a server in trouble answers is not."""
    if status == TOO_MANY:
        return NotNow()
    return NeverSent(code) if 400 <= status < 500 else Nobody()


class TwilioRequests(AsyncHttpClient):  # type: ignore[misc] # Twilio ships no types
    """Twilio's requests over a session of ours, to another server where one is named."""

    def __init__(self, api_url: str, login: str) -> None:
        super().__init__(logger=None, is_async=True, timeout=None)
        self._api_url = api_url.rstrip("/")
        self._login = login
        trace = aiohttp.TraceConfig()
        trace.on_connection_create_end.append(_still_time)
        trace.on_connection_reuseconn.append(_still_time)
        self._session = session_to(self._api_url, trace_configs=[trace], timeout=aiohttp.ClientTimeout(total=CALL_LIMIT))

    async def request(
        self,
        method: str,
        uri: str,
        params: dict[str, Any] | None = None,
        data: dict[str, Any] | None = None,
        headers: dict[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        timeout: float | None = None,  # noqa: ARG002 - Twilio's client gives none; the session's holds
        allow_redirects: bool = False,
    ) -> Response:
        login = {"Authorization": login_of(*auth)} if auth else {}
        url = self._api_url + uri.removeprefix(TWILIO)
        async with self._session.request(
            method, url, params=params, data=data, headers={**(headers or {}), **login}, allow_redirects=allow_redirects
        ) as response:
            return Response(response.status, await response.text(), response.headers)

    async def read(self, path: str, most: int) -> bytes:
        """What is at this path, or where it sends us to: the login goes no further than Twilio itself. Raises Gone and TooLong."""
        headers = {"Authorization": self._login}
        async with self._session.get(self._api_url + path, headers=headers, max_redirects=MOST_REDIRECTS) as response:
            if response.status in GONE:
                raise Gone
            response.raise_for_status()
            return await read_at_most(response, most)

    @asynccontextmanager
    async def parts(self, path: str) -> AsyncIterator[AsyncIterator[bytes]]:
        """The same part by part, however long it takes as long as something comes. Raises Gone."""
        headers, patience = {"Authorization": self._login}, aiohttp.ClientTimeout(total=None, sock_connect=CALL_LIMIT, sock_read=CALL_LIMIT)
        async with self._session.get(self._api_url + path, headers=headers, max_redirects=MOST_REDIRECTS, timeout=patience) as response:
            if response.status in GONE:
                raise Gone
            response.raise_for_status()
            yield response.content.iter_chunked(PART)

    async def close(self) -> None:
        await self._session.close()


def login_of(sid: str, auth_token: str) -> str:
    """What an account's requests carry."""
    return f"Basic {base64.b64encode(f'{sid}:{auth_token}'.encode()).decode()}"


async def _still_time(_: aiohttp.ClientSession, __: SimpleNamespace, ___: Any) -> None:
    """The last look before a request is written: this process may have been stopped since it took the text."""
    deadline = _deadline.get()
    if deadline is not None and seconds() >= deadline:
        raise TimeIsUp

"""How envelopes reach the bot: over a live socket, else as signed HTTP requests; unacknowledged events come again."""

import asyncio
import hashlib
import hmac
import secrets
import time
import uuid
from typing import Any
from urllib.parse import urlencode

import aiohttp
import orjson

from bot.sandbox.journal import Journal
from bot.sandbox.offset_clock import OffsetClock
from bot.sandbox.socket_mode import ACK_SECONDS, Ack, Sockets
from bot.sandbox.workspace import APP_ID, BOT_USER_ID, SIGNING_SECRET, TEAM_ID, VERIFICATION_TOKEN

JSON = dict[str, Any]
REDELIVERY_PAUSES_S = (0, 0, 60, 300)  # first try, at once, a minute and five minutes later, on the sandbox's clock


class Delivery:
    def __init__(self, sockets: Sockets, clock: OffsetClock, journal: Journal, events_url: str | None) -> None:
        self.sockets = sockets
        self._clock = clock
        self._journal = journal
        self._events_url = events_url
        fresh = aiohttp.TCPConnector(force_close=True)  # the bot may close an idle connection just as the next request is on the way
        self._http = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=ACK_SECONDS), connector=fresh)
        self._under_way: set[asyncio.Task[None]] = set()

    async def close(self) -> None:
        for task in self._under_way:
            task.cancel()
        await asyncio.gather(*self._under_way, return_exceptions=True)
        await self._http.close()

    def announce(self, event: JSON) -> None:
        """Deliver an event in the background, up to three more times until it is acknowledged."""
        body = {
            "type": "event_callback",
            "token": VERIFICATION_TOKEN,
            "team_id": TEAM_ID,
            "context_team_id": TEAM_ID,
            "api_app_id": APP_ID,
            "event": event,
            "event_id": "Ev" + secrets.token_hex(5).upper(),
            "event_time": int(self._clock.now().timestamp()),
            "authorizations": [
                {"enterprise_id": None, "team_id": TEAM_ID, "user_id": BOT_USER_ID, "is_bot": True, "is_enterprise_install": False}
            ],
            "is_ext_shared_channel": False,
        }
        task = asyncio.create_task(self._deliver_event(body))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    async def _deliver_event(self, body: JSON) -> None:
        reason = ""
        for attempt, pause_s in enumerate(REDELIVERY_PAUSES_S):
            await self._clock.sleep(pause_s)
            ack = await self._send("events_api", body, {"retry_attempt": attempt, "retry_reason": reason})
            detail = {"event_id": body["event_id"], "attempt": attempt}
            self._write_down("events_api", body["event"]["type"], ack, **detail)
            if ack.acked or not ack.may_retry:
                return
            reason = ack.error

    async def ask(self, kind: str, payload: JSON) -> Ack:
        """Deliver a command or an interaction, once; kind is slash_commands or interactive."""
        ack = await self._send(kind, payload, {})
        self._write_down(kind, payload.get("command") or payload["type"], ack, user=payload.get("user_id") or payload["user"]["id"])
        return ack

    def _write_down(self, kind: str, method: str, ack: Ack, **detail: Any) -> None:
        self._journal.write("to_bot", kind, method, ack.error, ack_ms=ack.ms, connection=ack.connection, **detail)

    async def _send(self, kind: str, payload: JSON, retry: JSON) -> Ack:
        if self.sockets.live() or self._events_url is None:
            envelope = {
                "envelope_id": str(uuid.uuid4()),
                "type": kind,
                "payload": payload,
                "accepts_response_payload": kind != "events_api",
                **retry,
            }
            return await self.sockets.deliver(envelope)
        return await self._post(self._events_url, kind, payload, retry)

    async def _post(self, url: str, kind: str, payload: JSON, retry: JSON) -> Ack:
        body, content_type = _http_body(kind, payload)
        headers = {"Content-Type": content_type, **signature(body, int(time.time()))}
        if retry.get("retry_attempt"):
            headers |= {"x-slack-retry-num": str(retry["retry_attempt"]), "x-slack-retry-reason": retry["retry_reason"]}
        began = time.perf_counter()
        error, answer, may_retry = "", None, True
        try:
            async with self._http.post(url, data=body, headers=headers, allow_redirects=False) as response:
                if response.status == 200:
                    answer = _http_answer(response.content_type, await response.read())
                else:
                    error, may_retry = "http_error", response.headers.get("X-Slack-No-Retry") != "1"
        except TimeoutError:
            error = "http_timeout"
        except aiohttp.ClientError:
            error = "connection_failed"
        return Ack(not error, round((time.perf_counter() - began) * 1000, 2), answer, error, may_retry)


def signature(body: bytes, timestamp: int) -> dict[str, str]:
    """Slack's v0 request signature as headers."""
    digest = hmac.new(SIGNING_SECRET.encode(), f"v0:{timestamp}:".encode() + body, hashlib.sha256).hexdigest()
    return {"x-slack-request-timestamp": str(timestamp), "x-slack-signature": f"v0={digest}"}


def _http_body(kind: str, payload: JSON) -> tuple[bytes, str]:
    if kind == "events_api":
        return orjson.dumps(payload), "application/json"
    fields = payload if kind == "slash_commands" else {"payload": orjson.dumps(payload).decode()}
    return urlencode(fields).encode(), "application/x-www-form-urlencoded"


def _http_answer(content_type: str, body: bytes) -> JSON | None:
    if not body:
        return None
    if content_type != "application/json":
        return {"text": body.decode(errors="replace")}
    try:
        answer = orjson.loads(body)
    except orjson.JSONDecodeError:
        return None
    return answer if isinstance(answer, dict) else None

"""How the network calls the bot: a form, signed as Twilio signs it, tried once more when nobody takes the connection."""

import base64
import hashlib
import hmac
import time
import uuid
from urllib.parse import urlencode

import aiohttp
import yarl

from bot.sandbox.journal import Journal
from bot.sandbox.phone.account import AUTH_TOKEN

TRIES = 2
TIMEOUT = aiohttp.ClientTimeout(total=15, connect=5)


class Webhooks:
    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        fresh = aiohttp.TCPConnector(force_close=True)  # a connection kept over a restart of the bot would lose the next webhook
        self._http = aiohttp.ClientSession(timeout=TIMEOUT, connector=fresh)

    async def close(self) -> None:
        await self._http.close()

    async def fetch(self, url: str, most: int) -> tuple[str, bytes] | None:
        """What is at this address, with what its server calls it; None where it cannot be had, or is larger."""
        try:
            async with self._http.get(yarl.URL(url, encoded=True), allow_redirects=False) as response:
                content = await response.content.read(most + 1) if response.status == 200 else b""
                while 0 < len(content) <= most and (more := await response.content.read(most + 1 - len(content))):
                    content += more
                return (response.content_type, content) if 0 < len(content) <= most else None
        except (aiohttp.ClientError, TimeoutError):
            return None

    async def call(self, kind: str, url: str, fields: dict[str, str]) -> int:
        """The status that the bot answered with, 0 when it did not; kind is inbound or status."""
        return (await self.ask(kind, url, fields))[0]

    async def ask(self, kind: str, url: str, fields: dict[str, str]) -> tuple[int, str]:
        """The same with what the bot said; kind may also be call, call_status, machine or recording."""
        address = url.partition("#")[0]
        headers = {
            "Content-Type": "application/x-www-form-urlencoded; charset=UTF-8",
            "X-Twilio-Signature": signature(address, fields),
            "I-Twilio-Idempotency-Token": str(uuid.uuid5(uuid.NAMESPACE_URL, address + urlencode(fields))),
        }
        for _ in range(TRIES):
            began = time.perf_counter()
            status, error, body = 0, "", ""
            try:
                request = self._http.post(yarl.URL(address, encoded=True), data=urlencode(fields), headers=headers, allow_redirects=False)
                async with request as response:
                    status, body = response.status, await response.text()
                    error = "" if status < 300 else f"http_{status}"
            except TimeoutError:
                error = "http_timeout"
            except aiohttp.ClientConnectorError:
                error = "connection_failed"
            except aiohttp.ClientError:
                error = "connection_lost"
            took_ms = round((time.perf_counter() - began) * 1000, 2)
            told = fields.get("MessageStatus") or fields.get("CallStatus") or "received"
            sid = fields.get("MessageSid") or fields["CallSid"]
            self._journal.write("to_bot", "twilio", f"webhook.{kind}", error, sid=sid, status=told, ack_ms=took_ms)
            if error != "connection_failed":
                break
        return status, body


def signature(url: str, fields: dict[str, str]) -> str:
    """Of exactly this address and every field, blank ones too."""
    signed = url + "".join(name + fields[name] for name in sorted(fields))
    return base64.b64encode(hmac.new(AUTH_TOKEN.encode(), signed.encode(), hashlib.sha1).digest()).decode()

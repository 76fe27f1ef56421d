"""A mail server that keeps all it takes, for whoever it is: what arrived stands on a page, and its answers can be made to fail."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email import message_from_bytes
from email.message import EmailMessage, MIMEPart
from email.policy import default
from typing import Any, cast

import orjson
from aiohttp import web
from aiosmtpd.smtp import SMTP, Envelope, Session

from bot.sandbox.errors import ControlError
from bot.sandbox.journal import Journal
from bot.sandbox.offset_clock import OffsetClock
from bot.sandbox.store import Store
from bot.sandbox.version import Version

JSON = dict[str, Any]
HOST = "127.0.0.1"
OK = "250 OK"
REFUSALS = {
    "no_mailbox": "550 5.1.1 Nobody is at this address",
    "unwanted": "550 5.7.1 Not wanted here",
    "later": "450 4.2.0 Try again later",
}
LOSES_ANSWER = "loses_answer"
ENDS = ("taken", *REFUSALS, LOSES_ANSWER)


class Mailbox:
    """The handler of aiosmtpd, and what the control API and the page ask of it."""

    def __init__(self, store: Store, clock: OffsetClock, journal: Journal, changes: Version) -> None:
        self._store = store
        self._clock = clock
        self._journal = journal
        self._changes = changes
        self._ends: dict[str, str] = {}
        self.port = 0

    def reset(self) -> None:
        self._ends.clear()

    def behave(self, address: str, ends: str) -> None:
        self._ends[address] = ends

    def emails(self) -> list[JSON]:
        return self._store.emails()

    def connection(self) -> SMTP:
        return SMTP(self, hostname="mail.sandbox", loop=asyncio.get_running_loop())

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        refusal = REFUSALS.get(self._ends.get(address, "taken"))
        self._journal.write("from_bot", "smtp", "RCPT", refusal or "")
        if refusal is None:
            envelope.rcpt_tos.append(address)
        return refusal or OK

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        message = message_from_bytes(cast(bytes, envelope.content), policy=default)
        self._store.save_email(orjson.dumps(_shown(message, envelope, self._clock.now().isoformat())))
        self._journal.write("from_bot", "smtp", "DATA")
        self._changes.bump()
        if any(self._ends.get(address) == LOSES_ANSWER for address in envelope.rcpt_tos) and isinstance(
            server.transport, asyncio.WriteTransport
        ):
            server.transport.abort()
        return OK


def _shown(message: EmailMessage, envelope: Envelope, at: str) -> JSON:
    plain, page = message.get_body(("plain",)), message.get_body(("html",))
    return {
        "to": list(envelope.rcpt_tos),
        "envelope_from": envelope.mail_from,
        "headers": [[name, str(value)] for name, value in message.items()],
        "subject": str(message["Subject"]),
        "from": str(message["From"]),
        "message_id": str(message["Message-ID"]),
        "unsubscribe": str(message["List-Unsubscribe"] or "").strip("<>"),
        "words": _lines(plain),
        "page": _lines(page),
        "at": at,
    }


def _lines(part: MIMEPart | None) -> str:
    return str(part.get_content()).replace("\r\n", "\n") if part else ""


@asynccontextmanager
async def listening(mailbox: Mailbox) -> AsyncIterator[str]:
    """The mailbox on a free port of this machine; its SMTP_URL."""
    server = await asyncio.get_running_loop().create_server(mailbox.connection, HOST, 0)
    mailbox.port = server.sockets[0].getsockname()[1]
    try:
        yield f"smtp://{HOST}:{mailbox.port}"
    finally:
        server.close()


async def show_emails(mailbox: Mailbox, request: web.Request) -> web.Response:
    """GET /_control/emails: all that arrived, or at ?to=, in order; and where this mail server is."""
    to = request.query.get("to", "")
    emails = [email for email in mailbox.emails() if to in ("", *email["to"])]
    answer = {"ok": True, "emails": emails, "smtp_url": f"smtp://{HOST}:{mailbox.port}"}
    return web.Response(body=orjson.dumps(answer), content_type="application/json")


async def set_behavior(mailbox: Mailbox, body: JSON) -> JSON:
    """{address, ends}: how letters to this address end from now on."""
    address, ends = body.get("address"), body.get("ends")
    if not isinstance(address, str) or "@" not in address:
        raise ControlError("address must be an email address")
    if ends not in ENDS:
        raise ControlError(f"ends must be one of {', '.join(ENDS)}")
    mailbox.behave(address, str(ends))
    return {}

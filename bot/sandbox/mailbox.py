"""A mail server that keeps all it takes, for whoever it is: what arrived stands on a page, is answered there, and can be made to fail."""

import asyncio
import base64
import binascii
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from email import message_from_bytes, message_from_string
from email.message import EmailMessage, MIMEPart
from email.mime.base import MIMEBase
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.policy import default
from email.utils import make_msgid
from typing import Any, cast
from weakref import WeakSet

import orjson
from aiohttp import web
from aiosmtpd.smtp import SMTP, Envelope, Session

from bot.sandbox.errors import ControlError
from bot.sandbox.imap import ImapServer
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
COMES_BACK = "comes_back"
ENDS = ("taken", *REFUSALS, LOSES_ANSWER, COMES_BACK)


class Mailbox:
    """The handler of aiosmtpd, and what the control API and the page ask of it."""

    def __init__(self, store: Store, clock: OffsetClock, journal: Journal, changes: Version) -> None:
        self.imap = ImapServer(store, journal)
        self._store = store
        self._clock = clock
        self._journal = journal
        self._changes = changes
        self._ends: dict[str, str] = {}
        self._open = WeakSet[SMTP]()
        self.port = 0

    async def reset(self) -> None:
        self._ends.clear()
        await self.imap.renumber()

    def comes_in(self, content: bytes) -> None:
        """A mail reaches the company."""
        self._store.save_incoming(self._clock.now().isoformat(), content)
        self._changes.bump()

    def answered(self, message_id: str) -> JSON:
        """The email with this Message-ID. Raises ControlError where none arrived."""
        found = next((email for email in self.emails() if email["message_id"] == message_id), None)
        if found is None:
            raise ControlError("no email with this message_id arrived", status=404)
        return found

    def answer(self, email: JSON, words: str, *, sender: str, automatic: bool) -> None:
        """What a mail program makes of an answer: the email that it answers stands quoted below."""
        message = EmailMessage()
        message["From"], message["To"] = sender, dict(email["headers"]).get("Reply-To", email["from"])
        message["Subject"] = f"Re: {email['subject']}"
        message["Date"] = self._clock.now()
        message["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2])
        message["In-Reply-To"] = message["References"] = email["message_id"]
        if automatic:
            message["Auto-Submitted"] = "auto-replied"
        quoted = "".join(f"> {line}\n" for line in email["words"].splitlines())
        written = datetime.fromisoformat(email["at"]).strftime("%a, %b %d, %Y at %H:%M")
        message.set_content(f"{words}\n\nOn {written} {email['from']} wrote:\n\n{quoted}")
        self.comes_in(message.as_bytes())

    def come_back(self, email: JSON, status: str) -> None:
        """The report of a mail server that could not deliver: RFC 3464."""
        code = {"4": "450"}.get(status[0], "550")
        action = "delayed" if status.startswith("4") else "failed"
        message = MIMEMultipart("report", report_type="delivery-status")
        message["From"], message["To"] = "MAILER-DAEMON@mail.sandbox", email["envelope_from"]
        message["Subject"] = "Undelivered Mail Returned to Sender"
        message["Message-ID"] = make_msgid(domain="mail.sandbox")
        message["Auto-Submitted"] = "auto-replied"
        message.attach(MIMEText(f"Your message to {email['to'][0]} could not be delivered.\n"))
        to = email["to"][0]
        report = (
            f"Reporting-MTA: dns; mail.sandbox\n\nFinal-Recipient: rfc822; {to}\nAction: {action}\nStatus: {status}\n"
            f"Diagnostic-Code: smtp; {code} {status} <{to}>: could not be delivered\n"
        )
        told = MIMEBase("message", "delivery-status")
        told.set_payload([message_from_string(block) for block in report.split("\n\n")])
        message.attach(told)
        message.attach(MIMEText(f"Message-ID: {email['message_id']}\nSubject: {email['subject']}\n", "rfc822-headers"))
        self.comes_in(message.as_bytes())

    def behave(self, address: str, ends: str) -> None:
        self._ends[address] = ends

    def emails(self) -> list[JSON]:
        return self._store.emails()

    def connection(self) -> SMTP:
        smtp = SMTP(self, hostname="mail.sandbox", loop=asyncio.get_running_loop())
        self._open.add(smtp)
        return smtp

    def hang_up(self) -> None:
        for each in self._open:
            if isinstance(each.transport, asyncio.WriteTransport):
                each.transport.abort()

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
        for email in self.emails()[-1:]:
            if any(self._ends.get(address) == COMES_BACK for address in envelope.rcpt_tos):
                self.come_back(email, "5.1.1")
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
        mailbox.hang_up()


async def show_emails(mailbox: Mailbox, request: web.Request) -> web.Response:
    """GET /_control/emails: all that arrived, or at ?to=, in order; and where this mail server is."""
    to = request.query.get("to", "")
    emails = [email for email in mailbox.emails() if to in ("", *email["to"])]
    urls = {"smtp_url": f"smtp://{HOST}:{mailbox.port}", "imap_url": mailbox.imap.url}
    answer = {"ok": True, "emails": emails, **urls}
    return web.Response(body=orjson.dumps(answer), content_type="application/json")


async def answer_email(mailbox: Mailbox, body: JSON) -> JSON:
    """{message_id, words, from, automatic}: the borrower answers an email, or their mailbox does; from this address, else theirs."""
    email, words = mailbox.answered(str(body.get("message_id"))), body.get("words")
    if not isinstance(words, str) or not words.strip():
        raise ControlError("words are needed")
    mailbox.answer(email, words, sender=str(body.get("from") or email["to"][0]), automatic=body.get("automatic") is True)
    return {}


async def return_email(mailbox: Mailbox, body: JSON) -> JSON:
    """{message_id, status}: a mail server reports that an email could not be delivered, or not yet."""
    status = str(body.get("status", "5.1.1"))
    if not re.fullmatch(r"[45]\.\d{1,3}\.\d{1,3}", status):
        raise ControlError("status must look like 5.1.1")
    mailbox.come_back(mailbox.answered(str(body.get("message_id"))), status)
    return {}


async def take_in(mailbox: Mailbox, body: JSON) -> JSON:
    """{raw}: a mail to the company, as it is, in base64."""
    try:
        mailbox.comes_in(base64.b64decode(str(body.get("raw")), validate=True))
    except binascii.Error:
        raise ControlError("raw must be base64") from None
    return {}


async def renumber(mailbox: Mailbox, _body: JSON) -> JSON:
    """The company's mailbox moves to another server: its mails have other numbers there."""
    await mailbox.imap.renumber()
    return {}


async def set_behavior(mailbox: Mailbox, body: JSON) -> JSON:
    """{address, ends}: how letters to this address end from now on."""
    address, ends = body.get("address"), body.get("ends")
    if not isinstance(address, str) or "@" not in address:
        raise ControlError("address must be an email address")
    if ends not in ENDS:
        raise ControlError(f"ends must be one of {', '.join(ENDS)}")
    mailbox.behave(address, str(ends))
    return {}

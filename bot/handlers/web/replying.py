"""POST /email/inbound: a mail provider hands over what borrowers answer, as it came. Only who has the key is heard."""

import asyncio
import base64
import binascii
import hmac
from collections.abc import AsyncGenerator

import structlog
from starlette.formparsers import FormParser, MultiPartException, MultiPartParser
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from bot.conversation.replying import email_received
from bot.errors import StoreUnavailable
from bot.handlers.web.body import whole_body
from bot.outreach.incoming import UnreadableMail, read_mail
from bot.services import Services
from bot.sources.unreadable import Unreadable

log = structlog.get_logger()

MOST_BYTES = 32 << 20
"""More than any large provider lets through."""
AT_ONCE = 2
"""How many mails one process has in memory at a time."""
WHOLE = ("email", "body-mime")
"""The field of a form that holds the whole mail: SendGrid's, where it is told to send the raw mail, and Mailgun's, at an address that ends
in "mime"."""


class InboundEmail:
    """The door for answers by email."""

    def __init__(self, services: Services, key: str) -> None:
        self._services = services
        self._key = key.encode()
        self._turns = asyncio.Semaphore(AT_ONCE)

    async def receive(self, request: Request) -> Response:
        """204 once it is durable, or is nobody's; 503 to come again."""
        if not self._has_the_key(request):
            return Response(status_code=401, headers={"WWW-Authenticate": "Bearer"})
        async with self._turns:
            try:
                content = await _whole_mail(request)
            except Unreadable as error:
                return Response(status_code=error.status)
            except (ClientDisconnect, MultiPartException, UnicodeDecodeError):
                return Response(status_code=400)
            if not content.strip():
                return Response(status_code=400)
            try:
                mail = await asyncio.to_thread(read_mail, content)
                outcome = await email_received(self._services, mail)
            except UnreadableMail:
                log.warning("an email could not be read", bytes=len(content))
                return Response(status_code=204)  # it will not get better
            except StoreUnavailable:
                log.error("an email was refused: the store is away")
                return Response(status_code=503)
        log.info("an email came in", email=mail.key, outcome=outcome)
        return Response(status_code=204)

    def _has_the_key(self, request: Request) -> bool:
        """As a header, as a password of any user, or as ?key=, for providers that know nothing else."""
        kind, _, given = request.headers.get("authorization", "").partition(" ")
        presented = given.strip().encode() if kind.lower() == "bearer" else b""
        if kind.lower() == "basic":
            try:
                presented = base64.b64decode(given, validate=True).partition(b":")[2]
            except (binascii.Error, ValueError):
                return False
        return hmac.compare_digest(presented or request.query_params.get("key", "").encode(), self._key)


async def _whole_mail(request: Request) -> bytes:
    """The mail as it came: the body itself, or the field of a form."""
    body = await whole_body(request, MOST_BYTES)
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "multipart/form-data":
        form = await MultiPartParser(request.headers, _once(body), max_files=50, max_fields=200, max_part_size=MOST_BYTES).parse()
    elif kind == "application/x-www-form-urlencoded":
        form = await FormParser(request.headers, _once(body), max_part_size=MOST_BYTES).parse()
    else:
        return body
    found = next((form[name] for name in WHOLE if name in form), "")
    return found.encode("utf-8", "surrogateescape") if isinstance(found, str) else await found.read()


async def _once(body: bytes) -> AsyncGenerator[bytes, None]:
    yield body
    yield b""

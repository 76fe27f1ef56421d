"""Email through one mail server, over a few connections that are kept."""

import asyncio
import socket
from contextlib import suppress

from aiosmtplib import (
    SMTP,
    SMTPAuthenticationError,
    SMTPConnectError,
    SMTPException,
    SMTPHeloError,
    SMTPResponseException,
    SMTPServerDisconnected,
)

from bot.outreach.letters import content_of
from bot.outreach.network import seconds
from bot.outreach.post import Declined, Letter, NotTaken, PostAnswer, Taken, Unanswered
from bot.rules.emailing import is_no_mailbox
from bot.settings import MailServer

CALL_LIMIT = 8.0
"""Seconds that one delivery may take, the connection included. The library gets no limit of its own for each command: those were a quarter
of the work."""
GOODBYE_WITHIN = 1.0
"""Seconds that closing waits at most for a mail server that hangs."""
CONNECTIONS = 4
"""At a time to one server: what the careful ones allow."""
LOGIN_WANTED = frozenset({530, 534, 535, 538})
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


class MailServerPost:
    """The PostOffice of one mail server, over a few connections. To be built inside a running event loop."""

    def __init__(self, server: MailServer) -> None:
        self._turns = asyncio.Semaphore(CONNECTIONS)
        self._idle = [_Line(server) for _ in range(CONNECTIONS)]

    async def deliver(self, letter: Letter, deadline: float) -> PostAnswer:
        content = content_of(letter)
        try:
            async with asyncio.timeout(deadline - seconds()):
                await self._turns.acquire()
        except TimeoutError:
            return NotTaken("busy")
        line = self._idle.pop()  # the one that was used last: a server that sees little mail keeps one connection
        try:
            return await line.hand_over(letter, content, deadline)
        finally:
            self._idle.append(line)
            self._turns.release()

    async def close(self) -> None:
        await asyncio.gather(*(line.close() for line in self._idle))


class _Line:
    """One connection: letters go over it one after the other. Opened when there is something to send, and again once it is lost."""

    def __init__(self, server: MailServer) -> None:
        self._server = server
        self._smtp: SMTP | None = None

    async def hand_over(self, letter: Letter, content: bytes, deadline: float) -> PostAnswer:
        handed_over = False
        try:
            async with asyncio.timeout(min(CALL_LIMIT, deadline - seconds())):
                smtp = await self._ready(letter)
                if seconds() >= deadline:  # this process may have been stopped since it took the letter
                    return await self._begin_anew(NotTaken("late"))
                try:
                    await smtp.rcpt(letter.to, timeout=None)
                except SMTPResponseException as refusal:
                    return await self._begin_anew(_refused(refusal, of_recipient=True))
                handed_over = True
                await smtp.data(content, timeout=None)
                return Taken()
        except SMTPResponseException as refusal:
            return await self._begin_anew(_refused(refusal, of_recipient=False))
        except (SMTPException, OSError) as trouble:  # a timeout is one of them
            self._hang_up()
            return Unanswered() if handed_over else NotTaken(type(trouble).__name__)

    async def _ready(self, letter: Letter) -> SMTP:
        """A connection on which the server knows who sends. A kept one that was closed over there meanwhile is opened again, once."""
        if self._smtp is not None and self._smtp.is_connected:
            with suppress(SMTPServerDisconnected):
                await self._smtp.mail(letter.returns_to, timeout=None)
                return self._smtp
        self._hang_up()
        self._smtp = await connect(self._server)
        await self._smtp.mail(letter.returns_to, timeout=None)
        return self._smtp

    async def _begin_anew(self, answer: PostAnswer) -> PostAnswer:
        """The next letter begins from nothing on the same connection, where the server lets it."""
        if self._smtp is not None:
            try:
                await self._smtp.rset(timeout=1.0)
            except (SMTPException, OSError):
                self._hang_up()
        return answer

    def _hang_up(self) -> None:
        if self._smtp is not None:
            self._smtp.close()
            self._smtp = None

    async def close(self) -> None:
        if self._smtp is not None:
            with suppress(SMTPException, OSError):
                await self._smtp.quit(timeout=GOODBYE_WITHIN)
            self._hang_up()


async def connect(server: MailServer) -> SMTP:
    """An open connection, logged in. Raises SMTPException or OSError. A password travels in the open to this machine alone."""
    needs_tls = server.username is not None and server.host not in LOOPBACK
    smtp = SMTP(
        hostname=server.host,
        port=server.port,
        username=server.username,
        password=server.password,
        local_hostname=socket.gethostname() or "localhost",  # the library would ask the DNS for a longer one
        use_tls=server.encrypted,
        start_tls=None if server.encrypted or not needs_tls else True,
        timeout=CALL_LIMIT,
    )
    await smtp.connect()
    return smtp


def _refused(refusal: SMTPResponseException, *, of_recipient: bool) -> PostAnswer:
    """What is refused for now is tried again, and so is what is wrong between us and the server, which is no email's fault."""
    ours = isinstance(refusal, SMTPAuthenticationError | SMTPConnectError | SMTPHeloError) or refusal.code in LOGIN_WANTED
    if ours or refusal.code < 500:
        return NotTaken(f"{type(refusal).__name__} {refusal.code}")
    return Declined(refusal.code, no_mailbox=of_recipient and is_no_mailbox(refusal.code, refusal.message))

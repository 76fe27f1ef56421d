"""A mailbox that is read is hung up on in every end: no connection stays behind, and none is opened for nobody."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import date

import pytest

from bot.outreach.inbox import ImapInbox, InboxAway
from bot.settings import Mailbox, read_imap_url

AT_ONCE = 3.0
"""Seconds; far below the limit of a command."""


@dataclass
class Line:
    """A mail server that answers as told, and what it saw."""

    port: int = 0
    opened: int = 0
    asked: asyncio.Event = field(default_factory=asyncio.Event)
    ended: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def mailbox(self) -> Mailbox:
        mailbox = read_imap_url(f"imap://reader:secret@127.0.0.1:{self.port}/INBOX")
        assert mailbox is not None
        return mailbox


@asynccontextmanager
async def mail_server(answer: Callable[[str, str], bytes]) -> AsyncIterator[Line]:
    line = Line()

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        line.opened += 1
        writer.write(b"* OK [CAPABILITY IMAP4rev1] here\r\n")
        try:
            with suppress(ConnectionError):
                while words := (await reader.readline()).decode().split():
                    writer.write(answer(words[0], words[1]))
                    if words[1] not in ("CAPABILITY", "LOGOUT"):
                        line.asked.set()
            line.ended.set()
        finally:
            writer.close()

    server = await asyncio.start_server(connected, "127.0.0.1", 0)
    line.port = server.sockets[0].getsockname()[1]
    async with server:
        yield line


def refuses(tag: str, command: str) -> bytes:
    if command == "CAPABILITY":
        return f"* CAPABILITY IMAP4rev1\r\n{tag} OK done\r\n".encode()
    return f"{tag} NO not you\r\n".encode()


def says_nothing(tag: str, command: str) -> bytes:
    return refuses(tag, command) if command == "CAPABILITY" else b""


async def test_who_refuses_our_password_is_hung_up_on() -> None:
    async with mail_server(refuses) as line:
        inbox = ImapInbox(line.mailbox)

        with pytest.raises(InboxAway):
            await inbox.newer_than(None, date(2040, 4, 17))

        await asyncio.wait_for(line.ended.wait(), AT_ONCE)
        inbox.close()


async def test_closing_ends_a_command_that_waits_for_its_answer_and_opens_no_other_line() -> None:
    async with mail_server(says_nothing) as line:
        inbox = ImapInbox(line.mailbox)
        reading = asyncio.create_task(inbox.newer_than(None, date(2040, 4, 17)))
        await line.asked.wait()

        inbox.close()

        with pytest.raises(InboxAway):
            await asyncio.wait_for(reading, AT_ONCE)
        await asyncio.wait_for(line.ended.wait(), AT_ONCE)
        assert line.opened == 1


async def test_a_closed_mailbox_is_asked_nothing_more() -> None:
    async with mail_server(says_nothing) as line:
        inbox = ImapInbox(line.mailbox)
        inbox.close()

        with pytest.raises(InboxAway):
            await inbox.newer_than(None, date(2040, 4, 17))

        assert line.opened == 0

"""The company's mailbox as a mail program reads it: as much IMAP as a reader needs that changes nothing, on loopback."""

import asyncio
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from datetime import datetime

from bot.sandbox.journal import Journal
from bot.sandbox.store import Store

HOST = "127.0.0.1"
USER, PASSWORD = "reader", "sandbox"
_COMMAND = re.compile(r"(\S+) (UID )?(\w+) ?(.*)", re.DOTALL)
_RANGE = re.compile(r"UID (\d+):(\d+|\*)")
_SINCE = re.compile(r"SINCE (\d{1,2}-\w{3}-\d{4})")
_PART = re.compile(r"BODY\.PEEK\[\]<0\.(\d+)>")


class ImapServer:
    """One mailbox, one user. What a command that is not here would do, it refuses."""

    def __init__(self, store: Store, journal: Journal) -> None:
        self._store = store
        self._journal = journal
        self._open: set[asyncio.Task[None]] = set()
        self.port = 0

    @property
    def url(self) -> str:
        return f"imap://{USER}:{PASSWORD}@{HOST}:{self.port}/INBOX"

    @property
    def validity(self) -> int:
        return int(self._store.setting("uid_validity", "1"))

    def kept(self) -> list[tuple[int, str, bytes]]:
        """Every mail with its UID and when it came."""
        return self._store.incoming()

    async def renumber(self) -> None:
        """As after a move to another server: every UID is another one."""
        self._store.renumber_incoming()
        self._store.set_setting("uid_validity", str(self.validity + 1))
        await self.hang_up()

    async def hang_up(self) -> None:
        """On everybody who is on the line, and wait until they are gone."""
        for each in self._open:
            each.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)

    def connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Somebody is on the line. Whoever is hung up before a word was said is let go, too: a task that never began closes nothing."""
        task = asyncio.create_task(self._serve(reader, writer))
        self._open.add(task)
        task.add_done_callback(self._open.discard)
        task.add_done_callback(lambda _: writer.close())

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            await self._talk(reader, writer)

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"* OK [CAPABILITY IMAP4rev1] mail.sandbox\r\n")
        known = False
        while line := (await reader.readline()).decode("ascii", "replace").rstrip("\r\n"):
            found = _COMMAND.fullmatch(line)
            if found is None:
                writer.write(b"* BAD what is that?\r\n")
                continue
            tag, verb, rest = found[1], found[3].upper(), found[4]
            self._journal.write("from_bot", "imap", verb)
            if verb == "LOGIN":
                known = rest.replace('"', "") == f"{USER} {PASSWORD}"
            nowhere = verb in ("EXAMINE", "SELECT") and rest.strip('"').upper() != "INBOX"
            for part in self._answers(verb, rest, known=known and not nowhere):
                writer.write(part)
            done = "OK" if (known and not nowhere) or verb in ("CAPABILITY", "NOOP", "LOGOUT") else "NO"
            writer.write(f"{tag} {done} {verb} completed\r\n".encode())
            await writer.drain()
            if verb == "LOGOUT":
                return

    def _answers(self, verb: str, rest: str, *, known: bool) -> Iterator[bytes]:
        if verb == "CAPABILITY":
            yield b"* CAPABILITY IMAP4rev1\r\n"
        if not known:
            return
        mails = self.kept()
        match verb:
            case "EXAMINE" | "SELECT":
                yield f"* {len(mails)} EXISTS\r\n".encode()
                yield f"* OK [UIDVALIDITY {self.validity}] UIDs valid\r\n* OK [UIDNEXT {self._store.newest_uid() + 1}] next\r\n".encode()
            case "NOOP":
                yield f"* {len(mails)} EXISTS\r\n".encode()
            case "SEARCH":
                yield f"* SEARCH {' '.join(map(str, self._found(rest)))}\r\n".encode()
            case "FETCH":
                uid, _, wanted = rest.partition(" ")
                limit = _PART.search(wanted)
                for number, (each, at, content) in enumerate(mails, 1):
                    if str(each) == uid and limit is not None:
                        day = datetime.fromisoformat(at).strftime("%d-%b-%Y %H:%M:%S %z")
                        part = content[: int(limit[1])]
                        yield f'* {number} FETCH (UID {each} INTERNALDATE "{day}" BODY[]<0> {{{len(part)}}}\r\n'.encode() + part + b")\r\n"

    def _found(self, wanted: str) -> list[int]:
        """IMAP's way: n:* always holds the last one, also where n lies behind it."""
        mails = self.kept()
        if since := _SINCE.search(wanted):
            day = datetime.strptime(since[1], "%d-%b-%Y").date()
            return [uid for uid, at, _ in mails if datetime.fromisoformat(at).date() >= day]
        if span := _RANGE.search(wanted):
            newest = self._store.newest_uid()
            first, last = sorted((int(span[1]), newest if span[2] == "*" else int(span[2])))
            return [uid for uid, _, _ in mails if first <= uid <= last]
        return [uid for uid, _, _ in mails]


@asynccontextmanager
async def listening(imap: ImapServer) -> AsyncIterator[str]:
    """The mailbox on a free port of this machine; its IMAP_URL."""
    server = await asyncio.start_server(imap.connected, HOST, 0)
    imap.port = server.sockets[0].getsockname()[1]
    try:
        yield imap.url
    finally:
        server.close()
        await imap.hang_up()

"""A mailbox over IMAP, only ever read: nothing is marked, moved or deleted, so people may use it too."""

import asyncio
import hashlib
import imaplib
import re
import socket
import ssl
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TypeVar

from bot.settings import Mailbox
from bot.store.inbox import ReadUntil

T = TypeVar("T")

CALL_LIMIT = 10.0
"""Seconds that one command may take."""
MOST_BYTES = 32 << 20
"""What is longer is read up to here."""
MOST_AT_ONCE = 50
OVERLAP = timedelta(days=1)
"""A server's days may be in another time zone than ours."""
TROUBLES = (imaplib.IMAP4.error, OSError, ValueError)
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_UID_DATE = re.compile(rb'INTERNALDATE "([^"]{1,40})"')
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class InboxAway(Exception):
    """The mailbox could not be read now; the text is the kind of trouble, never what the server said."""


class LoginRefused(imaplib.IMAP4.error):
    """The server does not take the user and password."""


class NoSuchFolder(imaplib.IMAP4.error):
    """The server opens no folder of this name."""


@dataclass(frozen=True, slots=True)
class Found:
    """Mails that may be new, the oldest first, and the validity of their numbers."""

    validity: int
    uids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Arrived:
    """A mail as it came, and when it reached the mailbox where the server tells."""

    content: bytes
    at: datetime | None


class ImapInbox:
    """One folder of one mailbox, over one connection that is kept. One command at a time."""

    def __init__(self, mailbox: Mailbox) -> None:
        self._mailbox = mailbox
        self._imap: imaplib.IMAP4 | None = None
        self._validity = 0
        self._talking = threading.Lock()
        self._closed = False
        named = f"{mailbox.host}|{mailbox.port}|{mailbox.username}|{mailbox.folder}"
        self.key = hashlib.sha256(named.encode()).hexdigest()[:32]

    async def look(self) -> None:
        """Log in and open the folder. Raises InboxAway."""
        await self._do(lambda imap: imap.noop())

    async def newer_than(self, until: ReadUntil | None, today: date) -> Found:
        """What may be new since then: by its number, or by its day where the numbers are others, or none was read yet. Raises
        InboxAway."""
        return await self._do(lambda imap: _search(imap, self._validity, until, today))

    async def fetch(self, uid: int) -> Arrived | None:
        """The mail with this number; None where somebody deleted it meanwhile. Raises InboxAway."""
        return await self._do(lambda imap: _fetch(imap, uid))

    async def _do(self, command: Callable[[imaplib.IMAP4], T]) -> T:
        try:
            return await asyncio.to_thread(self._call, command)
        except TROUBLES as trouble:
            raise InboxAway(type(trouble).__name__) from None

    def _call(self, command: Callable[[imaplib.IMAP4], T]) -> T:
        """Runs in a thread that nobody can stop: it hangs up itself after any trouble, and where we closed meanwhile."""
        try:
            with self._talking:
                return self._ask(command)
        except TROUBLES:
            self._hang_up()
            raise
        finally:
            if self._closed:
                self._hang_up()

    def _ask(self, command: Callable[[imaplib.IMAP4], T]) -> T:
        """A kept connection that was closed over there meanwhile is opened again, once: nothing that we ask changes anything."""
        if self._imap is not None:
            try:
                return command(self._imap)
            except (imaplib.IMAP4.abort, OSError):
                self._hang_up()
        if self._closed:
            raise imaplib.IMAP4.abort("we closed")
        self._imap = imap = _connect(self._mailbox)
        self._validity = _open_folder(imap, self._mailbox)
        return command(imap)

    def _hang_up(self) -> None:
        imap, self._imap = self._imap, None
        if imap is not None:
            with suppress(OSError):  # it was closed over there
                imap.shutdown()

    def close(self) -> None:
        """For good, at once: a command that still waits hears the end of its connection."""
        self._closed = True
        if (imap := self._imap) is not None:
            with suppress(OSError):
                imap.socket().shutdown(socket.SHUT_RDWR)
        if self._talking.acquire(blocking=False):
            self._hang_up()
            self._talking.release()


def _connect(mailbox: Mailbox) -> imaplib.IMAP4:
    if mailbox.encrypted:
        return imaplib.IMAP4_SSL(mailbox.host, mailbox.port, ssl_context=ssl.create_default_context(), timeout=CALL_LIMIT)
    return imaplib.IMAP4(mailbox.host, mailbox.port, timeout=CALL_LIMIT)


def _open_folder(imap: imaplib.IMAP4, mailbox: Mailbox) -> int:
    """Log in and open the folder for reading alone; the validity of its numbers. A password travels in the open to this machine alone."""
    if not mailbox.encrypted and mailbox.host not in LOOPBACK:
        imap.starttls(ssl.create_default_context())
    try:
        imap.login(mailbox.username, mailbox.password)
    except imaplib.IMAP4.abort:
        raise
    except imaplib.IMAP4.error as refused:
        raise LoginRefused from refused
    folder = mailbox.folder.replace("\\", "\\\\").replace('"', '\\"')
    status, _ = imap.select(f'"{folder}"', readonly=True)
    if status != "OK":
        raise NoSuchFolder
    told = imap.response("UIDVALIDITY")[1]
    return int(told[-1]) if told and told[-1] else 0


def _search(imap: imaplib.IMAP4, validity: int, until: ReadUntil | None, today: date) -> Found:
    imap.noop()
    if until is None or until.validity != validity:
        day = (until.read_on if until else today) - OVERLAP
        wanted = f"SINCE {day.day}-{_MONTHS[day.month - 1]}-{day.year}"
        first = 1
    else:
        wanted, first = f"UID {until.last_uid + 1}:*", until.last_uid + 1
    _, answer = imap.uid("SEARCH", wanted)
    uids = sorted(int(uid) for part in answer if part for uid in part.split() if uid.isdigit() and int(uid) >= first)
    return Found(validity, tuple(uids[:MOST_AT_ONCE]))


def _fetch(imap: imaplib.IMAP4, uid: int) -> Arrived | None:
    _, answer = imap.uid("FETCH", str(uid), f"(INTERNALDATE BODY.PEEK[]<0.{MOST_BYTES}>)")
    for part in answer:
        if isinstance(part, tuple):
            told = b" ".join([part[0], *(each for each in answer if isinstance(each, bytes))])
            return Arrived(part[1], _arrived_at(told))
    return None


def _arrived_at(told: bytes) -> datetime | None:
    found = _UID_DATE.search(told)
    if found is None:
        return None
    at = parsedate_to_datetime(found[1].decode("ascii", "replace").strip().replace("-", " ", 2))
    return at.astimezone(UTC) if at.tzinfo is not None else None

"""Our mailbox is read: each mail once, in its order, also after a kill and after a move to another server."""

import asyncio
import time
from collections import Counter
from contextlib import suppress

import structlog

from bot.conversation.replying import email_received
from bot.errors import StoreUnavailable
from bot.outreach.inbox import Arrived, ImapInbox, InboxAway
from bot.outreach.incoming import UnreadableMail, read_mail
from bot.services import Services
from bot.store.inbox import ReadUntil, note_read, read_until

log = structlog.get_logger()

LOOK_AGAIN_AFTER = 3.0
ASK_AGAIN_AFTER = 30.0
MOST_TRIES = 3
"""A mail that breaks us so often is left where it is: those behind it wait for nobody."""


class InboxReader:
    """Takes in what arrives in one mailbox."""

    def __init__(self, services: Services, inbox: ImapInbox) -> None:
        self._services = services
        self._inbox = inbox
        self._tries: Counter[tuple[int, int]] = Counter()

    async def read_and_wait(self) -> None:
        """One step: take in what is new, then wait."""
        try:
            more = await self._read()
        except InboxAway as trouble:
            if self._services.mailbox_away_since is None:
                log.warning("the mailbox cannot be read; tried again until it can", because=str(trouble))
                self._services.mailbox_away_since = time.monotonic()
            await asyncio.sleep(ASK_AGAIN_AFTER)
            return
        if self._services.mailbox_away_since is not None:
            log.info("the mailbox can be read again")
        self._services.mailbox_away_since = None
        if not more:
            await asyncio.sleep(LOOK_AGAIN_AFTER)

    async def _read(self) -> bool:
        """Whether there may be more."""
        store, today = self._services.store, self._services.clock.now().date()
        until = await store.read(read_until, self._inbox.key)
        found = await self._inbox.newer_than(until, today)
        if not found.uids and (until is None or until.validity != found.validity):
            await store.transact(note_read, self._inbox.key, ReadUntil(found.validity, 0, today))
        for uid in found.uids:
            arrived = await self._inbox.fetch(uid)
            if arrived is not None:
                await self._take((found.validity, uid), arrived)
            await store.transact(note_read, self._inbox.key, ReadUntil(found.validity, uid, today))
        return bool(found.uids)

    async def _take(self, named: tuple[int, int], arrived: Arrived) -> None:
        self._tries[named] += 1
        if self._tries[named] > MOST_TRIES:
            log.error("an email could not be taken in, and stays in the mailbox", uid=named[1])
            return
        with suppress(UnreadableMail):
            mail = await asyncio.to_thread(read_mail, arrived.content)
            try:
                outcome = await email_received(self._services, mail, arrived.at)
            except StoreUnavailable:
                self._tries[named] -= 1
                raise
            log.info("an email came in", email=mail.key, outcome=outcome)
        del self._tries[named]

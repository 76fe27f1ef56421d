"""An office in Discord with a mail server."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from bot.outreach.email import MailServerPost
from bot.sandbox.journal import Journal
from bot.sandbox.mailbox import Mailbox, listening
from bot.sandbox.offset_clock import OffsetClock
from bot.sandbox.store import Store
from bot.sandbox.version import Version
from bot.settings import read_smtp_url
from tests.doubles.databases import fresh_sqlite
from tests.doubles.discord_office import DiscordOffice, discord_office


class MailingOffice:
    """What its people do, and what is in the mailbox."""

    def __init__(self, office: DiscordOffice, mailbox: Mailbox) -> None:
        self.office = office
        self.mailbox = mailbox

    async def arrived(self) -> list[dict[str, Any]]:
        """What is in the mailbox, once something is."""

        async def something() -> list[dict[str, Any]]:
            return self.mailbox.emails()

        return await self.office.until(something, "an email")


@asynccontextmanager
async def mailing_office(folder: Path, changes: Mapping[str, str] | None = None) -> AsyncIterator[MailingOffice]:
    store = Store(None)
    clock = OffsetClock(store)
    mailbox = Mailbox(store, clock, Journal(clock), Version())
    async with listening(mailbox) as smtp_url, discord_office(folder, fresh_sqlite(folder), changes=changes) as office:
        server = read_smtp_url(smtp_url)
        assert server is not None
        office.services.post_office = post = MailServerPost(server)
        office.services.public_url = "https://leads.acme.example"
        yield MailingOffice(office, mailbox)
        await post.close()
    store.close()

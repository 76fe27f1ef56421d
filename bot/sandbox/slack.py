"""The stand-in Slack as one thing, with a phone network and a mailbox beside it: what the doors (APIs, sockets, control, page) work on."""

from dataclasses import dataclass
from typing import Any

from bot.sandbox.delivery import Delivery
from bot.sandbox.door import Door
from bot.sandbox.errors import SlackError
from bot.sandbox.faults import Faults
from bot.sandbox.journal import Journal
from bot.sandbox.mailbox import Mailbox
from bot.sandbox.offset_clock import OffsetClock
from bot.sandbox.phone.network import Network
from bot.sandbox.socket_mode import Sockets
from bot.sandbox.store import Store
from bot.sandbox.tickets import Tickets
from bot.sandbox.version import Version
from bot.sandbox.views import Views
from bot.sandbox.workspace import BOT_USER_ID, PEOPLE

JSON = dict[str, Any]


@dataclass
class Slack:
    """Changes grows with everything that a person looking at Slack or at a borrower's phone would see change."""

    address: str
    store: Store
    clock: OffsetClock
    journal: Journal
    faults: Faults
    tickets: Tickets
    views: Views
    sockets: Sockets
    delivery: Delivery
    changes: Version
    phone: Network
    door: Door
    mailbox: Mailbox

    def place(self, reference: str) -> JSON:
        """The channel meant by an id, a name with or without #, or a person's id (their direct messages). Raises channel_not_found."""
        if reference in PEOPLE:
            if reference == BOT_USER_ID:
                raise SlackError("cannot_dm_bot")
            return self.store.open_dm(reference)
        found = self.store.channel(reference)
        if found is not None:
            return found
        name = reference.removeprefix("#")
        for row in self.store.channels():
            if row["name"] == name and not row.get("is_im"):
                return row
        raise SlackError("channel_not_found")

    def place_of_bot(self, reference: str) -> JSON:
        """As place, but only where the bot is a member. Raises not_in_channel for public channels, else channel_not_found."""
        row = self.place(reference)
        if BOT_USER_ID not in row["members"]:
            raise SlackError("channel_not_found" if row["is_private"] else "not_in_channel")
        return row

"""Where a borrower is reached about a lead: a number to text, an address to write to."""

from dataclasses import dataclass
from typing import Literal

from sqlmodel import Session

from bot.store.contacts import lock_keys
from bot.store.messages import reach_of

Channel = Literal["sms", "email"]


@dataclass(frozen=True, slots=True)
class Reach:
    """A number or an address of a borrower's with its look-up key."""

    contact_point_id: int
    address: str
    key: str


def find_reach(session: Session, lead_id: int, channel: Channel) -> Reach | None:
    """Where the borrower of a lead would be reached on this channel."""
    found = reach_of(session, lead_id, channel)
    return Reach(*found) if found else None


def lock_reach(session: Session, lead_id: int, channel: Channel) -> Reach | None:
    """The same with its key locked; which one it is, is asked again under the lock."""
    while True:
        found = find_reach(session, lead_id, channel)
        if found is None:
            return None
        lock_keys(session, [found.key])
        if find_reach(session, lead_id, channel) == found:
            return found

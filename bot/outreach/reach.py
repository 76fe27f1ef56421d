"""Where a borrower is reached about a lead: a number to text, an address to write to."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from sqlmodel import Session

from bot.store.contacts import lock_keys, writes_alone
from bot.store.messages import reach_of, reaches_of

Channel = Literal["sms", "email"]


@dataclass(frozen=True, slots=True)
class Reach:
    """A number or an address of a borrower's with its look-up key."""

    contact_point_id: int
    address: str
    key: str


Reaches = Mapping[Channel, Reach]


def find_reach(session: Session, lead_id: int, channel: Channel) -> Reach | None:
    """Where the borrower of a lead would be reached on this channel."""
    found = reach_of(session, lead_id, channel)
    return Reach(*found) if found else None


def lock_reaches(session: Session, lead_ids: Iterable[int]) -> dict[int, Reaches]:
    """Where the borrowers of several leads would be reached, by lead and channel, with all their keys locked at once."""
    numbers = sorted(set(lead_ids))
    while True:
        found = _all_reaches(session, numbers)
        lock_keys(session, [reach.key for of_lead in found.values() for reach in of_lead.values()])
        if writes_alone(session) or _all_reaches(session, numbers) == found:
            return found


def _all_reaches(session: Session, lead_ids: Sequence[int]) -> dict[int, Reaches]:
    channels: tuple[Channel, ...] = ("sms", "email")
    found: dict[int, dict[Channel, Reach]] = {lead_id: {} for lead_id in lead_ids}
    for channel in channels:
        for lead_id, reach in zip(lead_ids, reaches_of(session, lead_ids, channel), strict=True):
            if reach is not None:
                found[lead_id][channel] = Reach(*reach)
    return dict(found)


def lock_reach(session: Session, lead_id: int, channel: Channel) -> Reach | None:
    """The same with its key locked; which one it is, is asked again under the lock."""
    while True:
        found = find_reach(session, lead_id, channel)
        if found is None:
            return None
        lock_keys(session, [found.key])
        if find_reach(session, lead_id, channel) == found:
            return found

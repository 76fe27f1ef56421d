"""Timelines are sealed each minute, and once a day the newest seal is told outside the store: what is cut off after that shows."""

import asyncio
from datetime import UTC, datetime

from pydantic import TypeAdapter
from sqlmodel import Session

from bot.config.models import Config
from bot.conversation.mailing import email_is_on
from bot.services import Services
from bot.speed_to_lead.paging import email_address, staff
from bot.store.events import COMPANY, Fact, append_event
from bot.store.people import operators
from bot.store.places import audit_channels
from bot.store.postings import Lease, post_in_place, post_notice
from bot.store.seals import newest_head, seal_next
from bot.store.seen import once

PAUSE = 0.2
"""Seconds between two transactions where a long time has to be caught up, so that others have their turn."""
WORTH = 10
_told: TypeAdapter[bool] = TypeAdapter(bool)


async def seal_timelines(services: Services) -> None:
    """Seal what grew since the last minute, if no other process does."""
    after = 0
    while after := await services.store.transact(seal_next, services.clock.now(), after):
        await asyncio.sleep(PAUSE)


async def tell_head(services: Services) -> None:
    """Tell the newest seal, once a day."""
    config, now = services.in_force.config, services.clock.now()
    services.owe(await services.store.transact(tell_of_head, config, now, services.salt(), email_on=email_is_on(services)))


def tell_of_head(session: Session, config: Config, now: datetime, salt: str, *, email_on: bool) -> list[Lease]:
    """The transaction of that: to the channel and the address of the config; where it names none, or no email leaves, to the admins."""
    head, leases = newest_head(session), list[Lease]()
    if head is None:
        return leases
    channels = audit_channels(session)
    address = config.audit.email if config.audit and email_on else None
    language = next(team.language for team in config.teams if team.key == config.default_team)
    today = now.astimezone(UTC).date()

    def tell() -> bool:
        facts = {"head": str(head), "language": language}
        seq = append_event(session, COMPANY, Fact("head_told", "leadbell", now, facts), salt)
        for place_id in channels:
            leases.extend(post_in_place(session, place_id, "head_told", seq, WORTH))
        if address is not None:
            email_address(session, address, staff.say("head_email", language, day=today.isoformat(), head=str(head)), now)
        for officer_id in operators(session) if not channels and address is None else ():
            leases.extend(post_notice(session, None, officer_id, "head_told", seq, WORTH, at_once=True))
        return True

    once(session, f"head:{today}", now, _told, tell)
    return leases

"""From four on, once a day, a team's manager reads which bad leads can still go back, and for how many today is the last day."""

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from zoneinfo import ZoneInfo

from pydantic import TypeAdapter
from sqlmodel import Session

from bot.services import Services
from bot.store.events import COMPANY, Fact, append_event
from bot.store.people import managers_of, team_zones
from bot.store.postings import Lease, post_notice
from bot.store.returns import OpenReturn, open_returns_of
from bot.store.seen import once

AT_HOUR = 16
WORTH = 50
MOST_LISTED = 10
_told: TypeAdapter[bool] = TypeAdapter(bool)


async def tell_managers(services: Services) -> None:
    """Look once an hour where it is four by now."""
    services.owe(await services.store.transact(tell_of_returns, services.clock.now(), services.salt()))


def tell_of_returns(session: Session, now: datetime, salt: str) -> list[Lease]:
    """The transaction of that look. Each team is told at most once a day, whoever of our processes looks, and only where one is open."""
    leases: list[Lease] = []
    for team_id, zone in team_zones(session):
        local = now.astimezone(ZoneInfo(zone))
        if local.hour >= AT_HOUR and (waiting := open_returns_of(session, team_id, local.date())):
            tell = partial(_tell, session, team_id, waiting, local, salt, leases)
            once(session, f"returns:{team_id}:{local.date()}", now, _told, tell)
    return leases


def _tell(session: Session, team_id: int, waiting: Sequence[OpenReturn], local: datetime, salt: str, leases: list[Lease]) -> bool:
    meta = {
        "leads": len({each.lead_id for each in waiting}),
        "dollars": sum(each.price or 0 for each in waiting),
        "last_today": sum(each.due_on == local.date() for each in waiting),
        "listed": [[each.lead_id, each.source, each.reason, each.due_on.isoformat(), *_had(each)] for each in waiting[:MOST_LISTED]],
    }
    seq = append_event(session, COMPANY, Fact("returns_due", "leadbell", local.astimezone(UTC), meta), salt)
    for officer_id in managers_of(session, team_id):
        leases.extend(post_notice(session, None, officer_id, "returns_due", seq, WORTH, at_once=True))
    return True


def _had(one: OpenReturn) -> list[str]:
    return [] if one.had is None else [one.had.source, one.had.on.isoformat()]

"""Each minute somebody looks whether everything is as promised; what is not is told, and is why the heartbeat stops."""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

import structlog
from pydantic import TypeAdapter
from sqlmodel import Session

from bot.errors import StoreUnavailable
from bot.services import Services
from bot.store.audits import MOST, Kind, find
from bot.store.events import COMPANY, Fact, append_event
from bot.store.people import operators
from bot.store.places import broken_places
from bot.store.postings import Lease, post_notice
from bot.store.seals import seconds_unsealed
from bot.store.seen import once
from bot.store.work import Kind as Work
from bot.store.work import paused

log = structlog.get_logger()

ANSWER_WITHIN = 3.0
AUDIT_WITHIN = 20.0
MISSED_AFTER = 180.0
"""Seconds after the last audit in which the next one must have ended."""
UNSEALED_AFTER = 300.0
"""Seconds after which seals are late: somebody makes one each minute, whichever of our processes that is."""
UNREAD_AFTER = 300.0
"""Seconds after which a mailbox that cannot be read is more than a server that restarts."""
WORTH = 100
WHAT: Mapping[Kind, str] = {
    "steps_late": "escalation steps are late",
    "reminders_late": "reminders are late",
    "drips_late": "texts of sequences are late",
    "texts_late": "texts wait longer than they should",
    "leases_over": "owed things were taken by somebody who died, and by nobody since",
    "messages_behind": "messages in chat show less than the store holds",
    "leads_alone": "open leads have neither an owner nor anything that rings for them",
}
_told: TypeAdapter[bool] = TypeAdapter(bool)


@dataclass(slots=True)
class Auditor:
    """What the last audit of this process found, and when it ended; `at` is monotonic."""

    services: Services
    found: Mapping[Kind, int] = field(default_factory=dict)
    at: float = field(default_factory=time.monotonic)
    _after: int = 0

    async def audit(self) -> None:
        """Look once. What is found is told to those who run Leadbell once a day."""
        now, texts_on = self.services.clock.now(), self.services.network is not None
        async with asyncio.timeout(AUDIT_WITHIN):
            found = await self.services.store.read(find, now, self._after, texts_on=texts_on)
        self.found, self._after, self.at = found.many, found.after, time.monotonic()
        if found.many:
            counted = {str(kind): many for kind, many in found.many.items()}
            log.error("the auditor found what must not be", **counted)
            self.services.owe(await self.services.store.transact(tell_operators, counted, now, self.services.salt()))

    def reasons(self) -> list[str]:
        """What is wrong, as far as the audits know."""
        late = ["the auditor does not look any more"] if time.monotonic() - self.at > MISSED_AFTER else []
        return late + [f"{'more than ' if many >= MOST else ''}{many} {WHAT[kind]}" for kind, many in self.found.items()]


def tell_operators(session: Session, found: dict[str, int], now: datetime, salt: str) -> list[Lease]:
    """The transaction of telling: one message for what is wrong, a day, whichever of our processes found it."""
    leases: list[Lease] = []

    def tell() -> bool:
        seq = append_event(session, COMPANY, Fact("audited", "leadbell", now, {"found": found}), salt)
        for officer_id in operators(session):
            leases.extend(post_notice(session, None, officer_id, "audited", seq, WORTH, at_once=True))
        return True

    once(session, f"audited:{now:%Y-%m-%d}:{','.join(sorted(found))}", now, _told, tell)
    return leases


def _how_it_stands(session: Session) -> tuple[list[tuple[str, str]], float, frozenset[Work]]:
    return broken_places(session), seconds_unsealed(session), paused(session)


@dataclass(frozen=True, slots=True)
class Health:
    """What is wrong, each in a few words: what makes another process the better one to send leads to, and what is alike for all of them."""

    here: list[str]
    everywhere: list[str]

    @property
    def reasons(self) -> list[str]:
        return self.here + self.everywhere


async def health_of(services: Services, auditor: Auditor) -> Health:
    """How this process and all that it needs are. Raises nothing."""
    here: list[str] = []
    everywhere = [f"{name} is not connected yet" for name in services.switched_on if name not in services.platforms]
    everywhere += services.in_force.bad_keys  # elsewhere they are as bad, most likely, and the leads of others have to come in
    if services.mailbox_away_since is not None and (away := time.monotonic() - services.mailbox_away_since) > UNREAD_AFTER:
        everywhere.append(f"the mailbox cannot be read for {away / 60:.0f} minutes: check IMAP_URL with leadbell check --live")
    try:
        async with asyncio.timeout(ANSWER_WITHIN):
            broken, unsealed, leaves = await services.store.read(_how_it_stands)
        if leaves:
            here.append(f"a newer Leadbell changed the store, and this one leaves alone: {', '.join(sorted(leaves))}")
        if services.in_force.behind:
            here.append("a newer Leadbell applied a config that this one does not understand, so this one goes on by the one before it")
        everywhere += [f"{named} cannot be reached: {because}" for named, because in broken]
        if unsealed > UNSEALED_AFTER:
            everywhere.append(f"the timelines were sealed last {unsealed / 60:.0f} minutes ago")
        for name, platform in services.platforms.items():
            async with asyncio.timeout(ANSWER_WITHIN):
                if not await platform.listening():
                    everywhere.append(f"{name} does not reach us")
    except (StoreUnavailable, TimeoutError):
        here.append("the store is away")
    return Health(here, everywhere + auditor.reasons())

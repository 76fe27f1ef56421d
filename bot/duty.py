"""An officer goes off duty until a time, and comes back: while off, no lead rings for them."""

import re
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from pydantic import TypeAdapter
from sqlalchemy import bindparam, select, update
from sqlmodel import Session

from bot.finding import BestWaiting, best_waiting
from bot.press import Press
from bot.rules.roles import Role, may
from bot.rules.when import read_when
from bot.services import Services
from bot.store.clocks import look_again_for
from bot.store.events import COMPANY, Fact, PastEvent, append_event
from bot.store.people import officer, zone_of
from bot.store.postings import Lease
from bot.store.rota import look_at_rotas_of
from bot.store.seen import once

UNLESS_SAID = "tomorrow"
"""How long somebody is off who says no time: nobody stays off because they forgot."""
_BEFORE_A_TIME = re.compile(r"^\s*(?:until|till|for)\b\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class WentOff:
    until: datetime
    zone: str
    seq: int
    kind: Literal["went_off"] = "went_off"


@dataclass(frozen=True, slots=True)
class CameOn:
    """They are on duty again; `best` is the best lead that waits for somebody like them and rang while they were off."""

    seq: int
    best: int | None = None
    kind: Literal["came_on"] = "came_on"


@dataclass(frozen=True, slots=True)
class WasOn:
    """Nothing changed: they were on duty."""

    kind: Literal["was_on"] = "was_on"


@dataclass(frozen=True, slots=True)
class NoTime:
    """The words are no time that lies ahead."""

    kind: Literal["no_time"] = "no_time"


@dataclass(frozen=True, slots=True)
class MayNotGoOff:
    role: Role
    kind: Literal["may_not_go_off"] = "may_not_go_off"


DutyOutcome = WentOff | CameOn | WasOn | NoTime | MayNotGoOff
_answers: TypeAdapter[DutyOutcome] = TypeAdapter(DutyOutcome)

_person = (
    select(officer.c.key, officer.c.role, officer.c.active, officer.c.off_until)
    .where(officer.c.id == bindparam("by"))
    .with_for_update(key_share=True)
)
_set_off = update(officer).where(officer.c.id == bindparam("by")).values(off_until=bindparam("until"))


async def go_off(services: Services, pressed: Press, words: str) -> DutyOutcome:
    """Go off until the time that the words name, on the officer's clocks; without words until tomorrow."""
    outcome = await services.store.transact(set_off, pressed, _BEFORE_A_TIME.sub("", words) or UNLESS_SAID)
    services.owe(())
    return outcome


async def come_on(services: Services, pressed: Press) -> DutyOutcome:
    """Be on duty again."""
    outcome = await services.store.transact(set_on, pressed)
    if isinstance(outcome, CameOn):
        found = await services.store.read(best_waiting, pressed.officer_id, services.clock.now())
        return replace(outcome, best=found.lead if isinstance(found, BestWaiting) else None)
    return outcome


def set_off(session: Session, by: Press, words: str) -> DutyOutcome:
    """The transaction of going off."""
    return once(session, by.delivery, by.at, _answers, lambda: _decide(session, by, words))


def set_on(session: Session, by: Press) -> DutyOutcome:
    """The transaction of coming back."""
    return once(session, by.delivery, by.at, _answers, lambda: _decide(session, by, None))


def _decide(session: Session, by: Press, words: str | None) -> DutyOutcome:
    person = session.connection().execute(_person, {"by": by.officer_id}).one()
    if not (person.active and may(person.role, "go_off")):
        return MayNotGoOff(person.role)
    zone = zone_of(session, by.officer_id)
    until = None if words is None else read_when(words, by.at, zone)
    if words is not None and until is None:
        return NoTime()
    if until is None and (person.off_until is None or person.off_until <= by.at):
        return WasOn()
    before = person.off_until and person.off_until.isoformat()
    meta = {"officer": person.key, "until": until and until.isoformat(), "before": before}
    fact = Fact("off" if until else "on", f"officer:{person.key}", by.at, meta, officer_id=by.officer_id)
    seq = append_event(session, COMPANY, fact, by.salt)
    session.connection().execute(_set_off, {"by": by.officer_id, "until": until})
    look_at_rotas_of(session, by.officer_id)
    if until:
        look_again_for(session, by.officer_id, by.at)
    return WentOff(until, zone, seq) if until else CameOn(seq)


def undo_duty(session: Session, by: Press, said: PastEvent) -> list[Lease]:
    """As it was before they went off or came back, as the last time that they did."""
    before = said.meta["before"]
    session.connection().execute(_set_off, {"by": by.officer_id, "until": before and datetime.fromisoformat(before)})
    look_at_rotas_of(session, by.officer_id)
    return []

"""An officer goes off duty until a time, and comes back: while off, no lead rings for them, and whom they named works theirs."""

import re
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

from pydantic import TypeAdapter
from sqlalchemy import bindparam, select, update
from sqlmodel import Session

from bot.leads.finding import BestWaiting, best_waiting
from bot.leads.press import Press
from bot.rules.colleagues import called, meant_by
from bot.rules.roles import Role, may
from bot.rules.when import read_when
from bot.services import Services
from bot.store.clocks import look_again_for
from bot.store.covering import Appointed, appoint, appointed_by, appointed_from, possible_covers
from bot.store.events import COMPANY, Fact, PastEvent, append_event
from bot.store.people import officer, zone_of
from bot.store.postings import Lease, post_notice, redraw_notice
from bot.store.rota import look_at_rotas_of
from bot.store.seen import once

UNLESS_SAID = "tomorrow"
"""How long somebody is off who says no time: nobody stays off because they forgot."""
_BEFORE_A_TIME = re.compile(r"^\s*(?:until|till|for)\b\s*", re.IGNORECASE)
_COVER = re.compile(r"\b(?:me\s+)?(?:cover(?:ed)?(?:\s+by)?|cubre)\b:?\s*@?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class WentOff:
    """`cover` works their leads meanwhile, where they named somebody now or when they went."""

    until: datetime
    zone: str
    seq: int
    cover: str | None = None
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


@dataclass(frozen=True, slots=True)
class NobodyCovers:
    """Nothing changed: no colleague who could cover is called so, or the one who is (`off`) is off too. `meant` resemble the name."""

    said: str
    meant: tuple[str, ...] = ()
    off: bool = False
    kind: Literal["nobody_covers"] = "nobody_covers"


DutyOutcome = WentOff | CameOn | WasOn | NoTime | MayNotGoOff | NobodyCovers
_answers: TypeAdapter[DutyOutcome] = TypeAdapter(DutyOutcome)

_person = (
    select(officer.c.key, officer.c.name, officer.c.role, officer.c.active, officer.c.off_until)
    .where(officer.c.id == bindparam("by"))
    .with_for_update(key_share=True)
)
_name = select(officer.c.name).where(officer.c.id == bindparam("of_officer"))
_set_off = update(officer).where(officer.c.id == bindparam("by")).values(off_until=bindparam("until"))


async def go_off(services: Services, pressed: Press, words: str) -> DutyOutcome:
    """Go off until the time that the words name, on the officer's clocks; without one until tomorrow: "monday, cover luis"."""
    until, *cover = _COVER.split(words, maxsplit=1)
    until = _BEFORE_A_TIME.sub("", until).strip(" \t\r\n,;") or UNLESS_SAID
    outcome, leases = await services.store.transact(set_off, pressed, until, cover[0].strip() if cover else None)
    services.owe(leases)
    return outcome


async def come_on(services: Services, pressed: Press) -> DutyOutcome:
    """Be on duty again."""
    outcome = await services.store.transact(set_on, pressed)
    services.owe(())
    if isinstance(outcome, CameOn):
        found = await services.store.read(best_waiting, pressed.officer_id, services.clock.now())
        return replace(outcome, best=found.lead if isinstance(found, BestWaiting) else None)
    return outcome


def set_off(session: Session, by: Press, words: str, cover: str | None = None) -> tuple[DutyOutcome, list[Lease]]:
    """The transaction of going off; who covered before does so still where no name is given."""
    leases: list[Lease] = []
    return once(session, by.delivery, by.at, _answers, lambda: _decide(session, by, words, cover, leases)), leases


def set_on(session: Session, by: Press) -> DutyOutcome:
    """The transaction of coming back."""
    return once(session, by.delivery, by.at, _answers, lambda: _decide(session, by, None, None, []))


def _decide(session: Session, by: Press, words: str | None, cover: str | None, leases: list[Lease]) -> DutyOutcome:
    person = session.connection().execute(_person, {"by": by.officer_id}).one()
    if not (person.active and may(person.role, "go_off")):
        return MayNotGoOff(person.role)
    zone = zone_of(session, by.officer_id)
    until = None if words is None else read_when(words, by.at, zone)
    if words is not None and until is None:
        return NoTime()
    if until is None and (person.off_until is None or person.off_until <= by.at):
        return WasOn()
    named = None if cover is None else _named(session, by, cover)
    if isinstance(named, NobodyCovers):
        return named
    appointed = appointed_by(session, by.officer_id)
    before = person.off_until and person.off_until.isoformat()
    meta = {"officer": person.key, "until": until and until.isoformat(), "before": before, "covered": appointed and appointed.stored()}
    if named is not None:
        meta |= {"cover": named.key, "officer_id": by.officer_id, "zone": zone}
    fact = Fact("off" if until else "on", f"officer:{person.key}", by.at, meta, officer_id=by.officer_id)
    seq = append_event(session, COMPANY, fact, by.salt)
    session.connection().execute(_set_off, {"by": by.officer_id, "until": until})
    look_at_rotas_of(session, by.officer_id)
    if until:
        look_again_for(session, by.officer_id, by.at)
    if named is not None:
        leases += _appoint(session, by, named.id, appointed, seq)
    return WentOff(until, zone, seq, _cover_name(session, by.officer_id)) if until else CameOn(seq)


def _named(session: Session, by: Press, cover: str) -> Any:
    """The colleague who is called so and could cover, or why there is none."""
    able = [each for each in possible_covers(session, by.officer_id) if may(each.role, "work")]
    found = called(cover, able)
    if len(found) != 1:
        return NobodyCovers(cover, meant_by(cover, able))
    [one] = found
    return NobodyCovers(one.name, off=True) if one.off_until is not None and one.off_until > by.at else one


def _appoint(session: Session, by: Press, cover_id: int, before: Appointed | None, seq: int) -> list[Lease]:
    """Somebody covers from now on, and reads what there is to do; who did before reads that it is over."""
    appoint(session, by.officer_id, Appointed(cover_id, before.since if before else by.at, seq))
    if before is not None:
        redraw_notice(session, before.seq)
    return post_notice(session, None, cover_id, "covers", seq, 0, at_once=True)


def _cover_name(session: Session, officer_id: int) -> str | None:
    appointed = appointed_by(session, officer_id)
    if appointed is None:
        return None
    return str(session.connection().execute(_name, {"of_officer": appointed.cover_id}).scalar_one())


def undo_duty(session: Session, by: Press, said: PastEvent) -> list[Lease]:
    """As it was before they went off or came back, as the last time that they did."""
    before, covers = said.meta["before"], appointed_from(said.meta.get("covered"))
    for changed in {appointed_by(session, by.officer_id), covers}:
        if changed is not None:
            redraw_notice(session, changed.seq)
    appoint(session, by.officer_id, covers)
    session.connection().execute(_set_off, {"by": by.officer_id, "until": before and datetime.fromisoformat(before)})
    look_at_rotas_of(session, by.officer_id)
    return []

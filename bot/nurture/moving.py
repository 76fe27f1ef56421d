"""Leads that are on their way through an older version of a sequence go on with the live one: counted first, then the number is typed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from pydantic import TypeAdapter
from sqlmodel import Session

from bot.leads.press import Press
from bot.nurture.drip_steps import CLOSES_AFTER, zone_of
from bot.nurture.drips import Meant, meant
from bot.rules.drips import Step, next_step, place_in
from bot.rules.groups import read_number
from bot.rules.roles import Role, may
from bot.services import Services
from bot.store.drips import DripView, Version, lock_drip, newest_version_of, withdraw_touches
from bot.store.events import COMPANY, Fact, append_event
from bot.store.leads import lock_leads
from bot.store.moving import behind, many_behind, move_to_version
from bot.store.people import doer
from bot.store.seen import once
from bot.store.views import LeadView, lead_view

AT_ONCE = 20
"""How many leads one transaction moves: meanwhile SQLite lets nobody else write."""


@dataclass(frozen=True, slots=True)
class ToMove:
    """So many leads go on with older versions; `said` where somebody typed another number. None moved."""

    names: Mapping[str, str]
    version: int
    many: int
    said: str = ""
    kind: Literal["to_move"] = "to_move"


@dataclass(frozen=True, slots=True)
class Moved:
    """So many go on with the live version from now on."""

    key: str
    names: Mapping[str, str]
    version: int
    many: int
    kind: Literal["moved"] = "moved"


@dataclass(frozen=True, slots=True)
class MayNotMove:
    role: Role
    kind: Literal["may_not_move"] = "may_not_move"


MoveOutcome = ToMove | Moved | MayNotMove
_answers: TypeAdapter[MoveOutcome] = TypeAdapter(MoveOutcome)


async def move(services: Services, pressed: Press, words: str) -> MoveOutcome | Meant:
    """ "past client" counts, "past client 37" moves so many; words that mean no sequence are asked back."""
    wanted, number = await meant(services, COMPANY, words), ""
    if wanted.plan is None:
        name, _, last = words.strip().rpartition(" ")
        if name and read_number(last) is not None:
            wanted, number = await meant(services, COMPANY, name), last
    if wanted.plan is None or not words.strip():
        return wanted
    outcome = await services.store.transact(confirm_move, pressed, wanted.plan.key, number)
    if isinstance(outcome, Moved):
        while await services.store.transact(move_some, outcome.key, pressed.at, pressed.salt):
            pass  # one transaction after the other; where this process ends before, the number that is left is counted anew
        services.owed.set()
    return outcome


def confirm_move(session: Session, by: Press, key: str, number: str) -> MoveOutcome:
    """The transaction of a count, and of the number that was typed: that is written down before anything moves."""

    def decide() -> MoveOutcome:
        person = doer(session, by.officer_id)
        if not (person.active and may(person.role, "approve_drips")):
            return MayNotMove(person.role)
        version = newest_version_of(session, key)
        assert version is not None, "versions are never deleted"
        many, names = many_behind(session, key, version.id), dict(version.plan.names)
        if not many or read_number(number) != many:
            return ToMove(names, version.version, many, number)
        meta = {"sequence": key, "version": version.version, "many": many, "officer": person.name}
        append_event(session, COMPANY, Fact("drips_moved", f"officer:{person.key}", by.at, meta, officer_id=person.id), by.salt)
        return Moved(key, names, version.version, many)

    return once(session, by.delivery, by.at, _answers, decide)


def move_some(session: Session, key: str, now: datetime, salt: str) -> int:
    """Have the next leads go on with the live version; how many were looked at."""
    version = newest_version_of(session, key)
    assert version is not None, "versions are never deleted"
    ways = behind(session, key, version.id, AT_ONCE)
    lock_leads(session, sorted(set(ways.values())))
    for drip_id, lead_id in ways.items():
        drip, lead = lock_drip(session, drip_id), lead_view(session, lead_id)
        if drip is not None and lead is not None and drip.runs and drip.sequence_id != version.id:
            _move(session, drip, lead, version, now, salt)
    return len(ways)


def _move(session: Session, drip: DripView, lead: LeadView, version: Version, now: datetime, salt: str) -> None:
    back = withdraw_touches(session, drip, "drip_moved")  # its words are of the older version
    standing = drip.step if back is None else back
    old, new = drip.plan, version.plan
    step, at = place_in(new, old, standing), drip.at
    if step == len(new.steps):
        at = now + CLOSES_AFTER
    elif back is not None:
        at = now
    elif not drip.state.get("paused") and (standing == len(old.steps) or _timing(old.steps[standing]) != _timing(new.steps[step])):
        zone = zone_of(lead)
        following = next_step(new, step, now, drip.start(zone), zone)
        step, at = following.step, now + CLOSES_AFTER if following.step == len(new.steps) else following.at
    move_to_version(session, drip.id, version.id, step, drip.touches - (back is not None), at, drip.state)
    meta = {"enrollment": drip.id, "sequence": drip.key, "from": drip.version, "version": version.version, "step": step + 1}
    append_event(session, drip.lead_id, Fact("drip_moved", "leadbell", now, meta), salt)


def _timing(step: Step) -> tuple[object, ...]:
    return step.after, step.at, step.weekdays, step.from_start, step.on

"""An officer asks the team, or a colleague, to be on call in their place. Who accepts first is; until it begins it can be undone."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

from pydantic import TypeAdapter
from sqlalchemy import bindparam, select
from sqlmodel import Session

from bot.leads.press import Press
from bot.rules.colleagues import called, meant_by
from bot.rules.roles import Role, may
from bot.rules.rota import holder, piece_to_give, turn_at
from bot.rules.when import read_when
from bot.services import Services
from bot.store.events import COMPANY, Fact, append_event
from bot.store.people import officer, zone_of
from bot.store.postings import Lease, post_notice, redraw_notice
from bot.store.rota import (
    SwapView,
    TeamRota,
    ask_for_swap,
    colleagues,
    is_passed_on,
    lock_swap,
    look_at_rota_of_team,
    rotas_for,
    set_swap_asked,
    take_swap,
    team_rota,
    withdraw_swap,
)
from bot.store.seen import once

_WITH = re.compile(r"(?:^|\s)(?:with|to)\s+", re.IGNORECASE)
_IDLE = re.compile(r"\b(?:my|turn|on)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class SwapAskedOf:
    """The colleagues were asked; `whom` is one of them, None all."""

    swap: int
    begins: datetime
    ends: datetime
    zone: str
    whom: str | None
    kind: Literal["asked"] = "asked"


@dataclass(frozen=True, slots=True)
class NoTurnThen:
    """They are not on call then; without a day never, as far as is known."""

    said: str
    kind: Literal["no_turn"] = "no_turn"


@dataclass(frozen=True, slots=True)
class NobodyCalledSo:
    """No colleague who could do it is called so; `meant` are the names that resemble it."""

    said: str
    meant: tuple[str, ...]
    kind: Literal["nobody"] = "nobody"


@dataclass(frozen=True, slots=True)
class Swapped:
    """They are on call from now on in place of somebody."""

    swap: int
    whose: str
    begins: datetime
    ends: datetime
    zone: str
    kind: Literal["swapped"] = "swapped"


@dataclass(frozen=True, slots=True)
class TakenBySomebody:
    who: str
    kind: Literal["taken"] = "taken"


@dataclass(frozen=True, slots=True)
class NoLongerAsked:
    """It was called off, is over, or the rota is another one by now."""

    kind: Literal["no_longer"] = "no_longer"


@dataclass(frozen=True, slots=True)
class CalledOff:
    kind: Literal["called_off"] = "called_off"


@dataclass(frozen=True, slots=True)
class BegunAlready:
    kind: Literal["begun"] = "begun"


@dataclass(frozen=True, slots=True)
class MayNotSwap:
    role: Role
    kind: Literal["may_not_swap"] = "may_not_swap"


SwapOutcome = SwapAskedOf | NoTurnThen | NobodyCalledSo | Swapped | TakenBySomebody | NoLongerAsked | CalledOff | BegunAlready | MayNotSwap
_answers: TypeAdapter[SwapOutcome] = TypeAdapter(SwapOutcome)
_person = (
    select(officer.c.id, officer.c.key, officer.c.name, officer.c.role, officer.c.active)
    .where(officer.c.id == bindparam("by"))
    .with_for_update(key_share=True)
)


async def ask(services: Services, pressed: Press, words: str) -> SwapOutcome:
    """Ask for somebody to take their next turn, or a day of it: "", "saturday", "with luis", "saturday with luis"."""
    outcome, leases = await services.store.transact(ask_colleagues, pressed, words)
    services.owe(leases)
    return outcome


async def take(services: Services, pressed: Press, swap_id: int) -> SwapOutcome:
    """Be on call in the place of who asked."""
    outcome, leases = await services.store.transact(take_turn, pressed, swap_id)
    services.owe(leases)
    return outcome


async def call_off(services: Services, pressed: Press, swap_id: int) -> SwapOutcome:
    """Undo it before it begins, by either of the two."""
    outcome, leases = await services.store.transact(call_swap_off, pressed, swap_id)
    services.owe(leases)
    return outcome


def ask_colleagues(session: Session, by: Press, words: str) -> tuple[SwapOutcome, list[Lease]]:
    """The transaction of asking."""
    leases: list[Lease] = []
    return once(session, by.delivery, by.at, _answers, lambda: _ask(session, by, words, leases)), leases


def take_turn(session: Session, by: Press, swap_id: int) -> tuple[SwapOutcome, list[Lease]]:
    """The transaction of Accept: of all who press, one is on call."""
    leases: list[Lease] = []
    return once(session, by.delivery, by.at, _answers, lambda: _take(session, by, swap_id, leases)), leases


def call_swap_off(session: Session, by: Press, swap_id: int) -> tuple[SwapOutcome, list[Lease]]:
    """The transaction of calling it off."""
    leases: list[Lease] = []
    return once(session, by.delivery, by.at, _answers, lambda: _call_off(session, by, swap_id, leases)), leases


def _ask(session: Session, by: Press, words: str, leases: list[Lease]) -> SwapOutcome:
    person = session.connection().execute(_person, {"by": by.officer_id}).one()
    if not (person.active and may(person.role, "go_off")):
        return MayNotSwap(person.role)
    day_words, name = (part.strip() for part in _parted(words))
    day = _day(day_words, by, zone_of(session, by.officer_id))
    if day_words and day is None:
        return NoTurnThen(day_words)
    found = _to_give(session, person, by.at, day)
    if found is None:
        return NoTurnThen(day_words)
    rota, begins, ends = found
    able = [each for each in colleagues(session, rota.team_id) if each.id != person.id and may(each.role, "go_off")]
    asked = called(name, able) if name else able
    if not asked or (name and len(asked) > 1):
        return NobodyCalledSo(name, meant_by(name, able))
    only = asked[0] if name else None
    row = {"team_id": rota.team_id, "from_id": person.id, "begins": begins, "ends": ends, "asked_at": by.at, "asked_seq": 0}
    swap_id = ask_for_swap(session, {**row, "asked_id": only and only.id})
    meta = {"swap": swap_id, "team": rota.team, "begins": begins.isoformat(), "ends": ends.isoformat(), "asked": only and only.key}
    seq = append_event(session, COMPANY, Fact("swap_asked", f"officer:{person.key}", by.at, meta, officer_id=person.id), by.salt)
    set_swap_asked(session, swap_id, seq)
    for each in asked:
        leases += post_notice(session, None, each.id, "swap_asked", seq, 0, at_once=True)
    return SwapAskedOf(swap_id, begins, ends, rota.rota.zone, only and only.name)


def _parted(words: str) -> tuple[str, str]:
    """The day and the name of "saturday with luis"."""
    with_whom = _WITH.search(words)
    day = _IDLE.sub(" ", words[: with_whom.start()] if with_whom else words)
    return day, words[with_whom.end() :].lstrip("@") if with_whom else ""


def _day(words: str, by: Press, zone: str) -> date | None:
    """The day that the words name; today too, whatever the time is by now."""
    if words.casefold() in ("today", "tonight"):
        return by.at.astimezone(ZoneInfo(zone)).date()
    at = read_when(words, by.at, zone) if words else None
    return None if at is None else at.astimezone(ZoneInfo(zone)).date()


def _to_give(session: Session, person: Any, at: datetime, day: date | None) -> tuple[TeamRota, datetime, datetime] | None:
    """What they have to give, of the rotas of their teams what comes first."""
    found = [
        (rota, *piece)
        for rota in rotas_for(session, person.id, at, every=False)
        if (piece := piece_to_give(rota.rota, at, rota.taken, person.key, day)) is not None
    ]
    return min(found, key=lambda each: each[1], default=None)


def _take(session: Session, by: Press, swap_id: int, leases: list[Lease]) -> SwapOutcome:
    person = session.connection().execute(_person, {"by": by.officer_id}).one()
    if not (person.active and may(person.role, "go_off")):
        return MayNotSwap(person.role)
    asked = lock_swap(session, swap_id)
    if asked is None or not _stands(session, asked, person.id, by.at):
        return NoLongerAsked()
    if asked.by_id is not None and asked.by_id != person.id:
        return TakenBySomebody(asked.by or "")
    if asked.by_id is None:
        meta = {"swap": swap_id, "team": asked.team, "whose": asked.whose, "by": person.name}
        seq = append_event(session, COMPANY, Fact("swap_taken", f"officer:{person.key}", by.at, meta, officer_id=person.id), by.salt)
        take_swap(session, swap_id, person.id, by.at, seq)
        redraw_notice(session, asked.asked_seq)
        look_at_rota_of_team(session, asked.team_id)
        leases += post_notice(session, None, asked.from_id, "swap_taken", seq, 0, at_once=True)
    return Swapped(swap_id, asked.whose, asked.begins, asked.ends, asked.zone)


def _stands(session: Session, asked: SwapView, by_id: int, at: datetime) -> bool:
    """Whether this officer may still take it: it was asked of them, is not over, and it is still the turn of who asked."""
    if asked.withdrawn_at is not None or asked.ends <= at or by_id == asked.from_id or asked.asked_id not in (None, by_id):
        return False
    if by_id not in {each.id for each in colleagues(session, asked.team_id)}:
        return False
    rota, since = team_rota(session, asked.team_id, at), max(asked.begins, at)
    if rota is None:
        return False
    key = holder(turn_at(rota.rota, since), since, rota.taken)
    return key in rota.people and rota.people[key].id in (asked.from_id, asked.by_id)


def _call_off(session: Session, by: Press, swap_id: int, leases: list[Lease]) -> SwapOutcome:
    person = session.connection().execute(_person, {"by": by.officer_id}).one()
    if not (person.active and may(person.role, "go_off")):
        return MayNotSwap(person.role)
    asked = lock_swap(session, swap_id)
    if asked is None or asked.withdrawn_at is not None or person.id not in (asked.from_id, asked.by_id) or is_passed_on(session, asked):
        return NoLongerAsked()
    if asked.by_id is not None and asked.begins <= by.at:
        return BegunAlready()
    withdraw_swap(session, swap_id, by.at)
    meta = {"swap": swap_id, "team": asked.team, "by": person.name, "taken": asked.by}
    seq = append_event(session, COMPANY, Fact("swap_off", f"officer:{person.key}", by.at, meta, officer_id=person.id), by.salt)
    redraw_notice(session, asked.asked_seq)
    look_at_rota_of_team(session, asked.team_id)
    if asked.by_id is not None:
        redraw_notice(session, asked.taken_seq)
        other = asked.from_id if person.id == asked.by_id else asked.by_id
        leases += post_notice(session, None, other, "swap_off", seq, 0, at_once=True)
    return CalledOff()

"""An officer has left: who leads says what becomes of the open leads, to one person, split, or back to the pool."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

from pydantic import TypeAdapter
from sqlalchemy import bindparam, func, select
from sqlmodel import Session

from bot.distribution.handing_over import Hand, hand_over, hold, why_not
from bot.distribution.releasing import release
from bot.leads.press import Press
from bot.rules.roles import Role, may
from bot.services import Services
from bot.store.clocks import look_at_exceptions
from bot.store.columns import table_of
from bot.store.events import COMPANY, Event, Fact, append_event
from bot.store.leavers import (
    RETURNED,
    STAYS_OFF,
    HeldLead,
    ask_next,
    asked_about,
    due_leavers,
    held_leads,
    leaver_view,
    mark_back,
    mark_left,
    set_because,
    takers_of,
    who_leads_leaver,
)
from bot.store.people import TeamOfficer, doer, leads_team, officer, zone_of
from bot.store.postings import Lease, place, post_notice, redraw_notice, redraw_of_person
from bot.store.seen import once

How = Literal["to", "split", "pool"]
MORNING = time(9)
STAGGER = timedelta(minutes=1)
"""Between two leads that go to the pool, so that they ring one by one."""
MOST_AT_ONCE = 100
"""Leads that one answer moves; the rest is asked about again at once."""


@dataclass(frozen=True, slots=True)
class LeadsMoved:
    """So many leads found somebody, or are in the pool; `kept` could not go, and are still the leaver's."""

    officer: str
    how: How
    to: str | None
    moved: int
    kept: tuple[int, ...]
    kind: Literal["leads_moved"] = "leads_moved"


@dataclass(frozen=True, slots=True)
class NothingLeft:
    """Somebody answered already: the leaver has no open leads any more."""

    officer: str
    kind: Literal["nothing_left"] = "nothing_left"


@dataclass(frozen=True, slots=True)
class BackAgain:
    """The officer works here again."""

    officer: str
    kind: Literal["back_again"] = "back_again"


@dataclass(frozen=True, slots=True)
class StaysOff:
    officer: str
    kind: Literal["stays_off"] = "stays_off"


@dataclass(frozen=True, slots=True)
class MayNotDecide:
    role: Role
    kind: Literal["may_not_decide"] = "may_not_decide"


LeaverOutcome = LeadsMoved | NothingLeft | BackAgain | StaysOff | MayNotDecide
_answers: TypeAdapter[LeaverOutcome] = TypeAdapter(LeaverOutcome)

_member = table_of(TeamOfficer)
_teams = select(_member.c.team_id).where(_member.c.officer_id == bindparam("who"))
_event = table_of(Event)
_asked_of_return = select(func.max(_event.c.seq)).where(
    _event.c.stream == COMPANY, _event.c.kind == "came_back", _event.c.officer_id == bindparam("who")
)
_at_addresses = (
    select(officer.c.id, officer.c.key, officer.c.active, officer.c.left_because, place.c.address)
    .join_from(place, officer, place.c.officer_id == officer.c.id)
    .where(place.c.platform == bindparam("on"), place.c.kind == "person", place.c.address.is_not(None), place.c.active)
    .order_by(officer.c.id)
)


def ask_about_leavers(session: Session, now: datetime, salt: str, chosen: Sequence[int] | None = None) -> tuple[int, list[Lease]]:
    """Ask who leads about each leaver's open leads, at once and every morning until none is left; how many were looked at, and leases."""
    due, leases = due_leavers(session, now, chosen), list[Lease]()
    for leaver in due:
        if leaver.asked_seq is None:
            redraw_of_person(session, leaver.officer_id)  # what they were sent loses the numbers
        held = len(held_leads(session, leaver.officer_id))
        if leaver.active or not held:
            ask_next(session, leaver.officer_id, None)
            continue
        fact = Fact("leaver_asked", "leadbell", now, {"officer": leaver.key, "officer_id": leaver.officer_id, "leads": held})
        seq = append_event(session, COMPANY, fact, salt)
        if leaver.asked_seq is not None:
            redraw_notice(session, leaver.asked_seq)
        asked_about(session, leaver.officer_id, seq, _next_morning(now, zone_of(session, leaver.officer_id)))
        for each in who_leads_leaver(session, leaver.officer_id):
            leases += post_notice(session, None, each, "leaver", seq, 0, at_once=True)
    return len(due), leases


def _next_morning(now: datetime, zone: str) -> datetime:
    there = ZoneInfo(zone)
    return datetime.combine(now.astimezone(there).date() + timedelta(days=1), MORNING, there).astimezone(UTC)


def note_presence(
    session: Session, platform: Literal["slack", "discord"], here: Collection[str], gone: Collection[str], now: datetime, salt: str
) -> list[Lease]:
    """Who was deactivated on the platform, or left it, has left; who is there again is asked about, and never switched on by itself."""
    leases: list[Lease] = []
    for person in session.connection().execute(_at_addresses, {"on": platform}).all():
        meta = {"officer": person.key, "officer_id": person.id, "platform": platform}
        if person.address in gone and person.active:
            mark_left(session, person.id, platform, now)
            append_event(session, COMPANY, Fact("left", "leadbell", now, meta, officer_id=person.id), salt)
        elif person.address in here and not person.active and person.left_because == platform:
            set_because(session, person.id, RETURNED)
            seq = append_event(session, COMPANY, Fact("came_back", "leadbell", now, meta, officer_id=person.id), salt)
            for each in who_leads_leaver(session, person.id):
                leases += post_notice(session, None, each, "came_back", seq, 0, at_once=True)
    return leases


async def move_leads(services: Services, pressed: Press, leaver_id: int, how: How, to_id: int | None = None) -> LeaverOutcome:
    """Give the leaver's open leads to one person, to all in turn, or to the pool."""
    outcome, leases = await services.store.transact(move_leads_of, pressed, leaver_id, how, to_id)
    services.owe(leases)
    return outcome


async def switch_on(services: Services, pressed: Press, leaver_id: int, *, on: bool) -> LeaverOutcome:
    """Whether somebody who came back works here again."""
    outcome, leases = await services.store.transact(answer_return, pressed, leaver_id, on)
    services.owe(leases)
    return outcome


def move_leads_of(session: Session, by: Press, leaver_id: int, how: How, to_id: int | None) -> tuple[LeaverOutcome, list[Lease]]:
    """The transaction of that answer. It moves the leads of the teams that the one who answers leads."""
    leases: list[Lease] = []
    return once(session, by.delivery, by.at, _answers, lambda: _decide(session, by, leaver_id, how, to_id, leases)), leases


def _decide(session: Session, by: Press, leaver_id: int, how: How, to_id: int | None, leases: list[Lease]) -> LeaverOutcome:
    person, leaver = doer(session, by.officer_id), doer(session, leaver_id)
    if not (person.active and may(person.role, "assign")):
        return MayNotDecide(person.role)
    held = held_leads(session, leaver_id)
    mine = {team_id for team_id in {each.team_id for each in held} if leads_team(session, by.officer_id, team_id)}
    to_move = [each for each in held if each.team_id in mine]
    if leaver.active:
        return BackAgain(leaver.name)
    if not held:
        return NothingLeft(leaver.name)
    if not to_move:
        return MayNotDecide(person.role)
    takers = [to_id] if to_id is not None else [each for each, _ in takers_of(session, sorted(mine))] if how == "split" else []
    hold(session, {*takers, leaver_id}, [each.number for each in to_move[:MOST_AT_ONCE]])
    held = held_leads(session, leaver_id)  # somebody may have answered while we waited
    to_move = [each for each in held if each.team_id in mine]
    if not to_move:
        return NothingLeft(leaver.name)
    batch = to_move[:MOST_AT_ONCE]
    hand = Hand(f"officer:{person.key}", person.name, by.at, by.salt)
    moved = _to_pool(session, batch, leaver_id, by, leases) if how == "pool" else _in_turn(session, batch, takers, hand, leases)
    to = None if to_id is None else doer(session, to_id)
    kept = tuple(each.number for each in batch if each.number not in moved)
    meta = {"officer": leaver.key, "how": how, "to": to.key if to else None, "moved": moved, "kept": list(kept)}
    append_event(session, COMPANY, Fact("leads_moved", f"officer:{person.key}", by.at, meta, officer_id=by.officer_id), by.salt)
    left = len(held) - len(moved)
    more = len(to_move) > len(batch)
    next_morning = _next_morning(by.at, zone_of(session, by.officer_id))
    ask_next(session, leaver_id, None if not left else by.at if more else next_morning)
    asked_seq = leaver_view(session, leaver_id).asked_seq
    if asked_seq is not None:
        redraw_notice(session, asked_seq)
    return LeadsMoved(leaver.name, how, to.name if to else None, len(moved), kept)


def _in_turn(session: Session, batch: list[HeldLead], takers: list[int], hand: Hand, leases: list[Lease]) -> list[int]:
    """Each lead to the next who may have it; those that nobody may have stay."""
    turn, moved = list(takers), list[int]()
    for each in batch:
        taker = next((one for one in turn if why_not(session, one, each.number, hand.at) is None), None)
        if taker is None:
            continue
        turn.remove(taker)
        turn.append(taker)
        given = hand_over(session, each.number, taker, hand)
        if given is not None:
            leases += given.leases
            moved.append(each.number)
    return moved


def _to_pool(session: Session, batch: list[HeldLead], leaver_id: int, by: Press, leases: list[Lease]) -> list[int]:
    moved: list[int] = []
    for each in batch:
        released = release(session, each.number, leaver_id, "left", by.at, by.salt, rings_at=by.at + len(moved) * STAGGER)
        if released is not None:
            leases += released.leases
            moved.append(each.number)
    return moved


def answer_return(session: Session, by: Press, leaver_id: int, on: bool) -> tuple[LeaverOutcome, list[Lease]]:
    """The transaction of the answer about somebody who came back. Whoever answers first is heard."""
    leases: list[Lease] = []
    return once(session, by.delivery, by.at, _answers, lambda: _decide_return(session, by, leaver_id, on)), leases


def _decide_return(session: Session, by: Press, leaver_id: int, on: bool) -> LeaverOutcome:
    connection = session.connection()
    hold(session, [leaver_id], [])
    person = doer(session, by.officer_id)
    teams = connection.execute(_teams, {"who": leaver_id}).scalars().all()
    leads = any(leads_team(session, by.officer_id, team_id) for team_id in teams)
    if not (person.active and may(person.role, "assign") and leads):
        return MayNotDecide(person.role)
    view = leaver_view(session, leaver_id)
    if view.because == RETURNED:
        if on:
            mark_back(session, leaver_id)
            look_at_exceptions(session, by.at)
        else:
            set_because(session, leaver_id, STAYS_OFF)
        meta: dict[str, Any] = {"officer_id": leaver_id, "on": on}
        fact = Fact("return_answered", f"officer:{person.key}", by.at, meta, officer_id=by.officer_id)
        append_event(session, COMPANY, fact, by.salt)
        view = leaver_view(session, leaver_id)
    redraw_notice(session, connection.execute(_asked_of_return, {"who": leaver_id}).scalar_one())
    return BackAgain(view.name) if view.active else StaysOff(view.name)

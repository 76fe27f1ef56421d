"""A rate fell to where it is worth a talk: the lead's timeline says so, sequences may begin by it, and its owner has somebody to call."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import Session

from bot.rules.callable_time import Calendar, is_open, opens_at
from bot.rules.drips import RATE_DROP
from bot.rules.rates import REST, passed_over, rearmed, rested, saving_of, told
from bot.rules.roles import may
from bot.rules.shifts import next_beginning
from bot.store.drips import let_come
from bot.store.events import COMPANY, Fact, append_event
from bot.store.morning import OfficerMorning, officers_at_home
from bot.store.people import leaders_of
from bot.store.postings import Lease, post_notice
from bot.store.rates import (
    Held,
    due_lists,
    hold_firing,
    keep_told,
    list_told,
    move_watch,
    next_owed,
    owe_lists,
    products_owed,
    put_list_off,
    rearming,
    rested_now,
    to_call,
)
from bot.store.views import MOST_LISTED

GATHERS = timedelta(minutes=2)
"""How long an officer's list waits for leads that are told of the same rate."""


def decide_rates(session: Session, now: datetime, salt: str) -> tuple[int, list[Lease]]:
    """What is due about rates, some leads at once; how many were looked at, and the leases of what is told. Each change takes a lead out of
    what is owed, so that a repeat goes on where a kill left off."""
    looked, whom = _let_go_on(session, now), set[int]()
    for product, rate in products_owed(session, now):
        for waits in (found := rearming(session, product, rate)):
            move_watch(session, waits.lead_id, rearmed(waits.watch))
        firing = hold_firing(session, product, rate)
        for held in firing:
            whom |= _tell_of(session, held, rate, now, salt)
        looked += len(found) + len(firing)
    owe_lists(session, whom, now + GATHERS)
    many, leases = _tell_lists(session, now, salt)
    return looked + many, leases


def _let_go_on(session: Session, now: datetime) -> int:
    found = rested_now(session, now)
    for waits in found:
        move_watch(session, waits.lead_id, rested(waits.watch))
    return len(found)


def _tell_of(session: Session, held: Held, rate: int, now: datetime, salt: str) -> set[int]:
    """The officers who are to hear of it."""
    waits = held.waits
    if not held.wants_it:
        move_watch(session, waits.lead_id, passed_over(waits.watch, now))
        return set()
    move_watch(session, waits.lead_id, told(waits.watch, rate, now))
    saving = None
    if waits.balance and waits.counted_from is not None:
        saving = int(saving_of(waits.balance, waits.counted_from, rate, waits.product) * 100)
    keep_told(session, waits.lead_id, now, saving, held.team_id if held.owner_id is None else None)
    append_event(session, waits.lead_id, Fact(RATE_DROP, "leadbell", now, {"product": waits.product, "rate": rate}), salt)
    let_come(session, waits.lead_id, RATE_DROP, now)
    return {held.owner_id} if held.owner_id is not None else set(leaders_of(session, held.team_id))


def _tell_lists(session: Session, now: datetime, salt: str) -> tuple[int, list[Lease]]:
    due, leases = due_lists(session, now), list[Lease]()
    told_at = dict(due)
    still_gathers = bool(due) and (owed := next_owed(session)) is not None and owed <= now
    for officer in officers_at_home(session, sorted(told_at)):
        later = _tells_later(officer, told_at[officer.id], now) or (now + GATHERS if still_gathers else None)
        found = [] if later else to_call(session, officer.id, now - REST)
        if later or not found or not (officer.active and may(officer.role, "work")):
            put_list_off(session, officer.id, later)
            continue
        meta = {"leads": [each.waits.lead_id for each in found[:MOST_LISTED]], "many": len(found)}
        seq = append_event(session, COMPANY, Fact("rate_list", "leadbell", now, meta, officer_id=officer.id), salt)
        leases += post_notice(session, None, officer.id, "rate_list", seq, 0, at_once=True)
        list_told(session, officer.id, now)
    return len(due), leases


def _tells_later(officer: OfficerMorning, told_at: datetime | None, now: datetime) -> datetime | None:
    """When this officer is told instead of now: not while they are off or their day has not begun, nor twice on one day."""
    if officer.off_until is not None and officer.off_until > now:
        return officer.off_until
    hours = officer.hours
    if hours is None:
        return told_at + timedelta(days=1) if told_at is not None and told_at + timedelta(days=1) > now else None
    if told_at is not None and _day(hours, told_at) == _day(hours, now):
        return next_beginning(hours, now) or now + timedelta(days=1)
    return None if is_open(now, (hours,)) else opens_at(now, (hours,)) or now + timedelta(days=1)


def _day(hours: Calendar, at: datetime) -> object:
    return at.astimezone(ZoneInfo(hours.zone)).date()

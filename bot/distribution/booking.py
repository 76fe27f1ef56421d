"""Nobody is free for a lead: who leads books a time with the borrower. Until then the lead is quiet, then it rings again."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from pydantic import TypeAdapter
from sqlalchemy import bindparam, select
from sqlmodel import Session

from bot.distribution.assigning import NotAssigned, may_not_assign
from bot.leads.press import Press
from bot.outreach.calls import whereabouts_of
from bot.rules.callable_time import calendars, is_open, opens_at
from bot.services import Services
from bot.speed_to_lead.escalation_rules import start_clock
from bot.store.clocks import UNCLAIMED, clocks_of, stop_clock
from bot.store.columns import table_of
from bot.store.events import Fact, PastEvent, append_event
from bot.store.last_opened import keep_last_opened
from bot.store.leads import book, lock_lead
from bot.store.people import ANSWERS, Team, answers, doer
from bot.store.postings import Lease, redraw
from bot.store.seen import once
from bot.store.views import lead_view


@dataclass(frozen=True, slots=True)
class TimeBooked:
    lead: int
    at: datetime
    zone: str
    seq: int
    kind: Literal["time_booked"] = "time_booked"


@dataclass(frozen=True, slots=True)
class HasOwner:
    """Somebody has it already, and books with the borrower themselves."""

    lead: int
    owner: str
    kind: Literal["has_owner"] = "has_owner"


@dataclass(frozen=True, slots=True)
class NobodyCallsThen:
    """The team does not work at that time, or the borrower may not be called; the next time at which both is so, if there is one."""

    lead: int
    opens_at: datetime | None
    zone: str
    kind: Literal["nobody_calls_then"] = "nobody_calls_then"


BookOutcome = TimeBooked | HasOwner | NobodyCallsThen | NotAssigned
_answers: TypeAdapter[BookOutcome] = TypeAdapter(BookOutcome)
_team = table_of(Team)
_hours = select(*ANSWERS).where(_team.c.id == bindparam("of_team"))


async def book_time(services: Services, pressed: Press, at: datetime) -> BookOutcome:
    """The borrower of the free lead was promised a call at this time."""
    outcome, leases = await services.store.transact(book_lead, pressed, at)
    services.owe(leases)
    return outcome


def book_lead(session: Session, by: Press, at: datetime) -> tuple[BookOutcome, list[Lease]]:
    """The transaction of Book a time."""
    leases: list[Lease] = []
    return once(session, by.delivery, by.at, _answers, lambda: _decide(session, by, at, leases)), leases


def _decide(session: Session, by: Press, at: datetime, leases: list[Lease]) -> BookOutcome:
    lock_lead(session, by.lead)
    refused = may_not_assign(session, by.lead, by.officer_id)
    if refused is not None:
        return refused
    lead = lead_view(session, by.lead)
    assert lead is not None, "it was just looked at"
    if lead.owner_name is not None:
        return HasOwner(by.lead, lead.owner_name)
    team = session.connection().execute(_hours, {"of_team": lead.team_id}).one()
    hours = calendars(answers(team), whereabouts_of(lead))
    if not is_open(at, hours):
        return NobodyCallsThen(by.lead, opens_at(at, hours), lead.time_zone)
    person = doer(session, by.officer_id)
    before = {"booked_before": lead.booked_for and lead.booked_for.isoformat(), "booker_before": lead.booked_by}
    unclaimed = clocks_of(session, by.lead).get(UNCLAIMED)
    ran = unclaimed is not None and unclaimed.runs
    meta = {"officer": person.name, "at": at.isoformat(), "ran": ran, **before}
    seq = append_event(session, by.lead, Fact("booked", f"officer:{person.key}", by.at, meta, officer_id=by.officer_id), by.salt)
    book(session, by.lead, at, by.officer_id)
    start_clock(session, by.lead, UNCLAIMED, started_at=at, due_at=at)
    keep_last_opened(session, by.officer_id, by.lead, by.at)
    leases += redraw(session, by.lead, at_once=True)
    return TimeBooked(by.lead, at, lead.time_zone, seq)


def undo_booking(session: Session, by: Press, booked: PastEvent) -> list[Lease]:
    """As it was before: booked for an earlier time that lies ahead, else the lead rings at once, unless it slept."""
    before = booked.meta["booked_before"]
    at = before and datetime.fromisoformat(before)
    ahead = at is not None and at > by.at
    book(session, by.lead, at if ahead else None, booked.meta["booker_before"] if ahead else None)
    rings_at = at if ahead else by.at
    if booked.meta["ran"]:
        start_clock(session, by.lead, UNCLAIMED, started_at=rings_at, due_at=rings_at)
    else:
        stop_clock(session, by.lead, UNCLAIMED)
    return redraw(session, by.lead, at_once=True)

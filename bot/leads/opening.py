"""Somebody opens a lead: what they may see of it depends on whose it is and on their role, judged at this moment."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlmodel import Session

from bot.leads.press import NoSuchLead
from bot.outreach.calls import call_sheet, judgement
from bot.rules.compliance import Allowed, Refused, WaitUntil
from bot.rules.roles import may_see_borrower
from bot.services import Services
from bot.store.calls import CallRow, calls_of
from bot.store.covering import stands_in
from bot.store.drips import DripView, drips_of
from bot.store.events import Fact, append_event
from bot.store.history import History, history_of
from bot.store.last_opened import keep_last_opened
from bot.store.leads import lock_lead
from bot.store.notes import Note, newest_notes
from bot.store.people import zone_of
from bot.store.places import KnownOfficer
from bot.store.returns import ReturnView, returns_of
from bot.store.views import LeadView, lead_view

NOTES_SHOWN = CALLS_SHOWN = 5
PAST_SHOWN = 10
FROM_THE_NEWEST = 1_000_000_000
"""Above every seq that a timeline comes to."""


@dataclass(frozen=True, slots=True)
class Opened:
    """The lead; `unmasked` when this person may read the borrower's name, email and number, and what happened, in the time of their own
    `zone`, with those notes that stand further down; else the calls alone. `works` when it is theirs, or they cover for its owner;
    `may_call` when the network would call the borrower for them now."""

    lead: LeadView
    unmasked: bool
    works: bool = False
    notes: tuple[Note, ...] = ()
    drips: tuple[DripView, ...] = ()
    returns: tuple[ReturnView, ...] = ()
    calls: tuple[CallRow, ...] = ()
    may_call: bool = False
    history: History = field(default_factory=History)
    zone: str = "UTC"


@dataclass(frozen=True, slots=True)
class Earlier:
    """What happened to a lead before something that was shown, in the time of the reader's zone."""

    lead: int
    history: History
    zone: str


async def open_lead(services: Services, number: int, officer: KnownOfficer) -> Opened | NoSuchLead:
    lead = await services.store.read(lead_view, number)
    if lead is None:
        return NoSuchLead(number)
    own, unmasked = await _sees(services, lead, officer)
    await services.store.transact(note_opened, lead, officer, services.clock.now(), services.salt(), unmasked=unmasked)
    zone = await services.store.read(zone_of, officer.id)
    drips, returns = await services.store.read(drips_of, number), await services.store.read(returns_of, number)
    may_call = own and services.voice is not None and call_sheet(lead, services.clock.now()).number is not None
    if not unmasked:
        calls = await services.store.read(calls_of, number, CALLS_SHOWN)
        return Opened(lead, unmasked, own, (), drips, returns, calls, may_call, zone=zone)
    history = await services.store.read(history_of, number, PAST_SHOWN, FROM_THE_NEWEST)
    notes = await services.store.read(newest_notes, number, NOTES_SHOWN)
    further_down = tuple(note for note in notes if note.at < history.past[-1].at) if history.more_before else ()
    return Opened(lead, unmasked, own, further_down, drips, returns, (), may_call, history, zone)


def note_opened(session: Session, lead: LeadView, officer: KnownOfficer, now: datetime, salt: str, *, unmasked: bool) -> None:
    """The transaction of a look. What the gate says of a call is kept with it, where the officer reads the number or why there is none."""
    keep_last_opened(session, officer.id, lead.number, now)
    if not unmasked or not (lead.phones or lead.silenced):
        return
    meta: dict[str, Any]
    match judgement(lead, now):
        case Allowed(until):
            meta = {"allowed": True, "rule": None, "until": until.isoformat()}
        case WaitUntil(at, rule=rule):
            meta = {"allowed": False, "rule": rule, "until": at.isoformat()}
        case Refused(rule):
            meta = {"allowed": False, "rule": rule, "until": None}
    lock_lead(session, lead.number)
    append_event(session, lead.number, Fact("call_judged", f"officer:{officer.key}", now, meta, officer_id=officer.id), salt)


async def look_back(services: Services, number: int, officer: KnownOfficer, before: int) -> Earlier | Opened | NoSuchLead:
    """What happened before the event with this seq; the lead as it is shown to anybody, where this person may not see its borrower."""
    lead = await services.store.read(lead_view, number)
    if lead is None:
        return NoSuchLead(number)
    if not (await _sees(services, lead, officer))[1]:
        return await open_lead(services, number, officer)
    history = await services.store.read(history_of, number, PAST_SHOWN, before)
    return Earlier(number, history, await services.store.read(zone_of, officer.id))


async def _sees(services: Services, lead: LeadView, officer: KnownOfficer) -> tuple[bool, bool]:
    """Whether the lead is theirs to work, and whether they may see its borrower."""
    own = lead.owner_id == officer.id or await services.store.read(stands_in, lead.number, officer.id, services.clock.now())
    return own, officer.active and may_see_borrower(officer.role, own=own)

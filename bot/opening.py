"""Somebody opens a lead: what they may see of it depends on whose it is and on their role, judged at this moment."""

from dataclasses import dataclass

from bot.outreach.calls import call_sheet
from bot.press import NoSuchLead
from bot.rules.roles import may
from bot.services import Services
from bot.store.calls import CallRow, calls_of
from bot.store.covering import stands_in
from bot.store.drips import DripView, drips_of
from bot.store.last_opened import keep_last_opened
from bot.store.notes import Note, newest_notes
from bot.store.places import KnownOfficer
from bot.store.returns import ReturnView, returns_of
from bot.store.views import LeadView, lead_view

NOTES_SHOWN = CALLS_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Opened:
    """The lead; `unmasked` when this person may read the borrower's name, email and number, and what officers wrote of them; `works` when
    it is theirs, or they cover for its owner; `may_call` when the network would call the borrower for them now."""

    lead: LeadView
    unmasked: bool
    works: bool = False
    notes: tuple[Note, ...] = ()
    drips: tuple[DripView, ...] = ()
    returns: tuple[ReturnView, ...] = ()
    calls: tuple[CallRow, ...] = ()
    may_call: bool = False


async def open_lead(services: Services, number: int, officer: KnownOfficer) -> Opened | NoSuchLead:
    lead = await services.store.read(lead_view, number)
    if lead is None:
        return NoSuchLead(number)
    await services.store.transact(keep_last_opened, officer.id, number, services.clock.now())
    own = lead.owner_id == officer.id or await services.store.read(stands_in, number, officer.id, services.clock.now())
    unmasked = officer.active and may(officer.role, "see_unmasked_own" if own else "see_unmasked_any")
    notes = await services.store.read(newest_notes, number, NOTES_SHOWN) if unmasked else ()
    drips, returns = await services.store.read(drips_of, number), await services.store.read(returns_of, number)
    calls = await services.store.read(calls_of, number, CALLS_SHOWN)
    may_call = own and services.voice is not None and call_sheet(lead, services.clock.now()).number is not None
    return Opened(lead, unmasked, own, notes, drips, returns, calls, may_call)

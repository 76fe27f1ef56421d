"""An officer's open leads in the order in which they want something: who waits, what is overdue, a colleague's, today, new, asleep."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

from sqlmodel import Session

from bot.leads.cadence import cadence_of
from bot.rules.roles import may_see_borrower
from bot.services import Services
from bot.store.covering import covered_leads
from bot.store.mine import OwnLead, own_leads
from bot.store.places import KnownOfficer
from bot.store.reminders import current_note
from bot.store.views import LeadView, lead_view

SHOWN = 5
Section = Literal["waiting", "overdue", "covering", "today", "new", "asleep"]
SECTIONS: tuple[Section, ...] = ("waiting", "overdue", "covering", "today", "new", "asleep")
SLEEPS = "nurture"
_FAR = datetime.max


@dataclass(frozen=True, slots=True)
class Row:
    """A lead of the list. `note` is what the officer wrote to themselves for the next touch, or for the one that is overdue; `planned` is
    that touch where it is a planned try to reach the borrower: the so maniest of so many. `stands` is the section it has with its owner,
    who is away where this officer covers for them, and then named."""

    section: Section
    own: OwnLead
    lead: LeadView
    note: str | None
    stands: Section
    planned: tuple[int, int] | None = None
    owner: str | None = None


@dataclass(frozen=True, slots=True)
class MyLeads:
    """One page; pages count from 0. `unmasked` when this person may read the names in full."""

    counts: dict[Section, int]
    rows: tuple[Row, ...]
    page: int
    pages: int
    unmasked: bool


async def my_leads(services: Services, officer: KnownOfficer, page: int) -> MyLeads:
    """The page of the officer's list, or the last one where it got shorter."""
    return await services.store.read(list_own, officer, page, services.clock.now())


def placed_leads(session: Session, officer_id: int, now: datetime) -> tuple[list[tuple[Section, OwnLead]], dict[int, tuple[int, str]]]:
    """The officer's leads with their sections, in order; and of those that they cover for, by number, the owner's id and name."""
    placed = [(section_of(own, now), own) for own in own_leads(session, officer_id)]
    owners: dict[int, tuple[int, str]] = {}
    for owner_id, names in covered_leads(session, officer_id, now).items():
        placed += [("covering", own) for own in own_leads(session, owner_id) if own.number in names]
        owners |= {number: (owner_id, name) for number, name in names.items()}
    placed.sort(key=lambda each: _order(each, now))
    return placed, owners


def list_own(session: Session, officer: KnownOfficer, page: int, now: datetime) -> MyLeads:
    placed, owners = placed_leads(session, officer.id, now)
    pages = max(1, -(-len(placed) // SHOWN))
    page = min(max(0, page), pages - 1)
    rows = []
    for section, own in placed[page * SHOWN : (page + 1) * SHOWN]:
        lead = lead_view(session, own.number)
        assert lead is not None, "its row was just read"
        planned = (own.tries + 1, len(cadence_of(session, own.number).days)) if own.awaits == "planned" else None
        owner_id, owner = owners.get(own.number, (officer.id, None))
        rows.append(Row(section, own, lead, current_note(session, own.number, owner_id), section_of(own, now), planned, owner))
    counts = {section: sum(placed_in == section for placed_in, _ in placed) for section in SECTIONS}
    unmasked = officer.active and may_see_borrower(officer.role, own=True)
    return MyLeads(counts, tuple(rows), page, pages, unmasked)


def section_of(own: OwnLead, now: datetime) -> Section:
    """Where a lead stands. One that was tried and has no next touch belongs to today: else nobody would ever come back to it."""
    if own.waits_since is not None:
        return "waiting"
    if own.rang_at is not None:
        return "overdue"
    if own.stage == "new" and not own.tries:
        return "new"
    if own.next_touch is None:
        return "asleep" if own.stage == SLEEPS else "today"
    there = ZoneInfo(own.time_zone)
    return "today" if own.next_touch.astimezone(there).date() <= now.astimezone(there).date() else "asleep"


def _order(placed: tuple[Section, OwnLead], now: datetime) -> tuple[int, int, datetime, int, int]:
    """Who waits longest and what rang first; then what is due next; the better lead where nothing says when."""
    section, own = placed
    stands = section_of(own, now)
    at = {"waiting": own.waits_since, "overdue": own.rang_at, "new": own.claimed_at}.get(stands, own.next_touch)
    return SECTIONS.index(section), SECTIONS.index(stands), at.replace(tzinfo=None) if at else _FAR, -own.score, own.number

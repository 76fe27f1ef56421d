"""When an owner comes back to a lead: kept with the event that says so, and told whether the borrower may be called then."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlmodel import Session

from bot.leads.press import Press
from bot.outreach.calls import judgement
from bot.rules.compliance import WaitUntil
from bot.store.reminders import Kind, add_reminder
from bot.store.views import LeadView, lead_view


@dataclass(frozen=True, slots=True)
class ComingBack:
    """It is kept, and said in the team's zone. `callable_at` is the first minute at which the borrower may be called, if later.

    `seq` is the event that set it, by which it is undone.
    """

    lead: int
    seq: int
    reminder: int
    at: datetime
    zone: str
    callable_at: datetime | None = None
    callable_zone: str = ""
    whom: str | None = None  # the owner, where somebody else said so
    kind: Literal["coming_back"] = "coming_back"


def keep_next_touch(session: Session, by: Press, seq: int, kind: Kind, at: datetime, note: str | None) -> ComingBack:
    """Keep when the owner comes back, as this event says. The caller holds the lead's lock, and has its cards drawn again."""
    lead = lead_view(session, by.lead)
    assert lead is not None, "its row is locked"
    reminder_id = add_reminder(session, by.lead, by.officer_id, seq, kind, at, note)
    moved = callable_from(lead, at) if kind != "remind" else None
    return ComingBack(by.lead, seq, reminder_id, at, lead.time_zone, *(moved or ()))


def callable_from(lead: LeadView, at: datetime) -> tuple[datetime, str] | None:
    """The first minute after `at` at which the borrower may be called, and the zone whose clock says so; None when `at` will do."""
    match judgement(lead, at):
        case WaitUntil(opens_at, zone):
            return opens_at, zone
    return None

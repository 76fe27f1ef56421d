"""From which of our numbers a borrower hears about a lead, by text or on a call."""

from sqlmodel import Session

from bot.rules.numbers import OurNumbers
from bot.store.numbers import numbers_between
from bot.store.views import LeadView


def our_number(session: Session, ours: OurNumbers, lead: LeadView, contact_point_id: int, theirs: str) -> str | None:
    """The number of ours that this number of theirs hears from; None for the one that all teams share. Read under the lead's lock, it is
    the same for everything that leaves at once."""
    if not ours.of_teams:
        return None
    return ours.chosen(numbers_between(session, lead.number, contact_point_id), lead.team_id, theirs)

"""A borrower who was not reached is tried again: the next try is planned by itself, and who stops before the plan is done says why."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from bot.outreach.calls import whereabouts_of
from bot.outreach.reach import find_reach
from bot.outreach.texts import TOUCHES_COUNT_FOR
from bot.rules.cadence import DEFAULT_CADENCE, Cadence, next_try
from bot.rules.callable_time import calendars
from bot.store.cadence import hours_of_team, tries_made
from bot.store.clocks import UNCONTACTED, clocks_of
from bot.store.messages import last_written, touches_since
from bot.store.reminders import add_reminder, end_plan, promised_already
from bot.store.views import LeadView, lead_view

NOT_REACHED = ("new", "attempted")
"""The stages of leads whose borrower nobody has spoken to."""


@dataclass(frozen=True, slots=True)
class Planned:
    """So many tries were made of so many, and when the next one is planned; None where the plan is done, or nobody may ever call."""

    made: int
    of: int
    at: datetime | None
    zone: str


def plan_next_try(session: Session, lead_id: int, seq: int, at: datetime, *, wrote: bool = False) -> Planned | None:
    """Plan the next try after one in vain, kept by this event; None where nothing is to be planned. The caller holds the lead's lock.

    What the owner or the borrower said about when to come back stands above the plan; `wrote` is a try by text, which to a borrower who
    wrote before is an answer.
    """
    lead = lead_view(session, lead_id)
    assert lead is not None, "its row is locked"
    reach = find_reach(session, lead_id, "sms")
    answers = wrote and reach is not None and last_written(session, reach.contact_point_id) is not None
    if lead.owner_id is None or lead.stage not in NOT_REACHED or not lead.phones or answers:
        end_plan(session, lead_id, "answered", seq)
        return None
    if promised_already(session, lead_id, lead.owner_id):
        return None
    made, cadence = tries_made(session, lead_id), cadence_of(session, lead_id)
    touches = () if reach is None else tuple(touches_since(session, reach.contact_point_id, at - TOUCHES_COUNT_FOR))
    hours = hours_of_team(session, lead.team_id)
    then = next_try(cadence, made, at, touches, calendars(hours, whereabouts_of(lead)), lead_id)
    if then is None:
        end_plan(session, lead_id, "answered", seq)
    else:
        add_reminder(session, lead_id, lead.owner_id, seq, "planned", then, None)
    return Planned(made, len(cadence.days), then, hours.zone)


def gives_up_early(session: Session, lead: LeadView) -> bool:
    """Whether the borrower was not reached, and the plan is not done."""
    return lead.stage in NOT_REACHED and tries_made(session, lead.number) < len(cadence_of(session, lead.number).days)


def cadence_of(session: Session, lead_id: int) -> Cadence:
    """The cadence of the policy that the owner's clock on the lead follows."""
    clock = clocks_of(session, lead_id).get(UNCONTACTED)
    return DEFAULT_CADENCE if clock is None else clock.policy.cadence

"""Leads that their owner leaves alone for days go back to the pool: the owner is warned the working morning before."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlmodel import Session

from bot.distribution.releasing import release
from bot.outreach.calls import whereabouts_of
from bot.rules.callable_time import after, calendars, is_open
from bot.rules.neglect import mornings_before, next_morning
from bot.rules.overnight import PAUSE
from bot.store.clocks import waiting_for_team
from bot.store.events import Fact, append_event
from bot.store.neglect import (
    AT_ONCE,
    Since,
    TeamMorning,
    due_morning,
    forget_warnings,
    hold_warned,
    left_alone,
    set_goes_back,
    set_next_morning,
    to_warn_of,
)
from bot.store.postings import Lease, post_notice
from bot.store.views import lead_view

_LOOK_AGAIN = timedelta(days=1)
"""A team that never works is looked at again then."""
_WHOLE_LINE = timedelta(days=7)
"""Leads that begin to ring within this time stand in line before one that goes back now."""


def look_for_neglect(session: Session, now: datetime, salt: str, chosen: Sequence[int] | None = None) -> tuple[int, list[Lease]]:
    """Take back what was warned of and is still left alone, and warn of what goes back next morning, for one team whose working day began;
    return how many teams were due, and the leases of what is to be told. Safe to repeat."""
    team, leases = due_morning(session, now, chosen), list[Lease]()
    if team is None:
        return 0, leases
    following = next_morning(team.hours, now)
    if team.due_at is not None and following is not None and is_open(now, (team.hours,)):
        looked_at = (_take_back(session, team, now, salt, leases), _warn(session, team, following, now, salt, leases))
        if max(looked_at) == AT_ONCE:
            return 1, leases  # there may be more
    set_next_morning(session, team.id, following or now + _LOOK_AGAIN)
    return 1, leases


def _take_back(session: Session, team: TeamMorning, now: datetime, salt: str, leases: list[Lease]) -> int:
    """Return how many were looked at. They ring one after the other, behind all that wait already."""
    held = hold_warned(session, team.id, now)
    forget_warnings(session, held)
    for each in left_alone(session, held, _since(team, now, fewer=0), now):
        released = release(session, each.number, each.owner_id, "neglected", now, salt, rings_at=_rings_at(session, team, each.number, now))
        assert released is not None, "the lead is locked since it was looked at"
        leases += released.leases
        leases += post_notice(session, each.number, each.owner_id, "taken_back", released.seq, released.score, at_once=True)
    return len(held)


def _rings_at(session: Session, team: TeamMorning, number: int, now: datetime) -> datetime:
    """When the borrower may be called, and each that stands before it had its time: so it is not taken for one that came at night."""
    lead, before = lead_view(session, number), waiting_for_team(session, team.id, now + _WHOLE_LINE)
    assert lead is not None, "its row is locked"
    minutes = before * PAUSE / timedelta(minutes=1)
    return after(now, minutes, calendars(team.hours, whereabouts_of(lead))) or now


def _warn(session: Session, team: TeamMorning, goes_back_at: datetime, now: datetime, salt: str, leases: list[Lease]) -> int:
    """Return how many were looked at."""
    looked_at, found = to_warn_of(session, team.id, _since(team, now, fewer=1), now)
    set_goes_back(session, [each.number for each in found], goes_back_at)
    for each in found:
        meta = {"at": goes_back_at.isoformat(), "unanswered": each.unanswered, "stage": each.stage, "told": [each.owner_key]}
        seq = append_event(session, each.number, Fact("goes_back_tomorrow", "leadbell", now, meta), salt)
        leases += post_notice(session, each.number, each.owner_id, "goes_back_tomorrow", seq, each.score, at_once=True)
    return looked_at


def _since(team: TeamMorning, now: datetime, fewer: int) -> Since:
    """Since when a lead must be left alone to have been so for the team's working days, or so many fewer."""
    return Since(*(_morning(team, now, days and days - fewer) for days in (team.days_without_attempt, team.days_without_reply)))


def _morning(team: TeamMorning, now: datetime, days: int | None) -> datetime | None:
    mornings = mornings_before(team.hours, now, days or 0)
    return mornings[-1] if days is not None and len(mornings) == days else None

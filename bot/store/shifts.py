"""When working days end, and who then holds leads that nobody has called or that wait for an answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import and_, bindparam, case, exists, func, or_, select, update
from sqlmodel import Session

from bot.rules.callable_time import Calendar
from bot.rules.eligibility import OfficerFacts
from bot.store.clocks import UNANSWERED, clock
from bot.store.columns import table_of
from bot.store.leads import lead, not_ended
from bot.store.neglect import takes_back
from bot.store.owed import DueBy, among
from bot.store.people import OWN, WORKS, Team, TeamOfficer, at_home, home, officer, own_time, works
from bot.store.prepared import Prepared
from bot.store.standing import dates

_EVER = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class TeamDay:
    """A team whose day is about to end, or whose end is to be worked out (`due_at` None)."""

    id: int
    hours: Calendar
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class Worker:
    """An active officer with the hours of their teams."""

    id: int
    name: str
    hours: tuple[Calendar, ...]
    load: int  # leads that they have not called yet
    facts: OfficerFacts  # without caps


_team, _member = table_of(Team), table_of(TeamOfficer)
WORKING_DAYS = DueBy(_team.c.shift_due_at, _team.c.morning_due_at, unset=True)
_unknown: Any = func.count(_team.c.id) - func.count(_team.c.shift_due_at)
_begins = case((takes_back, _team.c.morning_due_at))
_next_due = Prepared(
    select(
        func.min(_team.c.shift_due_at).label("ends_at"), func.min(_begins).label("begins_at"),
        _unknown.label("unknown"), func.count(case((takes_back, _team.c.id))).label("begin"), func.count(_begins).label("known"),
    ).where(_team.c.active)
)  # fmt: skip
_due = (
    select(_team.c.id, *WORKS, _team.c.shift_due_at)
    .where(_team.c.active, or_(_team.c.shift_due_at.is_(None), _team.c.shift_due_at <= bindparam("now")))
    .order_by(_team.c.id)
    .limit(1)
    .with_for_update(skip_locked=True, key_share=True)
)
_set_due = update(_team).where(_team.c.id == bindparam("team_id")).values(shift_due_at=bindparam("next_due"))
_forget_due = update(_team).values(shift_due_at=None, morning_due_at=None)
_waits = exists().where(clock.c.lead_id == lead.c.id, clock.c.kind == UNANSWERED, clock.c.due_at.is_not(None))
_still_open = and_(not_ended, ~lead.c.practice, or_(lead.c.stage == "new", _waits))
_open_leads = select(lead.c.id).where(lead.c.owner_id == bindparam("of_officer"), _still_open).order_by(lead.c.score.desc(), lead.c.id)
_holders = (
    select(lead.c.owner_id)
    .join_from(lead, _member, _member.c.officer_id == lead.c.owner_id)
    .where(_member.c.team_id == bindparam("of_team"), lead.c.owner_id.is_not(None), _still_open)
    .distinct()
    .order_by(lead.c.owner_id)
)
_load = select(func.count()).where(lead.c.owner_id == officer.c.id, lead.c.stage == "new").scalar_subquery()
_workers = (
    select(
        officer.c.id, officer.c.name, officer.c.role, officer.c.licenses, officer.c.purposes, officer.c.off_until, *OWN, *WORKS,
        _load.label("held"),
    )
    .join_from(officer, _member, _member.c.officer_id == officer.c.id)
    .join(_team, _team.c.id == _member.c.team_id)
    .join(home, at_home)
    .where(officer.c.active, _team.c.active)
    .order_by(officer.c.id, _team.c.id)
)  # fmt: skip


def next_edge_of_day(session: Session) -> datetime | None:
    """When officers are next asked, or what they leave alone is looked for, in business time; long ago where a team's hours are new."""
    [row] = _next_due.run(session, {})
    ahead: list[datetime] = [at for at in (row.ends_at, row.begins_at) if at is not None]
    return _EVER if row.unknown or row.begin > row.known else min(ahead, default=None)


def ending_day(session: Session, now: datetime, chosen: Sequence[int] | None = None) -> TeamDay | None:
    """A team that is due, locked."""
    row = session.connection().execute(among(_due, _team.c.id, chosen), {"now": now}).one_or_none()
    return None if row is None else TeamDay(row.id, works(row), row.shift_due_at)


def set_next_end(session: Session, team_id: int, at: datetime) -> None:
    session.connection().execute(_set_due, {"team_id": team_id, "next_due": at})


def forget_ends(session: Session) -> None:
    """Hours may have changed: when each team's days end, and begin, is worked out anew."""
    session.connection().execute(_forget_due)


def holders_in(session: Session, team_id: int) -> list[int]:
    """Who of the team holds leads that are still open."""
    return list(session.connection().execute(_holders, {"of_team": team_id}).scalars())


def still_open(session: Session, officer_id: int) -> list[int]:
    """The leads of an officer that nobody has called or that wait for an answer, the best first."""
    return list(session.connection().execute(_open_leads, {"of_officer": officer_id}).scalars())


def workers(session: Session) -> dict[int, Worker]:
    """The active officers of all teams."""
    found: dict[int, Worker] = {}
    for row in session.connection().execute(_workers):
        hours = found[row.id].hours if row.id in found else ()
        hours += (own_time(row) or works(row),)
        facts = OfficerFacts(
            role=row.role, active=True, licenses=dates(row.licenses), purposes=frozenset(row.purposes), off_until=row.off_until
        )
        found[row.id] = Worker(row.id, row.name, hours, row.held, facts)
    return found

"""Officers who left: why, what they still hold, and when those who lead are asked about it next."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import bindparam, func, null, select, update
from sqlmodel import Session

from bot.store.columns import table_of
from bot.store.leads import lead, not_ended
from bot.store.owed import DueBy, among
from bot.store.people import TeamOfficer, leaders_of, managers_of, officer
from bot.store.postings import redraw_notice, redraw_of_person
from bot.store.prepared import Prepared

Because = Literal["config", "chat", "slack", "discord"]
RETURNED, STAYS_OFF = "returned", "stays_off"
"""What became of somebody who left the chat platform and was seen there again: asked about, or answered with no."""


@dataclass(frozen=True, slots=True)
class LeaverView:
    """Somebody who left, as things stand now."""

    officer_id: int
    name: str
    active: bool
    because: str | None
    asked_seq: int | None
    open_leads: int
    takers: tuple[tuple[int, str], ...]  # who could take them over


@dataclass(frozen=True, slots=True)
class DueLeaver:
    officer_id: int
    key: str
    name: str
    active: bool
    asked_seq: int | None


@dataclass(frozen=True, slots=True)
class HeldLead:
    number: int
    team_id: int
    score: int


LEAVERS = DueBy(officer.c.asks_at)
_member = table_of(TeamOfficer)
_mark = (
    update(officer)
    .where(officer.c.id == bindparam("who"))
    .values(active=False, left_because=bindparam("why"), asks_at=bindparam("at"), asked_seq=null())
)
_unmark = update(officer).where(officer.c.id == bindparam("who")).values(active=True, left_because=null(), asks_at=null(), asked_seq=null())
_due = (
    select(officer.c.id, officer.c.key, officer.c.name, officer.c.active, officer.c.asked_seq)
    .where(officer.c.asks_at <= bindparam("now"))
    .order_by(officer.c.id)
    .with_for_update(skip_locked=True, key_share=True)
)
_next_due = Prepared(select(func.min(officer.c.asks_at).label("at")))
_set_question = update(officer).where(officer.c.id == bindparam("who")).values(asks_at=bindparam("next_at"), asked_seq=bindparam("seq"))
_set_next = update(officer).where(officer.c.id == bindparam("who")).values(asks_at=bindparam("next_at"))
_set_because = update(officer).where(officer.c.id == bindparam("who")).values(left_because=bindparam("why"))
_held_by = (lead.c.owner_id == bindparam("who"), not_ended, ~lead.c.practice)
_held = select(lead.c.id, lead.c.team_id, lead.c.score).where(*_held_by).order_by(lead.c.score.desc(), lead.c.arrived_at, lead.c.id)
_teams_of_held = select(lead.c.team_id).where(*_held_by).distinct()
_teams_of_person = select(_member.c.team_id).where(_member.c.officer_id == bindparam("who"))
_person = select(officer.c.name, officer.c.active, officer.c.left_because, officer.c.asked_seq).where(officer.c.id == bindparam("who"))
_takers = (
    select(officer.c.id, officer.c.name)
    .distinct()
    .join_from(_member, officer, _member.c.officer_id == officer.c.id)
    .where(
        _member.c.team_id.in_(bindparam("teams", expanding=True)), officer.c.active, officer.c.role.in_(("officer", "team_lead", "manager"))
    )
    .order_by(officer.c.name, officer.c.id)
)


def mark_left(session: Session, officer_id: int, because: Because, at: datetime) -> None:
    """The officer left: who leads is asked at once, and what the officer was sent loses the numbers then."""
    session.connection().execute(_mark, {"who": officer_id, "why": because, "at": at})


def mark_back(session: Session, officer_id: int) -> None:
    """The officer works here again: what was asked about their leads is settled."""
    connection = session.connection()
    asked_seq = connection.execute(_person, {"who": officer_id}).one().asked_seq
    if asked_seq is not None:
        redraw_notice(session, asked_seq)
    connection.execute(_unmark, {"who": officer_id})
    redraw_of_person(session, officer_id)


def set_because(session: Session, officer_id: int, because: str) -> None:
    session.connection().execute(_set_because, {"who": officer_id, "why": because})


def due_leavers(session: Session, now: datetime, chosen: Sequence[int] | None = None) -> list[DueLeaver]:
    """Those about whom it is time to ask, locked; of the chosen ones alone, where some are."""
    return [DueLeaver(*row) for row in session.connection().execute(among(_due, officer.c.id, chosen), {"now": now})]


def next_leaver_due(session: Session) -> datetime | None:
    [row] = _next_due.run(session, {})
    due: datetime | None = row.at
    return due


def asked_about(session: Session, officer_id: int, seq: int, next_at: datetime) -> None:
    """Who leads was asked, by the company's event with this seq; and is asked again then."""
    session.connection().execute(_set_question, {"who": officer_id, "seq": seq, "next_at": next_at})


def ask_next(session: Session, officer_id: int, next_at: datetime | None) -> None:
    """When to ask again; never when there is nothing left to ask."""
    session.connection().execute(_set_next, {"who": officer_id, "next_at": next_at})


def held_leads(session: Session, officer_id: int) -> list[HeldLead]:
    """The open leads that an officer has, the best first."""
    return [HeldLead(*row) for row in session.connection().execute(_held, {"who": officer_id})]


def takers_of(session: Session, team_ids: list[int]) -> list[tuple[int, str]]:
    """The active officers of these teams whose role works leads."""
    return [(row[0], row[1]) for row in session.connection().execute(_takers, {"teams": team_ids})] if team_ids else []


def who_leads_leaver(session: Session, officer_id: int) -> list[int]:
    """Team leads and managers of the teams whose leads the officer has, or served in where there are none."""
    connection = session.connection()
    teams = list(connection.execute(_teams_of_held, {"who": officer_id}).scalars())
    teams = teams or list(connection.execute(_teams_of_person, {"who": officer_id}).scalars())
    told = [each for team_id in teams for each in (*leaders_of(session, team_id), *managers_of(session, team_id))]
    return [each for each in dict.fromkeys(told) if each != officer_id]


def leaver_view(session: Session, officer_id: int) -> LeaverView:
    connection = session.connection()
    person = connection.execute(_person, {"who": officer_id}).one()
    held = held_leads(session, officer_id)
    takers = takers_of(session, sorted({each.team_id for each in held}))
    return LeaverView(officer_id, person.name, person.active, person.left_because, person.asked_seq, len(held), tuple(takers))

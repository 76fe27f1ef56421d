"""Leads that their owner leaves alone, looked for once on the morning of each working day of teams that take such leads back."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, exists, null, or_, select, update
from sqlmodel import Session

from bot.rules.callable_time import Calendar
from bot.rules.neglect import EARLY_STAGES
from bot.store.clocks import UNANSWERED, clock
from bot.store.columns import table_of
from bot.store.leads import lead
from bot.store.outbound import ContactAttempt
from bot.store.owed import among
from bot.store.people import WORKS, Team, officer, works
from bot.store.reminders import reminder

AT_ONCE = 20
"""How many leads one transaction warns of, and how many it takes back: meanwhile SQLite lets nobody else write."""


@dataclass(frozen=True, slots=True)
class TeamMorning:
    """A team whose leads are looked at, locked; `due_at` None where its next morning is yet to be worked out.

    The days are working days without a try, and without an answer to the borrower; None where they do not matter.
    """

    id: int
    hours: Calendar
    due_at: datetime | None
    days_without_attempt: int | None
    days_without_reply: int | None


@dataclass(frozen=True, slots=True)
class Since:
    """Nobody tried since before the first moment, or nobody answered since before the second; None never holds."""

    untried: datetime | None
    unanswered: datetime | None


@dataclass(frozen=True, slots=True)
class Neglected:
    """A lead that is left alone; `unanswered` where the borrower wrote and waits."""

    number: int
    owner_id: int
    owner_key: str
    stage: str
    score: int
    unanswered: bool


_team, _attempt = table_of(Team), table_of(ContactAttempt)
takes_back = and_(_team.c.active, or_(_team.c.days_without_attempt.is_not(None), _team.c.days_without_reply.is_not(None)))
"""Of teams that take such leads back."""
_due = (
    select(
        _team.c.id, *WORKS, _team.c.morning_due_at,
        _team.c.days_without_attempt, _team.c.days_without_reply,
    )
    .where(takes_back, or_(_team.c.morning_due_at.is_(None), _team.c.morning_due_at <= bindparam("now")))
    .order_by(_team.c.id)
    .limit(1)
    .with_for_update(skip_locked=True, key_share=True)
)  # fmt: skip
_set_due = update(_team).where(_team.c.id == bindparam("team_id")).values(morning_due_at=bindparam("next_due"))

_untried_since, _unanswered_since = (bindparam(name, type_=lead.c.claimed_at.type) for name in ("untried_since", "unanswered_since"))
_of_owner = and_(reminder.c.lead_id == lead.c.id, reminder.c.officer_id == lead.c.owner_id)
_comes_back = exists().where(_of_owner, reminder.c.due_at > bindparam("now"))


def _long_with_owner(since: Any) -> Any:
    """The owner had the lead, and was not off, since then."""
    return and_(lead.c.claimed_at < since, or_(officer.c.off_until.is_(None), officer.c.off_until < since))


_untried = and_(
    _long_with_owner(_untried_since),
    or_(lead.c.staged_at.is_(None), lead.c.staged_at < _untried_since),
    ~exists().where(_attempt.c.lead_id == lead.c.id, _attempt.c.at >= _untried_since),
)
_waits = exists().where(
    clock.c.lead_id == lead.c.id, clock.c.kind == UNANSWERED, clock.c.due_at.is_not(None), clock.c.started_at < _unanswered_since
)
_unanswered = and_(_long_with_owner(_unanswered_since), _waits)
_left_alone = (
    select(lead.c.id, lead.c.owner_id, officer.c.key, lead.c.stage, lead.c.score, _unanswered.label("unanswered"))
    .join_from(lead, officer, officer.c.id == lead.c.owner_id)
    .where(officer.c.active, lead.c.stage.in_(EARLY_STAGES), ~lead.c.practice, or_(_untried, _unanswered), ~_comes_back)
    .order_by(lead.c.score.desc(), lead.c.id)
)
_to_warn_of = _left_alone.where(lead.c.team_id == bindparam("of_team"), lead.c.goes_back_at.is_(None)).limit(AT_ONCE)
_among = _left_alone.where(lead.c.id.in_(bindparam("ids", expanding=True)))
# A lead that somebody changes right now is left for another morning: they are at it.
_lock = (
    select(lead.c.id)
    .where(lead.c.id.in_(bindparam("ids", expanding=True)))
    .order_by(lead.c.id)
    .with_for_update(skip_locked=True, key_share=True)
)
_warned = (
    select(lead.c.id)
    .where(lead.c.team_id == bindparam("of_team"), lead.c.goes_back_at <= bindparam("now"))
    .order_by(lead.c.id)
    .limit(AT_ONCE)
    .with_for_update(skip_locked=True, key_share=True)
)
_goes_back = update(lead).where(lead.c.id.in_(bindparam("ids", expanding=True))).values(goes_back_at=bindparam("at"))
_stays = update(lead).where(lead.c.id.in_(bindparam("ids", expanding=True))).values(goes_back_at=null())


def due_morning(session: Session, now: datetime, chosen: Sequence[int] | None = None) -> TeamMorning | None:
    """A team that is due, locked."""
    row = session.connection().execute(among(_due, _team.c.id, chosen), {"now": now}).one_or_none()
    if row is None:
        return None
    days = (row.days_without_attempt, row.days_without_reply)
    return TeamMorning(row.id, works(row), row.morning_due_at, *days)


def set_next_morning(session: Session, team_id: int, at: datetime) -> None:
    session.connection().execute(_set_due, {"team_id": team_id, "next_due": at})


def to_warn_of(session: Session, team_id: int, since: Since, now: datetime) -> tuple[int, list[Neglected]]:
    """Leads of the team that are left alone and of which nobody was warned, locked; and how many were looked at, at most AT_ONCE."""
    row = {"of_team": team_id, "untried_since": since.untried, "unanswered_since": since.unanswered, "now": now}
    connection = session.connection()
    ids = [found.id for found in connection.execute(_to_warn_of, row)]
    held = list(connection.execute(_lock, {"ids": ids}).scalars())
    return len(held), left_alone(session, held, since, now)


def hold_warned(session: Session, team_id: int, now: datetime) -> list[int]:
    """Leads of the team of which somebody was warned, and whose time has come; locked, at most AT_ONCE."""
    return list(session.connection().execute(_warned, {"of_team": team_id, "now": now}).scalars())


def left_alone(session: Session, numbers: Collection[int], since: Since, now: datetime) -> list[Neglected]:
    """Those of these leads that are still left alone, the best first."""
    row = {"ids": list(numbers), "untried_since": since.untried, "unanswered_since": since.unanswered, "now": now}
    return [Neglected(*found) for found in session.connection().execute(_among, row)]


def set_goes_back(session: Session, numbers: Collection[int], at: datetime) -> None:
    """The owners of these leads are warned that they go back to the pool then."""
    session.connection().execute(_goes_back, {"ids": list(numbers), "at": at})


def forget_warnings(session: Session, numbers: Collection[int]) -> None:
    session.connection().execute(_stays, {"ids": list(numbers)})

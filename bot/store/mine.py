"""What an officer's own open leads wait for. The cost is theirs alone: how many leads there are besides does not matter."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, bindparam, func, select
from sqlmodel import Session

from bot.store.cadence import tries
from bot.store.clocks import UNANSWERED, clock
from bot.store.columns import table_of
from bot.store.leads import lead, not_ended
from bot.store.people import Team
from bot.store.prepared import Prepared
from bot.store.reminders import Kind, next_touch, reminder


@dataclass(frozen=True, slots=True)
class OwnLead:
    """An open lead of the officer's: since when its borrower waits for an answer, when a reminder of it rang that is not answered yet,
    and when the next one rings; how often somebody tried to reach the borrower, and what is awaited first, or rang."""

    number: int
    stage: str
    score: int
    claimed_at: datetime
    time_zone: str
    waits_since: datetime | None
    rang_at: datetime | None
    next_touch: datetime | None
    tries: int = 0
    awaits: Kind | None = None


_team = table_of(Team)
_rang = (
    select(func.min(reminder.c.rang_at))
    .where(reminder.c.lead_id == lead.c.id, reminder.c.officer_id == lead.c.owner_id, reminder.c.gave_up_because.is_(None))
    .scalar_subquery()
)
_awaits = (
    select(reminder.c.kind)
    .where(reminder.c.lead_id == lead.c.id, reminder.c.officer_id == lead.c.owner_id, reminder.c.gave_up_because.is_(None))
    .order_by(reminder.c.at)
    .limit(1)
    .scalar_subquery()
)
_own = Prepared(
    select(
        lead.c.id, lead.c.stage, lead.c.score, lead.c.claimed_at, _team.c.time_zone,
        clock.c.started_at.label("waits_since"), _rang.label("rang_at"), next_touch.label("next_touch"),
        tries.label("tries"), _awaits.label("awaits"),
    )
    .join_from(lead, _team, _team.c.id == lead.c.team_id)
    .outerjoin(clock, and_(clock.c.lead_id == lead.c.id, clock.c.kind == UNANSWERED, clock.c.due_at.is_not(None)))
    .where(lead.c.owner_id == bindparam("of_officer"), not_ended, ~lead.c.practice)
)  # fmt: skip


def own_leads(session: Session, officer_id: int) -> list[OwnLead]:
    """The officer's open leads, in no order; what they only practice with is no work."""
    return [OwnLead(*row) for row in _own.run(session, {"of_officer": officer_id})]

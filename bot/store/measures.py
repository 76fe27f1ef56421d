"""What is counted for /metrics: what is owed, leads by stage, and where the newest texts stand. Nothing of anybody's."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Integer, func, literal, select
from sqlmodel import Session

from bot.store.columns import database_time, table_of
from bot.store.counters import leads_held
from bot.store.lateness import Late, lateness_since
from bot.store.messages import message
from bot.store.people import Team
from bot.store.postings import posting
from bot.store.prepared import Prepared
from bot.store.seals import seconds_unsealed

NEWEST_TEXTS = 1000

_owed = Prepared(select(posting.c.kind, func.count().label("many")).where(posting.c.due_at.is_not(None)).group_by(posting.c.kind))
_overdue = Prepared(select(func.min(posting.c.due_at).label("since"), database_time().label("now")).where(posting.c.due_at.is_not(None)))
_owed_texts = Prepared(select(func.count().label("many")).where(message.c.due_at.is_not(None)))
_newest = (
    select(message.c.status, message.c.direction).order_by(message.c.id.desc()).limit(literal(NEWEST_TEXTS, Integer)).subquery("newest")
)
_texts = Prepared(select(_newest.c.status, func.count().label("many")).where(_newest.c.direction == "out").group_by(_newest.c.status))
_teams = Prepared(select(table_of(Team).c.id))


@dataclass(frozen=True, slots=True)
class Measures:
    owed: Mapping[str, int]
    leads: Mapping[str, int]
    texts: Mapping[str, int]
    late: tuple[Late, ...]
    overdue: float
    """Seconds that the most overdue posting should have been tried ago."""
    unsealed: float
    """Seconds since the timelines were last looked at to be sealed."""


def measures(session: Session, today: date) -> Measures:
    """Everything at one moment. The cost is that of what is owed and of the counters, not of what the store holds."""
    owed = {row.kind: row.many for row in _owed.run(session, {})}
    owed["text"] = _owed_texts.run(session, {})[0].many
    leads: dict[str, int] = {}
    for stage, _, many in leads_held(session, [row.id for row in _teams.run(session, {})]):
        leads[stage] = leads.get(stage, 0) + many
    texts = {row.status: row.many for row in _texts.run(session, {})}
    since, now = _overdue.run(session, {})[0]
    overdue = 0.0 if since is None else max(0.0, (now - since).total_seconds())
    return Measures(owed, leads, texts, tuple(lateness_since(session, today)), overdue, seconds_unsealed(session))

"""What is counted for /metrics: what is owed, leads by stage, and where the newest texts stand. Nothing of anybody's."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Integer, func, literal, select
from sqlmodel import Session

from bot.store.clocks import next_clock_due
from bot.store.columns import database_time, table_of
from bot.store.counters import leads_held
from bot.store.lateness import lateness_counts
from bot.store.messages import message
from bot.store.people import Team
from bot.store.postings import place, posting
from bot.store.prepared import Prepared
from bot.store.seals import seconds_unsealed

NEWEST_TEXTS = 1000

_owed = Prepared(select(posting.c.kind, func.count().label("many")).where(posting.c.due_at.is_not(None)).group_by(posting.c.kind))


def _oldest(column: ColumnElement[datetime | None], *conditions: ColumnElement[bool]) -> Prepared:
    oldest = select(func.min(column).label("since"), database_time().label("now")).join_from(posting, place)
    return Prepared(oldest.where(posting.c.due_at.is_not(None), *conditions))


_overdue = _oldest(posting.c.due_at)
# Each try moves the time of the next one, and not this. A place that is closed to us is named by /readyz, and hides no other.
_unshown = _oldest(posting.c.created_at, posting.c.message_id.is_(None), place.c.broken_because.is_(None))
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
    late: Mapping[str, Mapping[int, int]]
    """How many of today's escalation steps (UTC) of each kind were decided so late, by steps of `rules.durations`, of seconds."""
    undecided: float
    """Seconds, of business time, for which the escalation step that waits longest has been due."""
    overdue: float
    """Seconds that the most overdue posting should have been tried ago."""
    unshown: float
    """Seconds for which the posting that was never shown and waits longest, where its place is open to us, is owed."""
    unsealed: float
    """Seconds since the timelines were last looked at to be sealed."""


def measures(session: Session, now: datetime) -> Measures:
    """Everything at one moment. The cost is that of what is owed and of the counters, not of what the store holds."""
    owed = {row.kind: row.many for row in _owed.run(session, {})}
    owed["text"] = _owed_texts.run(session, {})[0].many
    leads: dict[str, int] = {}
    for stage, _, many in leads_held(session, [row.id for row in _teams.run(session, {})]):
        leads[stage] = leads.get(stage, 0) + many
    texts = {row.status: row.many for row in _texts.run(session, {})}
    late = lateness_counts(session, now.date())
    overdue, unshown = (_seconds(*each.run(session, {})[0]) for each in (_overdue, _unshown))
    return Measures(owed, leads, texts, late, _seconds(next_clock_due(session), now), overdue, unshown, seconds_unsealed(session))


def _seconds(since: datetime | None, now: datetime) -> float:
    return 0.0 if since is None else max(0.0, (now - since).total_seconds())

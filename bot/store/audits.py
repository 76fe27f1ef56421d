"""What must never be: steps that are late, leads that nothing rings for, owed rows that nobody takes, messages that stay behind."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import ColumnElement, Float, and_, bindparam, exists, literal, or_, select
from sqlmodel import Session

from bot.store.clocks import UNCLAIMED, clock
from bot.store.columns import database_time, table_of
from bot.store.leads import lead, not_ended
from bot.store.messages import message
from bot.store.outbound import Enrollment, Reminder
from bot.store.postings import place, posting
from bot.store.prepared import Prepared
from bot.store.speeds import Speed

Kind = Literal["steps_late", "reminders_late", "drips_late", "texts_late", "leases_over", "messages_behind", "leads_alone"]

LATE = timedelta(seconds=30)
"""Two ticks, and the time in which 10,000 steps that are due at one instant are decided on the slower store: see bench/deciding.py."""
TEXT_LATE = timedelta(seconds=60)
LEFT_ALONE = 30.0
"""Seconds after its end in which a lease is taken again."""
BEHIND = 60.0
"""Seconds that a message may show less than the store holds, where its place works."""
TRIES_IN_A_MINUTE = 6
"""With the pauses between them, so many tries have taken longer than that."""
MOST = 100
"""What is more is not counted."""
NEWEST, IN_TURN = 500, 1500
"""How many free leads one audit looks at: the newest, and the next of all others."""

_reminder, _enrollment, _speed = table_of(Reminder), table_of(Enrollment), table_of(Speed)
_now = database_time()
_over = database_time(literal(-LEFT_ALONE, Float))


def _late(table: Any) -> Prepared:
    return Prepared(select(table.c.id).where(table.c.due_at.is_not(None), table.c.due_at <= bindparam("late")).limit(MOST))


_late_ones: Mapping[Kind, Prepared] = {
    "steps_late": _late(clock),
    "reminders_late": _late(_reminder),
    "drips_late": _late(_enrollment),
}
_waits_to_leave = or_(message.c.status == "queued", message.c.status == "held")
_texts = Prepared(
    select(message.c.id)
    .where(
        message.c.due_at.is_not(None),
        message.c.due_at <= bindparam("late"),
        _waits_to_leave,
        or_(message.c.lease_until.is_(None), message.c.lease_until <= _over),
    )
    .limit(MOST)
)


def _abandoned(table: Any, *conditions: ColumnElement[bool]) -> Prepared:
    return Prepared(select(table.c.id).where(table.c.due_at.is_not(None), table.c.lease_until <= _over, *conditions).limit(MOST))


_abandoned_ones = (
    _abandoned(posting),
    _abandoned(message, or_(message.c.status == "sending", message.c.status == "uncertain")),
)
_behind = Prepared(
    select(posting.c.id)
    .join_from(posting, place, place.c.id == posting.c.place_id)
    .where(
        posting.c.due_at.is_not(None),
        posting.c.kind != "update",  # which waits for its card
        place.c.active,
        place.c.broken_because.is_(None),
        or_(place.c.limited_until.is_(None), place.c.limited_until <= _now),
        or_(posting.c.attempts >= TRIES_IN_A_MINUTE, posting.c.due_at <= database_time(literal(-BEHIND, Float))),
    )
    .limit(MOST)
)
_pool = select(lead.c.id).where(lead.c.owner_id.is_(None))
_newest = Prepared(_pool.order_by(lead.c.id.desc()).limit(NEWEST))
_following = Prepared(_pool.where(lead.c.id > bindparam("after")).order_by(lead.c.id).limit(IN_TURN))
_its_clock = and_(clock.c.lead_id == lead.c.id, clock.c.kind == UNCLAIMED)
_alone = Prepared(
    select(lead.c.id)
    .where(
        lead.c.id >= bindparam("first"),
        lead.c.id <= bindparam("last"),
        lead.c.owner_id.is_(None),
        not_ended,
        ~lead.c.practice,
        ~exists().where(_its_clock, clock.c.due_at.is_not(None)),
        # What was imported quietly has no clock and is in no figure: somebody chose that nothing rings for it.
        or_(exists().where(_its_clock), exists().where(_speed.c.lead_id == lead.c.id)),
    )
    .limit(MOST)
)


@dataclass(frozen=True, slots=True)
class Found:
    """How many of each kind were found, none of which is left out, and after which lead the next audit goes on."""

    many: Mapping[Kind, int]
    after: int


def find(session: Session, now: datetime, after: int, *, texts_on: bool) -> Found:
    """Everything that is wrong now, counted up to MOST. The cost does not grow with what the store holds."""
    many: dict[Kind, int] = {kind: len(late.run(session, {"late": now - LATE})) for kind, late in _late_ones.items()}
    if texts_on:
        many["texts_late"] = len(_texts.run(session, {"late": now - TEXT_LATE}))
    many["leases_over"] = sum(len(each.run(session, {})) for each in _abandoned_ones)
    many["messages_behind"] = len(_behind.run(session, {}))
    newest = [row.id for row in _newest.run(session, {})]
    following = [row.id for row in _following.run(session, {"after": after})]
    alone = {row.id for ids in (newest, following) if ids for row in _alone.run(session, {"first": min(ids), "last": max(ids)})}
    many["leads_alone"] = min(MOST, len(alone))
    return Found({kind: count for kind, count in many.items() if count}, following[-1] if len(following) == IN_TURN else 0)

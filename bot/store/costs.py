"""What the leads of some days cost, and how many of them are funded."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Integer, bindparam, case, distinct, func, select
from sqlmodel import Session

from bot.store.columns import table_of
from bot.store.leads import arrival, lead
from bot.store.returns import LeadReturn
from bot.store.speeds import Speed


@dataclass(frozen=True, slots=True)
class Costs:
    """Of one source and team: requests, whole dollars for them, for how many the price is ours and not the source's word, dollars that were
    asked back, and leads of its own that are funded by now."""

    source_id: int
    team_id: int
    requests: int
    dollars: int
    assumed: int
    asked_back: int
    funded: int


_return, _speed = table_of(LeadReturn), table_of(Speed)
# What was imported or is for practice has no speed, and is in no figure.
_costs = (
    select(
        arrival.c.source_id,
        lead.c.team_id,
        func.count(),
        func.coalesce(func.sum(arrival.c.price), 0).cast(Integer),
        func.coalesce(func.sum(case((arrival.c.price_assumed & (arrival.c.price > 0), 1), else_=0)), 0).cast(Integer),
        func.coalesce(func.sum(_return.c.price), 0).cast(Integer),
        func.count(distinct(case(((lead.c.stage == "funded") & (lead.c.source_id == arrival.c.source_id), lead.c.id)))),
    )
    .join_from(arrival, lead, lead.c.id == arrival.c.lead_id)
    .join(_speed, _speed.c.lead_id == lead.c.id)
    .outerjoin(_return, (_return.c.arrival_id == arrival.c.id) & (_return.c.status == "sent"))
    .where(arrival.c.received_at >= bindparam("since"))
    .group_by(arrival.c.source_id, lead.c.team_id)
)


def costs_since(session: Session, since: datetime) -> Sequence[Costs]:
    """Of every source and team to which something came since then."""
    return [Costs(*row) for row in session.connection().execute(_costs, {"since": since})]

"""A look into what was counted along the way."""

from sqlalchemy import func, select
from sqlmodel import Session

from bot.store.columns import table_of
from bot.store.counters import Counter

_counter = table_of(Counter)


def leads_per_stage(session: Session) -> dict[str, int]:
    """Over all teams."""
    totals = select(_counter.c.stage, func.sum(_counter.c.delta)).group_by(_counter.c.stage)
    return {stage: total for stage, total in session.connection().execute(totals) if total}

"""The leads of a month with how quickly they were answered and what they are compared by."""

from datetime import date

from sqlalchemy import bindparam, select
from sqlmodel import Session

from bot.rules.fair_lending import Answer
from bot.store.columns import table_of
from bot.store.leads import lead
from bot.store.people import Source
from bot.store.speeds import Speed

_speed, _source = table_of(Speed), table_of(Source)
_answers = (
    select(
        lead.c.state, _source.c.key, lead.c.details["language"].as_string(),
        _speed.c.claimed_after, _speed.c.tried_after, _speed.c.tried_after_wall,
    )
    .join_from(_speed, lead, lead.c.id == _speed.c.lead_id)
    .join(_source, _source.c.id == _speed.c.source_id)
    .where(_speed.c.day >= bindparam("first"), _speed.c.day <= bindparam("last"))
)  # fmt: skip


def answers_of(session: Session, first: date, last: date) -> list[Answer]:
    """Every lead that came on these days, both among them, by its team's clocks. Quiet imports are not among them."""
    return [Answer(*row) for row in session.connection().execute(_answers, {"first": first, "last": last})]

"""A lead moves to another stage: since when it stands there is kept, the counters follow, and what does not run there ends."""

from datetime import datetime

from sqlalchemy import bindparam, select, update
from sqlmodel import Session

from bot.store import costs, counters
from bot.store.drips import follow_stage
from bot.store.leads import lead
from bot.store.prepared import Prepared
from bot.store.scoring import owe_score

_stands = Prepared(
    select(lead.c.team_id, lead.c.source_id, lead.c.owner_id, lead.c.stage, lead.c.practice).where(lead.c.id == bindparam("of_lead"))
)
_move = Prepared(update(lead).where(lead.c.id == bindparam("of_lead")).values(stage=bindparam("to_stage"), staged_at=bindparam("at")))


def move_to_stage(session: Session, lead_id: int, stage: str, at: datetime) -> str:
    """Move the lead, which must be locked, and return the stage that it was in; the same again changes nothing."""
    [stands] = _stands.run(session, {"of_lead": lead_id})
    if stands.stage != stage:
        for funded, delta in ((stands.stage, -1), (stage, 1)):
            if funded == "funded":
                costs.count_funded(session, lead_id, delta)
        _move.run(session, {"of_lead": lead_id, "to_stage": stage, "at": at})
        of = {"team_id": stands.team_id, "source_id": stands.source_id, "owner_id": stands.owner_id}
        for counted, delta in () if stands.practice else ((stands.stage, -1), (stage, 1)):
            counters.count(session, **of, stage=counted, delta=delta)
        owe_score(session, lead_id, at)
        follow_stage(session, lead_id, stage, at)
    return str(stands.stage)

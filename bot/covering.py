"""Who was asked to answer a borrower in the owner's place may do so, for as long as the borrower waits."""

from sqlalchemy import and_, bindparam, select
from sqlmodel import Session

from bot.store.clocks import UNANSWERED, clocks_of
from bot.store.columns import table_of
from bot.store.events import Event
from bot.store.postings import place, posting

_event = table_of(Event)
_asked = (
    select(_event.c.meta)
    .join_from(posting, place, place.c.id == posting.c.place_id)
    .join(_event, and_(_event.c.stream == posting.c.lead_id, _event.c.seq == posting.c.event_seq))
    .where(posting.c.lead_id == bindparam("of_lead"), posting.c.topic == "waits", place.c.officer_id == bindparam("asked"))
)


def covers(session: Session, lead_id: int, officer_id: int) -> bool:
    """Whether this officer was asked since the borrower last began to wait, and nobody has answered yet."""
    clock = clocks_of(session, lead_id).get(UNANSWERED)
    if clock is None or not clock.runs:
        return False
    asked = session.connection().execute(_asked, {"of_lead": lead_id, "asked": officer_id}).scalars()
    return any(meta["round"] == clock.round for meta in asked)

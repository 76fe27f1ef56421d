"""Who may work a lead in the owner's place: who was asked to answer its borrower, and who covers for an owner who is away."""

from datetime import datetime

from sqlalchemy import and_, bindparam, select
from sqlmodel import Session

from bot.store.clocks import UNANSWERED, clocks_of
from bot.store.columns import table_of
from bot.store.covering import appoint, happened_since, returns
from bot.store.events import COMPANY, Event, Fact, append_event
from bot.store.postings import Lease, place, post_notice, posting, redraw_notice

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


def tell_who_is_back(session: Session, now: datetime, salt: str) -> tuple[int, list[Lease]]:
    """Tell officers who are back what happened to their leads meanwhile, each once; how many there were, and the leases."""
    back = returns(session, now)
    leases: list[Lease] = []
    for one in back:
        happened = happened_since(session, one.officer_id, one.appointed.since)
        leads = [{"lead": number, **facts} for number, facts in happened.items()]
        fact = Fact("while_away", "leadbell", now, {"cover": one.cover, "leads": leads}, officer_id=one.officer_id)
        seq = append_event(session, COMPANY, fact, salt)
        appoint(session, one.officer_id, None)
        redraw_notice(session, one.appointed.seq)
        leases += post_notice(session, None, one.officer_id, "while_away", seq, 0, at_once=True)
    return len(back), leases

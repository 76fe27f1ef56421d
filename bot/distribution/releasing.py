"""A lead goes back to the pool: given back, or taken back because nobody called. Its number is hidden and it rings again."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, null, select, update
from sqlmodel import Session

from bot.speed_to_lead.escalation_rules import start_clock
from bot.store import counters
from bot.store.clocks import UNANSWERED, UNCLAIMED, UNCONTACTED, stop_clock
from bot.store.events import Fact, append_event
from bot.store.leads import LET_GO, keep_pass, lead, still_booked
from bot.store.people import officer
from bot.store.postings import BackInPool, Lease, post_back_in_pool, redraw


@dataclass(frozen=True, slots=True)
class Released:
    """The event that tells of it, and what we hold the leases of."""

    seq: int
    score: int
    leases: list[Lease]


_release = (
    update(lead)
    .where(lead.c.id == bindparam("lead_id"), lead.c.owner_id == bindparam("by"))
    .values(owner_id=null(), claimed_at=null(), booked_for=still_booked("at"))
    .returning(lead.c.team_id, lead.c.source_id, lead.c.stage, lead.c.score, lead.c.practice)
)
_person = select(officer.c.id, officer.c.key, officer.c.name).where(officer.c.id == bindparam("by"))


def release(
    session: Session,
    lead_id: int,
    owner_id: int,
    why: BackInPool,
    at: datetime,
    salt: str,
    *,
    rings_at: datetime | None = None,
    pressed_by: int | None = None,
) -> Released | None:
    """Release the lead if this officer still owns it; None when not. The pool's clock starts a new round, at once unless it says when.
    `pressed_by` is whose doing it is, where that is not the owner's."""
    connection = session.connection()
    row = connection.execute(_release, {"lead_id": lead_id, "by": owner_id, "at": at}).one_or_none()
    if row is None:
        return None
    person = connection.execute(_person, {"by": owner_id if pressed_by is None else pressed_by}).one()
    actor = f"officer:{person.key}" if why in ("given_back", "parted") else "leadbell"
    seq = append_event(session, lead_id, Fact(why, actor, at, {"officer": person.name}, officer_id=person.id), salt)
    if why in LET_GO:
        keep_pass(session, lead_id, owner_id, why, at, None)
    counters.change_owner(session, row, owner_id, None)
    stop_clock(session, lead_id, UNCONTACTED)
    stop_clock(session, lead_id, UNANSWERED)
    start_clock(session, lead_id, UNCLAIMED, started_at=rings_at or at, due_at=rings_at or at)
    post_back_in_pool(session, lead_id, why, seq, row.score)
    return Released(seq, row.score, redraw(session, lead_id, at_once=True))

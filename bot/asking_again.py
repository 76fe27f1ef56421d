"""A borrower who asks again waits again: for the owner who is there, else for whoever is quickest."""

from datetime import datetime

from sqlmodel import Session

from bot.releasing import release
from bot.store.clocks import UNCLAIMED, UNCONTACTED, clocks_of, start_clock
from bot.store.leads import ENDED_STAGES, LeadOfContact
from bot.store.postings import Lease, post_notice
from bot.store.stages import move_to_stage


def sleeps(stage: str) -> bool:
    """Whether nobody works a lead in this stage: it ended, or waits for a better time."""
    return stage in ENDED_STAGES or stage == "nurture"


def ring_again(
    session: Session, same: LeadOfContact, seq: int, at: datetime, rings_at: datetime, salt: str, *, at_once: bool
) -> list[Lease]:
    """Give the lead, which is locked, a fresh clock; `seq` is the event that says who asked again, `rings_at` when anybody is there."""
    if same.owner_id is not None and same.owner_is_here(at) and not sleeps(same.stage):
        clocks = clocks_of(session, same.lead_id)
        if same.stage == "new" and not (UNCONTACTED in clocks and clocks[UNCONTACTED].rests):
            start_clock(session, same.lead_id, UNCONTACTED, started_at=at, due_at=at)
        return post_notice(session, same.lead_id, same.owner_id, "asked_again", seq, same.score, at_once=at_once)
    return wake(session, same, at, rings_at, salt)


def wake(session: Session, known: LeadOfContact, at: datetime, rings_at: datetime, salt: str) -> list[Lease]:
    """The borrower comes back to a lead, which is locked, that has nobody who is there: it rings the pool, as soon as it may ring."""
    asleep = sleeps(known.stage)
    if asleep:
        move_to_stage(session, known.lead_id, "new", at)
    if known.owner_id is not None:
        released = release(session, known.lead_id, known.owner_id, "owner_away", at, salt)
        return released.leases if released else []
    clocks = clocks_of(session, known.lead_id)
    if asleep or not (UNCLAIMED in clocks and clocks[UNCLAIMED].climbs):
        # While its steps still climb they go on, else a lead that asks every few minutes would never reach who leads.
        start_clock(session, known.lead_id, UNCLAIMED, started_at=at, due_at=rings_at)
    return []

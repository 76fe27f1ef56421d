"""A borrower who asks again waits again: for the owner who is there, or who covers for them, else for whoever is quickest."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlmodel import Session

from bot.distribution.releasing import release
from bot.rules.stages import PARTNER
from bot.speed_to_lead.escalation_rules import start_clock
from bot.store.clocks import UNANSWERED, UNCLAIMED, UNCONTACTED, clocks_of
from bot.store.covering import who_answers
from bot.store.leads import ENDED_STAGES, LeadOfContact, lead_of
from bot.store.postings import Lease, post_back, post_notice
from bot.store.stages import move_to_stage

OWNER_TOLD = 0
"""The first step of an unanswered clock: done with the message that the borrower's own step brings."""


def sleeps(stage: str) -> bool:
    """Whether nobody works a lead in this stage: it ended, or waits for a better time."""
    return stage in ENDED_STAGES or stage == "nurture"


def ring_again(
    session: Session, same: LeadOfContact, seq: int, at: datetime, rings_at: datetime, salt: str, *, at_once: bool
) -> list[Lease]:
    """Give the lead, which is locked, a fresh clock; `seq` is the event that says who asked again, `rings_at` when anybody is there."""
    answers = who_answers(session, same, at)
    if answers is not None and not sleeps(same.stage):
        _start_anew(session, same, at)
        return post_notice(session, same.lead_id, answers, "asked_again", seq, same.score, at_once=at_once)
    return wake(session, same, at, rings_at, salt)


def wait_for_answer(session: Session, known: LeadOfContact, at: datetime) -> None:
    """The borrower waits for who has the lead, which is locked; who waits since earlier waits since then."""
    if known.stage in ("funded", PARTNER):
        return
    if sleeps(known.stage):
        move_to_stage(session, known.lead_id, "new", at)
    clock = clocks_of(session, known.lead_id).get(UNANSWERED)
    if clock is None or not clock.runs:
        start_clock(session, known.lead_id, UNANSWERED, started_at=at, due_at=at, step=OWNER_TOLD)


def show_again(session: Session, lead_id: int, news: Mapping[str, Any], seq: int, worth: int) -> None:
    """Where the borrower is back after a long time and nobody has the lead: the team's channel hears of it anew."""
    known = lead_of(session, lead_id)
    if "back_after_days" in news and known.owner_id is None:
        post_back(session, lead_id, known.team_id, seq, worth)


def _start_anew(session: Session, same: LeadOfContact, at: datetime) -> None:
    """Who was never reached is called in time again, or goes back to the pool; who was reached is their owner's and waits for an answer.

    An owner on the phone goes on, and who waits since earlier waits since then.
    """
    reached = same.stage not in ("new", "attempted")
    clock = clocks_of(session, same.lead_id).get(UNANSWERED if reached else UNCONTACTED)
    if reached and not (clock and clock.runs):
        start_clock(session, same.lead_id, UNANSWERED, started_at=at, due_at=at, step=OWNER_TOLD)
    elif not reached and not (clock and clock.rests):
        start_clock(session, same.lead_id, UNCONTACTED, started_at=at, due_at=at)


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

"""A lead is handed to an officer by somebody else: the number moves with it, and the new owner's clock starts."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import BindParameter, bindparam, select, update
from sqlmodel import Session

from bot.leads.six_items import tell_new_owner
from bot.rules.eligibility import Refusal, refusal
from bot.speed_to_lead.escalation_rules import start_clock
from bot.speed_to_lead.speed import note_claim, note_given
from bot.store import counters
from bot.store.clocks import UNCLAIMED, UNCONTACTED, stop_clock
from bot.store.events import Fact, append_event
from bot.store.leads import lead, lock_leads, not_ended, still_booked
from bot.store.people import officer
from bot.store.postings import Lease, post_notice, post_update, redraw
from bot.store.reminders import hand_call_backs, keep_booked_call
from bot.store.standing import standing
from bot.store.turns import note_turn


@dataclass(frozen=True, slots=True)
class Hand:
    """Who hands over, for the timeline and the thread: an actor such as officer:KEY, and the name of a person or of a rule.

    `weights` are of the officers, by id, whose turn was weighed.
    """

    actor: str
    name: str
    at: datetime
    salt: str
    by_rule: bool = False
    weights: Mapping[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Handed:
    """The event that tells of it, and what we hold the leases of."""

    seq: int
    leases: list[Lease]


_ids: BindParameter[int] = bindparam("ids", expanding=True)
_lock_people = select(officer.c.id).where(officer.c.id.in_(_ids)).order_by(officer.c.id).with_for_update(key_share=True)
_lock = select(lead.c.owner_id, lead.c.claimed_at).where(lead.c.id == bindparam("lead_id")).with_for_update(key_share=True)
_give = (
    update(lead)
    .where(lead.c.id == bindparam("lead_id"), not_ended, ~lead.c.practice)
    .values(owner_id=bindparam("to_id"), claimed_at=bindparam("at"), booked_for=still_booked("at"))
    .returning(lead.c.team_id, lead.c.source_id, lead.c.stage, lead.c.score, lead.c.practice, lead.c.six_piece_at, lead.c.booked_for)
)
_works_here = select(officer.c.active).where(officer.c.id == bindparam("officer_id"))
_name = select(officer.c.name).where(officer.c.id == bindparam("to_id"))


def hold(session: Session, people: Collection[int], leads: Collection[int]) -> None:
    """Lock these officers and leads, in the order that everybody locks in. Whose the leads are must be read again after it."""
    session.connection().execute(_lock_people, {"ids": sorted(people)}).all()
    lock_leads(session, leads)


def why_not(session: Session, to_id: int, lead_id: int, at: datetime, *, soft_caps: bool = True) -> Refusal | None:
    """Why this officer may not have the lead, with the officer's row locked. A full day is no reason where somebody decided it."""
    facts = standing(session, to_id, lead_id, at)
    assert facts is not None, "whoever asks has seen the lead"
    return refusal(facts.officer.without_caps() if soft_caps else facts.officer, facts.lead, facts.company, at, facts.today)


def hand_over(session: Session, lead_id: int, to_id: int, hand: Hand) -> Handed | None:
    """Make this officer, of whom `why_not` found nothing, the owner of a free or somebody's lead; None when it ended or is theirs."""
    connection = session.connection()
    owner_id, claimed_at = connection.execute(_lock, {"lead_id": lead_id}).one()
    if owner_id == to_id:
        return None
    row = connection.execute(_give, {"lead_id": lead_id, "to_id": to_id, "at": hand.at}).one_or_none()
    if row is None:
        return None
    name = connection.execute(_name, {"to_id": to_id}).scalar_one()
    before = {"owner_before": owner_id, "claimed_before": claimed_at and claimed_at.isoformat()}
    meta = {"officer": name, "by": hand.name, "by_rule": hand.by_rule, **before}
    fact = Fact("assigned", hand.actor, hand.at, meta, officer_id=to_id)
    seq = append_event(session, lead_id, fact, hand.salt)
    counters.change_owner(session, row, owner_id, to_id)
    note_turn(session, row.team_id, to_id, hand.weights)
    if hand.by_rule:
        note_given(session, lead_id, to_id)
    elif owner_id is None:
        note_claim(session, lead_id, to_id, hand.at)
    stop_clock(session, lead_id, UNCLAIMED)
    hand_call_backs(session, lead_id, to_id)
    calls_from = keep_booked_call(session, lead_id, to_id, seq, row.booked_for, hand.at)
    if row.stage == "new":
        start_clock(session, lead_id, UNCONTACTED, started_at=calls_from, due_at=calls_from)
    post_update(session, lead_id, "assigned", seq, row.score)
    leases = redraw(session, lead_id, at_once=True)
    leases += post_notice(session, lead_id, to_id, "yours", seq, row.score, at_once=True)
    if owner_id is not None and connection.execute(_works_here, {"officer_id": owner_id}).scalar_one():
        leases += post_notice(session, lead_id, owner_id, "assigned_away", seq, row.score, at_once=True)
    if row.six_piece_at is not None:
        leases += tell_new_owner(session, lead_id, to_id, row.score)
    return Handed(seq, leases)

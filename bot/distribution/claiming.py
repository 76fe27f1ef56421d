"""Exactly one officer claims a lead; the others hear who was quicker. The owner may give it back."""

from dataclasses import dataclass, replace
from typing import Literal

import structlog
from pydantic import TypeAdapter
from sqlalchemy import bindparam, select, update
from sqlmodel import Session

from bot.distribution.eligible import others_for
from bot.distribution.releasing import release
from bot.leads.press import NoSuchLead, Press
from bot.leads.six_items import tell_new_owner
from bot.rules.eligibility import CAPS, Reason, Refusal, refusal
from bot.rules.roles import Role, may
from bot.services import Services
from bot.speed_to_lead.escalation_rules import start_clock
from bot.speed_to_lead.speed import note_claim
from bot.store import counters
from bot.store.clocks import UNCLAIMED, UNCONTACTED, stop_clock, waited_long
from bot.store.events import Fact, append_event
from bot.store.last_opened import keep_last_opened
from bot.store.leads import ENDED_STAGES, lead, let_lapse, not_ended, still_booked
from bot.store.people import doer, leads_team, officer, zone_of
from bot.store.postings import Lease, adopt_message, post_notice, redraw
from bot.store.prepared import Prepared
from bot.store.reminders import hand_call_backs, keep_booked_call
from bot.store.seen import once
from bot.store.standing import Standing, longest_without_attempt, standing
from bot.store.views import is_handed_out

log = structlog.get_logger()

SOFT = (*CAPS, Reason.LET_LAPSE)
"""What keeps nobody from a lead that has waited long."""


@dataclass(frozen=True, slots=True)
class Claimed:
    """The lead is yours. Seconds are from its arrival, or from the morning when it was handed out."""

    lead: int
    seconds: float
    kind: Literal["claimed"] = "claimed"


@dataclass(frozen=True, slots=True)
class AlreadyYours:
    lead: int
    kind: Literal["already_yours"] = "already_yours"


@dataclass(frozen=True, slots=True)
class TooLate:
    """Somebody was quicker, by so many seconds."""

    lead: int
    winner: str
    seconds: float
    kind: Literal["too_late"] = "too_late"


@dataclass(frozen=True, slots=True)
class Ended:
    lead: int
    stage: str
    kind: Literal["ended"] = "ended"


@dataclass(frozen=True, slots=True)
class NotEligible:
    lead: int
    because: Refusal
    kind: Literal["not_eligible"] = "not_eligible"


@dataclass(frozen=True, slots=True)
class GaveBack:
    lead: int
    kind: Literal["gave_back"] = "gave_back"


@dataclass(frozen=True, slots=True)
class NotYours:
    """Somebody else has it, or nobody."""

    lead: int
    owner: str | None = None
    kind: Literal["not_yours"] = "not_yours"


@dataclass(frozen=True, slots=True)
class OnlyInTurn:
    """It is one of those that /lead next hands out, the best one first, and nobody chooses."""

    lead: int
    kind: Literal["only_in_turn"] = "only_in_turn"


ClaimOutcome = Claimed | AlreadyYours | TooLate | Ended | NotEligible | OnlyInTurn | NoSuchLead


@dataclass(frozen=True, slots=True)
class MayNotGiveBack:
    lead: int
    role: Role
    kind: Literal["may_not_give_back"] = "may_not_give_back"


GiveBackOutcome = GaveBack | NotYours | Ended | MayNotGiveBack | NoSuchLead

_claim_answers: TypeAdapter[ClaimOutcome] = TypeAdapter(ClaimOutcome)
_give_back_answers: TypeAdapter[GiveBackOutcome] = TypeAdapter(GiveBackOutcome)


async def claim(services: Services, pressed: Press) -> ClaimOutcome:
    """Claim a lead for the officer who pressed. Linearizable: of all who press, one wins."""
    outcome, leases = await services.store.transact(claim_lead, pressed)
    services.owe(leases)
    log.info("a claim was decided", lead=pressed.lead, delivery=pressed.delivery, officer=pressed.officer_id, outcome=outcome.kind)
    return outcome


async def give_back(services: Services, pressed: Press) -> GiveBackOutcome:
    """Give a lead back to the pool; its number is hidden again wherever it was shown."""
    outcome, leases = await services.store.transact(give_back_lead, pressed)
    services.owe(leases)
    return outcome


_take = Prepared(
    update(lead)
    .where(lead.c.id == bindparam("lead_id"), lead.c.owner_id.is_(None), not_ended, ~lead.c.practice)
    .values(owner_id=bindparam("by"), claimed_at=bindparam("at"), booked_for=still_booked("at"))
    .returning(
        lead.c.team_id,
        lead.c.source_id,
        lead.c.stage,
        lead.c.practice,
        lead.c.score,
        lead.c.arrived_at,
        lead.c.six_piece_at,
        lead.c.rang_at,
        lead.c.booked_for,
    )
)
_owner = Prepared(
    select(lead.c.owner_id, lead.c.claimed_at, lead.c.stage, officer.c.name)
    .outerjoin_from(lead, officer, lead.c.owner_id == officer.c.id)
    .where(lead.c.id == bindparam("lead_id"))
)


def claim_lead(session: Session, by: Press, *, chosen: bool = True) -> tuple[ClaimOutcome, list[Lease]]:
    """The transaction of a claim: the officer's row locked, then one conditional UPDATE of the lead. Not `chosen` where we offered it."""
    leases: list[Lease] = []
    outcome = once(session, by.delivery, by.at, _claim_answers, lambda: decide_claim(session, by, leases, chosen=chosen))
    if by.card is not None:
        # Last, since postings are locked after leads.
        adopt_message(session, by.lead, by.card.platform, by.card.channel, by.card.message_id)
    return outcome, leases


def decide_claim(session: Session, by: Press, leases: list[Lease], *, chosen: bool = True) -> ClaimOutcome:
    """Make the officer the owner, or say why not. `chosen` unless we hand it out ourselves."""
    facts = standing(session, by.officer_id, by.lead, by.at)
    refused = _refused(session, by, facts)
    if facts is None or refused is not None:
        return refused or NoSuchLead(by.lead)
    if chosen and is_handed_out(session, by.lead) and not leads_team(session, by.officer_id, facts.team_id):
        return OnlyInTurn(by.lead)
    taken_now = _take.run(session, {"lead_id": by.lead, "by": by.officer_id, "at": by.at})
    if not taken_now:
        return _taken(session, by) or NoSuchLead(by.lead)
    [row] = taken_now
    seconds = (by.at - (row.rang_at or row.arrived_at)).total_seconds()
    fact = Fact("claimed", f"officer:{facts.officer_key}", by.at, {"seconds": seconds}, officer_id=by.officer_id)
    seq = append_event(session, by.lead, fact, by.salt)
    counters.change_owner(session, row, None, by.officer_id)
    note_claim(session, by.lead, by.officer_id, by.at)
    stop_clock(session, by.lead, UNCLAIMED)
    if row.stage != "new":
        hand_call_backs(session, by.lead, by.officer_id)
    calls_from = keep_booked_call(session, by.lead, by.officer_id, seq, row.booked_for, by.at)
    start_clock(session, by.lead, UNCONTACTED, started_at=calls_from, due_at=calls_from)
    leases += redraw(session, by.lead, at_once=True)
    leases += post_notice(session, by.lead, by.officer_id, "yours", seq, row.score, at_once=True)
    if row.six_piece_at is not None:
        leases += tell_new_owner(session, by.lead, by.officer_id, row.score)
    keep_last_opened(session, by.officer_id, by.lead, by.at)
    return Claimed(by.lead, seconds)


def may_claim(session: Session, by: Press) -> bool:
    """Whether a claim of a lead that we offer would be theirs at this moment; the officer's row is locked."""
    return _refused(session, by, standing(session, by.officer_id, by.lead, by.at)) is None


def _refused(session: Session, by: Press, facts: Standing | None) -> AlreadyYours | TooLate | Ended | NotEligible | NoSuchLead | None:
    if facts is None:
        return NoSuchLead(by.lead)
    taken = _taken(session, by)
    if taken is not None:
        return taken
    because = _against(session, by, facts)
    if because is not None and not (because.reason in SOFT and waited_long(session, by.lead)):
        return NotEligible(by.lead, because)
    return None


def _against(session: Session, by: Press, facts: Standing) -> Refusal | None:
    """The first reason why this officer may not have the lead now."""
    because = refusal(facts.officer, facts.lead, facts.company, by.at, facts.today)
    if because is not None and because.reason is Reason.OVER_OPEN_CAP:
        return replace(because, oldest=longest_without_attempt(session, by.officer_id))
    if because is not None and because.reason is Reason.OFF_DUTY:
        return replace(because, zone=zone_of(session, by.officer_id))
    if because is None and let_lapse(session, by.lead, by.officer_id) and len(others_for(session, by.lead, by.officer_id, by.at)) >= 2:
        return Refusal(Reason.LET_LAPSE)
    return because


def _taken(session: Session, by: Press) -> AlreadyYours | TooLate | Ended | None:
    [row] = _owner.run(session, {"lead_id": by.lead})
    if row.owner_id == by.officer_id:
        return AlreadyYours(by.lead)
    if row.owner_id is not None:
        return TooLate(by.lead, row.name, max(0.0, (by.at - row.claimed_at).total_seconds()))
    return Ended(by.lead, row.stage) if row.stage in ENDED_STAGES else None


def give_back_lead(session: Session, by: Press) -> tuple[GiveBackOutcome, list[Lease]]:
    """The transaction of a give-back."""
    leases: list[Lease] = []
    return once(session, by.delivery, by.at, _give_back_answers, lambda: _decide_give_back(session, by, leases)), leases


def _decide_give_back(session: Session, by: Press, leases: list[Lease]) -> GiveBackOutcome:
    role = doer(session, by.officer_id).role
    if not may(role, "give_back"):
        return MayNotGiveBack(by.lead, role)
    found = _owner.run(session, {"lead_id": by.lead})
    if found and found[0].owner_id == by.officer_id and found[0].stage in ENDED_STAGES:
        return Ended(by.lead, found[0].stage)  # there is no pool for it to go back to
    released = release(session, by.lead, by.officer_id, "given_back", by.at, by.salt)
    if released is None:
        found = _owner.run(session, {"lead_id": by.lead})
        return NotYours(by.lead, found[0].name) if found else NoSuchLead(by.lead)
    leases += released.leases
    return GaveBack(by.lead)

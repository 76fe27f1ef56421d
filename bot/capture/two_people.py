"""Two leads share a phone or an email under different first names: the same request, or two people? Somebody who knows says so, once."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from pydantic import TypeAdapter
from sqlalchemy import bindparam, select, update
from sqlmodel import Session

from bot.capture.asking_again import ring_again, sleeps
from bot.capture.asking_back import ask_back
from bot.distribution.handing_over import Hand, hand_over, why_not
from bot.distribution.releasing import release
from bot.leads.press import NoSuchLead, Press
from bot.leads.six_items import note_six_items
from bot.rules.roles import Role, may
from bot.services import Services
from bot.speed_to_lead.escalation_rules import start_clock
from bot.store.clocks import UNCLAIMED, UNCONTACTED, clocks_of, stop_clock
from bot.store.columns import table_of
from bot.store.covering import who_answers
from bot.store.events import Event, Fact, append_event
from bot.store.leads import LeadOfContact, add_borrowers_of, drop_borrowers, drop_details, fill_details, lead, lead_of
from bot.store.people import Source, doer, leaders_of, leads_team, officer
from bot.store.postings import Lease, post_notice, post_update, redraw, redraw_line
from bot.store.returns import drop_returns_of_log
from bot.store.scoring import owe_score
from bot.store.seen import once
from bot.store.stages import move_to_stage

Answer = Literal["same_request", "two_people"]
UNDO_WITHIN = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Told:
    """The answer is kept: the newer lead is closed, or both go on."""

    lead: int
    older: int
    answer: Answer
    kind: Literal["told"] = "told"


@dataclass(frozen=True, slots=True)
class ToldBefore:
    """Somebody else was quicker."""

    lead: int
    older: int
    answer: Answer
    officer: str
    kind: Literal["told_before"] = "told_before"


@dataclass(frozen=True, slots=True)
class Untold:
    """The answer is taken back: the question is open again."""

    lead: int
    older: int
    kind: Literal["untold"] = "untold"


@dataclass(frozen=True, slots=True)
class TooLateToUndo:
    lead: int
    kind: Literal["too_late_to_undo"] = "too_late_to_undo"


@dataclass(frozen=True, slots=True)
class NotYoursToTell:
    """Neither lead is theirs."""

    lead: int
    older: int
    kind: Literal["not_yours_to_tell"] = "not_yours_to_tell"


@dataclass(frozen=True, slots=True)
class MayNotTell:
    lead: int
    role: Role
    kind: Literal["may_not_tell"] = "may_not_tell"


TellOutcome = Told | ToldBefore | Untold | TooLateToUndo | NotYoursToTell | MayNotTell | NoSuchLead
_answers: TypeAdapter[TellOutcome] = TypeAdapter(TellOutcome)

_event, _source = table_of(Event), table_of(Source)
_pair = select(lead.c.linked_lead_id, lead.c.link_answer, lead.c.owner_id).where(lead.c.id == bindparam("of_lead"))
_lock = select(lead.c.id).where(lead.c.id.in_((bindparam("older"), bindparam("newer")))).order_by(lead.c.id).with_for_update(key_share=True)
_newer = (
    select(
        lead.c.link_answer, lead.c.owner_id, lead.c.stage, lead.c.details, lead.c.team_id, lead.c.source_id, lead.c.arrived_at,
        lead.c.score, _source.c.label,
    )
    .join_from(lead, _source)
    .where(lead.c.id == bindparam("of_lead"))
)  # fmt: skip
_last_answer = (
    select(_event.c.kind, _event.c.seq, _event.c.at, _event.c.officer_id, _event.c.meta, officer.c.name)
    .join_from(_event, officer, _event.c.officer_id == officer.c.id)
    .where(_event.c.stream == bindparam("of_lead"), _event.c.kind.in_(("same_request", "two_people")))
    .order_by(_event.c.seq.desc())
    .limit(1)
)
_set = update(lead).where(lead.c.id == bindparam("of_lead")).values(link_answer=bindparam("said"))


def ask(session: Session, lead_id: int, older: LeadOfContact, at: datetime, salt: str, score: int, *, at_once: bool) -> list[Lease]:
    """Ask the first lead's owner, or who covers for them, or who leads the team where nobody does, whether the new lead is a second one."""
    fact = Fact("two_people_asked", "leadbell", at, {"older": older.lead_id})
    seq = append_event(session, lead_id, fact, salt)
    answers = who_answers(session, older, at)
    to_ask = leaders_of(session, older.team_id) if answers is None else [answers]
    return [
        lease for officer_id in to_ask for lease in post_notice(session, lead_id, officer_id, "two_people", seq, score, at_once=at_once)
    ]


async def tell(services: Services, pressed: Press, answer: Answer) -> TellOutcome:
    """Say whether the two leads are one request or two people."""
    outcome, leases = await services.store.transact(tell_apart, pressed, answer)
    services.owe(leases)
    return outcome


async def undo(services: Services, pressed: Press) -> TellOutcome:
    """Take the answer back, within ten minutes."""
    outcome, leases = await services.store.transact(tell_apart, pressed, None)
    services.owe(leases)
    return outcome


def tell_apart(session: Session, by: Press, answer: Answer | None) -> tuple[TellOutcome, list[Lease]]:
    """The transaction of an answer, or of taking it back when `answer` is None. The press is about the newer lead."""
    leases: list[Lease] = []
    return once(session, by.delivery, by.at, _answers, lambda: _decide(session, by, answer, leases)), leases


def _decide(session: Session, by: Press, answer: Answer | None, leases: list[Lease]) -> TellOutcome:
    connection = session.connection()
    person = doer(session, by.officer_id)
    pair = connection.execute(_pair, {"of_lead": by.lead}).one_or_none()
    if pair is None or pair.linked_lead_id is None:
        return NoSuchLead(by.lead)
    if not (person.active and may(person.role, "tell_apart")):
        return MayNotTell(by.lead, person.role)
    older_id = pair.linked_lead_id
    # Officers are locked before leads: who owns the newer lead may come to own the older one.
    may_take = pair.owner_id is not None and why_not(session, pair.owner_id, older_id, by.at) is None
    connection.execute(_lock, {"older": older_id, "newer": by.lead})
    older = lead_of(session, older_id)
    newer = connection.execute(_newer, {"of_lead": by.lead}).one()
    leads = may(person.role, "work_any") and any(leads_team(session, by.officer_id, team) for team in (older.team_id, newer.team_id))
    if by.officer_id not in (older.owner_id, newer.owner_id) and not leads:
        return NotYoursToTell(by.lead, older_id)
    if answer is None:
        return _undo(session, by, person, older, newer, leases)
    if newer.link_answer in ("same_request", "two_people"):
        said = connection.execute(_last_answer, {"of_lead": by.lead}).one()
        return ToldBefore(by.lead, older_id, said.kind, said.name)
    connection.execute(_set, {"of_lead": by.lead, "said": answer})
    meta: dict[str, Any] = {"older": older_id}
    if answer == "same_request":
        meta |= _join(session, by, person, older, newer, leases)
        if may_take and lead_of(session, older_id).owner_id is None and newer.owner_id == pair.owner_id:
            hand = Hand(f"officer:{person.key}", person.name, by.at, by.salt)
            handed = hand_over(session, older_id, newer.owner_id, hand)
            leases += handed.leases if handed is not None else []
            meta["handed_to"] = newer.owner_id
    seq = append_event(session, by.lead, Fact(answer, f"officer:{person.key}", by.at, meta, officer_id=by.officer_id), by.salt)
    post_update(session, by.lead, answer, seq, newer.score)
    if answer == "same_request":
        ask_back(session, by, (person.key, person.name), "duplicate", newer.score, seq)
    leases += redraw(session, by.lead, at_once=True)
    return Told(by.lead, older_id, answer)


def _join(session: Session, by: Press, person: Any, older: LeadOfContact, newer: Any, leases: list[Lease]) -> dict[str, Any]:
    """Close the newer lead; the older one hears of its request as of any second one. Returns what an undo needs to know."""
    ran = [kind for kind, clock in clocks_of(session, older.lead_id).items() if clock.runs]
    move_to_stage(session, by.lead, "duplicate", by.at)
    for kind in (UNCLAIMED, UNCONTACTED):
        stop_clock(session, by.lead, kind)
    joined = add_borrowers_of(session, older.lead_id, by.lead)
    before, details = fill_details(session, older.lead_id, newer.details or {})
    minutes = max(0, int((newer.arrived_at - older.arrived_at).total_seconds() // 60))
    meta = {"source": newer.label, "after_minutes": minutes, "first_source": older.source_label, "joined": by.lead}
    fact = Fact("asked_again", f"officer:{person.key}", by.at, meta, officer_id=by.officer_id)
    seq = append_event(session, older.lead_id, fact, by.salt)
    owe_score(session, older.lead_id, by.at)
    post_update(session, older.lead_id, "asked_again", seq, older.score)
    leases += ring_again(session, older, seq, by.at, by.at, by.salt, at_once=True)
    if details.get("has_ssn"):
        leases += note_six_items(session, older.lead_id, by.at, by.salt, at_once=True)
    leases += redraw(session, older.lead_id, at_once=True)
    added = [name for name in details if name not in before]
    return {"stage": newer.stage, "older_stage": older.stage, "older_ran": ran, "borrowers": joined, "details": added}


def _undo(session: Session, by: Press, person: Any, older: LeadOfContact, newer: Any, leases: list[Lease]) -> TellOutcome:
    connection = session.connection()
    said = connection.execute(_last_answer, {"of_lead": by.lead}).one_or_none()
    if said is None or newer.link_answer != said.kind:
        return Untold(by.lead, older.lead_id)
    if by.at > said.at + UNDO_WITHIN:
        return TooLateToUndo(by.lead)
    connection.execute(_set, {"of_lead": by.lead, "said": "asked"})
    if said.kind == "same_request":
        for told_in in drop_returns_of_log(session, by.lead, said.seq, by.at, by.officer_id):
            redraw_line(session, by.lead, told_in)
        _part(session, by, said, older, newer, leases)
        leases += redraw(session, older.lead_id, at_once=True)
    fact = Fact("untold", f"officer:{person.key}", by.at, {"older": older.lead_id}, officer_id=by.officer_id)
    seq = append_event(session, by.lead, fact, by.salt)
    post_update(session, by.lead, "untold", seq, newer.score)
    leases += redraw(session, by.lead, at_once=True)
    return Untold(by.lead, older.lead_id)


def _part(session: Session, by: Press, said: Any, older: LeadOfContact, newer: Any, leases: list[Lease]) -> None:
    """The newer lead lives again, as it was; the older one loses what came from it, and sleeps on where nobody took it meanwhile."""
    joined: dict[str, Any] = said.meta
    for kind, clock in clocks_of(session, older.lead_id).items():
        if kind != UNCLAIMED and clock.started_at == said.at and kind not in joined.get("older_ran", ()):
            stop_clock(session, older.lead_id, kind)  # it began with the request that is the other's now
    move_to_stage(session, by.lead, joined["stage"], by.at)
    if newer.owner_id is None:
        start_clock(session, by.lead, UNCLAIMED, started_at=by.at, due_at=by.at)
    elif joined["stage"] == "new":
        start_clock(session, by.lead, UNCONTACTED, started_at=by.at, due_at=by.at)
    drop_borrowers(session, older.lead_id, joined["borrowers"])
    drop_details(session, older.lead_id, joined["details"])
    owe_score(session, older.lead_id, by.at)
    if older.owner_id is not None and older.owner_id == joined.get("handed_to"):
        released = release(session, older.lead_id, older.owner_id, "parted", by.at, by.salt, pressed_by=by.officer_id)
        leases += released.leases if released else []
    if sleeps(joined["older_stage"]) and older.stage == "new" and older.owner_id is None:
        move_to_stage(session, older.lead_id, joined["older_stage"], by.at)
        stop_clock(session, older.lead_id, UNCLAIMED)

"""The owner works the lead: says that they are calling, and how it went."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal

from pydantic import TypeAdapter
from sqlalchemy import bindparam, insert, select, update
from sqlmodel import Session

from bot.press import NoSuchLead, Press
from bot.rules.dispositions import EFFECTS, Disposition, stage_after
from bot.rules.roles import Role, may
from bot.services import Services
from bot.store import counters
from bot.store.clocks import UNCONTACTED, hold_clock, stop_clock
from bot.store.columns import table_of
from bot.store.events import Fact, append_event
from bot.store.last_opened import keep_last_opened
from bot.store.leads import lead
from bot.store.outbound import ContactAttempt
from bot.store.people import officer
from bot.store.postings import Lease, post_update, redraw
from bot.store.seen import once
from bot.store.suppressions import suppress_phones

CALL_TAKES = timedelta(minutes=30)
"""How long "I'm calling" holds the clock."""


@dataclass(frozen=True, slots=True)
class Calling:
    """The clock rests while the owner calls."""

    lead: int
    kind: Literal["calling"] = "calling"


@dataclass(frozen=True, slots=True)
class LoggedCall:
    """The attempt is kept; the stage is the one that the lead is in now."""

    lead: int
    disposition: Disposition
    stage: str
    kind: Literal["logged"] = "logged"


@dataclass(frozen=True, slots=True)
class NotYourLead:
    lead: int
    owner: str | None
    kind: Literal["not_your_lead"] = "not_your_lead"


@dataclass(frozen=True, slots=True)
class MayNotWork:
    lead: int
    role: Role
    kind: Literal["may_not_work"] = "may_not_work"


WorkOutcome = Calling | LoggedCall | NotYourLead | MayNotWork | NoSuchLead
_answers: TypeAdapter[WorkOutcome] = TypeAdapter(WorkOutcome)

_mine = (
    select(lead.c.owner_id, lead.c.stage, lead.c.team_id, lead.c.source_id, lead.c.score, officer.c.name)
    .outerjoin_from(lead, officer, lead.c.owner_id == officer.c.id)
    .where(lead.c.id == bindparam("lead_id"))
    .with_for_update(key_share=True, of=lead)
)
_person = select(officer.c.key, officer.c.name, officer.c.role).where(officer.c.id == bindparam("by"))
_insert_attempt = insert(table_of(ContactAttempt))
_set_stage = update(lead).where(lead.c.id == bindparam("lead_id")).values(stage=bindparam("to_stage"))


async def say_calling(services: Services, pressed: Press) -> WorkOutcome:
    """The owner is calling: hold the clock for half an hour."""
    outcome, leases = await services.store.transact(note_calling, pressed)
    services.owe(leases)
    return outcome


async def log_call(services: Services, pressed: Press, disposition: Disposition, note: str | None) -> WorkOutcome:
    """The owner says how a call went; this stops the clock."""
    outcome, leases = await services.store.transact(note_call, pressed, disposition, note)
    services.owe(leases)
    return outcome


def note_calling(session: Session, by: Press) -> tuple[WorkOutcome, list[Lease]]:
    """The transaction of "I'm calling"."""
    leases: list[Lease] = []
    return once(session, by.delivery, by.at, _answers, lambda: _decide_calling(session, by, leases)), leases


def _decide_calling(session: Session, by: Press, leases: list[Lease]) -> WorkOutcome:
    refused, _, person = _allowed(session, by)
    if refused is not None:
        return refused
    hold_clock(session, by.lead, UNCONTACTED, by.at + CALL_TAKES)
    append_event(session, by.lead, Fact("calling", f"officer:{person.key}", by.at, {}, officer_id=by.officer_id), by.salt)
    leases += redraw(session, by.lead, at_once=True)  # what asked the owner to call is answered
    return Calling(by.lead)


def note_call(session: Session, by: Press, disposition: Disposition, note: str | None) -> tuple[WorkOutcome, list[Lease]]:
    """The transaction of a logged call."""
    leases: list[Lease] = []
    return once(session, by.delivery, by.at, _answers, lambda: _decide_call(session, by, disposition, note, leases)), leases


def _decide_call(session: Session, by: Press, disposition: Disposition, note: str | None, leases: list[Lease]) -> WorkOutcome:
    refused, row, person = _allowed(session, by)
    if refused is not None:
        return refused
    effects = EFFECTS[disposition]
    stage = stage_after(disposition, row.stage)
    meta = {"officer": person.name, "disposition": disposition.value, "stage": stage}
    body = {"note": note} if note else None
    fact = Fact("logged", f"officer:{person.key}", by.at, meta, officer_id=by.officer_id, body=body)
    seq = append_event(session, by.lead, fact, by.salt)
    attempt = {
        "lead_id": by.lead, "officer_id": by.officer_id, "channel": "voice", "disposition": disposition.value,
        "verified": False, "at": by.at, "event_seq": seq,
    }  # fmt: skip
    session.connection().execute(_insert_attempt, attempt)
    stop_clock(session, by.lead, UNCONTACTED)
    if effects.stops_calls_and_sms_to_number or effects.internal_do_not_call:
        suppress_phones(session, by.lead, disposition.value, by.at)
    if stage != row.stage:
        session.connection().execute(_set_stage, {"lead_id": by.lead, "to_stage": stage})
        for counted, delta in ((row.stage, -1), (stage, 1)):
            counters.count(session, team_id=row.team_id, source_id=row.source_id, owner_id=row.owner_id, stage=counted, delta=delta)
    post_update(session, by.lead, "logged", seq, row.score)
    keep_last_opened(session, by.officer_id, by.lead, by.at)
    leases += redraw(session, by.lead, at_once=True)
    return LoggedCall(by.lead, disposition, stage)


def _allowed(session: Session, by: Press) -> tuple[WorkOutcome | None, Any, Any]:
    """Why this person may not work this lead, or None; with the lead's row, locked, and the person's."""
    connection = session.connection()
    person = connection.execute(_person, {"by": by.officer_id}).one()
    row = connection.execute(_mine, {"lead_id": by.lead}).one_or_none()
    if row is None:
        return NoSuchLead(by.lead), row, person
    if not may(person.role, "work"):
        return MayNotWork(by.lead, person.role), row, person
    if row.owner_id != by.officer_id:
        return NotYourLead(by.lead, row.name), row, person
    return None, row, person

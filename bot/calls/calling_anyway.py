"""The owner calls outside the legal hours, where the config lets them: the reason is kept, the number shown once, to them alone."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from pydantic import TypeAdapter
from sqlmodel import Session

from bot.config.stored import newest_stored
from bot.leads.press import Press
from bot.leads.reminders import ReminderOutcome, come_back
from bot.leads.working import NotWorked, allowed
from bot.outreach.calls import call_of, call_sheet, judgement
from bot.rules.calling import is_capped
from bot.rules.compliance import Refused, Rule, WaitUntil
from bot.services import Services
from bot.store.events import Fact, append_event
from bot.store.leads import borrower_of
from bot.store.seen import once
from bot.store.views import LeadView, lead_view


@dataclass(frozen=True, slots=True)
class CallAnyway:
    """They may see the number now."""

    lead: int
    kind: Literal["call_anyway"] = "call_anyway"


@dataclass(frozen=True, slots=True)
class NoNumber:
    """There is none, it takes no calls, or nobody knows where the borrower is."""

    lead: int
    kind: Literal["no_number"] = "no_number"


@dataclass(frozen=True, slots=True)
class KeptToHours:
    """The config lets nobody call before then."""

    lead: int
    opens_at: datetime
    zone: str
    kind: Literal["kept_to_hours"] = "kept_to_hours"


CallAnywayOutcome = CallAnyway | NoNumber | KeptToHours | NotWorked
_answers: TypeAdapter[CallAnywayOutcome] = TypeAdapter(CallAnywayOutcome)


async def remind_at_opening(services: Services, pressed: Press) -> ReminderOutcome | NoNumber:
    """The owner is reminded at the first minute at which the borrower may be called; at once where that is now."""
    lead = await services.store.read(lead_view, pressed.lead)
    if lead is None or not lead.phones:
        return NoNumber(pressed.lead)
    return await come_back(services, pressed, "remind", call_sheet(lead, pressed.at).opens_at or pressed.at)


async def kept_to_hours(services: Services, pressed: Press) -> KeptToHours | None:
    """Why it is no use to ask the owner for a reason; None where it is."""
    return await services.store.read(_kept_to_hours, pressed)


async def call_anyway(services: Services, pressed: Press, reason: str) -> tuple[CallAnywayOutcome, LeadView | None]:
    """Keep why they call now; with the lead where the number may be shown."""
    outcome = await services.store.transact(note_reason, pressed, reason)
    return outcome, await services.store.read(lead_view, pressed.lead) if isinstance(outcome, CallAnyway) else None


def _kept_to_hours(session: Session, by: Press) -> KeptToHours | None:
    lead = lead_view(session, by.lead)
    if lead is None or (_lets_call_anyway(session) and not is_capped(call_of(lead), by.at)):
        return None
    match judgement(lead, by.at):
        case WaitUntil(at, zone):
            return KeptToHours(by.lead, at, zone)
    return None


def _lets_call_anyway(session: Session) -> bool:
    """By the newest config, even one that this process has not taken yet."""
    stored = newest_stored(session)
    return stored is not None and stored.config.lets_call_anyway


def note_reason(session: Session, by: Press, reason: str) -> CallAnywayOutcome:
    """The transaction of a call outside the hours."""
    return once(session, by.delivery, by.at, _answers, lambda: _decide(session, by, reason))


def _decide(session: Session, by: Press, reason: str) -> CallAnywayOutcome:
    refused, _, person = allowed(session, by)
    if refused is not None:
        return refused
    lead = lead_view(session, by.lead)
    assert lead is not None, "its row was just locked"
    match judgement(lead, by.at):
        case Refused(rule):
            append_event(session, by.lead, _refused(by, person.key, rule), by.salt)
            return NoNumber(by.lead)
        case WaitUntil(at, zone, rule) if is_capped(call_of(lead), by.at) or not _lets_call_anyway(session):
            append_event(session, by.lead, _refused(by, person.key, rule), by.salt)
            return KeptToHours(by.lead, at, zone)
        case WaitUntil(at, zone, rule):
            meta = {"officer": person.name, "opens_at": at.isoformat(), "zone": zone, "rule": rule}
            fact = Fact(
                "called_anyway", f"officer:{person.key}", by.at, meta,
                officer_id=by.officer_id, subject_id=borrower_of(session, by.lead), body={"reason": reason},
            )  # fmt: skip
            append_event(session, by.lead, fact, by.salt)
    return CallAnyway(by.lead)


def _refused(by: Press, officer: str, rule: Rule) -> Fact:
    return Fact("call_refused", f"officer:{officer}", by.at, {"rule": rule}, officer_id=by.officer_id)

"""An officer lets a lead go by, with a reason; it can be undone."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from pydantic import TypeAdapter
from sqlalchemy import bindparam, delete, select
from sqlmodel import Session

from bot.leads.press import NoSuchLead, Press
from bot.rules.roles import Role, may
from bot.services import Services
from bot.store.clocks import look_again
from bot.store.columns import table_of
from bot.store.events import Fact, append_event
from bot.store.leads import LeadPass, keep_pass, lead
from bot.store.people import doer
from bot.store.postings import Lease, redraw
from bot.store.seen import once

Why = Literal["busy", "not_my_product", "know_them"]
REASONS: tuple[Why, ...] = ("busy", "not_my_product", "know_them")
BUSY_FOR = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Passed:
    """The lead is not offered to this officer for now (busy) or at all."""

    lead: int
    why: Why
    kind: Literal["passed"] = "passed"


@dataclass(frozen=True, slots=True)
class PassUndone:
    lead: int
    kind: Literal["pass_undone"] = "pass_undone"


@dataclass(frozen=True, slots=True)
class PassNotNeeded:
    """Somebody owns the lead already."""

    lead: int
    kind: Literal["pass_not_needed"] = "pass_not_needed"


@dataclass(frozen=True, slots=True)
class MayNotPass:
    lead: int
    role: Role
    kind: Literal["may_not_pass"] = "may_not_pass"


PassOutcome = Passed | PassUndone | PassNotNeeded | MayNotPass | NoSuchLead
_answers: TypeAdapter[PassOutcome] = TypeAdapter(PassOutcome)

_pass = table_of(LeadPass)
_drop = (
    delete(_pass)
    # Who gave the lead back or let it lapse since is not rung for it: that stands.
    .where(_pass.c.lead_id == bindparam("lead_id"), _pass.c.officer_id == bindparam("by"), _pass.c.reason.in_(REASONS))
    .returning(_pass.c.lead_id)
)
_owner = select(lead.c.owner_id, lead.c.practice).where(lead.c.id == bindparam("lead_id"))


async def pass_by(services: Services, pressed: Press, why: Why) -> PassOutcome:
    """Let a lead go by."""
    outcome, leases = await services.store.transact(pass_lead, pressed, why)
    services.owe(leases)
    return outcome


async def undo_pass(services: Services, pressed: Press) -> PassOutcome:
    """Take a pass back."""
    outcome, leases = await services.store.transact(pass_lead, pressed, None)
    services.owe(leases)
    return outcome


def pass_lead(session: Session, by: Press, why: Why | None) -> tuple[PassOutcome, list[Lease]]:
    """The transaction of a pass, or of taking it back when `why` is None. Raises ValueError for a reason that there is none of."""
    if why is not None and why not in REASONS:
        raise ValueError(f"There is no reason {why!r}.")
    leases: list[Lease] = []
    return once(session, by.delivery, by.at, _answers, lambda: _decide(session, by, why, leases)), leases


def _decide(session: Session, by: Press, why: Why | None, leases: list[Lease]) -> PassOutcome:
    connection = session.connection()
    person = doer(session, by.officer_id)
    row = connection.execute(_owner, {"lead_id": by.lead}).one_or_none()
    if row is None or row.practice:
        return NoSuchLead(by.lead)
    if not (person.active and may(person.role, "pass")):
        return MayNotPass(by.lead, person.role)
    if why is None:
        changed = connection.execute(_drop, {"lead_id": by.lead, "by": by.officer_id}).first() is not None
    elif row.owner_id is not None:
        return PassNotNeeded(by.lead)
    else:
        until = by.at + BUSY_FOR if why == "busy" else None
        keep_pass(session, by.lead, by.officer_id, why, by.at, until)
        changed = True
    if changed:
        fact = Fact("passed" if why else "pass_undone", f"officer:{person.key}", by.at, {"reason": why}, officer_id=by.officer_id)
        append_event(session, by.lead, fact, by.salt)
        if why:
            look_again(session, by.lead, by.at)  # who leads hears at once when that was the last one
        leases += redraw(session, by.lead, at_once=True)
    return Passed(by.lead, why) if why else PassUndone(by.lead)

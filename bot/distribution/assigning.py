"""Who leads a team gives a lead to one of its officers: whoever it is with, if that officer may take it. All of them hear of it."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from pydantic import TypeAdapter
from sqlalchemy import bindparam, select, update
from sqlmodel import Session

from bot.distribution.eligible import Before, team_before
from bot.distribution.handing_over import Hand, hand_over, why_not
from bot.leads.press import NoSuchLead, Press
from bot.rules.commands import closest
from bot.rules.eligibility import Refusal
from bot.rules.roles import Role, may
from bot.services import Services
from bot.speed_to_lead.escalation_rules import start_clock
from bot.store import counters
from bot.store.clocks import UNCLAIMED, UNCONTACTED, stop_clock
from bot.store.events import PastEvent
from bot.store.last_opened import keep_last_opened
from bot.store.leads import ENDED_STAGES, is_practice, lead
from bot.store.people import doer, leads_team, officer
from bot.store.places import KnownOfficer
from bot.store.postings import Lease, redraw
from bot.store.reminders import hand_call_backs
from bot.store.seen import once
from bot.store.turns import take_turn_back
from bot.store.views import LeadView, lead_view


@dataclass(frozen=True, slots=True)
class Assigned:
    lead: int
    officer: str
    seq: int
    kind: Literal["assigned"] = "assigned"


@dataclass(frozen=True, slots=True)
class TheirsAlready:
    lead: int
    officer: str
    kind: Literal["theirs_already"] = "theirs_already"


@dataclass(frozen=True, slots=True)
class MayNotTakeIt:
    """The officer who should have it may not."""

    lead: int
    officer: str
    because: Refusal
    kind: Literal["may_not_take_it"] = "may_not_take_it"


@dataclass(frozen=True, slots=True)
class HasEnded:
    lead: int
    stage: str
    kind: Literal["has_ended"] = "has_ended"


@dataclass(frozen=True, slots=True)
class NotYourTeam:
    """It is the lead of a team that this person does not lead, or the officer is not in that team."""

    lead: int
    kind: Literal["not_your_team"] = "not_your_team"


@dataclass(frozen=True, slots=True)
class MayNotAssign:
    lead: int
    role: Role
    kind: Literal["may_not_assign"] = "may_not_assign"


NotAssigned = HasEnded | NotYourTeam | MayNotAssign | NoSuchLead
AssignOutcome = Assigned | TheirsAlready | MayNotTakeIt | NotAssigned
_answers: TypeAdapter[AssignOutcome] = TypeAdapter(AssignOutcome)


@dataclass(frozen=True, slots=True)
class Choice:
    """The team before the lead: who may have it, and who may not and why not; and the officer of the team who has it."""

    lead: LeadView
    team: tuple[Before, ...]
    owner: Before | None = None


@dataclass(frozen=True, slots=True)
class Meant:
    """The officers whom the words may name, as (key, name). `sure` says that they name the one exactly; `said` is the name in the words."""

    officers: tuple[tuple[str, str], ...]
    sure: bool
    said: str


_to = select(officer.c.id, officer.c.name).where(officer.c.key == bindparam("of_key"), officer.c.active)
_set_owner = (
    update(lead)
    .where(lead.c.id == bindparam("of_lead"))
    .values(owner_id=bindparam("owner"), claimed_at=bindparam("since"))
    .returning(lead.c.team_id, lead.c.source_id, lead.c.stage)
)


async def choose(services: Services, number: int, by: KnownOfficer) -> Choice | NotAssigned:
    """Whom this person could give the lead to."""
    return await services.store.read(choice_of, number, by.id, services.clock.now())


async def assign(services: Services, pressed: Press, to_key: str) -> AssignOutcome:
    """Give the lead to the officer with this key."""
    outcome, leases = await services.store.transact(assign_lead, pressed, to_key)
    services.owe(leases)
    return outcome


def choice_of(session: Session, number: int, by_id: int, now: datetime) -> Choice | NotAssigned:
    refused = may_not_assign(session, number, by_id)
    if refused is not None:
        return refused
    view = lead_view(session, number)
    assert view is not None, "it was just looked at"
    team = team_before(session, view, now, soft_caps=True)
    owner = next((each for each in team if each.member.id == view.owner_id), None)
    return Choice(view, tuple(each for each in team if each is not owner), owner)


def meant(choice: Choice, words: str) -> Meant:
    """Whom the words name, by first name, whole name or key; those they resemble otherwise, to be asked back."""
    named = " ".join(re.sub(r"^\s*to\b\s*|@", "", words, flags=re.IGNORECASE).split())
    said = named.casefold()
    people = [(each.member.key, each.member.name) for each in (*choice.team, choice.owner) if each is not None]
    exact = [person for person in people if said in (person[0].casefold(), person[1].casefold(), person[1].casefold().partition(" ")[0])]
    if exact:
        return Meant(tuple(exact), len(exact) == 1, named)
    called = {word: person for person in people for word in (person[1].casefold(), person[1].casefold().partition(" ")[0], person[0])}
    return Meant(tuple(dict.fromkeys(called[word] for word in closest(said, called))), False, named)


def assign_lead(session: Session, by: Press, to_key: str) -> tuple[AssignOutcome, list[Lease]]:
    """The transaction of an assignment: the officer who gets it is locked, then the lead."""
    leases: list[Lease] = []
    return once(session, by.delivery, by.at, _answers, lambda: _decide(session, by, to_key, leases)), leases


def _decide(session: Session, by: Press, to_key: str, leases: list[Lease]) -> AssignOutcome:
    refused = may_not_assign(session, by.lead, by.officer_id)
    if refused is not None:
        return refused
    view = lead_view(session, by.lead)
    to = session.connection().execute(_to, {"of_key": to_key}).one_or_none()
    assert view is not None, "it was just looked at"
    if to is None or to.id not in {each.member.id for each in team_before(session, view, by.at)}:
        return NotYourTeam(by.lead)
    because = why_not(session, to.id, by.lead, by.at)
    if because is not None:
        return MayNotTakeIt(by.lead, to.name, because)
    person = doer(session, by.officer_id)
    handed = hand_over(session, by.lead, to.id, Hand(f"officer:{person.key}", person.name, by.at, by.salt))
    if handed is None:
        return TheirsAlready(by.lead, to.name)
    leases += handed.leases
    keep_last_opened(session, by.officer_id, by.lead, by.at)
    return Assigned(by.lead, to.name, handed.seq)


def may_not_assign(session: Session, number: int, by_id: int) -> NotAssigned | None:
    """Why this person may not decide who has the lead, or None."""
    person = doer(session, by_id)
    view = lead_view(session, number)
    if view is None or is_practice(session, number):
        return NoSuchLead(number)
    if not (person.active and may(person.role, "assign")):
        return MayNotAssign(number, person.role)
    if not leads_team(session, by_id, view.team_id):
        return NotYourTeam(number)
    return HasEnded(number, view.stage) if view.stage in ENDED_STAGES else None


def undo_assignment(session: Session, by: Press, assigned: PastEvent) -> list[Lease]:
    """The lead goes back to who had it, or to the pool where it rings again; as the last thing that happened to it.

    Who left meanwhile does not get it back: nobody would be asked about it any more.
    """
    before, since = assigned.meta["owner_before"], assigned.meta["claimed_before"]
    if before is not None and not doer(session, before).active:
        before = since = None
    row = {"of_lead": by.lead, "owner": before, "since": since and datetime.fromisoformat(since)}
    stands = session.connection().execute(_set_owner, row).one()
    for owner_id, delta in ((assigned.officer_id, -1), (before, 1)):
        counters.count(session, team_id=stands.team_id, source_id=stands.source_id, owner_id=owner_id, stage=stands.stage, delta=delta)
    if assigned.officer_id is not None:
        take_turn_back(session, stands.team_id, assigned.officer_id)
    stop_clock(session, by.lead, UNCONTACTED)
    if before is None:
        start_clock(session, by.lead, UNCLAIMED, started_at=by.at, due_at=by.at)
        return redraw(session, by.lead, at_once=True)
    hand_call_backs(session, by.lead, before)
    if stands.stage == "new":
        start_clock(session, by.lead, UNCONTACTED, started_at=by.at, due_at=by.at)
    return redraw(session, by.lead, at_once=True)

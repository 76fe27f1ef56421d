"""Why was I rung, or not: who heard of a lead, who was passed over, and what stands between this officer and it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from sqlmodel import Session

from bot.distribution.eligible import Before, team_before
from bot.leads.press import NoSuchLead
from bot.rules.eligibility import Reason, Refusal
from bot.rules.escalation_policy import StepKind, ladder_of, next_step
from bot.rules.ringing import RINGS_AN_HOUR
from bot.rules.routing import Route
from bot.rules.scoring import Grade
from bot.rules.scoring import Reason as Points
from bot.services import Services
from bot.store.clocks import UNCLAIMED, ClockView, clocks_of
from bot.store.events import events_since
from bot.store.leads import ENDED_STAGES
from bot.store.naming import who_has_key
from bot.store.people import zone_of
from bot.store.places import KnownOfficer
from bot.store.rings import PastRing, rings_of
from bot.store.rota import alone_at_work
from bot.store.views import LeadView, lead_view
from bot.telling import meant_of
from bot.updates import Meant

Skip = Reason | Literal["not_on_call", "passed", "let_go", "unreachable"]
Mine = Literal[
    "owner", "rung", "listed", "other_team", "refused", "passed", "let_go", "ended",
    "taken_before", "not_on_call", "no_clock", "not_begun", "rests", "later",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Follows:
    """The escalation policy by which the lead's clock runs, what it does next, and when, as seen at `now`."""

    policy: str
    step: StepKind | None
    at: datetime
    now: datetime


@dataclass(frozen=True, slots=True)
class Explained:
    """The rings of the newest round; this officer's part in them, with the refusal where that is the reason; who was passed over; and
    whom the lead itself names, with what was against them when it was to be given to them."""

    lead: int
    zone: str
    route: Route | None
    meant: tuple[Meant, ...]
    grade: Grade
    points: int
    reasons: tuple[Points, ...]
    rung: tuple[PastRing, ...]
    mine: Mine
    because: Refusal | None
    skipped: tuple[tuple[str, Skip, str | None], ...]
    all_after: int | None
    follows: Follows | None


async def explain(services: Services, number: int, officer: KnownOfficer) -> Explained | NoSuchLead:
    return await services.store.read(explain_lead, number, officer, services.clock.now())


def explain_lead(session: Session, number: int, officer: KnownOfficer, now: datetime) -> Explained | NoSuchLead:
    lead = lead_view(session, number)
    if lead is None:
        return NoSuchLead(number)
    rings = rings_of(session, number)
    newest = max((ring.round for ring in rings), default=0)
    rung = tuple(ring for ring in rings if ring.round == newest)
    clocks = clocks_of(session, number)
    clock = clocks.get(UNCLAIMED)
    alone = alone_at_work(session, lead.team_id, now)
    team = team_before(session, lead, now, soft_caps=clock is not None and clock.waited_long, by_hours=alone is None)
    mine = next((each for each in team if each.member.id == officer.id), None)
    heard = {ring.officer_id for ring in rung}
    skipped = tuple(
        (each.member.name, skip, each.because.state if each.because else None)
        for each in team
        if each.member.id not in heard and each.member.id != officer.id and (skip := _skip(each, alone)) is not None
    )
    because = mine.because if mine is not None else None
    if because is not None and because.reason is Reason.OFF_DUTY:
        because = replace(because, zone=zone_of(session, officer.id))
    part, follows = _mine(lead, officer, rung, clock, mine, alone), _follows(clocks, now)
    judged = (lead.grade, lead.score, lead.reasons)
    meant = _meant(session, number, lead.route)
    return Explained(number, lead.time_zone, lead.route, meant, *judged, rung, part, because, skipped, _all_after(clock), follows)


def _meant(session: Session, number: int, route: Route | None) -> tuple[Meant, ...]:
    if route is None or not route.named:
        return ()
    told = next((event for event in events_since(session, number, 1) if event.kind == "meant_for"), None)
    if told is not None:
        return meant_of(told.meta)
    return tuple(Meant(who_has_key(session, key)[0], by, None) for key, by in route.named.items())


def _skip(each: Before, alone: int | None) -> Skip | None:
    """Why this officer is passed over; None when their turn comes. `alone` is who alone works now, being on call."""
    if each.because is not None:
        return each.because.reason
    if alone not in (None, each.member.id):
        return "not_on_call"
    if each.member.passed:
        return "passed"
    if each.member.let_go:
        return "let_go"
    return None if each.member.reachable else "unreachable"


def _mine(
    lead: LeadView, officer: KnownOfficer, rung: tuple[PastRing, ...], clock: ClockView | None, mine: Before | None, alone: int | None
) -> Mine:
    if lead.owner_id == officer.id:
        return "owner"
    heard = next((ring for ring in rung if ring.officer_id == officer.id), None)
    if heard is not None:
        return "listed" if heard.listed else "rung"
    if mine is None:
        return "other_team"
    if mine.because is not None:
        return "refused"
    if mine.member.passed:
        return "passed"
    if mine.member.let_go:
        return "let_go"
    if lead.owner_id is not None:
        return "taken_before"
    if lead.stage in ENDED_STAGES:
        return "ended"
    if clock is None:
        return "no_clock"
    if alone not in (None, officer.id):
        return "not_on_call"
    if not rung:
        return "not_begun"
    return "later" if lead.grade == "A" or mine.member.rings_last_hour < RINGS_AN_HOUR else "rests"


def _follows(clocks: Mapping[str, ClockView], now: datetime) -> Follows | None:
    """By the clock that is due next."""
    running = [(clock.due_at, kind) for kind, clock in clocks.items() if clock.due_at is not None]
    if not running:
        return None
    due_at, kind = min(running)
    clock = clocks[kind]
    return Follows(clock.policy_key, next_step(ladder_of(clock.policy, kind), clock.step), due_at, now)


def _all_after(clock: ClockView | None) -> int | None:
    """After how many callable minutes all others are rung, by the policy that the lead follows."""
    steps = clock.policy.unclaimed.steps if clock is not None else ()
    return next((step.after for step in steps if step.kind is StepKind.RING_ALL), None)

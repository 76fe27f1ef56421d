"""What happens by itself while a lead is unclaimed, or claimed and not called: each step once, decided against the present state."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, select
from sqlmodel import Session

from bot.outreach.calls import whereabouts_of
from bot.releasing import release
from bot.rules.callable_time import Calendar, after, between, calendars, is_open, opens_at
from bot.rules.eligibility import CompanyFacts, LeadFacts, refusal
from bot.rules.escalation_policy import CAPS_ARE_SOFT_AFTER, DEFAULT_UNCLAIMED, DEFAULT_UNCONTACTED, StepKind, ToDo, after_of, to_do
from bot.rules.ringing import Candidate, rank
from bot.store.clocks import NOT_BEGUN, UNCLAIMED, DueClock, advance_clock, due_clocks
from bot.store.columns import table_of
from bot.store.events import Fact, append_event
from bot.store.installation import Installation
from bot.store.leads import ENDED_STAGES
from bot.store.people import Team
from bot.store.postings import Lease, post_cards, post_notice
from bot.store.prepared import Prepared
from bot.store.rings import TeamMember, note_rings, rung_in_round, team_members
from bot.store.standing import dates
from bot.store.views import LeadView, lead_view

BEST = 3
"""How many officers are rung at once."""
GRACE_AFTER_CALL = timedelta(minutes=5)
"""How long an owner has to say how the call went before the clock goes on."""
SHORTEST_STEP = timedelta(seconds=1)


@dataclass(frozen=True)
class _Scene:
    """Everything that one decision looks at."""

    due: DueClock
    lead: LeadView
    session: Session
    manager_id: int | None
    company: CompanyFacts
    calendars: tuple[Calendar, ...]
    now: datetime
    salt: str

    @cached_property
    def members(self) -> list[TeamMember]:
        """The officers of the team; asked for only where somebody is to be told."""
        return team_members(self.session, self.lead.team_id, self.lead.time_zone, self.lead.number, self.now)

    def eligible(self, *, soft_caps: bool) -> list[TeamMember]:
        """Who could take the lead now."""
        today = self.now.astimezone(ZoneInfo(self.lead.time_zone)).date()
        facts = LeadFacts(self.lead.state, self.lead.details.get("property_zip"), self.lead.phones, self.lead.purpose)
        return [
            member
            for member in self.members
            if not refusal(replace(member.facts, daily_cap=None) if soft_caps else member.facts, facts, self.company, self.now, today)
        ]

    @property
    def leaders(self) -> list[int]:
        """The team's leads, or its manager where it has none."""
        return [member.id for member in self.members if member.leads_team] or self.managers

    @property
    def managers(self) -> list[int]:
        return [] if self.manager_id is None else [self.manager_id]

    @property
    def owner(self) -> list[int]:
        return [] if self.lead.owner_id is None else [self.lead.owner_id]


def escalate(session: Session, now: datetime, salt: str) -> tuple[int, list[Lease]]:
    """Decide the clocks that are due; return how many, and the leases of what is to be told. Safe to repeat."""
    due = due_clocks(session, now)
    leases: list[Lease] = []
    for one in due:
        _decide(session, _scene(session, one, now, salt), leases)
    return len(due), leases


def _decide(session: Session, scene: _Scene, leases: list[Lease]) -> None:
    due, lead = scene.due, scene.lead
    ladder = DEFAULT_UNCLAIMED if due.kind == UNCLAIMED else DEFAULT_UNCONTACTED
    if lead.stage in ENDED_STAGES or (lead.owner_id is None) != (due.kind == UNCLAIMED):
        advance_clock(session, due, due.step, None)
        return
    if due.held_until is not None:
        _ask_how_it_went(session, scene, leases)
        return
    if not is_open(scene.now, scene.calendars):
        advance_clock(session, due, due.step, _not_before(scene, opens_at(scene.now, scene.calendars)))
        return
    task = to_do(ladder, None if due.step == NOT_BEGUN else due.step, between(due.started_at, scene.now, scene.calendars))
    done = due.step if task is None else task.number
    minutes = after_of(ladder, done + 1)
    next_due = None if minutes is None else _not_before(scene, after(due.started_at, minutes, scene.calendars))
    advance_clock(session, due, done, next_due)
    if task is not None:
        _do(session, scene, task, after_of(ladder, task.number) or 0, leases)


def _not_before(scene: _Scene, at: datetime | None) -> datetime:
    """A moment that lies ahead; a day from now where no hour is ever open, so that somebody looks again."""
    return scene.now + timedelta(days=1) if at is None else max(at, scene.now + SHORTEST_STEP)


def _do(session: Session, scene: _Scene, task: ToDo, minutes: int, leases: list[Lease]) -> None:
    if task.missed & {StepKind.RING_BEST, StepKind.RING_ALL} and task.kind is not StepKind.RING_ALL:
        rang = _ring(session, scene, task.number, None, leases)  # a downtime swallowed the ringing itself
        if rang and task.kind is StepKind.OFFER_NEXT:
            return  # who would be next was rung a moment ago
    if StepKind.WIDEN_AND_MANAGER in task.missed:
        _widen(session, scene, leases)
    match task.kind:
        case StepKind.RING_BEST:
            _ring(session, scene, task.number, BEST, leases)
        case StepKind.RING_ALL:
            _ring(session, scene, task.number, None, leases)
        case StepKind.TELL_TEAM_LEAD:
            _tell(session, scene, task.number, "unclaimed", scene.leaders, leases, minutes=minutes)
        case StepKind.OFFER_NEXT:
            ranked = _ranked(scene, soft_caps=True, spare_the_rung=False)
            _tell(session, scene, task.number, "offer" if ranked else "nobody_free", ranked[:1] or scene.leaders, leases)
        case StepKind.WIDEN_AND_MANAGER:
            _widen(session, scene, leases)
            _tell(session, scene, task.number, "unclaimed", scene.managers, leases, minutes=minutes)
        case StepKind.TELL_MANAGER:
            _tell(session, scene, task.number, "unclaimed", scene.managers, leases, minutes=minutes)
        case StepKind.NUDGE:
            _tell(session, scene, task.number, "nudge", scene.owner, leases)
        case StepKind.WARN:
            _tell(session, scene, task.number, "goes_back_soon", scene.owner, leases)
        case StepKind.TAKE_BACK:
            _take_back(session, scene, leases)
        case StepKind.TELL_OWNER | StepKind.TELL_COVER:
            raise AssertionError("only a borrower's words are answered by these steps")


def _widen(session: Session, scene: _Scene, leases: list[Lease]) -> None:
    """A card in the team's wider channel, where it has one."""
    lead = scene.lead
    cards = post_cards(session, lead.number, lead.team_id, lead.score, at_once=True, channel_kind="wider_channel")
    leases += [card for card in cards if card.held]


def _ring(session: Session, scene: _Scene, number: int, at_most: int | None, leases: list[Lease]) -> bool:
    """Ring the best who were not rung in this round, and return whether there were any; tell who leads when there is nobody at all."""
    waited = between(scene.due.started_at, scene.now, scene.calendars)
    soft_caps = waited >= CAPS_ARE_SOFT_AFTER
    rung = rung_in_round(session, scene.lead.number, scene.due.round)
    if not _ranked(scene, soft_caps=soft_caps, spare_the_rung=False):
        if rung or scene.due.step == NOT_BEGUN:  # else they were told at the first step
            _tell(session, scene, number, "nobody_free", scene.leaders, leases)
        return False
    to_ring = [officer_id for officer_id in _ranked(scene, soft_caps=soft_caps) if officer_id not in rung][:at_most]
    if to_ring:
        note_rings(session, scene.lead.number, to_ring, scene.due.round, scene.now)
        _tell(session, scene, number, "ring", to_ring, leases)
    return bool(to_ring)


def _ranked(scene: _Scene, *, soft_caps: bool, spare_the_rung: bool = True) -> list[int]:
    """Who is free to take the lead, the best first, without those whom rings gave no rest this hour."""
    wanted = scene.lead.details.get("language")
    candidates = [
        Candidate(
            officer_id=member.id,
            open_leads_without_attempt=member.load,
            speaks_language=wanted is None or wanted in member.languages,
            last_ring=member.last_ring,
            rings_last_hour=member.rings_last_hour if spare_the_rung else 0,
            passed=member.passed,
            let_lapse=member.let_go,
        )
        for member in scene.eligible(soft_caps=soft_caps)
    ]
    return list(rank(candidates, scene.lead.grade))


def _tell(session: Session, scene: _Scene, number: int, topic: str, officer_ids: list[int], leases: list[Lease], **meta: Any) -> None:
    """Write the step into the timeline and owe each of them a message."""
    told = {member.id: member.key for member in scene.members}
    reached = [told.get(each, "manager") for each in officer_ids]
    facts = {"clock": scene.due.kind, "round": scene.due.round, "step": number, "told": reached}
    fact = Fact(topic, "leadbell", scene.now, {**facts, **meta})
    seq = append_event(session, scene.lead.number, fact, scene.salt)
    for officer_id in officer_ids:
        leases += post_notice(session, scene.lead.number, officer_id, topic, seq, scene.lead.score, at_once=True)


def _take_back(session: Session, scene: _Scene, leases: list[Lease]) -> None:
    """The owner did not call in time: the lead rings again, without them unless hardly anybody else could take it."""
    owner_id = scene.lead.owner_id
    assert owner_id is not None
    released = release(session, scene.lead.number, owner_id, "lapsed", scene.now, scene.salt)
    assert released is not None, "the lead is locked since it was looked at"
    leases += released.leases
    leases += post_notice(session, scene.lead.number, owner_id, "taken_back", released.seq, released.score, at_once=True)


def _ask_how_it_went(session: Session, scene: _Scene, leases: list[Lease]) -> None:
    """The call should be over. Ask once; then there are a few minutes to answer before the lead goes back."""
    before_last = len(DEFAULT_UNCONTACTED.steps) - 2
    _tell(session, scene, before_last, "how_did_it_go", scene.owner, leases)
    last = DEFAULT_UNCONTACTED.steps[-1].after
    resumed = scene.now - timedelta(minutes=last) + GRACE_AFTER_CALL
    advance_clock(session, scene.due, before_last, scene.now + GRACE_AFTER_CALL, started_at=resumed)


_team = table_of(Team)
_installation = table_of(Installation)
_team_row = Prepared(
    select(_team.c.working_hours, _team.c.manager_id, _installation.c.company_licenses)
    .join(_installation, _installation.c.id == 1)
    .where(_team.c.id == bindparam("team_id"))
)


def _scene(session: Session, due: DueClock, now: datetime, salt: str) -> _Scene:
    lead = lead_view(session, due.lead_id)
    assert lead is not None
    [team] = _team_row.run(session, {"team_id": lead.team_id})
    week = tuple(tuple((start, end) for start, end in team.working_hours.get(str(day), ())) for day in range(7))
    return _Scene(
        due=due,
        lead=lead,
        session=session,
        manager_id=team.manager_id,
        company=CompanyFacts(dates(team.company_licenses)),
        calendars=calendars(lead.time_zone, week, whereabouts_of(lead)),
        now=now,
        salt=salt,
    )

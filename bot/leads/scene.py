"""What a decision about a lead looks at: the lead, its clock, its team's people and hours; and how the decision is told."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, select
from sqlmodel import Session

from bot.leads.batch import Batch, TeamAtWork
from bot.outreach.calls import call_of, whereabouts_of
from bot.rules.callable_time import Calendar, between, calendars
from bot.rules.calling import NO_CALLS, forbidden_by
from bot.rules.eligibility import CompanyFacts, LeadFacts, OfficerFacts, Refusal, judged, why_nobody
from bot.rules.escalation_policy import CAPS_ARE_SOFT_AFTER, Ladder, ladder_of
from bot.rules.ringing import Candidate, rank
from bot.rules.rota import only_on_call, rota_of
from bot.store.clocks import UNCONTACTED, DueClock
from bot.store.columns import table_of
from bot.store.covering import cover_of
from bot.store.events import Fact, append_event
from bot.store.installation import Installation
from bot.store.people import ANSWERS, Team, answers, key_of, officer_by_key, works
from bot.store.postings import Lease, post_notice
from bot.store.prepared import Prepared
from bot.store.rings import TeamMember
from bot.store.rota import on_call_now
from bot.store.standing import dates
from bot.store.views import LeadView

SHORTEST_STEP = timedelta(seconds=1)


@dataclass(frozen=True)
class Scene:
    """Everything that one decision looks at, and where what it tells is kept."""

    due: DueClock
    lead: LeadView
    session: Session
    manager_id: int | None
    company: CompanyFacts
    calendars: tuple[Calendar, ...]
    alone: int | None
    """The officer who alone works now, being on call; 0 for one who is away, None where all work."""
    now: datetime
    salt: str
    leases: list[Lease]
    batch: Batch
    email_on: bool = False
    """Whether our own people may be told by email too."""
    reached: set[int] = field(default_factory=set)
    """Whom this decision told something."""

    @property
    def ladder(self) -> Ladder:
        return ladder_of(self.due.policy, self.due.kind)

    @cached_property
    def members(self) -> list[TeamMember]:
        """The officers of the team; asked for only where somebody is to be told."""
        return self.batch.members(self.lead)

    @property
    def leaders(self) -> list[int]:
        """The team's leads who are on duty, or its manager where there is none; somebody who is off only where nobody else leads."""
        leading = [member for member in self.members if member.leads_team]
        here = [member.id for member in leading if member.facts.on_duty(self.now)]
        return here or self.managers or [member.id for member in leading]

    @property
    def managers(self) -> list[int]:
        return [] if self.manager_id is None else [self.manager_id]

    @property
    def owner(self) -> list[int]:
        """Who works the lead: its owner, or who covers while they are away."""
        return [self.cover] if self.cover is not None else [] if self.lead.owner_id is None else [self.lead.owner_id]

    @cached_property
    def cover(self) -> int | None:
        """Who covers for the owner, who is away."""
        found = None if self.lead.owner_id is None else cover_of(self.session, self.lead.number, self.now)
        return None if found is None else found[0]

    @property
    def rings_nobody(self) -> bool:
        """Whether its rule leaves this lead to whoever types /lead next; whose borrower was promised a call for now rings. Whom nobody may
        call rings for nobody either: the card says so, and who leads hears of it if nobody writes."""
        return self.nobody_may_call or self._is_handed_out

    @cached_property
    def nobody_may_call(self) -> bool:
        """Whether a do-not-call registry or our own list stands between us and the borrower, whatever the hour."""
        return forbidden_by(call_of(self.lead), self.now) in (*NO_CALLS, "call_own_do_not_call")

    @property
    def _is_handed_out(self) -> bool:
        return self.lead.route is not None and self.lead.route.mode == "blind_pull" and self.lead.booked_for is None

    def people(self, whom: str) -> list[int]:
        """The officers whom a step names: who leads the team, its manager, the lead's owner, or one by their key, unless they have left."""
        match whom:
            case "team_lead":
                return self.leaders
            case "manager":
                return self.managers
            case "owner":
                return self.owner
        found = officer_by_key(self.session, whom)
        return [] if found is None else [found]

    @cached_property
    def waited(self) -> float:
        """The callable minutes since the clock started."""
        return between(self.due.started_at, self.now, self.calendars)

    @property
    def caps_are_soft(self) -> bool:
        """Whether the lead waits so long that a full day is no reason."""
        return self.waited >= CAPS_ARE_SOFT_AFTER

    @cached_property
    def eligible(self) -> list[TeamMember]:
        """Who could take the lead now. Full days count no more once it has waited long."""
        soft_caps = self.caps_are_soft
        return [member for member in self.members if self.alone in (None, member.id) and not self.refusal_of(member, soft_caps=soft_caps)]

    def refusal_of(self, member: TeamMember, *, soft_caps: bool) -> Refusal | None:
        """Why somebody of the team may not take the lead."""
        facts = member.facts if self.alone is None else member.facts.out_of_hours()
        return self._refusal_of(facts.without_caps() if soft_caps else facts)

    @cached_property
    def _refusal_of(self) -> Callable[[OfficerFacts], Refusal | None]:
        return judged(self._facts, self.company, self.now, self._today)

    @property
    def why_nobody(self) -> Refusal | None:
        """Why nobody of the team may take the lead, today or any other day; None where somebody may, and is only busy or away."""
        return why_nobody([member.facts for member in self.members], self._facts, self.company, self.now, self._today)

    @property
    def _facts(self) -> LeadFacts:
        return LeadFacts(self.lead.state, self.lead.details.get("property_zip"), self.lead.placed_phones, self.lead.purpose)

    @property
    def _today(self) -> date:
        return self.now.astimezone(ZoneInfo(self.lead.time_zone)).date()

    def meant(self, officer_ids: Sequence[int]) -> list[int]:
        """Those of the officers whom the rule names that the lead came under."""
        route = self.lead.route
        names = set() if route is None else {member.id for member in self.members if member.key in route.officers}
        return [officer_id for officer_id in officer_ids if officer_id in names]

    def ranked(self, *, spare_the_rung: bool = True) -> list[int]:
        """Who is free to take the lead, the best first, without those whom rings gave no rest this hour."""
        wanted = self.lead.details.get("language")
        candidates = [
            Candidate(
                officer_id=member.id,
                open_leads_without_attempt=member.load,
                speaks_language=wanted is None or wanted in member.languages,
                last_ring=member.last_ring,
                rings_last_hour=member.rings_last_hour if spare_the_rung else 0,
                passed=member.passed,
                let_lapse=member.let_go,
                named=self.lead.route is not None and member.key in self.lead.route.officers,
                reachable=member.reachable,
            )
            for member in self.eligible
        ]
        return list(rank(candidates, self.lead.grade))

    def not_before(self, at: datetime | None) -> datetime:
        """A moment that lies ahead; a day from now where no hour is ever open, so that somebody looks again."""
        return self.now + timedelta(days=1) if at is None else max(at, self.now + SHORTEST_STEP)

    def tell(self, number: int, topic: str, officer_ids: list[int], **meta: Any) -> int:
        """Write the step into the timeline and owe each of them a message; the event's seq."""
        told = {member.id: member.key for member in self.members}
        reached = [told.get(each) or ("manager" if each in self.managers else key_of(self.session, each)) for each in officer_ids]
        facts = {"clock": self.due.kind, "round": self.due.round, "step": number, "told": reached}
        fact = Fact(topic, "leadbell", self.now, {**facts, **meta})
        seq = append_event(self.session, self.lead.number, fact, self.salt)
        self.reached.update(officer_ids)
        for officer_id in officer_ids:
            self.leases.extend(post_notice(self.session, self.lead.number, officer_id, topic, seq, self.lead.score, at_once=True))
        return seq


_team = table_of(Team)
_installation = table_of(Installation)
_team_row = Prepared(
    select(*ANSWERS, _team.c.manager_id, _installation.c.company_licenses)
    .join(_installation, _installation.c.id == 1)
    .where(_team.c.id == bindparam("team_id"))
)


def _at_work(session: Session, lead: LeadView) -> TeamAtWork:
    [team] = _team_row.run(session, {"team_id": lead.team_id})
    rota = rota_of(lead.time_zone, team.rota)
    return TeamAtWork(team.manager_id, CompanyFacts(dates(team.company_licenses)), works(team), answers(team), rota)


def scene_of(batch: Batch, due: DueClock, salt: str, leases: list[Lease], *, email_on: bool = False) -> Scene:
    """The scene of a due clock, as it stands."""
    session, now, lead = batch.session, batch.now, batch.lead_of(due)
    if lead.team_id not in batch.teams:
        batch.teams[lead.team_id] = _at_work(session, lead)
    team = batch.teams[lead.team_id]
    hours, alone = team.answers, None
    if team.rota is not None:
        quiet = only_on_call(team.rota, team.works, now)
        on_call = on_call_now(session, lead.team_id, now) if quiet or due.kind == UNCONTACTED else None
        alone = on_call if quiet else None
        if due.kind == UNCONTACTED and on_call != lead.owner_id:
            hours = team.works  # the owner goes home when working hours end
    return Scene(
        due=due,
        lead=lead,
        session=session,
        manager_id=team.manager_id,
        company=team.company,
        calendars=calendars(hours, whereabouts_of(lead)),
        alone=alone,
        now=now,
        salt=salt,
        leases=leases,
        batch=batch,
        email_on=email_on,
    )

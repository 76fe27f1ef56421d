"""The clocks that run on a lead: unclaimed, claimed and not yet called, or waiting for an answer. Each remembers how far it came."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import zip_longest
from typing import Any

from sqlalchemy import UniqueConstraint, and_, bindparam, false, func, null, select, text, true, update
from sqlalchemy.dialects.postgresql import insert  # its ON CONFLICT compiles for SQLite too, the other way round it does not
from sqlmodel import Field, Session

from bot.rules.escalation_policy import CAPS_ARE_SOFT_AFTER, DEFAULT_POLICY, Policy, after_of, stored
from bot.store.columns import maybe_reference, reference, row_id, table_of
from bot.store.installation import Installation
from bot.store.leads import lead
from bot.store.owed import DueBy, Owed, due_index
from bot.store.people import WORKS, Source, Team, TeamOfficer
from bot.store.people import Policy as PolicyVersion
from bot.store.prepared import Prepared

UNCLAIMED, UNCONTACTED, UNANSWERED = "unclaimed", "uncontacted", "unanswered"
NOT_BEGUN = -1
IN_LINE = -2
"""The step of a lead that waited for the morning and now for a free officer: its clock counts how long it stands in line."""
AT_ONCE = 10
"""How many clocks one transaction decides: meanwhile SQLite lets nobody else write."""
MOST_IN_ORDER = 200
"""For how many clocks the order is looked up at once: what comes meanwhile waits for its turn until these are decided."""


class Clock(Owed, table=True):
    """A count on a lead. Steps happen once per (lead, kind, round, step); a release or a second request opens a new round."""

    __table_args__ = (UniqueConstraint("lead_id", "kind", name="uq_clock_lead_kind"), due_index("clock"))

    id: int | None = row_id()
    lead_id: int = reference("lead.id")
    kind: str
    round: int = 1
    policy_id: int | None = maybe_reference("policy.id")
    step: int = NOT_BEGUN
    started_at: datetime
    held_until: datetime | None = None  # somebody is calling right now
    holds: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})  # how often they said so in this round
    nobody_told: bool = Field(default=False, sa_column_kwargs={"server_default": false()})  # this round, that nobody is free
    nobody_may: bool = Field(default=False, sa_column_kwargs={"server_default": false()})  # at any hour: it is among the exceptions


@dataclass(frozen=True, slots=True)
class DueClock:
    """A clock whose next step is due, with its lead, both locked."""

    id: int
    lead_id: int
    kind: str
    round: int
    step: int
    started_at: datetime
    held_until: datetime | None
    nobody_told: bool
    nobody_may: bool
    due_at: datetime
    policy: Policy
    policy_key: str


@dataclass(frozen=True, slots=True)
class ClockView:
    """How far a clock of a lead came, by which policy, and when its next step is due. `rests` while the owner is calling."""

    round: int
    step: int
    started_at: datetime
    due_at: datetime | None
    held_until: datetime | None
    holds: int
    policy: Policy
    policy_key: str

    @property
    def rests(self) -> bool:
        return self.held_until is not None

    @property
    def runs(self) -> bool:
        return self.due_at is not None

    @property
    def waited_long(self) -> bool:
        """Whether an unclaimed lead lies so long that whoever would take it is welcome: its last step came late enough."""
        return self.step > NOT_BEGUN and (after_of(self.policy.unclaimed, self.step) or 0) >= CAPS_ARE_SOFT_AFTER

    @property
    def climbs(self) -> bool:
        """Whether an unclaimed lead has not come to the last of its steps, which is repeated."""
        return self.runs and self.step < len(self.policy.unclaimed.steps) - 1


clock = table_of(Clock)
CLOCKS = DueBy(clock.c.due_at)
_policy, _source, _team, _member = table_of(PolicyVersion), table_of(Source), table_of(Team), table_of(TeamOfficer)
_all_of_lead = Prepared(
    select(
        clock.c.kind, clock.c.round, clock.c.step, clock.c.started_at, clock.c.due_at, clock.c.held_until, clock.c.holds, _policy.c.steps,
        func.coalesce(_policy.c.key, "default").label("policy_key"),
    )
    .outerjoin_from(clock, _policy, clock.c.policy_id == _policy.c.id)
    .where(clock.c.lead_id == bindparam("of_lead"))
)  # fmt: skip
_with_lead = (
    select(
        clock.c.id, clock.c.lead_id, clock.c.kind, clock.c.round, clock.c.step, clock.c.started_at, clock.c.held_until, clock.c.nobody_told,
        clock.c.nobody_may, clock.c.due_at, _policy.c.steps, func.coalesce(_policy.c.key, "default").label("policy_key"),
    )
    .join_from(clock, lead, clock.c.lead_id == lead.c.id)
    .outerjoin(_policy, clock.c.policy_id == _policy.c.id)
    .where(clock.c.due_at.is_not(None))
    # A lead that somebody changes right now is left for the next look: waiting for it could meet a claim the other way round.
    .with_for_update(skip_locked=True, key_share=True, of=[clock, lead])
)  # fmt: skip
_in_order = Prepared(
    select(clock.c.id)
    .join_from(clock, lead, clock.c.lead_id == lead.c.id)
    .where(clock.c.due_at.is_not(None), clock.c.due_at <= bindparam("now"))
    .order_by(lead.c.score.desc(), clock.c.due_at, clock.c.id)
    .limit(MOST_IN_ORDER)
)
_CHOSEN = [f"clock_{place}" for place in range(AT_ONCE)]
_due = Prepared(
    _with_lead.where(
        clock.c.id.in_([bindparam(each, type_=clock.c.id.type) for each in _CHOSEN]), clock.c.due_at <= bindparam("now")
    ).order_by(lead.c.score.desc(), clock.c.due_at, clock.c.id)
)
_rings = Prepared(_with_lead.where(clock.c.lead_id == bindparam("of_lead"), clock.c.kind == UNCLAIMED, clock.c.step > NOT_BEGUN))
_next_due = Prepared(select(func.min(clock.c.due_at).label("at")).where(clock.c.due_at.is_not(None)))
_new = insert(clock).values(attempts=0, fence=0)
_start = Prepared(
    _new.on_conflict_do_update(
        index_elements=[clock.c.lead_id, clock.c.kind],
        set_={
            "round": clock.c.round + 1,
            "step": _new.excluded.step,
            "started_at": _new.excluded.started_at,
            "due_at": _new.excluded.due_at,
            "held_until": null(),
            "attempts": 0,
            "gave_up_because": null(),
            "holds": 0,
            "nobody_told": false(),
            "nobody_may": false(),
            "policy_id": _new.excluded.policy_id,
        },
    )
)
_version, _installation = _policy.alias("version"), table_of(Installation)
_newest = select(func.max(_version.c.id)).where(_version.c.key == func.coalesce(_source.c.policy_key, _team.c.policy_key)).scalar_subquery()
_usual_policy = Prepared(
    select(_policy.c.id.label("policy_id"), _policy.c.steps, _installation.c.escalation_rules)
    .join_from(lead, _team, lead.c.team_id == _team.c.id)
    .join(_source, lead.c.source_id == _source.c.id)
    .join(_installation, _installation.c.id == 1)
    .outerjoin(_policy, _policy.c.id == _newest)
    .where(lead.c.id == bindparam("of_lead"))
)
_newest_policy = Prepared(
    select(_policy.c.id, _policy.c.steps).where(_policy.c.key == bindparam("of_key")).order_by(_policy.c.id.desc()).limit(1)
)
_looked_at = Prepared(
    select(
        lead.c.details, lead.c.segments, lead.c.grade, lead.c.score,
        _source.c.key.label("source"), _team.c.key.label("team"), *WORKS,
    )
    .join_from(lead, _team, lead.c.team_id == _team.c.id)
    .join(_source, lead.c.source_id == _source.c.id)
    .where(lead.c.id == bindparam("of_lead"))
)  # fmt: skip
_of_lead = update(clock).where(clock.c.lead_id == bindparam("of_lead"), clock.c.kind == bindparam("of_kind"))
_stop = Prepared(_of_lead.values(due_at=null(), held_until=null()))
_hold = _of_lead.where(clock.c.due_at.is_not(None)).values(
    due_at=bindparam("until"), held_until=bindparam("until"), holds=clock.c.holds + 1
)
_may_look = and_(clock.c.kind == UNCLAIMED, clock.c.due_at > bindparam("now"), clock.c.step > NOT_BEGUN, ~clock.c.nobody_told)
_look_again = Prepared(update(clock).where(clock.c.lead_id == bindparam("of_lead"), _may_look).values(due_at=bindparam("now")))
_teams_of = select(_member.c.team_id).where(_member.c.officer_id == bindparam("of_officer"))
_look_again_for = (
    update(clock)
    .where(_may_look, clock.c.lead_id.in_(select(lead.c.id).where(lead.c.owner_id.is_(None), lead.c.team_id.in_(_teams_of))))
    .values(due_at=bindparam("now"))
)
_nobody_told = Prepared(
    update(clock).where(clock.c.id == bindparam("clock_id")).values(nobody_told=true(), nobody_may=bindparam("at_any_hour"))
)
_look_at_exceptions = (
    update(clock).where(clock.c.kind == UNCLAIMED, clock.c.nobody_may, clock.c.due_at > bindparam("now")).values(due_at=bindparam("now"))
)
_look_again_in = (
    update(clock)
    .where(
        clock.c.kind == UNCLAIMED,
        clock.c.due_at.is_not(None),
        clock.c.started_at <= bindparam("now"),
        clock.c.lead_id.in_(select(lead.c.id).where(lead.c.owner_id.is_(None), lead.c.team_id == bindparam("of_team"))),
    )
    .values(due_at=bindparam("now"))
)
_waiting = (
    select(func.count())
    .join_from(clock, lead, clock.c.lead_id == lead.c.id)
    .where(
        clock.c.kind == UNCLAIMED, clock.c.due_at.is_not(None), clock.c.due_at <= bindparam("until"), clock.c.step <= NOT_BEGUN,
        lead.c.team_id == bindparam("of_team"), lead.c.owner_id.is_(None),
    )
)  # fmt: skip
_resume = _of_lead.values(started_at=bindparam("from_start"), due_at=bindparam("next_due"))
_advance = Prepared(
    update(clock)
    .where(clock.c.id == bindparam("clock_id"))
    .values(step=bindparam("to_step"), due_at=bindparam("next_due"), started_at=bindparam("from_start"), held_until=null(), attempts=0)
)


@dataclass(frozen=True, slots=True)
class Version:
    """A version of a policy; no id is the default that no config wrote."""

    id: int | None
    policy: Policy


@dataclass(frozen=True, slots=True)
class Usual:
    """The policy that the lead's source, else its team names, and the rules that may choose another one, as they were stored."""

    policy: Version
    rules: str


def usual_policy(session: Session, lead_id: int) -> Usual:
    [found] = _usual_policy.run(session, {"of_lead": lead_id})
    return Usual(Version(found.policy_id, stored(found.steps)), found.escalation_rules)


def newest_policy(session: Session, key: str) -> Version:
    """The policy with this key as it is now."""
    for found in _newest_policy.run(session, {"of_key": key}):
        return Version(found.id, stored(found.steps))
    return Version(None, DEFAULT_POLICY)


def what_rules_look_at(session: Session, lead_id: int) -> Any:
    """The row of the lead with its source's and its team's keys, and the team's hours."""
    [row] = _looked_at.run(session, {"of_lead": lead_id})
    return row


def start_clock(
    session: Session, lead_id: int, kind: str, started_at: datetime, due_at: datetime, step: int = NOT_BEGUN, *, policy: Version
) -> None:
    """Start a clock, or a new round of it, by this policy; `step` is the last one that is done already."""
    if kind == UNCONTACTED:
        # Callable minutes never run ahead of the wall clock's. Most owners call before this, and so cost no decision at all.
        due_at = max(due_at, started_at + timedelta(minutes=policy.policy.uncontacted.steps[0].after))
    row = {
        "lead_id": lead_id, "kind": kind, "round": 1, "step": step, "started_at": started_at, "due_at": due_at,
        "nobody_told": False, "nobody_may": False, "holds": 0, "policy_id": policy.id,
    }  # fmt: skip
    _start.run(session, row)


def stop_clock(session: Session, lead_id: int, kind: str) -> None:
    _stop.run(session, {"of_lead": lead_id, "of_kind": kind})


def hold_clock(session: Session, lead_id: int, kind: str, until: datetime) -> None:
    """Let a running clock rest until then."""
    session.connection().execute(_hold, {"of_lead": lead_id, "of_kind": kind, "until": until})


def look_again(session: Session, lead_id: int, at: datetime) -> None:
    """Who could take the lead changed: its unclaimed clock is looked at now, unless it has not begun or who leads knows already."""
    _look_again.run(session, {"of_lead": lead_id, "now": at})


def look_again_for(session: Session, officer_id: int, at: datetime) -> None:
    """The same for every free lead of this officer's teams: they go off, or leave."""
    session.connection().execute(_look_again_for, {"of_officer": officer_id, "now": at})


def look_at_exceptions(session: Session, at: datetime) -> None:
    """The same for every lead that nobody may take: licenses, or people, have changed."""
    session.connection().execute(_look_at_exceptions, {"now": at})


def nobody_told(session: Session, due: DueClock, *, at_any_hour: bool) -> None:
    """Who leads was told that nobody is free, once a round; `at_any_hour` that nobody may take the lead at all."""
    _nobody_told.run(session, {"clock_id": due.id, "at_any_hour": at_any_hour})


def look_again_in(session: Session, team_id: int, at: datetime) -> None:
    """The team's hours changed: each of its free leads is looked at now, those too that wait for the morning."""
    session.connection().execute(_look_again_in, {"of_team": team_id, "now": at})


def waiting_for_team(session: Session, team_id: int, until: datetime) -> int:
    """How many leads of the team are due by then and have not begun to ring."""
    return int(session.connection().execute(_waiting, {"of_team": team_id, "until": until}).scalar_one())


def resume_clock(session: Session, lead_id: int, kind: str, stopped_at: datetime, now: datetime) -> None:
    """Let a clock that was stopped go on where it stood, as though no time had passed since."""
    stood = clocks_of(session, lead_id).get(kind)
    if stood is not None and not stood.runs:
        row = {"of_lead": lead_id, "of_kind": kind, "from_start": stood.started_at + (now - stopped_at), "next_due": now}
        session.connection().execute(_resume, row)


def clocks_of(session: Session, lead_id: int) -> dict[str, ClockView]:
    """The clocks that a lead ever had, by kind."""
    return {
        row.kind: ClockView(row.round, row.step, row.started_at, row.due_at, row.held_until, row.holds, stored(row.steps), row.policy_key)
        for row in _all_of_lead.run(session, {"of_lead": lead_id})
    }


def waited_long(session: Session, lead_id: int) -> bool:
    """Whether the free lead lies so long that whoever would take it is welcome."""
    unclaimed = clocks_of(session, lead_id).get(UNCLAIMED)
    return unclaimed is not None and unclaimed.waited_long


def clocks_in_order(session: Session, now: datetime) -> list[int]:
    """The clocks that are due, the best lead first, many at a time: to sort ten thousand anew for each five would take their square."""
    return [row.id for row in _in_order.run(session, {"now": now})]


def due_clocks(session: Session, now: datetime, chosen: Sequence[int]) -> list[DueClock]:
    """Those of the chosen clocks, `AT_ONCE` at most, that are due still, the best lead first, locked together with their leads."""
    return [_due_clock(row) for row in _due.run(session, {"now": now, **dict(zip_longest(_CHOSEN, chosen))})]


def lock_ringing(session: Session, lead_id: int) -> DueClock | None:
    """The clock of a free lead that rings, locked together with its lead; None where it does not, or somebody changes it right now."""
    return next((_due_clock(row) for row in _rings.run(session, {"of_lead": lead_id})), None)


def _due_clock(row: Any) -> DueClock:
    return DueClock(
        row.id, row.lead_id, row.kind, row.round, row.step, row.started_at, row.held_until, row.nobody_told, row.nobody_may, row.due_at,
        stored(row.steps), row.policy_key,
    )  # fmt: skip


def advance_clock(session: Session, due: DueClock, step: int, next_due: datetime | None, started_at: datetime | None = None) -> None:
    """Write down that a step was decided, and when the next one is."""
    row = {"clock_id": due.id, "to_step": step, "next_due": next_due, "from_start": started_at or due.started_at}
    _advance.run(session, row)


def next_clock_due(session: Session) -> datetime | None:
    """When the next step falls due, in business time."""
    [row] = _next_due.run(session, {})
    due: datetime | None = row.at
    return due

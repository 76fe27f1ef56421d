"""The pipeline at a glance: what stands where and for how long, who holds it, and how quickly new leads were answered."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any, overload
from zoneinfo import ZoneInfo

from sqlmodel import Session

from bot.rules.durations import percentile, step_of, within
from bot.rules.reports import NotUnderstood, Question, read_question
from bot.rules.roles import Role, may
from bot.rules.stages import STAGES
from bot.rules.tallies import steps_of
from bot.services import Services
from bot.store.costs import Costs, costs_of_teams
from bot.store.counters import leads_held, leads_owned
from bot.store.lateness import Late, lateness_since
from bot.store.leads import ENDED_STAGES
from bot.store.people import team_zones
from bot.store.pipeline import (
    MOST_WAITING,
    TeamOfAsker,
    asker,
    labels_of_sources,
    names_of_officers,
    oldest_in_stages,
    oldest_owned,
    teams_of_asker,
    waiting_since,
)
from bot.store.speeds import COUNTED, speeds_of_claims, speeds_of_teams

IN_TIME = 5
"""Callable minutes within which a lead should be tried."""
DAYS_OF_A_MONTH = 30


@dataclass(frozen=True, slots=True)
class StageLine:
    """So many leads are in the stage, the oldest since then; no age is told of what ended or sleeps."""

    stage: str
    leads: int
    oldest: datetime | None


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody who holds so many open leads, so many of them not tried yet."""

    name: str
    leads: int
    untried: int
    active: bool


@dataclass(frozen=True, slots=True)
class Took:
    """Minutes until something was done, of half the leads and of nine in ten: callable ones, and by the wall clock."""

    half: float
    nine_in_ten: float
    half_wall: float
    nine_in_ten_wall: float


@dataclass(frozen=True, slots=True)
class Speed:
    """How quickly the leads of some days were answered. Who was never tried is missing from `tried`, not from `arrived`."""

    arrived: int
    claimed: Took | None
    tried: Took | None
    tried_in_time: int
    verified_in_time: int


@dataclass(frozen=True, slots=True)
class Cost:
    """What a source's leads of these days cost in whole dollars, what of it was asked back, and how many of them are funded by now.

    `estimated` says that some of it is not the source's word: a price that we assume for each, or a part of what is paid a month.
    """

    dollars: int
    each: int
    asked_back: int
    funded: int
    for_each_funded: int | None
    estimated: bool


@dataclass(frozen=True, slots=True)
class SourceLine:
    """`cost` is None where it cost nothing, or for whom it is not."""

    label: str
    speed: Speed
    cost: Cost | None = None


@dataclass(frozen=True, slots=True)
class Pipeline:
    """What stands where now, and the speed of the days asked about. `holders` is None for whom it is not."""

    question: Question
    teams: tuple[TeamOfAsker, ...]
    asked_by: str
    stages: tuple[StageLine, ...]
    waiting: tuple[datetime, ...]
    holders: tuple[Holder, ...] | None
    speed: Speed
    sources: tuple[SourceLine, ...] = field(default=())
    late: tuple[Late, ...] = field(default=())

    @property
    def many_wait(self) -> bool:
        """Whether more wait than were counted."""
        return len(self.waiting) >= MOST_WAITING


@dataclass(frozen=True, slots=True)
class NotYourTeam:
    """Somebody asked for a team that they do not belong to."""

    team: str
    yours: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MayNotSee:
    role: Role


PipelineOutcome = Pipeline | NotYourTeam | MayNotSee | NotUnderstood


@overload
async def pipeline(services: Services, officer_id: int, asked: Question) -> Pipeline | NotYourTeam | MayNotSee: ...
@overload
async def pipeline(services: Services, officer_id: int, asked: str) -> PipelineOutcome: ...
async def pipeline(services: Services, officer_id: int, asked: str | Question) -> PipelineOutcome:
    """Answer what was typed after /pipeline, or chosen field by field, as far as this person may see it."""
    sources, in_force = services.in_force.config.sources, services.in_force.sources
    monthly = {in_force[each.key].id: each.monthly_spend for each in sources if each.monthly_spend}
    return await services.store.read(look, officer_id, asked, services.clock.now(), monthly)


async def teams_seen(services: Services, officer_id: int) -> list[TeamOfAsker]:
    """The teams whose numbers this person may ask for."""
    return await services.store.read(look_for_teams, officer_id)


def look(session: Session, officer_id: int, words: str | Question, now: datetime, monthly: Mapping[int, int]) -> PipelineOutcome:
    """The question put to one snapshot; `monthly` is what is paid for a source each month, by its id."""
    person = asker(session, officer_id)
    if not (person.active and may(person.role, "see_pipeline")):
        return MayNotSee(person.role)
    teams = teams_of_asker(session, officer_id)
    called = {name.lower(): team.key for team in teams for name in (team.name, team.key)}
    question = words if isinstance(words, Question) else read_question(words, called)
    if isinstance(question, NotUnderstood):
        return question
    if question.team is not None:
        question = replace(question, team=called.get(question.team.lower(), question.team))
    seen = _seen(person, teams)
    asked = [team for team in seen if question.team in (None, team.key)]
    if question.view == "mine":
        return _mine(session, officer_id, person.name, question, asked or teams, now)
    if not asked:
        named = next((team.name for team in teams if team.key == question.team), question.team or "")
        return NotYourTeam(named, tuple(team.name for team in seen))
    return _of_teams(session, person, question, asked, now, monthly)


def look_for_teams(session: Session, officer_id: int) -> list[TeamOfAsker]:
    person = asker(session, officer_id)
    allowed = person.active and may(person.role, "see_pipeline")
    return _seen(person, teams_of_asker(session, officer_id)) if allowed else []


def _seen(person: Any, teams: Sequence[TeamOfAsker]) -> list[TeamOfAsker]:
    return [team for team in teams if team.belongs or may(person.role, "see_every_team")]


def _of_teams(
    session: Session, person: Any, question: Question, teams: Sequence[TeamOfAsker], now: datetime, monthly: Mapping[int, int]
) -> Pipeline:
    private = may(person.role, "see_holders") and not question.share
    ids = [team.id for team in teams]
    held = leads_held(session, ids)
    stages: Counter[str] = Counter()
    for stage, _, leads in held:
        stages[stage] += leads
    oldest = oldest_in_stages(session, ids, [stage for stage in stages if _ages(stage)])
    speeds = speeds_of_teams(session, {team.id: _since(team.time_zone, question.days, now) for team in teams}, question.days)
    return Pipeline(
        question=question,
        teams=tuple(teams),
        asked_by=person.name,
        stages=_stages({stage: (leads, oldest.get(stage)) for stage, leads in stages.items()}),
        waiting=tuple(sorted(waiting_since(session, ids))),
        holders=_holders(session, held) if private else None,
        speed=_speed(sum(speeds.values())),
        sources=_sources(session, speeds, _costs(session, question, teams, now, monthly) if private else {})
        if question.view == "source"
        else (),
        late=tuple(lateness_since(session, _since("UTC", question.days, now))) if question.view == "speed" else (),
    )


def _mine(session: Session, officer_id: int, name: str, question: Question, teams: Sequence[TeamOfAsker], now: datetime) -> Pipeline:
    owned = leads_owned(session, officer_id)
    oldest = oldest_owned(session, officer_id, [stage for stage in owned if _ages(stage)])
    mine = speeds_of_claims(session, officer_id, _since(teams[0].time_zone, question.days, now))
    claims = [claim for claim in mine if claim.claimed_after is not None]
    tried = [claim for claim in mine if claim.tried_at is not None]
    in_time = [claim for claim in tried if claim.tried_after <= IN_TIME]
    return Pipeline(
        question=question,
        teams=tuple(teams),
        asked_by=name,
        stages=_stages({stage: (leads, oldest.get(stage)) for stage, leads in owned.items()}),
        waiting=(),
        holders=None,
        speed=Speed(
            arrived=len(mine),
            claimed=_of_each([claim.claimed_after for claim in claims], [claim.claimed_after_wall for claim in claims]),
            tried=_of_each([claim.tried_after for claim in tried], [claim.tried_after_wall for claim in tried]),
            tried_in_time=len(in_time),
            verified_in_time=sum(claim.verified for claim in in_time),
        ),
    )


def _since(zone: str, days: int, now: datetime) -> date:
    """The first of so many days, today included, by the clocks of the zone."""
    return now.astimezone(ZoneInfo(zone)).date() - timedelta(days=days - 1)


def _ages(stage: str) -> bool:
    """Whether a lead can stand too long in this stage."""
    return stage not in ENDED_STAGES and stage != "nurture"


def _stages(found: Mapping[str, tuple[int, datetime | None]]) -> tuple[StageLine, ...]:
    return tuple(StageLine(stage, *found[stage]) for stage in STAGES if stage in found)


def _holders(session: Session, held: Sequence[tuple[str, int | None, int]]) -> tuple[Holder, ...]:
    """Who holds open leads, the most first."""
    names = names_of_officers(session)
    leads: Counter[int] = Counter()
    untried: Counter[int] = Counter()
    for stage, owner_id, number in held:
        if owner_id is not None and stage not in ENDED_STAGES:
            leads[owner_id] += number
            untried[owner_id] += number if stage == "new" else 0
    found = [Holder(names[owner_id][0], number, untried[owner_id], names[owner_id][1]) for owner_id, number in leads.items()]
    return tuple(sorted(found, key=lambda holder: (-holder.leads, holder.name)))


def _costs(
    session: Session, question: Question, teams: Sequence[TeamOfAsker], now: datetime, monthly: Mapping[int, int]
) -> dict[int, Cost]:
    """By source, for these teams: what is paid a month is theirs by their part of its leads."""
    since = {team_id: _since(zone, question.days, now) for team_id, zone in team_zones(session)}
    every = costs_of_teams(session, since, question.days)
    requests: Counter[int] = Counter()
    for (_, source_id), costs in every.items():
        requests[source_id] += costs.requests
    found: dict[int, list[tuple[Costs, float]]] = {}
    asked = {team.id for team in teams}
    for (team_id, source_id), costs in every.items():
        if team_id in asked:
            part = monthly.get(source_id, 0) * question.days / DAYS_OF_A_MONTH * costs.requests / requests[source_id]
            found.setdefault(source_id, []).append((costs, part))
    told = {source_id: _cost(parts) for source_id, parts in found.items()}
    return {source_id: cost for source_id, cost in told.items() if cost.dollars}


def _cost(parts: Sequence[tuple[Costs, float]]) -> Cost:
    paid_monthly = sum(part for _, part in parts)
    dollars = round(sum(each.dollars for each, _ in parts) + paid_monthly)
    asked_back, funded = sum(each.asked_back for each, _ in parts), sum(each.funded for each, _ in parts)
    return Cost(
        dollars=dollars,
        each=round(dollars / sum(each.requests for each, _ in parts)),
        asked_back=asked_back,
        funded=funded,
        for_each_funded=round((dollars - asked_back) / funded) if funded else None,
        estimated=bool(paid_monthly) or any(each.assumed for each, _ in parts),
    )


def _sources(session: Session, speeds: Mapping[int, int], costs: Mapping[int, Cost]) -> tuple[SourceLine, ...]:
    """Each source that brought leads, the one with the most first."""
    labels = labels_of_sources(session)
    found = [SourceLine(labels[source_id], _speed(counts), costs.get(source_id)) for source_id, counts in speeds.items()]
    return tuple(sorted((line for line in found if line.speed.arrived), key=lambda line: (-line.speed.arrived, line.label)))


def _speed(counts: int) -> Speed:
    steps = dict(zip(COUNTED, steps_of(counts, len(COUNTED)), strict=True))
    return Speed(
        arrived=sum(steps["arrived"].values()),
        claimed=_about(steps["claimed"], steps["claimed_wall"]),
        tried=_about(steps["tried"], steps["tried_wall"]),
        tried_in_time=within(steps["tried"], IN_TIME),
        verified_in_time=within(steps["verified"], IN_TIME),
    )


def _about(counts: Mapping[int, int], wall: Mapping[int, int]) -> Took | None:
    """From counts per step: true to the width of a step."""
    half, nine, half_wall, nine_wall = (percentile(each, percent) for each in (counts, wall) for percent in (50, 90))
    if half is None or nine is None or half_wall is None or nine_wall is None:
        return None
    return Took(half, nine, half_wall, nine_wall)


def _of_each(minutes: Sequence[float], wall: Sequence[float]) -> Took | None:
    """The same from lengths that are known one by one."""
    return _about(Counter(map(step_of, minutes)), Counter(map(step_of, wall)))

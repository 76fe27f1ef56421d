"""What a look at the pipeline asks beyond the counts: how long leads stand where they are, who waits, and whose pipeline one may see."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, func, or_, select
from sqlmodel import Session

from bot.store.clocks import UNCLAIMED, clock
from bot.store.columns import table_of
from bot.store.leads import lead
from bot.store.people import Source, Team, TeamOfficer, officer
from bot.store.prepared import Prepared

MOST_WAITING = 500
"""Where so many leads wait, or more, nobody needs the exact number."""


@dataclass(frozen=True, slots=True)
class TeamOfAsker:
    """A team that works, and whether the one who asks belongs to it: as an officer, a lead or its manager."""

    id: int
    key: str
    name: str
    time_zone: str
    belongs: bool


_team, _member, _source = table_of(Team), table_of(TeamOfficer), table_of(Source)
_asker = Prepared(select(officer.c.name, officer.c.role, officer.c.active).where(officer.c.id == bindparam("by")))
_teams = Prepared(
    select(
        _team.c.id, _team.c.key, _team.c.name, _team.c.time_zone,
        or_(_member.c.officer_id.is_not(None), func.coalesce(_team.c.manager_id, 0) == bindparam("by")),
    )
    .outerjoin_from(_team, _member, and_(_member.c.team_id == _team.c.id, _member.c.officer_id == bindparam("by")))
    .where(_team.c.active)
    .order_by(_team.c.name)
)  # fmt: skip
_oldest = Prepared(
    select(lead.c.staged_at)
    .where(lead.c.team_id == bindparam("of_team"), lead.c.stage == bindparam("in_stage"), ~lead.c.practice, lead.c.staged_at.is_not(None))
    .order_by(lead.c.staged_at)
    .limit(1)
)
_oldest_owned = (
    select(lead.c.stage, func.min(lead.c.staged_at).label("since"))
    .where(lead.c.owner_id == bindparam("by"), lead.c.stage.in_(bindparam("in_stages", expanding=True)), ~lead.c.practice)
    .group_by(lead.c.stage)
)
# The team is looked up from the clock: what waits is little, what a team ever had is much.
_team_of_clock = select(lead.c.team_id).where(lead.c.id == clock.c.lead_id, lead.c.owner_id.is_(None), ~lead.c.practice).scalar_subquery()
_waiting = (
    select(clock.c.started_at)
    .where(clock.c.due_at.is_not(None), clock.c.kind == UNCLAIMED, _team_of_clock.in_(bindparam("of_teams", expanding=True)))
    .limit(MOST_WAITING)
)
_names = Prepared(select(officer.c.id, officer.c.name, officer.c.active))
_labels = Prepared(select(_source.c.id, _source.c.label))


def asker(session: Session, officer_id: int) -> Any:
    """The name and role of the one who asks, and whether they work here."""
    [found] = _asker.run(session, {"by": officer_id})
    return found


def teams_of_asker(session: Session, officer_id: int) -> list[TeamOfAsker]:
    """Every team that works, by name."""
    return [TeamOfAsker(*row) for row in _teams.run(session, {"by": officer_id})]


def oldest_in_stages(session: Session, team_ids: Sequence[int], stages: Iterable[str]) -> dict[str, datetime]:
    """Since when the lead that is in a stage for longest is there, by stage."""
    asked = [{"of_team": team_id, "in_stage": stage} for stage in stages for team_id in team_ids]
    oldest: dict[str, datetime] = {}
    for each, found in zip(asked, _oldest.run_each(session, asked), strict=True):
        for row in found:
            stage = str(each["in_stage"])
            oldest[stage] = min(row.staged_at, oldest.get(stage, row.staged_at))
    return oldest


def oldest_owned(session: Session, officer_id: int, stages: Iterable[str]) -> dict[str, datetime | None]:
    """The same of one owner's leads, by stage."""
    rows = session.connection().execute(_oldest_owned, {"by": officer_id, "in_stages": list(stages)})
    return {row.stage: row.since for row in rows}


def waiting_since(session: Session, team_ids: Iterable[int]) -> list[datetime]:
    """When each lead began to wait that rings now and that nobody has; MOST_WAITING of them at most."""
    return list(session.connection().execute(_waiting, {"of_teams": list(team_ids)}).scalars())


def names_of_officers(session: Session) -> Mapping[int, tuple[str, bool]]:
    """Everybody's name, and whether they still work here."""
    return {row.id: (row.name, row.active) for row in _names.run(session, {})}


def labels_of_sources(session: Session) -> Mapping[int, str]:
    return {row.id: row.label for row in _labels.run(session, {})}

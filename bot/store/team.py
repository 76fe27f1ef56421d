"""The people of the teams as who manages them sees and changes them."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, bindparam, exists, or_, select, update
from sqlmodel import Session

from bot.rules.callable_time import Calendar
from bot.rules.roles import Role
from bot.store.columns import table_of
from bot.store.people import WORKS, ConfigVersion, Team, TeamOfficer, officer, works
from bot.store.standing import dates


@dataclass(frozen=True, slots=True)
class Person:
    """An officer; `teams` are the ids of those that they serve in or manage, `own_hours` as they are kept."""

    id: int
    key: str
    name: str
    role: Role
    active: bool
    off_until: datetime | None
    daily_cap: int | None
    licenses: dict[str, date | None]
    languages: tuple[str, ...]
    own_hours: dict[str, Any] | None
    teams: frozenset[int]

    @property
    def first_expiry(self) -> date | None:
        return min((last_day for last_day in self.licenses.values() if last_day is not None), default=None)


@dataclass(frozen=True, slots=True)
class TeamHours:
    id: int
    key: str
    name: str
    hours: Calendar
    manager_id: int | None


_team, _member, _version = table_of(Team), table_of(TeamOfficer), table_of(ConfigVersion)
_people = select(
    officer.c.id, officer.c.key, officer.c.name, officer.c.role, officer.c.active, officer.c.off_until, officer.c.daily_cap,
    officer.c.licenses, officer.c.languages, officer.c.working_hours,
).order_by(officer.c.name, officer.c.id)  # fmt: skip
_one = _people.where(officer.c.id == bindparam("of_officer"))
_members = select(_member.c.team_id, _member.c.officer_id)
_teams = select(_team.c.id, _team.c.key, _team.c.name, *WORKS, _team.c.manager_id).where(_team.c.active).order_by(_team.c.name, _team.c.id)
_manages = select(_team.c.id).where(
    _team.c.active,
    _team.c.manager_id == bindparam("by"),
    or_(
        _team.c.id == bindparam("of_team"),
        exists().where(and_(_member.c.team_id == _team.c.id, _member.c.officer_id == bindparam("of_officer"))),
    ),
)
_change = update(officer).where(officer.c.id == bindparam("of_officer"))
_lock_team = (
    select(_team.c.working_hours, _team.c.key, _team.c.name, _team.c.time_zone)
    .where(_team.c.id == bindparam("of_team"))
    .with_for_update(key_share=True)
)
_set_hours = update(_team).where(_team.c.id == bindparam("of_team")).values(working_hours=bindparam("hours"))


def people(session: Session) -> list[Person]:
    """Everybody who was ever in a config, by name."""
    connection = session.connection()
    serving: dict[int, set[int]] = {}
    for row in connection.execute(_members):
        serving.setdefault(row.officer_id, set()).add(row.team_id)
    for team in teams(session):
        if team.manager_id is not None:
            serving.setdefault(team.manager_id, set()).add(team.id)
    return [_person(row, frozenset(serving.get(row.id, ()))) for row in connection.execute(_people)]


def person(session: Session, officer_id: int) -> Person:
    """One of them, without their teams."""
    return _person(session.connection().execute(_one, {"of_officer": officer_id}).one(), frozenset())


def teams(session: Session) -> list[TeamHours]:
    rows = session.connection().execute(_teams)
    return [TeamHours(row.id, row.key, row.name, works(row), row.manager_id) for row in rows]


def manages(session: Session, by_id: int, *, officer_id: int = 0, team_id: int = 0) -> bool:
    """Whether somebody manages this team, or one that this officer serves in."""
    row = {"by": by_id, "of_officer": officer_id, "of_team": team_id}
    return session.connection().execute(_manages, row).first() is not None


def change_person(session: Session, officer_id: int, values: dict[str, Any]) -> None:
    session.connection().execute(_change.values(values), {"of_officer": officer_id})


def lock_team(session: Session, team_id: int) -> Any:
    """The team's hours, key and name, locked."""
    return session.connection().execute(_lock_team, {"of_team": team_id}).one()


def set_hours(session: Session, team_id: int, hours: dict[str, Any], by: str, at: datetime) -> None:
    """The team works in other hours from now on: every process takes them with a new version of the same file."""
    session.connection().execute(_set_hours, {"of_team": team_id, "hours": hours})
    newest = session.connection().execute(select(_version.c.text, _version.c.digest).order_by(_version.c.id.desc()).limit(1)).one()
    session.add(ConfigVersion(text=newest.text, digest=newest.digest, applied_at=at, applied_by=by))
    session.flush()


def _person(row: Any, serving: frozenset[int]) -> Person:
    return Person(
        row.id, row.key, row.name, row.role, row.active, row.off_until, row.daily_cap, dates(row.licenses), tuple(row.languages),
        row.working_hours, serving,
    )  # fmt: skip

"""The company's people and places of work as rows: teams, officers, sources, and the config versions they came from."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Index, Text, and_, bindparam, false, func, or_, select
from sqlalchemy.dialects.postgresql import insert  # its ON CONFLICT compiles for SQLite too, the other way round it does not
from sqlmodel import Field, Session, SQLModel

from bot.rules.callable_time import Calendar, working_time
from bot.rules.roles import Role
from bot.rules.rota import answered_time
from bot.store.columns import RowId, json_value, maybe_reference, reference, row_id, sealed_alike, sealed_text, table_of, whole_dollars
from bot.store.prepared import Prepared


class Team(SQLModel, table=True):
    id: int | None = row_id()
    key: str = Field(unique=True)
    name: str
    time_zone: str
    language: str = "en"
    masked: bool = True
    working_hours: dict[str, Any] = json_value()  # weekday ("0" is Monday) to a list of [start, end] in minutes of the local day
    holidays: list[str] = json_value([])  # the company's and its own: names of federal holidays and ISO dates
    rota: dict[str, Any] | None = json_value()  # officers by key, days, minute and since of the hand-over, and the hours on call
    hand_over_at: datetime | None = None  # when it may next be another one's turn; none without a rota
    on_call_id: int | None = Field(default=None, sa_type=RowId)  # whom we last told that they are on call
    manager_id: int | None = maybe_reference("officer.id")
    policy_key: str = "default"
    open_without_attempt_cap: int | None = None  # how many leads without an attempt an officer may hold and still claim
    days_without_attempt: int | None = None  # after so many working days without a try the owner loses the lead; none: never
    days_without_reply: int | None = None  # the same where the borrower wrote
    morning_due_at: datetime | None = None  # when such leads are next looked for; none: to be worked out
    shift_due_at: datetime | None = None  # when its officers are next asked what becomes of leads still open; none: to be worked out
    active: bool = True


class Officer(SQLModel, table=True):
    id: int | None = row_id()
    key: str = Field(unique=True)
    name: str
    email: str = Field(unique=True)
    phone: str | None = sealed_alike()
    nmls_id: str | None = None
    role: str = "officer"
    language: str = "en"
    active: bool = True
    left_because: str | None = None  # config or the platform they left, and what became of who was seen there again
    asks_at: datetime | None = None  # when those who lead are asked about the leads of somebody who left
    welcomed_at: datetime | None = None
    practice_number: int | None = None  # the practice lead that rings this officer now
    practice_ends_at: datetime | None = None
    asked_seq: int | None = None  # the company's event that asked last
    off_until: datetime | None = None
    working_hours: dict[str, Any] | None = json_value()  # as a team's; none: theirs
    morning_due_at: datetime | None = None  # when they are next told what their day holds; none: to be worked out
    cover_id: int | None = Field(default=None, sa_type=RowId)  # who works their leads while they are off; gone once they are back
    cover_since: datetime | None = None  # when they went
    cover_seq: int | None = None  # the company's event that says so
    daily_cap: int | None = None
    open_without_attempt_cap: int | None = None  # none: the team's
    licenses: dict[str, Any] = json_value()  # state to the ISO date it expires on, or None
    purposes: list[str] = json_value()  # empty: every purpose
    languages: list[str] = json_value()


class TeamOfficer(SQLModel, table=True):
    __tablename__ = "team_officer"
    team_id: int = reference("team.id", primary_key=True)
    officer_id: int = reference("officer.id", primary_key=True, index=True)
    leads_team: bool = False


class Source(SQLModel, table=True):
    id: int | None = row_id()
    key: str = Field(unique=True)
    label: str
    team_id: int = reference("team.id")
    price: int | None = whole_dollars()
    owner_rule: str = "claim"
    return_days: int | None = None
    policy_key: str | None = None  # none: the team's
    bought: bool = Field(default=False, sa_column_kwargs={"server_default": false()})  # its borrowers asked somebody else
    active: bool = True


class ConfigVersion(SQLModel, table=True):
    """One applied config, as canonical JSON without secrets. The newest is in force."""

    __tablename__ = "config_version"
    id: int | None = row_id()
    text: str = sealed_text("")  # it names people's phones
    digest: str
    applied_at: datetime
    applied_by: str


officer = table_of(Officer)
_team, _member = table_of(Team), table_of(TeamOfficer)
WORKS = (_team.c.time_zone, _team.c.working_hours, _team.c.holidays)
"""What `works` reads of a team."""
ANSWERS = (*WORKS, _team.c.rota)
"""What `answers` reads of a team."""
home, _serves = _team.alias("home"), _member.alias("serves")
at_home = home.c.id == select(func.min(_serves.c.team_id)).where(_serves.c.officer_id == officer.c.id).correlate(officer).scalar_subquery()
"""Joins the team by whose clocks and holidays an officer lives: the first that they serve in."""
OWN = (officer.c.working_hours.label("own_hours"), home.c.time_zone.label("home_zone"), home.c.holidays.label("home_holidays"))
"""What `own_time` reads of an officer."""


def works(row: Any) -> Calendar:
    """When the team of this row works."""
    return working_time(row.time_zone, row.working_hours, row.holidays)


def answers(row: Any) -> Calendar:
    """When somebody of the team of this row answers leads: at work, or on call."""
    return answered_time(row.time_zone, row.working_hours, row.holidays, row.rota)


def own_time(row: Any) -> Calendar | None:
    """When the officer of this row works by hours of their own; None where by the team's."""
    return None if row.own_hours is None else working_time(row.home_zone, row.own_hours, row.home_holidays)


BY_PHONE = "phone"
"""The key of the source of who called us first. A config need not name it either."""
OF_OUR_OWN = "text"
"""The key of the source of who texted us first. A config need not name it."""
PARTNERS = "referral_partners"
"""The key of the source that partners stand under whom a config names."""
_newest_version = Prepared(select(func.max(table_of(ConfigVersion).c.id).label("id")))


def newest_version(session: Session) -> int:
    """The id of the config version in force; 0 in an empty store."""
    [row] = _newest_version.run(session, {})
    return row.id or 0


_version = table_of(ConfigVersion)
_by_age = select(_version.c.id, _version.c.text).order_by(_version.c.id.desc()).limit(1)
_newest_config, _earlier_config = Prepared(_by_age), Prepared(_by_age.where(_version.c.id < bindparam("later")))


def newest_config(session: Session) -> Any:
    """The row of the newest config, its text canonical; None in an empty store."""
    return next(iter(_newest_config.run(session, {})), None)


def config_before(session: Session, version: int) -> Any:
    """The row of the one before it; None where there is none."""
    return next(iter(_earlier_config.run(session, {"later": version})), None)


_leads = (
    select(_team.c.id)
    .outerjoin_from(_team, _member, and_(_member.c.team_id == _team.c.id, _member.c.officer_id == bindparam("by")))
    .where(_team.c.id == bindparam("of_team"), or_(_member.c.leads_team, _team.c.manager_id == bindparam("by")))
)
_zone = (
    select(_team.c.time_zone)
    .outerjoin_from(_team, _member, and_(_member.c.team_id == _team.c.id, _member.c.officer_id == bindparam("by")))
    .order_by(_member.c.officer_id.is_(None), (_team.c.manager_id != bindparam("by")), _team.c.id)
    .limit(1)
)


_officer_by_key = select(officer.c.id).where(officer.c.key == bindparam("of_key"), officer.c.active)
_phone_of = select(officer.c.phone).where(officer.c.id == bindparam("of_officer"))
_key_of = select(officer.c.key).where(officer.c.id == bindparam("of_officer"))


def officer_by_key(session: Session, key: str) -> int | None:
    """The active officer with this key."""
    found: int | None = session.connection().execute(_officer_by_key, {"of_key": key}).scalar_one_or_none()
    return found


def key_of(session: Session, officer_id: int) -> str:
    return str(session.connection().execute(_key_of, {"of_officer": officer_id}).scalar_one())


def phone_of(session: Session, officer_id: int) -> str | None:
    """The officer's own phone, as the config or a colleague wrote it."""
    phone: str | None = session.connection().execute(_phone_of, {"of_officer": officer_id}).scalar_one()
    return phone


def leads_team(session: Session, officer_id: int, team_id: int) -> bool:
    """Whether this officer leads that team, or is its manager."""
    return session.connection().execute(_leads, {"by": officer_id, "of_team": team_id}).first() is not None


def zone_of(session: Session, officer_id: int) -> str:
    """The zone by whose clocks an officer lives: the first team's that they serve in, else manage."""
    zone: str = session.connection().execute(_zone, {"by": officer_id}).scalar_one()
    return zone


_team_leads = Prepared(
    select(officer.c.id)
    .join_from(_member, officer, _member.c.officer_id == officer.c.id)
    .where(_member.c.team_id == bindparam("of_team"), _member.c.leads_team, officer.c.active)
    .order_by(officer.c.id)
)
_manager = Prepared(
    select(officer.c.id)
    .join_from(_team, officer, _team.c.manager_id == officer.c.id)
    .where(_team.c.id == bindparam("of_team"), officer.c.active)
)


def leaders_of(session: Session, team_id: int) -> list[int]:
    """The team's leads, or its manager where it has none."""
    return [row.id for row in _team_leads.run(session, {"of_team": team_id})] or managers_of(session, team_id)


def managers_of(session: Session, team_id: int) -> list[int]:
    return [row.id for row in _manager.run(session, {"of_team": team_id})]


_zones = Prepared(select(_team.c.id, _team.c.time_zone).order_by(_team.c.id))


def team_zones(session: Session) -> list[tuple[int, str]]:
    """Every team's id and time zone."""
    return [(int(row.id), row.time_zone) for row in _zones.run(session, {})]


@dataclass(frozen=True, slots=True)
class Doer:
    """One of us, as they are now."""

    id: int
    key: str
    name: str
    role: Role
    active: bool


_team_by_key = select(_team.c.id).where(_team.c.key == bindparam("of_key"))


def team_of(session: Session, key: str) -> int:
    """The id of the team with this key in the config."""
    return int(session.connection().execute(_team_by_key, {"of_key": key}).scalar_one())


_compliance = select(officer.c.id).where(officer.c.role == "compliance", officer.c.active).order_by(officer.c.id)


def compliance_officers(session: Session) -> list[int]:
    """Who watches over the law at the company."""
    return list(session.connection().execute(_compliance).scalars())


_doer = Prepared(
    select(officer.c.id, officer.c.key, officer.c.name, officer.c.role, officer.c.active).where(officer.c.id == bindparam("of_officer"))
)


def doer(session: Session, officer_id: int) -> Doer:
    """In whose name something is done. What they may do is judged by this, in the transaction that does it."""
    [row] = _doer.run(session, {"of_officer": officer_id})
    return Doer(*row)


_with_role = select(officer.c.id).where(officer.c.role == bindparam("in_role"), officer.c.active).order_by(officer.c.id)


def operators(session: Session) -> list[int]:
    """Who sees to it that Leadbell works: the admins, or the managers where there is none."""
    for role in ("admin", "manager"):
        found = list(session.connection().execute(_with_role, {"in_role": role}).scalars())
        if found:
            return found
    return []


_source = table_of(Source)
_keep_own_source = insert(_source).on_conflict_do_nothing(index_elements=[_source.c.key])
_own_source = (
    select(_source.c.id, _source.c.label, _source.c.team_id, _source.c.price, _team.c.name.label("team_name"), *ANSWERS)
    .join_from(_source, _team, _team.c.id == _source.c.team_id)
    .where(_source.c.key == bindparam("of_key"))
)


def own_source(session: Session, label: str, team_id: int, *, key: str = OF_OUR_OWN) -> Any:
    """The source of who texted us first, or called us, with its team's hours; made where there is none yet."""
    connection = session.connection()
    row = {"key": key, "label": label, "team_id": team_id, "price": None, "owner_rule": "claim", "return_days": None}
    connection.execute(_keep_own_source, {**row, "policy_key": None, "active": True})
    return connection.execute(_own_source, {"of_key": key}).one()


_by_phone = select(officer.c.id).where(officer.c.phone == bindparam("number"), officer.c.active).order_by(officer.c.id).limit(1)


def officer_with_phone(session: Session, number: str) -> int | None:
    """Whose own phone has this number."""
    found: int | None = session.connection().execute(_by_phone, {"number": number}).scalar_one_or_none()
    return found


_by_email = select(officer.c.id).where(func.lower(officer.c.email) == bindparam("address")).limit(1)


def is_an_officers(session: Session, address: str) -> bool:
    """Whether this address, in small letters, is one of ours."""
    return session.connection().execute(_by_email, {"address": address}).first() is not None


_source_keys = select(table_of(Source).c.key).order_by(table_of(Source).c.id)


def source_keys(session: Session) -> list[str]:
    return list(session.connection().execute(_source_keys).scalars())


class Policy(SQLModel, table=True):
    """An escalation policy, stored in versions: a running lead follows the one it began with."""

    id: int | None = row_id()
    key: str = Field(index=True)
    version: int
    steps: list[Any] = json_value()


class Sequence(SQLModel, table=True):
    """A version of a drip: a running enrollment follows the one it began with."""

    __table_args__ = (Index("uq_sequence_key_version", "key", "version", unique=True),)

    id: int | None = row_id()
    key: str = Field(index=True)
    version: int
    content: str = Field(default="", sa_type=Text, sa_column_kwargs={"server_default": ""})  # as config.drips.stored writes it
    origin: str = Field(default="file", sa_column_kwargs={"server_default": "file"})  # file, or chat
    steps: list[Any] = json_value()  # of releases before: content holds everything
    names: dict[str, Any] | None = json_value()
    stages: list[Any] | None = json_value()

"""Who manages a team sees its people, whose licenses end first on top, and changes their duty, caps, licenses and the team's hours."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

from pydantic import TypeAdapter
from sqlmodel import Session

from bot.config import LANGUAGES, STATES
from bot.config.hours import read_week, written_week
from bot.distribution.handing_over import hold
from bot.leads.press import Press
from bot.rules.callable_time import stored_week, week_of
from bot.rules.colleagues import called, meant_by
from bot.rules.roles import Action, Role, may
from bot.rules.when import read_when
from bot.services import Services
from bot.store.clocks import look_again_for, look_again_in, look_at_exceptions
from bot.store.contacts import lock_keys
from bot.store.events import COMPANY, Fact, append_event
from bot.store.installation import SETTING_UP
from bot.store.leavers import mark_back, mark_left
from bot.store.people import zone_of
from bot.store.places import KnownOfficer
from bot.store.rota import look_at_rota_of_team, look_at_rotas_of
from bot.store.seen import once
from bot.store.shifts import forget_ends
from bot.store.team import Person, TeamHours, change_person, lock_team, manages, people, person, set_hours, teams

Field = Literal["off_until", "daily_cap", "licenses", "languages", "own_hours", "active"]
MOST_LEADS_A_DAY = 1000
_ONE_LICENSE = re.compile(r"([A-Za-z]{2})(?:\s+(\d{4}-\d{2}-\d{2}))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Roster:
    """The people and teams that somebody may see, and which of them they may change, by id."""

    people: tuple[Person, ...]
    teams: tuple[TeamHours, ...]
    changes_people: frozenset[int]
    changes_teams: frozenset[int]


@dataclass(frozen=True, slots=True)
class Form:
    """A person, with the fields of a screen as they begin."""

    id: int
    name: str
    fields: dict[Field, str]


@dataclass(frozen=True, slots=True)
class HoursForm:
    id: int
    name: str
    hours: str


@dataclass(frozen=True, slots=True)
class Changed:
    """What is another now, each from what to what; nothing where all stood so already."""

    whom: str
    zone: str
    changes: dict[str, tuple[Any, Any]]
    kind: Literal["changed"] = "changed"


@dataclass(frozen=True, slots=True)
class FieldNotUnderstood:
    """What was typed into this field is nothing that it can hold."""

    field: Field | Literal["hours"]
    said: str
    kind: Literal["not_understood"] = "not_understood"


@dataclass(frozen=True, slots=True)
class ChangedMeanwhile:
    """Nothing changed: since the screen was opened somebody else changed this field, which stands so now."""

    field: Field | Literal["hours"]
    stands: Any
    zone: str
    kind: Literal["changed_meanwhile"] = "changed_meanwhile"


@dataclass(frozen=True, slots=True)
class NobodyCalledSo:
    """Nobody whom they may see is called so; `meant` resemble the name."""

    said: str
    meant: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NeedsRole:
    """Their role may not do this."""

    role: Role
    action: Literal["see_roster", "change_roster"]
    kind: Literal["needs_role"] = "needs_role"


@dataclass(frozen=True, slots=True)
class NotTheirTeam:
    """They manage another team."""

    kind: Literal["not_their_team"] = "not_their_team"


Refused = NeedsRole | NotTheirTeam
TeamOutcome = Changed | FieldNotUnderstood | ChangedMeanwhile | Refused
_answers: TypeAdapter[TeamOutcome] = TypeAdapter(TeamOutcome)


async def look(services: Services, by: KnownOfficer, name: str = "") -> Roster | NobodyCalledSo | NeedsRole:
    """Everybody, or those who are called so."""
    return await services.store.read(roster_for, by.id, name.strip())


async def form_of(services: Services, by: KnownOfficer, officer_id: int) -> Form | Refused:
    """A person's fields, for who may change them."""
    return await services.store.read(read_form, by.id, officer_id, services.clock.now())


async def hours_form_of(services: Services, by: KnownOfficer, team_id: int) -> HoursForm | Refused:
    return await services.store.read(read_hours_form, by.id, team_id)


def _typed_over(begun: Mapping[Field, str], said: Mapping[Field, str]) -> dict[Field, str]:
    """The fields of a screen that hold something else than they began with: what nobody touched stays as it is by now."""
    return {field: words for field, words in said.items() if not _same(words, begun.get(field, ""))}


def _same(one: str, other: str) -> bool:
    """Whether two texts of a field say the same: a platform may end lines in its own way."""
    return [line.strip() for line in one.strip().splitlines()] == [line.strip() for line in other.strip().splitlines()]


async def change(services: Services, pressed: Press, officer_id: int, begun: Mapping[Field, str], said: Mapping[Field, str]) -> TeamOutcome:
    """Change what these fields say otherwise than they began with."""
    outcome = await services.store.transact(change_officer, pressed, officer_id, _typed_over(begun, said), begun)
    services.owe(())
    return outcome


async def change_hours(services: Services, pressed: Press, team_id: int, begun: str, lines: str) -> TeamOutcome:
    """The team's working hours, a line for each day or range, where they say otherwise than the screen began with."""
    said = None if _same(begun, lines) else lines
    outcome = await services.store.transact(change_team, pressed, team_id, said, begun)
    services.owe(())
    return outcome


def roster_for(session: Session, by_id: int, name: str = "") -> Roster | NobodyCalledSo | NeedsRole:
    by = person(session, by_id)
    if not (by.active and may(by.role, "see_roster")):
        return NeedsRole(by.role, "see_roster")
    everybody, all_teams = people(session), teams(session)
    mine = next(each for each in everybody if each.id == by_id).teams
    if not may(by.role, "see_every_team"):
        everybody = [each for each in everybody if each.teams & mine]
        all_teams = [each for each in all_teams if each.id in mine]
    if name:
        shown = called(name, everybody)
        if not shown:
            return NobodyCalledSo(name, meant_by(name, everybody))
        everybody = shown
    may_change = may(by.role, "change_roster")
    managed = {each.id for each in all_teams if may_change and (by.role == "admin" or each.manager_id == by_id)}
    changes = frozenset(each.id for each in everybody if may_change and (by.role == "admin" or each.teams & managed))
    everybody.sort(key=lambda each: (not each.active, each.first_expiry or date.max, each.name))
    return Roster(tuple(everybody), tuple(all_teams), changes, frozenset(managed))


def _may_change(session: Session, by: Person, *, officer_id: int = 0, team_id: int = 0) -> Refused | None:
    action: Action = "change_roster"
    if not (by.active and may(by.role, action)):
        return NeedsRole(by.role, "change_roster")
    if by.role == "admin" or manages(session, by.id, officer_id=officer_id, team_id=team_id):
        return None
    return NotTheirTeam()


def read_form(session: Session, by_id: int, officer_id: int, now: datetime) -> Form | Refused:
    refused = _may_change(session, person(session, by_id), officer_id=officer_id)
    if refused is not None:
        return refused
    found = person(session, officer_id)
    return Form(officer_id, found.name, _fields(found, zone_of(session, officer_id), now))


def _fields(found: Person, zone: str, now: datetime) -> dict[Field, str]:
    off = found.off_until is not None and found.off_until > now
    return {
        "off_until": f"{found.off_until.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}" if off and found.off_until else "",
        "daily_cap": "" if found.daily_cap is None else str(found.daily_cap),
        "licenses": "\n".join(f"{state} {last_day}" if last_day else state for state, last_day in found.licenses.items()),
        "languages": ", ".join(found.languages),
        "own_hours": "" if found.own_hours is None else written_week(week_of(found.own_hours)),
        "active": "yes" if found.active else "no",
    }


def read_hours_form(session: Session, by_id: int, team_id: int) -> HoursForm | Refused:
    refused = _may_change(session, person(session, by_id), team_id=team_id)
    if refused is not None:
        return refused
    team = next(each for each in teams(session) if each.id == team_id)
    return HoursForm(team.id, team.name, written_week(team.hours.week))


def change_officer(session: Session, by: Press, officer_id: int, fields: Mapping[Field, str], begun: Mapping[Field, str]) -> TeamOutcome:
    """The transaction of that screen: `begun` is what its fields showed when it was opened."""
    return once(session, by.delivery, by.at, _answers, lambda: _change(session, by, officer_id, fields, begun))


def change_team(session: Session, by: Press, team_id: int, lines: str | None, begun: str) -> TeamOutcome:
    """The transaction of a team's hours; with None they stay."""
    lock_keys(session, [SETTING_UP])  # a config that is applied at this moment comes before or after
    return once(session, by.delivery, by.at, _answers, lambda: _change_hours(session, by, team_id, lines, begun))


def _change(session: Session, by: Press, officer_id: int, fields: Mapping[Field, str], begun: Mapping[Field, str]) -> TeamOutcome:
    hold(session, {by.officer_id, officer_id}, [])
    manager = person(session, by.officer_id)
    refused = _may_change(session, manager, officer_id=officer_id)
    if refused is not None:
        return refused
    before, zone = person(session, officer_id), zone_of(session, officer_id)
    stands: dict[Field, Any] = {
        "off_until": before.off_until.isoformat() if before.off_until and before.off_until > by.at else None,
        "daily_cap": before.daily_cap,
        "licenses": {state: last_day and last_day.isoformat() for state, last_day in before.licenses.items()},
        "languages": list(before.languages),
        "own_hours": before.own_hours,
        "active": before.active,
    }
    shown = _fields(before, zone, by.at)
    wanted: dict[Field, Any] = {}
    for field, said in fields.items():
        value = _READS[field](said.strip(), by.at, zone)
        if value is _NOTHING:
            return FieldNotUnderstood(field, said)
        if value != stands[field] and not _same(begun.get(field, ""), shown[field]):
            return ChangedMeanwhile(field, stands[field], zone)
        wanted[field] = value
    changes = {field: (stands[field], value) for field, value in wanted.items() if value != stands[field]}
    if not changes:
        return Changed(before.name, zone, {})
    values: dict[str, Any] = {field: value for field, (_, value) in changes.items() if field != "active"}
    if values.get("off_until"):
        values["off_until"] = datetime.fromisoformat(values["off_until"])
    if "own_hours" in values:
        values["working_hours"] = values.pop("own_hours")
    if values:
        change_person(session, officer_id, values)
    if "active" in changes and wanted["active"]:
        mark_back(session, officer_id)
    elif "active" in changes:
        mark_left(session, officer_id, "chat", by.at)
    look_again_for(session, officer_id, by.at)
    look_at_exceptions(session, by.at)
    look_at_rotas_of(session, officer_id)
    meta = {"officer": before.key, "changes": {field: list(change) for field, change in changes.items()}}
    append_event(session, COMPANY, Fact("roster_changed", f"officer:{manager.key}", by.at, meta, officer_id=officer_id), by.salt)
    return Changed(before.name, zone, {str(field): change for field, change in changes.items()})


def _change_hours(session: Session, by: Press, team_id: int, lines: str | None, begun: str) -> TeamOutcome:
    manager = person(session, by.officer_id)
    refused = _may_change(session, manager, team_id=team_id)
    if refused is not None:
        return refused
    team = lock_team(session, team_id)
    if lines is None:
        return Changed(team.name, team.time_zone, {})
    week = read_week(lines)
    if week is None:
        return FieldNotUnderstood("hours", lines)
    wanted = stored_week(week)
    if team.working_hours == wanted:
        return Changed(team.name, team.time_zone, {})
    if not _same(begun, written_week(week_of(team.working_hours))):
        return ChangedMeanwhile("hours", team.working_hours, team.time_zone)
    set_hours(session, team_id, wanted, f"officer:{manager.key}", by.at)
    forget_ends(session)
    look_at_rota_of_team(session, team_id)
    look_again_in(session, team_id, by.at)
    meta = {"team": team.key, "changes": {"hours": [team.working_hours, wanted]}}
    append_event(session, COMPANY, Fact("roster_changed", f"officer:{manager.key}", by.at, meta), by.salt)
    return Changed(team.name, team.time_zone, {"hours": (team.working_hours, wanted)})


_NOTHING = object()
"""What a field's words mean that mean nothing."""


def _off_until(said: str, now: datetime, zone: str) -> Any:
    if not said:
        return None
    at = read_when(said, now, zone)
    return _NOTHING if at is None else at.isoformat()


def _daily_cap(said: str, _now: datetime, _zone: str) -> Any:
    if not said:
        return None
    return int(said) if re.fullmatch(r"[0-9]{1,4}", said) and 1 <= int(said) <= MOST_LEADS_A_DAY else _NOTHING


def _licenses(said: str, _now: datetime, _zone: str) -> Any:
    found: dict[str, str | None] = {}
    for line in (part.strip() for part in re.split(r"[\n,;]", said) if part.strip()):
        one = _ONE_LICENSE.fullmatch(line)
        state = one[1].upper() if one else ""
        if one is None or state not in STATES or state in found or not _is_day(one[2]):
            return _NOTHING
        found[state] = one[2]
    return found


def _is_day(said: str | None) -> bool:
    try:
        return said is None or bool(date.fromisoformat(said))
    except ValueError:
        return False


def _languages(said: str, _now: datetime, _zone: str) -> Any:
    codes = [word.lower() for word in re.split(r"[\s,;]+", said) if word]
    return list(dict.fromkeys(codes)) if codes and all(code in LANGUAGES for code in codes) else _NOTHING


def _own_hours(said: str, _now: datetime, _zone: str) -> Any:
    if not said:
        return None
    week = read_week(said)
    return _NOTHING if week is None else stored_week(week)


def _active(said: str, _now: datetime, _zone: str) -> Any:
    return {"yes": True, "no": False}.get(said, _NOTHING)


_READS: dict[Field, Callable[[str, datetime, str], Any]] = {
    "off_until": _off_until, "daily_cap": _daily_cap, "licenses": _licenses, "languages": _languages, "own_hours": _own_hours,
    "active": _active,
}  # fmt: skip

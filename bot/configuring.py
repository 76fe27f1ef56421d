"""A config is applied: teams, officers, sources and their places become rows, and a new version is in force."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select, update
from sqlmodel import Session, SQLModel
from sqlmodel import select as select_rows

from bot.capture.partners import contacts_of, keep_partners
from bot.config.escalation_rules import as_text
from bot.config.loading import canonical_text
from bot.config.models import Config, License
from bot.config.models import Officer as ConfiguredOfficer
from bot.config.models import Source as ConfiguredSource
from bot.config.models import Team as ConfiguredTeam
from bot.config.stored import read_stored
from bot.errors import AppliedByNewer, LeadbellError
from bot.rules.callable_time import stored_week
from bot.rules.escalation_policy import DEFAULT_POLICY, as_json
from bot.rules.rota import stored_rota
from bot.store import counters
from bot.store.clocks import look_again_for, look_at_exceptions
from bot.store.columns import table_of
from bot.store.contacts import lock_keys
from bot.store.events import COMPANY, Fact, append_event
from bot.store.installation import SETTING_UP, Installation
from bot.store.leads import ENDED_STAGES, lead
from bot.store.leavers import mark_back, mark_left
from bot.store.people import BY_PHONE, OF_OUR_OWN, PARTNERS, ConfigVersion, Officer, Policy, Source, Team, TeamOfficer
from bot.store.postings import AUDIT_CHANNEL, Place
from bot.store.returns import take_costs_along
from bot.store.rota import look_at_all_rotas
from bot.store.shifts import forget_ends


class StillNeeded(LeadbellError):
    """A team or source cannot vanish while it has open leads."""


class ChangedElsewhere(LeadbellError):
    """Something that the file sets was changed elsewhere since."""


class EmailTaken(LeadbellError):
    """An officer's email already belongs to one of another key."""


@dataclass(frozen=True, slots=True)
class Applied:
    """The version now in force, what changed by it in words for an operator, and who left with open leads."""

    version: int
    changes: tuple[str, ...]
    left_open: tuple[str, ...] = ()


def apply_config(session: Session, config: Config, *, by: str, at: datetime, salt: str, overwrite: bool = False) -> Applied:
    """Make the store agree with the file. A field is written only where the file differs from the last applied file.

    Raises StillNeeded for a vanished team or source with open leads, ChangedElsewhere for a conflict without `overwrite`,
    EmailTaken for an officer with the email of another one, AppliedByNewer where the newest config is one that we do not understand.
    """
    hash_key = bytes.fromhex(session.exec(select_rows(Installation.hash_key)).one())
    partners = [contact.key for partner in config.partners for contact in contacts_of(partner, hash_key)]
    lock_keys(session, [SETTING_UP, *partners])
    text = canonical_text(config)
    digest = hashlib.sha256(text.encode()).hexdigest()
    last = session.exec(select_rows(ConfigVersion).order_by(ConfigVersion.id.desc()).limit(1)).first()  # type: ignore[union-attr]
    if last is not None and last.digest == digest and last.id is not None:
        return Applied(last.id, ())
    before = None if last is None else read_stored(last.text)
    if last is not None and before is None:
        raise AppliedByNewer
    changes = _Changes(session, overwrite)
    officers = _officers(session, config, before, changes, at)
    teams = _teams(session, config, before, officers, changes)
    _policies(session, config, changes)
    forget_ends(session)
    look_at_all_rotas(session)
    _members(session, config, teams, officers)
    _sources(session, config, before, teams, changes)
    _retire(session, config, changes)
    _places(session, config, teams, officers)
    changes.made += keep_partners(session, config, officers, teams, hash_key, at, salt)
    changes.raise_conflicts()
    _company(session, config)
    look_at_exceptions(session, at)
    version = ConfigVersion(text=text, digest=digest, applied_at=at, applied_by=by)
    session.add(version)
    session.flush()
    assert version.id is not None
    append_event(session, COMPANY, Fact("config_applied", by, at, {"version": version.id, "changes": changes.made}), salt)
    return Applied(version.id, tuple(changes.made), tuple(changes.left_open))


class _Changes:
    """Writes fields that the file changed, and collects what was done and what stands in the way."""

    def __init__(self, session: Session, overwrite: bool) -> None:
        self.session = session
        self.overwrite = overwrite
        self.made: list[str] = []
        self.left_open: list[str] = []
        self.conflicts: list[str] = []

    def upsert(self, row: SQLModel | None, model: type[SQLModel], key: str, wanted: dict[str, Any], before: dict[str, Any] | None) -> Any:
        """Make or change one row; `before` is what the last file said of it."""
        what = f"{model.__name__.lower()} {key}"
        if row is None:
            row = model(key=key, **wanted)
            self.made.append(f"{what}: added")
        else:
            for name, value in wanted.items():
                # What no file spoke of yet, or not lately, is as the file now says.
                self._set(row, what, name, value, before[name] if before else getattr(row, name))
        self.session.add(row)
        self.session.flush()
        return row

    def _set(self, row: SQLModel, what: str, name: str, value: Any, said_before: Any) -> None:
        stands = getattr(row, name)
        if value in (said_before, stands):
            return
        if stands != said_before and not self.overwrite:
            self.conflicts.append(f"{what}: {name} was changed since the last file was applied")
            return
        setattr(row, name, value)
        self.made.append(f"{what}: {name} changed")

    def raise_conflicts(self) -> None:
        if self.conflicts:
            listed = "\n".join(f"  {conflict}" for conflict in self.conflicts)
            raise ChangedElsewhere(f"The file and the store disagree:\n{listed}\nTo let the file win: leadbell check --apply --overwrite")


def _officer_row(officer: ConfiguredOfficer, config: Config) -> dict[str, Any]:
    back_at = officer.back_at(config.home_of(officer).time_zone)
    return {
        "name": officer.name,
        "email": officer.email,
        "phone": officer.phone,
        "nmls_id": officer.nmls_id,
        "role": officer.role,
        "language": officer.language,
        "active": officer.active,
        "off_until": back_at and back_at.astimezone(UTC),
        "working_hours": stored_week(officer.working_hours) if officer.working_hours else None,
        "daily_cap": officer.daily_cap,
        "open_without_attempt_cap": officer.open_without_attempt_cap,
        "licenses": _licenses(officer.licenses),
        "purposes": list(officer.purposes),
        "languages": list(officer.languages),
    }


def _licenses(licenses: Iterable[License]) -> dict[str, str | None]:
    return {license.state: license.expires.isoformat() if license.expires else None for license in licenses}


def _officers(session: Session, config: Config, before: Config | None, changes: _Changes, at: datetime) -> dict[str, int]:
    rows = {row.key: row for row in session.exec(select_rows(Officer))}
    said = {officer.key: _officer_row(officer, before) for officer in before.officers} if before else {}
    owners = {row.email: key for key, row in rows.items()}
    ids: dict[str, int] = {}
    for officer in config.officers:
        owner = owners.get(officer.email, officer.key)
        if owner != officer.key:
            raise EmailTaken(
                f"officer {officer.key}: this email belongs to officer {owner}. A key never changes: write key: {owner}, "
                f"or give {owner} another email first."
            )
        wanted = _officer_row(officer, config)
        known = rows.get(officer.key)
        was_active = known is not None and known.active
        made = len(changes.made)
        row = changes.upsert(known, Officer, officer.key, wanted, said.get(officer.key))
        ids[officer.key] = row.id
        if known is not None and len(changes.made) > made:
            look_again_for(session, row.id, at)  # who could take a lead may be somebody else now
        if was_active and not row.active:
            mark_left(session, row.id, "config", at)
        elif known is not None and row.active and not was_active:
            mark_back(session, row.id)
    for key, row in rows.items():
        if key not in ids and row.active:
            row.active = False
            assert row.id is not None
            mark_left(session, row.id, "config", at)
            look_again_for(session, row.id, at)
            changes.made.append(f"officer {key}: no longer active")
            held = _open_leads(session, lead.c.owner_id == row.id)
            if held:
                changes.left_open.append(f"{row.name} still holds {held} open {'lead' if held == 1 else 'leads'}.")
    return ids


def _team_row(team: ConfiguredTeam, config: Config, officers: dict[str, int]) -> dict[str, Any]:
    return {
        "name": team.name,
        "time_zone": team.time_zone,
        "language": team.language,
        "masked": team.masked,
        "working_hours": stored_week(team.working_hours),
        "holidays": config.days_off(team),
        "rota": stored_rota(team.rota.on(team.time_zone)) if team.rota else None,
        "manager_id": officers.get(team.manager),
        "policy_key": team.escalation_policy,
        "open_without_attempt_cap": team.open_without_attempt_cap,
        "days_without_attempt": team.neglected and team.neglected.days_without_attempt,
        "days_without_reply": team.neglected and team.neglected.days_without_reply,
        "active": True,
    }


def _teams(session: Session, config: Config, before: Config | None, officers: dict[str, int], changes: _Changes) -> dict[str, int]:
    rows = {row.key: row for row in session.exec(select_rows(Team))}
    known = _ids(session, Officer)
    said = {team.key: _team_row(team, before, known) for team in before.teams} if before else {}
    return {
        team.key: changes.upsert(rows.get(team.key), Team, team.key, _team_row(team, config, officers), said.get(team.key)).id
        for team in config.teams
    }


def _policies(session: Session, config: Config, changes: _Changes) -> None:
    """Each change of a policy is a new version: a running clock follows the one that it began with."""
    newest = {row.key: row for row in session.exec(select_rows(Policy).order_by(Policy.id))}  # type: ignore[arg-type]
    wanted = {policy.key: as_json(policy.policy) for policy in config.escalation_policies}
    if "default" in newest:
        wanted.setdefault("default", as_json(DEFAULT_POLICY))
    for key, steps in wanted.items():
        last = newest.get(key)
        if last is None or last.steps != steps:
            session.add(Policy(key=key, version=last.version + 1 if last else 1, steps=steps))
            changes.made.append(f"policy {key}: {'changed' if last else 'added'}")
    session.flush()


def _members(session: Session, config: Config, teams: dict[str, int], officers: dict[str, int]) -> None:
    for row in session.exec(select_rows(TeamOfficer)):
        session.delete(row)
    session.flush()
    leading = {(team.key, key) for team in config.teams for key in team.team_leads}
    serving = {(team, officer.key) for officer in config.officers for team in officer.teams}
    for team, key in sorted(leading | serving):
        session.add(TeamOfficer(team_id=teams[team], officer_id=officers[key], leads_team=(team, key) in leading))


def _sources(session: Session, config: Config, before: Config | None, teams: dict[str, int], changes: _Changes) -> None:
    rows = {row.key: row for row in session.exec(select_rows(Source))}

    def row_of(configured: ConfiguredSource, of: Config, team_ids: dict[str, int]) -> dict[str, Any]:
        return {
            "label": configured.label,
            "team_id": team_ids.get(of.team_of(configured)),
            "price": configured.price,
            "owner_rule": configured.owner_rule,
            "return_days": configured.return_days,
            "bought": configured.bought,
            "policy_key": configured.escalation_policy,
            "active": True,
        }

    known = _ids(session, Team)
    said = {source.key: row_of(source, before, known) for source in before.sources} if before else {}
    for source in config.sources:
        changes.upsert(rows.get(source.key), Source, source.key, row_of(source, config, teams), said.get(source.key))


def _ids(session: Session, model: type[SQLModel]) -> dict[str, int]:
    """The ids of all that were ever in a file, those included that left it, by key."""
    table = table_of(model)
    return {row.key: row.id for row in session.connection().execute(select(table.c.key, table.c.id))}


def _retire(session: Session, config: Config, changes: _Changes) -> None:
    """Teams and sources that left the file: their open leads move first, or they may not go."""
    teams = {row.key: row for row in session.exec(select_rows(Team))}
    sources = {row.key: row for row in session.exec(select_rows(Source))}
    moved_to = {(retired.kind, retired.key): retired.moved_to for retired in config.retired}
    for team in teams.values():
        if team.active and team.key not in {kept.key for kept in config.teams}:
            target = teams.get(moved_to.get(("team", team.key), ""))
            _move_leads(session, f"team {team.key}", lead.c.team_id, team.id, target.id if target else None)
            team.active = False
            changes.made.append(f"team {team.key}: retired")
    for source in sources.values():
        if source.active and source.key not in {OF_OUR_OWN, BY_PHONE, PARTNERS, *(kept.key for kept in config.sources)}:
            successor = sources.get(moved_to.get(("source", source.key), ""))
            _move_leads(session, f"source {source.key}", lead.c.source_id, source.id, successor.id if successor else None)
            source.active = False
            changes.made.append(f"source {source.key}: retired")


def _move_leads(session: Session, what: str, column: ColumnElement[int], gone: int | None, target: int | None) -> None:
    held = _open_leads(session, column == gone)
    if held and target is None:
        kind, key = what.split()
        raise StillNeeded(
            f"The {what} has {held} open {'lead' if held == 1 else 'leads'}. Keep it, or say which {kind} takes them over:\n"
            f"retired:\n  - kind: {kind}\n    key: {key}\n    moved_to: KEY"
        )
    if target is not None:
        move = update(lead).where(column == gone, _is_open).values({column: target})
        kept_apart = (lead.c.team_id, lead.c.source_id, lead.c.owner_id, lead.c.stage)
        rows = session.connection().execute(move.returning(lead.c.id, lead.c.practice, *kept_apart)).all()
        if column is lead.c.team_id and gone is not None:
            take_costs_along(session, [row.id for row in rows], gone, target)
        for place, number in Counter(row[2:] for row in rows if not row.practice).items():
            now = {kept.name: value for kept, value in zip(kept_apart, place, strict=True)}
            counters.count(session, **now, delta=number)
            counters.count(session, **{**now, str(column.key): gone}, delta=-number)


_is_open = lead.c.stage.not_in(ENDED_STAGES)


def _open_leads(session: Session, condition: Any) -> int:
    return int(session.connection().execute(select(func.count()).select_from(lead).where(condition, _is_open)).scalar_one())


def _places(session: Session, config: Config, teams: dict[str, int], officers: dict[str, int]) -> None:
    """Where teams and officers are found in chat. Those that left the file are kept, but nothing new goes there."""
    rows = {(row.platform, row.kind, row.named, row.team_id): row for row in session.exec(select_rows(Place))}
    for row in rows.values():
        row.active = False
    for platform, kind, named, ids in _wanted_places(config, teams, officers):
        row = rows.get((platform, kind, named, ids.get("team_id"))) or Place(platform=platform, kind=kind, named=named)
        row.team_id, row.officer_id, row.active = ids.get("team_id"), ids.get("officer_id"), True
        if platform == "discord" or not ("@" in named or named.startswith("#")):
            row.address = named  # the config gives the id itself
        session.add(row)
    session.flush()


def _wanted_places(config: Config, teams: dict[str, int], officers: dict[str, int]) -> Sequence[tuple[str, str, str, dict[str, int]]]:
    channels = [
        (platform, kind, named, {"team_id": teams[team.key]})
        for team in config.teams
        for kind, channel in (("channel", team.channel), ("wider_channel", team.wider_channel))
        for platform, named in (("slack", channel and channel.slack), ("discord", channel and channel.discord))
        if named
    ]
    audit = config.audit.channel if config.audit else None
    audited: list[tuple[str, str, str, dict[str, int]]] = [
        (platform, AUDIT_CHANNEL, named, {})
        for platform, named in (("slack", audit and audit.slack), ("discord", audit and audit.discord))
        if named
    ]
    on_slack = any(team.channel.slack for team in config.teams)
    people = [
        (platform, "person", named, {"officer_id": officers[officer.key]})
        for officer in config.officers
        for platform, named in (("slack", (officer.slack or officer.email) if on_slack else None), ("discord", officer.discord))
        if named
    ]
    return [*channels, *audited, *people]


def _company(session: Session, config: Config) -> None:
    row = session.exec(select_rows(Installation)).one()
    row.company_licenses = _licenses(config.company.licenses)
    row.escalation_rules = as_text(config.escalation_rules)
    session.add(row)

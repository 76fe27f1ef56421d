"""What refers to what across a config file: known keys, unknown references, and what must be unique or present."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeGuard, get_args

from pydantic import AfterValidator, ValidationInfo

from bot.config.document import Document
from bot.config.problems import Loc, Problem, closest, repeatable, say, shown
from bot.config.values import slug
from bot.rules.escalation_policy import ROLES
from bot.rules.phones import read_phone
from bot.rules.roles import Role, may
from bot.rules.segments import BUILT_IN

Names = dict[str, str]
"""Key to name. A key that is not well-formed is here twice, as written and as it should be: lines that refer to it are not wrong too."""

UNIQUE = {
    "teams": ("key", "channel.slack", "channel.discord"),
    "officers": ("key", "email", "nmls_id", "slack", "discord"),
    "sources": ("key",),
    "partners": ("key", "name", "email", "phone"),
    "escalation_policies": ("key",),
    "segments": ("key",),
    "escalation_rules": ("name",),
    "routing": ("name",),
    "retired": ("key",),
}


@dataclass(frozen=True, slots=True)
class Outline:
    """Which keys a file declares, read before anything is checked, so that one wrong line hides no other."""

    teams: Names
    officers: Names
    sources: Names
    partners: Names
    policies: Names
    segments: Names
    roles: dict[str, str]

    @classmethod
    def of(cls, data: dict[str, Any]) -> "Outline":
        """The outline of plain values of any shape."""
        roles = {str(item.get("key")): str(item.get("role", "officer")) for _, item in entries(data, "officers")}
        policies = {"default": "default"} | _names(data, "escalation_policies", "key")
        ours = {each.key: each.key.replace("_", " ") for each in BUILT_IN}
        segments = ours | {item["key"]: str(item.get("name")) for _, item in entries(data, "segments") if repeatable(item.get("key"))}
        teams, officers, sources = _names(data, "teams", "name"), _names(data, "officers", "name"), _names(data, "sources", "label")
        partners = _names(data, "partners", "name")
        return cls(teams, officers, sources, partners, policies, segments, roles)


def entries(data: dict[str, Any], section: str) -> list[tuple[int, dict[str, Any]]]:
    """The mappings in a section's list with their places; whatever else is there is left out."""
    listed = data.get(section)
    return [(place, item) for place, item in enumerate(listed) if isinstance(item, dict)] if isinstance(listed, list) else []


def team_key() -> AfterValidator:
    """Accepts the key of a team of the same file."""
    return AfterValidator(lambda written, info: _known(written, info, "teams", "a team"))


def source_key() -> AfterValidator:
    """Accepts the key of a source of the same file."""
    return AfterValidator(lambda written, info: _known(written, info, "sources", "a source"))


def partner_key() -> AfterValidator:
    """Accepts the key of a partner of the same file."""

    def check(written: str, info: ValidationInfo) -> str:
        if isinstance(info.context, Outline) and not info.context.partners:
            raise say(f"{shown(written)} is not the key of a partner: there are none. Write them under partners.")
        return _known(written, info, "partners", "a partner")

    return AfterValidator(check)


def policy_key() -> AfterValidator:
    """Accepts the key of an escalation policy of the same file, or default."""
    return AfterValidator(lambda written, info: _known(written, info, "policies", "an escalation policy"))


def segment_key() -> AfterValidator:
    """Accepts the key of a segment of the same file, or of one of ours."""

    def check(written: str, info: ValidationInfo) -> str:
        declared: Names = getattr(info.context, "segments", {})
        if declared and written not in declared:
            meanings = {name.lower(): key for key, name in declared.items()} | {key: key for key in declared}
            raise say(f"{shown(written)} is not the key of a segment.", declared, closest(written, meanings))
        return written

    return AfterValidator(check)


def person_key() -> AfterValidator:
    """Accepts a role that a step may name, or the key of an officer of the same file."""

    def check(written: str, info: ValidationInfo) -> str:
        declared: Names = getattr(info.context, "officers", {})
        if declared and written not in (*ROLES, *declared):
            known = (*ROLES, *_well_formed(declared))
            raise say(f"{shown(written)} is neither a role nor the key of an officer.", known, closest(written, _meanings(declared)))
        return written

    return AfterValidator(check)


def officer_key(*roles: str) -> AfterValidator:
    """Accepts the key of an officer of the same file who has one of these roles."""

    def check(written: str, info: ValidationInfo) -> str:
        _known(written, info, "officers", "an officer")
        known_roles: dict[str, str] = getattr(info.context, "roles", {})
        role = known_roles.get(written)
        if role in get_args(Role) and role not in roles:  # an unknown role is a problem of the officer's own line
            fitting = [key for key, has in known_roles.items() if has in roles and repeatable(key)]
            raise say(f"{shown(written)} has the role {role}. Here it takes the role {' or '.join(roles)}.", fitting)
        return written

    return AfterValidator(check)


def problems_across(document: Document, outline: Outline) -> Iterator[Problem]:
    """What no single entry can see: repeated keys and ids, teams without officers, retired keys, secrets in the file."""
    for section, fields in UNIQUE.items():
        for field in fields:
            yield from _repeats(document, section, field)
    yield from _numbers_of_two_teams(document)
    yield from _teams_without_officers(document)
    yield from _takers_outside_the_team(document)
    yield from _on_call_outside_the_team(document)
    yield from _retired(document, outline)


def _known(written: str, info: ValidationInfo, section: str, what: str) -> str:
    declared: Names = getattr(info.context, section, {})
    if declared and written not in declared:  # without any, the missing section is the problem
        raise say(f"{shown(written)} is not the key of {what}.", _well_formed(declared), closest(written, _meanings(declared)))
    return written


def _meanings(names: Names) -> dict[str, str]:
    keys = _well_formed(names)
    return {names[key].lower(): key for key in keys} | {key: key for key in keys}


def _well_formed(names: Names) -> tuple[str, ...]:
    return tuple(key for key in names if key == slug(key))


def _names(data: dict[str, Any], section: str, name: str) -> Names:
    written = {item["key"]: str(item.get(name, "")) for _, item in entries(data, section) if repeatable(item.get("key"))}
    return written | {slug(key): called for key, called in written.items()}


def _repeats(document: Document, section: str, field: str) -> Iterator[Problem]:
    first: dict[str, int] = {}
    for place, item in entries(document.data, section):
        what, *path = field.split(".")
        value = item.get(what)
        loc: Loc = (section, place, what, *path)
        for name in path:
            value = value.get(name) if isinstance(value, dict) else None
        if not isinstance(value, str):
            continue
        line = document.line(loc)
        before = first.setdefault(value.strip().lower(), line)
        if before != line:
            yield document.problem(loc, f"The same {what} stands on line {before} already. Each entry needs its own.")


def _teams_without_officers(document: Document) -> Iterator[Problem]:
    officers = [officer for _, officer in entries(document.data, "officers") if _works_leads(officer)]
    working = {officer.get("key") for officer in officers if isinstance(officer.get("key"), str)}
    served = {slug(team) for officer in officers for team in _listed(officer.get("teams"))}
    for place, team in entries(document.data, "teams"):
        key = team.get("key")
        if not officers or not isinstance(key, str) or not repeatable(key):
            continue
        if slug(key) not in served and working.isdisjoint(_listed(team.get("team_leads"))):
            message = f'Team "{key}" has no active officer. Write "teams: [{key}]" under at least one of them.'
            yield document.problem(("teams", place), message)


def _takers_outside_the_team(document: Document) -> Iterator[Problem]:
    """Officers of a routing rule who do not serve a team whose leads may come under it."""
    serving = _teams_of_officers(document)
    default = document.data.get("default_team")
    team_of = {key: source.get("team") or default for _, source in entries(document.data, "sources") if _is_text(key := source.get("key"))}
    for place, rule in entries(document.data, "routing"):
        when = rule.get("when")
        named = [source for source in _listed(when.get("source") if isinstance(when, dict) else None) if source in team_of]
        shares = rule.get("percent")
        teams = _listed(rule.get("team")) or _listed([team_of[source] for source in named or team_of])
        sharing = [key for key in shares if _is_text(key)] if isinstance(shares, dict) else []
        written = rule.get("officers")
        for number, taker in enumerate(written if isinstance(written, list) else [written]):
            key = taker.get("key") if isinstance(taker, dict) else taker
            serves = serving.get(key, set(teams)) if _is_text(key) else set(teams)
            lacking = [] if serves.intersection(sharing) else sorted(set(sharing or teams) - serves)
            if lacking and key in serving:
                message = f"{shown(key)} is not on the team {lacking[0]}, whose leads may come under this rule too."
                where: Loc = ("routing", place, "officers", number) if isinstance(written, list) else ("routing", place, "officers")
                yield document.problem(where, f"{message} Name another team or a source in the rule, or write this team under the officer.")


def _numbers_of_two_teams(document: Document) -> Iterator[Problem]:
    """Our numbers that two teams would have: nobody could say whose borrower calls or texts one."""
    whose: dict[str, str] = {}
    for place, team in entries(document.data, "teams"):
        key, written = str(team.get("key")), team.get("numbers")
        for index, number in enumerate(_listed(written)):
            other = whose.setdefault(read_phone(number) or number, key)
            if other != key:
                where: Loc = ("teams", place, "numbers", index) if isinstance(written, list) else ("teams", place, "numbers")
                yield document.problem(
                    where, f"The team {other} has this number already. A number belongs to one team; leave it out of one."
                )


def _teams_of_officers(document: Document) -> dict[str, set[str]]:
    """The teams that each officer serves in or leads."""
    officers = [officer for _, officer in entries(document.data, "officers")]
    serving = {key: set(_listed(officer.get("teams"))) for officer in officers if _is_text(key := officer.get("key"))}
    for _, team in entries(document.data, "teams"):
        for key in _listed(team.get("team_leads")):
            serving.setdefault(key, set()).add(str(team.get("key")))
    return serving


def _on_call_outside_the_team(document: Document) -> Iterator[Problem]:
    """Officers of a rota who do not serve its team, and so hear of none of its leads."""
    serving = _teams_of_officers(document)
    for place, team in entries(document.data, "teams"):
        rota = team.get("rota")
        for key in _listed(rota.get("officers") if isinstance(rota, dict) else None):
            if key in serving and team.get("key") not in serving[key]:
                message = f"{shown(key)} is not on this team. Write it under the officer's teams, or take them off the rota."
                yield document.problem(("teams", place, "rota", "officers"), message)


def _is_text(value: Any) -> TypeGuard[str]:
    return isinstance(value, str)


def _works_leads(officer: dict[str, Any]) -> bool:
    idle_roles = [role for role in get_args(Role) if not may(role, "claim")]
    return officer.get("role") not in idle_roles and str(officer.get("active")).lower() not in ("false", "no")


def _listed(written: Any) -> list[str]:
    return [item for item in (written if isinstance(written, list) else [written]) if isinstance(item, str)]


def _retired(document: Document, outline: Outline) -> Iterator[Problem]:
    for place, item in entries(document.data, "retired"):
        declared: Names = {"team": outline.teams, "source": outline.sources}.get(str(item.get("kind")), {})
        key, target = item.get("key"), item.get("moved_to")
        if _is_text(key) and key in declared:
            yield document.problem(("retired", place, "key"), f"{shown(key)} is still in use above. Remove it there or here.")
        if declared and isinstance(target, str) and target not in declared:
            message = f"{shown(target)} is not the key of a {item['kind']} above."
            yield document.problem(("retired", place, "moved_to"), message, _well_formed(declared), closest(target, _meanings(declared)))

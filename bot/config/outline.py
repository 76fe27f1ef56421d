"""What refers to what across a config file: known keys, unknown references, and what must be unique or present."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, get_args

from pydantic import AfterValidator, ValidationInfo

from bot.config.document import Document
from bot.config.problems import Problem, closest, repeatable, say, shown
from bot.config.values import Role

Names = dict[str, str]
"""Key to name."""

UNIQUE = {
    "teams": ("key",),
    "officers": ("key", "email", "nmls_id", "slack", "discord"),
    "sources": ("key",),
    "retired": ("key",),
}


@dataclass(frozen=True, slots=True)
class Outline:
    """Which keys a file declares, read before anything is checked, so that one wrong line hides no other."""

    teams: Names
    officers: Names
    sources: Names
    roles: dict[str, str]

    @classmethod
    def of(cls, data: dict[str, Any]) -> "Outline":
        """The outline of plain values of any shape."""
        roles = {str(item.get("key")): str(item.get("role", "officer")) for _, item in entries(data, "officers")}
        return cls(_names(data, "teams", "name"), _names(data, "officers", "name"), _names(data, "sources", "label"), roles)


def entries(data: dict[str, Any], section: str) -> list[tuple[int, dict[str, Any]]]:
    """The mappings in a section's list with their places; whatever else is there is left out."""
    listed = data.get(section)
    return [(place, item) for place, item in enumerate(listed) if isinstance(item, dict)] if isinstance(listed, list) else []


def team_key() -> AfterValidator:
    """Accepts the key of a team of the same file."""
    return AfterValidator(lambda written, info: _known(written, info, "teams", "a team"))


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
    yield from _teams_without_officers(document)
    yield from _retired(document, outline)


def _known(written: str, info: ValidationInfo, section: str, what: str) -> str:
    declared: Names = getattr(info.context, section, {})
    if declared and written not in declared:  # without any, the missing section is the problem
        raise say(f"{shown(written)} is not the key of {what}.", declared, closest(written, _meanings(declared)))
    return written


def _meanings(names: Names) -> dict[str, str]:
    return {name.lower(): key for key, name in names.items()} | {key: key for key in names}


def _names(data: dict[str, Any], section: str, name: str) -> Names:
    return {item["key"]: str(item.get(name, "")) for _, item in entries(data, section) if repeatable(item.get("key"))}


def _repeats(document: Document, section: str, field: str) -> Iterator[Problem]:
    first: dict[str, int] = {}
    for place, item in entries(document.data, section):
        value = item.get(field)
        if not isinstance(value, str):
            continue
        line = document.line((section, place, field))
        before = first.setdefault(value.strip().lower(), line)
        if before != line:
            yield document.problem((section, place, field), f"The same {field} stands on line {before} already. Each entry needs its own.")


def _teams_without_officers(document: Document) -> Iterator[Problem]:
    officers = entries(document.data, "officers")
    served: set[str] = set()
    for _, officer in officers:
        teams = officer.get("teams")
        idle = officer.get("role") in ("compliance", "admin") or str(officer.get("active")).lower() in ("false", "no")
        served |= {team for team in (teams if isinstance(teams, list) else [teams]) if isinstance(team, str) and not idle}
    for place, team in entries(document.data, "teams"):
        key = team.get("key")
        if officers and repeatable(key) and key not in served:
            message = f'Team "{key}" has no active officer. Write "teams: [{key}]" under at least one of them.'
            yield document.problem(("teams", place), message)


def _retired(document: Document, outline: Outline) -> Iterator[Problem]:
    for place, item in entries(document.data, "retired"):
        declared: Names = {"team": outline.teams, "source": outline.sources}.get(str(item.get("kind")), {})
        key, target = item.get("key"), item.get("moved_to")
        if key in declared:
            yield document.problem(("retired", place, "key"), f"{shown(key)} is still in use above. Remove it there or here.")
        if declared and isinstance(target, str) and target not in declared:
            message = f"{shown(target)} is not the key of a {item['kind']} above."
            yield document.problem(("retired", place, "moved_to"), message, tuple(declared), closest(target, _meanings(declared)))

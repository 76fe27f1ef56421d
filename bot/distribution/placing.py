"""Where a new lead goes: the rule that decides, the team that gets it, and the officers whom the lead itself names."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlmodel import Session

from bot.in_force import TeamInForce
from bot.rules.routing import NamedBy, Route, Rule, Share, decides, route_of
from bot.store.naming import NamedOfficer, last_owner, officer_called, serves_in
from bot.store.shares import key_of_share, take_share


@dataclass(frozen=True, slots=True)
class Bound:
    """What decides where a lead goes: one of these rules, else `home`, its source's team; and whom it names, in words as
    `sources.naming` reads them. `partners_officer` is the key of who looks after the partner who sent it."""

    rules: tuple[Rule, ...]
    home: TeamInForce
    teams: Mapping[str, TeamInForce]
    recipients: tuple[str, ...]
    partners_officer: str | None
    contact_keys: tuple[str, ...]
    first_name: str | None

    @property
    def keys(self) -> list[str]:
        """What is locked, with the contact keys, before anything is read."""
        return [key_of_share(rule.name) for rule in self.rules if rule.percents]


def place(session: Session, bound: Bound) -> tuple[TeamInForce, Route | None]:
    """The team that gets the lead, and how it is given out there. Its turn of a share is taken."""
    named = _named(session, bound)
    rule = decides(bound.rules, named)
    if rule is None:
        return bound.home, None
    if rule.percents:
        key, had = take_share(session, rule.name, rule.percents)
        share = Share(bound.teams[key].name, rule.percents[key], had[key], sum(had.values()))
        return bound.teams[key], route_of(rule, share=share)
    by_officer: dict[str, NamedBy] = {}
    for by in (each for each in rule.to if each in named):
        by_officer.setdefault(named[by].key, by)
    return _team(session, bound, rule, named), route_of(rule, by_officer)


def _named(session: Session, bound: Bound) -> dict[NamedBy, NamedOfficer]:
    """Those whom the lead names, in the ways that its rules look at."""
    found: dict[NamedBy, NamedOfficer] = {}
    for by in {by for rule in bound.rules for by in rule.to}:
        match by:
            case "recipient":
                officer = officer_called(session, bound.recipients)
            case "partner":
                officer = officer_called(session, filter(None, [bound.partners_officer]))
            case "last_owner":
                officer = last_owner(session, bound.contact_keys, bound.first_name)
        if officer is not None:
            found[by] = officer
    return found


def _team(session: Session, bound: Bound, rule: Rule, named: Mapping[NamedBy, NamedOfficer]) -> TeamInForce:
    """The rule's team; else the source's, unless who is named first serves in others only: then the first of theirs."""
    if rule.team is not None:
        return bound.teams[rule.team]
    first = next((named[by] for by in rule.to if by in named), None)
    serving = serves_in(session, first.id) if first is not None else []
    if not serving or bound.home.id in serving:
        return bound.home
    return next((team for team in bound.teams.values() if team.id in serving), bound.home)

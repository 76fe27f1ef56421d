"""Which rule a lead comes under, and who may take it: as it arrives, and offline for whoever asks what a config would do."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.config.models import Config, License, Officer, Partner
from bot.rules.callable_time import Calendar
from bot.rules.eligibility import CompanyFacts, LeadFacts, Licenses, OfficerFacts, Refusal, refusal
from bot.rules.routing import FLAGS, WORDS, Facts, NamedBy, Rule, decides, may_decide
from bot.sources.naming import partners_in, recipients_in


def wish_of(record: Mapping[str, Any], source: str) -> Facts:
    """What conditions on the wish look at, from a canonical record."""
    return {
        **{name: record.get(name) for name in (*WORDS, *FLAGS)},
        "source": source,
        "state": record.get("property_state"),
        "county": record.get("property_county"),
        "zip": record.get("property_zip"),
        "credit": record.get("credit_low"),
        "amount": record.get("loan_amount_high") or record.get("loan_amount_low"),
    }


def facts_of(
    record: Mapping[str, Any],
    *,
    source: str,
    segments: Collection[str],
    grade: str,
    points: int,
    at: datetime,
    zone: str,
    partner: str | None = None,
) -> Facts:
    """What conditions look at: the wish, what is made of it, the key of the partner whom the request names, where one looks at that, and
    the hour in the zone, which is that of the source's team."""
    there = at.astimezone(ZoneInfo(zone))
    judged = {"segment": frozenset(segments), "grade": grade, "score": points, "partner": partner, "minute": there.hour * 60 + there.minute}
    return {**wish_of(record, source), **judged}


def partner_named(partners: Sequence[Partner], extra: Mapping[str, str]) -> Partner | None:
    """The partner whom a request names first, by key, name or email."""
    known = {word: partner for partner in partners for word in (partner.key, partner.name.casefold(), partner.email or "")}
    return next((known[said] for said in partners_in(extra) if said in known), None) if known else None


def named_in(config: Config, extra: Mapping[str, str]) -> dict[NamedBy, str]:
    """The keys of the officers whom a request itself names; who had the borrower's last lead only a store tells."""
    found: dict[NamedBy, str] = {}
    for said in reversed(recipients_in(extra)):
        called = [each.key for each in config.officers if said in (each.email, each.nmls_id, each.key, each.name.lower())]
        if len(called) == 1:
            found["recipient"] = called[0]
    if (partner := partner_named(config.partners, extra)) is not None:
        found["partner"] = partner.officer
    return found


@dataclass(frozen=True, slots=True)
class Judged:
    """What a config does with a lead: each rule up to the one that fits with the condition against it, the team or those that share the
    lead, and each officer it could go to with the reason against them. Daily caps are not counted. `named` are keys of officers."""

    rule: Rule | None
    teams: tuple[str, ...]
    named: tuple[str, ...]
    tried: tuple[tuple[str, str | None], ...]
    officers: tuple[tuple[Officer, Refusal | None], ...]


def judge(
    config: Config,
    record: Mapping[str, Any],
    phones: tuple[str, ...],
    named: Mapping[NamedBy, str],
    *,
    source: str,
    segments: Collection[str],
    grade: str,
    points: int,
    at: datetime,
    partner: str | None,
) -> Judged:
    """Decide as for a lead of this source that arrives at that time and names these officers and this partner, by key. A source that is
    gone counts for the default team."""
    zones = {team.key: team.time_zone for team in config.teams}
    home = next((config.team_of(each) for each in config.sources if each.key == source), config.default_team)
    facts = facts_of(record, source=source, segments=segments, grade=grade, points=points, at=at, zone=zones[home], partner=partner)
    rules = [written.rule for written in config.routing]
    rule = decides(may_decide(rules, facts), named)
    passed_over = rules if rule is None else rules[: rules.index(rule) + 1]
    first_of_all = tuple(dict.fromkeys(named[by] for by in (rule.to if rule else ()) if by in named))
    teams = tuple(rule.percents) if rule and rule.percents else ((rule.team if rule else None) or _own_team(config, first_of_all, home),)
    lead = LeadFacts(record.get("property_state"), record.get("property_zip"), phones, record.get("purpose"))
    company, today = CompanyFacts(_licenses(config.company.licenses)), at.astimezone(ZoneInfo(zones[teams[0]])).date()
    leading = {key for each in config.teams if each.key in teams for key in each.team_leads}
    return Judged(
        rule,
        teams,
        first_of_all,
        tuple((each.name, each.when.against(facts) or _names_nobody(each, named)) for each in passed_over),
        tuple(
            (officer, refusal(_standing(officer, zones[teams[0]], config), lead, company, at, today))
            for officer in config.officers
            if not set(teams).isdisjoint(officer.teams) or officer.key in leading
        ),
    )


def _names_nobody(rule: Rule, named: Mapping[NamedBy, str]) -> str | None:
    """What keeps a lead from a rule for those whom leads name."""
    return "to" if rule.to and set(rule.to).isdisjoint(named) else None


def _own_team(config: Config, named: Sequence[str], home: str) -> str:
    """The source's team, or that of who is named first where they serve in others only."""
    serving = next((officer.teams for officer in config.officers if officer.key in named[:1]), ())
    return home if not serving or home in serving else serving[0]


def _standing(officer: Officer, zone: str, config: Config) -> OfficerFacts:
    home = config.home_of(officer)
    purposes, week = frozenset(officer.purposes), officer.working_hours
    hours = None if week is None else Calendar(home.time_zone, week, frozenset(config.days_off(home)))
    back_at = officer.back_at(zone)
    return OfficerFacts(officer.role, officer.active, _licenses(officer.licenses), purposes, off_until=back_at, own_hours=hours)


def _licenses(licenses: tuple[License, ...]) -> Licenses:
    return {license.state: license.expires for license in licenses}

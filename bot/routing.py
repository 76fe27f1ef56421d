"""Which rule a lead comes under, and who may take it: as it arrives, and offline for whoever asks what a config would do."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.config.models import Config, License, Officer
from bot.rules.eligibility import CompanyFacts, LeadFacts, Licenses, OfficerFacts, Refusal, refusal
from bot.rules.routing import FLAGS, WORDS, Facts, Rule, first_that_fits


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
    record: Mapping[str, Any], *, source: str, segments: Collection[str], grade: str, points: int, at: datetime, zone: str
) -> Facts:
    """What conditions look at: the wish, what is made of it, and the hour in the zone, which is that of the source's team."""
    there = at.astimezone(ZoneInfo(zone))
    judged = {"segment": frozenset(segments), "grade": grade, "score": points, "minute": there.hour * 60 + there.minute}
    return {**wish_of(record, source), **judged}


@dataclass(frozen=True, slots=True)
class Judged:
    """What a config does with a lead: each rule up to the one that fits with the condition against it, and each officer it could go to
    with the reason against them. Daily caps are not counted."""

    rule: Rule | None
    team: str
    tried: tuple[tuple[str, str | None], ...]
    officers: tuple[tuple[Officer, Refusal | None], ...]


def judge(
    config: Config,
    record: Mapping[str, Any],
    phones: tuple[str, ...],
    *,
    source: str,
    segments: Collection[str],
    grade: str,
    points: int,
    at: datetime,
) -> Judged:
    """Decide as for a lead of this source that arrives at that time. A source that is gone counts for the default team."""
    zones = {team.key: team.time_zone for team in config.teams}
    home = next((config.team_of(each) for each in config.sources if each.key == source), config.default_team)
    facts = facts_of(record, source=source, segments=segments, grade=grade, points=points, at=at, zone=zones[home])
    rules = [written.rule for written in config.routing]
    rule = first_that_fits(rules, facts)
    passed_over = rules if rule is None else rules[: rules.index(rule) + 1]
    team = (rule.team if rule else None) or home
    lead = LeadFacts(record.get("property_state"), record.get("property_zip"), phones, record.get("purpose"))
    company, today = CompanyFacts(_licenses(config.company.licenses)), at.astimezone(ZoneInfo(zones[team])).date()
    leading = next(each.team_leads for each in config.teams if each.key == team)
    return Judged(
        rule,
        team,
        tuple((each.name, each.when.against(facts)) for each in passed_over),
        tuple(
            (officer, refusal(_standing(officer, zones[team]), lead, company, at, today))
            for officer in config.officers
            if team in officer.teams or officer.key in leading
        ),
    )


def _standing(officer: Officer, zone: str) -> OfficerFacts:
    purposes = frozenset(officer.purposes)
    return OfficerFacts(officer.role, officer.active, _licenses(officer.licenses), purposes, off_until=officer.back_at(zone))


def _licenses(licenses: tuple[License, ...]) -> Licenses:
    return {license.state: license.expires for license in licenses}

"""What a valid config should make an operator think twice about: licenses that ended, people who can claim nothing."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import takewhile
from zoneinfo import ZoneInfo

from bot.config.hours import Span, SpansOfDay, in_words, without
from bot.config.models import Config, License, Officer, Team
from bot.config.problems import Problem
from bot.rules.callable_time import CLOSED
from bot.rules.escalation_policy import ROLES, StepKind
from bot.rules.roles import may
from bot.rules.rota import on_call, turns
from bot.rules.routing import Rule
from bot.rules.scoring import HEARD

EXPECTED_TO_CLAIM = ("officer", "team_lead")
LOOKED_AHEAD = timedelta(weeks=12)
"""How far ahead turns are looked at."""


def warnings(config: Config, today: date) -> list[Problem]:
    """Warnings without line numbers, in the order of the file; none of them keeps Leadbell from running."""
    found = [*_expired("company.licenses", "The company's license", config.company.licenses, today)]
    found += _states_without_officers(config, today)
    for place, officer in enumerate(config.officers):
        if officer.active:
            found += _expired(f"officers[{place}].licenses", f"The license of {officer.key}", officer.licenses, today)
            found += _outside_the_company(officer, f"officers[{place}].licenses", config)
            found += _idle(officer, f"officers[{place}]", config)
            found += _never_on_duty(officer, f"officers[{place}].working_hours", config)
    for place, team in enumerate(config.teams):
        found += _nobody_on_call(team, f"teams[{place}].rota", config, today)
        takers = _takers(team, config)
        found += _all_away(team, f"teams[{place}]", takers, today)
        found += _all_capped(team, f"teams[{place}]", takers)
        found += _uncovered(team, f"teams[{place}].working_hours", takers)
    found += _hours_of_nobody(config)
    found += _never_reached(config)
    found += _partners_of_nobody(config)
    found += _never_followed(config)
    found += _told_without_phone(config)
    found += _takers_without_license(config, today)
    found += _shares_of_nobody(config, today)
    found += _segments_of_nobody(config)
    found += _unheard(config)
    return found


def _segments_of_nobody(config: Config) -> Iterator[Problem]:
    """Segments that no lead can belong to."""
    for place, segment in enumerate(config.segments):
        when = segment.when.conditions
        if when.unless is not None and any(each.covers(replace(when, unless=None)) for _, each in when.unless.alone()):
            message = f'No lead ever belongs to "{segment.key}": what its unless keeps out is all that it lets in.'
            yield Problem(f"segments[{place}]", None, message)


def advice_on_segments(config: Config, of_texts: Mapping[str, tuple[str, ...]]) -> Iterator[Problem]:
    """Segments that neither a rule nor any texts name, and texts for segments that there are not. `of_texts` are those of each sequence."""
    named = {key for rule in config.routing for when in (rule.when, rule.when.unless) if when is not None for key in when.segment}
    for place, segment in enumerate(config.segments):
        if segment.key not in named.union(*of_texts.values()):
            message = f'No rule and no texts use the segment "{segment.key}". It is shown beside leads, and nothing else.'
            yield Problem(f"segments[{place}]", None, message)
    known = {each.key for each in config.segments_in_force}
    for sequence, keys in of_texts.items():
        for key in (each for each in keys if each not in known):
            message = f'The texts "{sequence}" are for the segment "{key}", which there is not. Write it under segments.'
            yield Problem("segments", None, message)


def _unheard(config: Config) -> Iterator[Problem]:
    """Rules about what borrowers do that no channel of Leadbell tells of."""
    for place, rule in enumerate(config.scoring.rules if config.scoring else ()):
        if rule.when.did and not set(HEARD) & set(rule.when.did):
            what = " or ".join(each.replace("_", " ") for each in rule.when.did)
            message = f'Nothing tells Leadbell yet that a borrower {what}: "{rule.reason}" gives no points until something does.'
            yield Problem(f"scoring.rules[{place}]", None, message)


def _nobody_on_call(team: Team, path: str, config: Config, today: date) -> Iterator[Problem]:
    """Turns of the next weeks that fall to somebody who is away, and hours on call in which all work anyway."""
    if team.rota is None:
        return
    rota = team.rota.on(team.time_zone)
    if all(_covered(spans, working) for spans, working in zip(team.rota.hours, team.working_hours, strict=True)):
        yield Problem(f"{path}.hours", None, f"All hours on call of {team.key} are working hours, in which everybody is rung.")
    people = {officer.key: officer for officer in config.officers}
    begins = datetime.combine(today, time(), ZoneInfo(team.time_zone))
    for turn in takewhile(lambda turn: turn.begins < begins + LOOKED_AHEAD, turns(rota, begins)):
        at = max(turn.begins, begins)
        here = {key for key in rota.officers if _is_here(people[key], team, at)}
        whose, stands_in = people[turn.officer], on_call(rota, at, (), here.__contains__)
        if stands_in == whose.key:
            continue
        days = f"{at.astimezone(ZoneInfo(team.time_zone)):%Y-%m-%d} to {turn.ends.astimezone(ZoneInfo(team.time_zone)):%Y-%m-%d}"
        stands = "nobody of the rota is here" if stands_in is None else f"{stands_in} stands in"
        yield Problem(f"{path}.officers", None, f"{whose.key} is away when their turn begins, from {days}: {stands}.")


def _is_here(officer: Officer, team: Team, at: datetime) -> bool:
    back_at = officer.back_at(team.time_zone)
    return officer.active and (back_at is None or back_at <= at)


def _covered(spans: Sequence[Span], working: Sequence[Span]) -> bool:
    """Whether each span lies within one of the others."""
    return all(any(opens <= start and end <= closes for opens, closes in working) for start, end in spans)


def _never_reached(config: Config) -> Iterator[Problem]:
    """Rules behind one that takes whatever they would."""
    rules = [written.rule for written in config.routing]
    for place, rule in enumerate(rules):
        earlier = next((each for each in rules[:place] if each.when.covers(rule.when) and _names_all_of(each, rule)), None)
        if earlier is not None:
            message = f'No lead ever comes under "{rule.name}": "{earlier.name}" above takes all of them. Move the narrower rule up.'
            yield Problem(f"routing[{place}]", None, message)


def _names_all_of(rule: Rule, other: Rule) -> bool:
    """Whether the rule takes whomever the leads of the other name."""
    return not rule.to or (bool(other.to) and set(other.to) <= set(rule.to))


def _partners_of_nobody(config: Config) -> Iterator[Problem]:
    """Partners whom no rule looks at, and rules that look at partners where there are none."""
    looked_at = [place for place, rule in enumerate(config.routing) if "partner" in rule.to]
    if config.partners and not looked_at and not any("partner" in rule.when.conditions.names() for rule in config.routing):
        message = 'No rule gives leads to the officers of partners. Write one with "mode: direct" and "to: partner".'
        yield Problem("partners", None, message)
    for place in looked_at if not config.partners else ():
        message = f'No lead comes under "{config.routing[place].name}" for its partner: there are none. Write them under partners.'
        yield Problem(f"routing[{place}].to", None, message)


def _takers(team: Team, config: Config) -> list[Officer]:
    """The active officers of the team who may claim."""
    there = [officer for officer in config.officers if team.key in officer.teams or officer.key in team.team_leads]
    return [officer for officer in there if officer.active and may(officer.role, "claim")]


def _all_away(team: Team, path: str, takers: list[Officer], today: date) -> Iterator[Problem]:
    back = [officer.off_until for officer in takers if officer.off_until is not None and officer.off_until > today]
    if takers and len(back) == len(takers):
        yield Problem(
            path, None, f"Everybody on {team.key} is off until {min(back)}: who leads it is told of each lead, and nobody is rung."
        )


def _uncovered(team: Team, path: str, takers: list[Officer]) -> Iterator[Problem]:
    """Working hours in which no officer of the team works, by the hours of their own."""
    if not takers or any(officer.working_hours is None for officer in takers):
        return
    left = tuple(
        without(spans, [span for officer in takers for span in (officer.working_hours or CLOSED)[day]])
        for day, spans in enumerate(team.working_hours)
    )
    if any(left):
        yield Problem(
            path, None, f"Nobody of {team.key} works {in_words(left)}: what comes then is told to who leads it, and rings for nobody."
        )


def _never_on_duty(officer: Officer, path: str, config: Config) -> Iterator[Problem]:
    """Hours of their own that lie outside those of every team of theirs."""
    teams = [team for team in config.teams if team.key in officer.teams or officer.key in team.team_leads]
    week = officer.working_hours
    if week is None or not teams or not may(officer.role, "claim"):
        return
    if all(without(spans, team.working_hours[day]) == spans for team in teams for day, spans in enumerate(week)):
        yield Problem(path, None, f"{officer.key} works only while no team of theirs does: no lead rings for them.")


def _all_capped(team: Team, path: str, takers: list[Officer]) -> Iterator[Problem]:
    caps = [officer.daily_cap for officer in takers if officer.daily_cap is not None]
    if takers and len(caps) == len(takers):
        message = f"All on {team.key} have a daily_cap, {sum(caps)} leads together. What comes beyond waits 5 minutes before it rings."
        yield Problem(path, None, message)


def _hours_of_nobody(config: Config) -> Iterator[Problem]:
    """Rules about hours in which none of the teams that they send to works, or is on call."""
    for place, rule in enumerate(config.routing):
        teams = [team for team in config.teams if not rule.teams or team.key in rule.teams]
        if rule.when.hours and not any(_works_in(team, rule.when.hours) for team in teams):
            message = f'Nobody works in the hours of "{rule.name}": its leads wait until the team does.'
            yield Problem(f"routing[{place}].when.hours", None, message)


def _works_in(team: Team, hours: SpansOfDay) -> bool:
    if team.rota is not None:
        return True
    spans = [span for day in team.working_hours for span in day]
    return any(start < until and since < end for start, end in spans for since, until in hours)


def _never_followed(config: Config) -> Iterator[Problem]:
    """Escalation rules behind one that takes whatever they would, and policies that nobody names."""
    rules = [written.rule for written in config.escalation_rules]
    for place, rule in enumerate(rules):
        earlier = next((each for each in rules[:place] if each.covers(rule)), None)
        if earlier is not None:
            message = f'No lead ever follows "{rule.name}": "{earlier.name}" above takes all of them. Move the narrower rule up.'
            yield Problem(f"escalation_rules[{place}]", None, message)
    followed = {"default", *(team.escalation_policy for team in config.teams), *(rule.policy for rule in rules)}
    followed |= {source.escalation_policy for source in config.sources if source.escalation_policy}
    for place, policy in enumerate(config.escalation_policies):
        if policy.key not in followed:
            message = f"No lead ever follows the policy {policy.key}: name it under a team, a source or an escalation rule."
            yield Problem(f"escalation_policies[{place}]", None, message)


def _told_without_phone(config: Config) -> Iterator[Problem]:
    """Steps that text or call somebody whose number the file does not tell."""
    with_phone = {officer.key for officer in config.officers if officer.phone}
    for place, policy in enumerate(config.escalation_policies):
        told = {(step.do, step.whom) for step in policy.steps if step.do in (StepKind.TEXT, StepKind.CALL) and step.whom}
        for kind, whom in sorted(told):
            if whom not in ROLES and whom not in with_phone:
                message = f"{whom} has no phone, so the {kind} of this policy reaches nobody: write the number under the officer."
                yield Problem(f"escalation_policies[{place}]", None, message)


def _takers_without_license(config: Config, today: date) -> Iterator[Problem]:
    """States that a rule is about and none of the active officers whom it names may work in."""
    licensed = {
        officer.key: {each.state for each in officer.licenses if officer.active and (not each.expires or each.expires >= today)}
        for officer in config.officers
    }
    for place, rule in enumerate(config.routing):
        for state in rule.when.state if rule.officers else ():
            if not any(state in licensed[taker.key] for taker in rule.officers):
                message = (
                    f'None of the officers of "{rule.name}" is active and licensed in {state}: the whole team is rung for leads from there.'
                )
                yield Problem(f"routing[{place}].officers", None, message)


def _shares_of_nobody(config: Config, today: date) -> Iterator[Problem]:
    """Shares of teams that could not take what they get: nobody is licensed there, or none of the rule's officers is on the team."""
    for place, rule in enumerate(config.routing):
        for team in (each for each in config.teams if each.key in (rule.percent or ())):
            takers = _takers(team, config)
            licensed = {each.state for taker in takers for each in taker.licenses if not each.expires or each.expires >= today}
            path = f"routing[{place}].percent.{team.key}"
            missing = [state for state in rule.when.state if state not in licensed]
            if missing or not licensed:
                where = f" in {', '.join(missing)}" if missing else ""
                yield Problem(
                    path, None, f'Nobody of {team.key} is active and licensed{where}: of its share of "{rule.name}" who leads it is told.'
                )
            if rule.officers and not {taker.key for taker in rule.officers} & {taker.key for taker in takers}:
                yield Problem(path, None, f'None of the officers of "{rule.name}" is on {team.key}: of its share the whole team is rung.')


def _expired(path: str, whose: str, licenses: tuple[License, ...], today: date) -> Iterator[Problem]:
    for place, license in enumerate(licenses):
        if license.expires and license.expires < today:
            message = f"{whose} for {license.state} expired on {license.expires}. Renew it and write the new date, or remove the state."
            yield Problem(f"{path}[{place}]", None, message)


def _outside_the_company(officer: Officer, path: str, config: Config) -> Iterator[Problem]:
    states = {license.state for license in config.company.licenses}
    for place, license in enumerate(officer.licenses):
        if license.state not in states:
            message = f"{officer.key} is licensed in {license.state}, but the company is not: nobody may work leads there."
            yield Problem(f"{path}[{place}]", None, message)


def _idle(officer: Officer, path: str, config: Config) -> Iterator[Problem]:
    if officer.role not in EXPECTED_TO_CLAIM:
        return
    if not officer.licenses:
        yield Problem(path, None, f"{officer.key} has no licenses and so can claim no lead. List the states under licenses.")
    if not officer.teams and not any(officer.key in team.team_leads for team in config.teams):
        yield Problem(path, None, f"{officer.key} is on no team and so hears of no lead. List the teams under teams.")


def _states_without_officers(config: Config, today: date) -> Iterator[Problem]:
    covered = {
        license.state
        for officer in config.officers
        if officer.active and may(officer.role, "claim")
        for license in officer.licenses
        if not license.expires or license.expires >= today
    }
    for place, license in enumerate(config.company.licenses):
        if license.state not in covered:
            message = f"The company is licensed in {license.state}, but no active officer is: nobody can claim leads from there."
            yield Problem(f"company.licenses[{place}]", None, message)

"""The tables that `leadbell check` prints: what Leadbell understood of the config, readable at 80 columns."""

from datetime import date
from itertools import groupby

from rich.box import SIMPLE_HEAD
from rich.table import Table
from rich.text import Text

from bot.config.escalation import cadence_in_words, in_words
from bot.config.escalation_rules import DURING
from bot.config.holidays import holidays_in_words
from bot.config.hours import hand_over_in_words
from bot.config.hours import in_words as hours_in_words
from bot.config.models import Channel, Config, License, Officer, Source, Team
from bot.config.routing import MODES, NAMED_BY, RoutingRule, when_in_words
from bot.config.vocabulary import LANGUAGES
from bot.rules.escalation_policy import DEFAULT_POLICY
from bot.rules.phones import national


def describe(config: Config) -> list[Table]:
    """One table each of company, teams, officers, sources and policies, and where written of numbers, rotas, neglected leads, forms,
    partners, segments, routing, scoring and escalation rules."""
    teams = (_teams(config), *_numbers(config), *_rotas(config), *_neglected(config))
    written = (*_forms(config), *_partners(config), *_segments(config), *_routing(config), *_scoring(config))
    escalation = (_policies(config), _cadences(config), *_escalation_rules(config))
    return [_company(config), *teams, _officers(config), _sources(config), *written, *escalation]


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold", header_style="bold", box=SIMPLE_HEAD, width=80)
    for column in columns:
        table.add_column(column, overflow="fold")
    return table


def _add(table: Table, *cells: str) -> None:
    table.add_row(*(Text(cell) for cell in cells))  # Text, so that a name like [bold] is shown and not obeyed


def _company(config: Config) -> Table:
    company = config.company
    table = _table("Company", "Name", "NMLS", "Licensed")
    name = company.legal_name if not company.dba else f"{company.legal_name} d/b/a {company.dba}"
    _add(table, name, company.nmls_id, licenses_in_words(company.licenses))
    return table


def _teams(config: Config) -> Table:
    table = _table("Teams", "Team", "Rings in", "Led by", "Hours")
    for team in config.teams:
        _add(table, _team_name(team, config), _rings_in(team), ", ".join([team.manager, *team.team_leads]), _hours(team, config))
    return table


def _team_name(team: Team, config: Config) -> str:
    marks = ["default"] if team.key == config.default_team else []
    marks += [] if team.masked else ["not masked"]
    return f"{team.key} ({', '.join(marks)})" if marks else team.key


def _rings_in(team: Team) -> str:
    """The team's channel, and the wider one that comes to hear of what nobody claims."""
    wider = f", then {_channel(team.wider_channel)}" if team.wider_channel else ""
    return _channel(team.channel) + wider


def _channel(channel: Channel) -> str:
    places = (channel.slack, f"Discord {channel.discord}" if channel.discord else None)
    return ", ".join(place for place in places if place)


def _hours(team: Team, config: Config) -> str:
    place = team.time_zone.rsplit("/", 1)[1].replace("_", " ")
    holidays = holidays_in_words(config.company.holidays, team.holidays)
    return f"{hours_in_words(team.working_hours)} ({place} time){f', closed on {holidays}' if holidays else ''}"


def _numbers(config: Config) -> list[Table]:
    if not any(team.numbers for team in config.teams):
        return []
    table = _table("Numbers of teams; all others share one", "Team", "Texts and calls come from")
    for team in config.teams:
        if team.numbers:
            _add(table, team.key, ", ".join(national(number) for number in team.numbers))
    return [table]


def _rotas(config: Config) -> list[Table]:
    if not any(team.rota for team in config.teams):
        return []
    table = _table("On call, outside working hours", "Team", "In turn", "Hand-over", "Hours")
    for team in config.teams:
        if team.rota is not None:
            hand_over = f"{hand_over_in_words(team.rota.hand_over)}, from {team.rota.since}"
            _add(table, team.key, ", ".join(team.rota.officers), hand_over, hours_in_words(team.rota.hours))
    return [table]


def _neglected(config: Config) -> list[Table]:
    if not any(team.neglected for team in config.teams):
        return []
    table = _table("Leads that go back to the pool; their owner is warned a working day before", "Team", "When")
    for team in config.teams:
        if team.neglected is not None:
            tried, answered = team.neglected.days_without_attempt, team.neglected.days_without_reply
            parts = [f"{tried} working days without a try to reach the borrower" if tried else ""]
            parts += [f"{answered} working days without an answer to a borrower who wrote" if answered else ""]
            _add(table, team.key, ", or ".join(part for part in parts if part))
    return [table]


def _officers(config: Config) -> Table:
    table = _table("Officers", "Officer", "Role", "Teams", "Licensed", "Takes")
    for officer in config.officers:
        name = f"{officer.name} ({officer.key})"
        _add(table, name, officer.role.replace("_", " "), ", ".join(officer.teams), licenses_in_words(officer.licenses), _takes(officer))
    return table


def _takes(officer: Officer) -> str:
    """Whatever narrows what an officer gets, in a few words; nothing where nothing does."""
    loans = ", ".join(purpose.replace("_", " ") for purpose in officer.purposes)
    cap = f"{officer.daily_cap} a day" if officer.daily_cap else ""
    held = f"no more than {officer.open_without_attempt_cap} not called" if officer.open_without_attempt_cap else ""
    languages = "speaks " + ", ".join(LANGUAGES[code] for code in officer.languages) if officer.languages != ("en",) else ""
    hours = hours_in_words(officer.working_hours) if officer.working_hours else ""
    absent = "inactive" if not officer.active else f"off until {officer.off_until}" if officer.off_until else ""
    return "; ".join(part for part in (loans, cap, held, languages, hours, absent) if part)


def _sources(config: Config) -> Table:
    table = _table("Sources", "Source", "Team", "Price", "Returns", "Its key is in")
    table.columns[-1].no_wrap = True
    for source in config.sources:
        _add(table, f"{source.label} ({source.key})", config.team_of(source), _price(source), _returns(source), source.secret_env)
    return table


def _price(source: Source) -> str:
    return "" if source.price is None else "free" if source.price == 0 else f"${source.price:,}"


def _returns(source: Source) -> str:
    return f"{source.return_days} days" if source.return_days else ""


def _forms(config: Config) -> list[Table]:
    """The pages of ours that ask borrowers, and who may show them."""
    if not any(source.form for source in config.sources):
        return []
    table = _table("Forms of ours", "Address", "Asks for", "Shown within")
    for source in config.sources:
        if source.form:
            _add(table, f"/forms/{source.key}", source.form.replace("_", " "), ", ".join(config.forms.sites))
    return [table]


def _routing(config: Config) -> list[Table]:
    if not config.routing:
        return []
    table = _table("Routing: the first rule that fits decides", "Rule", "When", "Goes to")
    for rule in config.routing:
        _add(table, rule.name, when_in_words(rule.when), _goes_to(rule))
    return [table]


def _partners(config: Config) -> list[Table]:
    if not config.partners:
        return []
    table = _table("Partners", "Partner", "Their officer")
    for partner in config.partners:
        told = (f"{partner.name} ({partner.key})", partner.contact, partner.email, partner.phone)
        _add(table, ", ".join(part for part in told if part), partner.officer)
    return [table]


def _segments(config: Config) -> list[Table]:
    if not config.segments:
        return []
    table = _table("Segments of your own", "Segment", "When")
    for segment in config.segments:
        _add(table, f"{segment.name} ({segment.key})", when_in_words(segment.when))
    return [table]


def _scoring(config: Config) -> list[Table]:
    """What is scored otherwise than it comes with Leadbell."""
    written = config.scoring
    if written is None:
        return []
    table = _table(f"Scoring, version {config.scored_by.version}", "Reason", "When", "Points")
    for code, points in written.points.items():
        _add(table, code.replace("_", " "), "as it comes with Leadbell", f"{points:+}")
    for rule in written.rules:
        _add(table, rule.reason, when_in_words(rule.when), f"{rule.points:+}")
    if written.decay is not None:
        decay = written.decay
        _add(table, "quiet", f"each {decay.every_days} days, {decay.at_most} at most", f"-{decay.points}")
    _add(table, "grades", "", f"A from {written.grades.A}, B from {written.grades.B}, C from {written.grades.C}")
    return [table]


def _goes_to(rule: RoutingRule) -> str:
    """The team, how leads are given out, and to whom first."""
    takers = ", ".join(taker.key + (f" ({taker.weight} a round)" if taker.weight > 1 else "") for taker in rule.officers)
    how = MODES[rule.mode]
    if rule.mode == "direct":
        how, takers = f"{how} {', else '.join([*map(NAMED_BY.__getitem__, rule.to), *(taker.key for taker in rule.officers)])}", ""
    shown = f"{takers} first" if rule.mode in ("claim", "staggered") and takers else takers
    first, rest_after = rule.staggers
    staggered = f"{first} at once, all others after {rest_after} seconds" if first else ""
    return ", ".join(part for part in (_teams_of(rule), how, shown, staggered) if part)


def _teams_of(rule: RoutingRule) -> str:
    shares = [f"{team} {percent}%" for team, percent in (rule.percent or {}).items()]
    return " and ".join(shares) or rule.team or "the source's team"


def _policies(config: Config) -> Table:
    table = _table(
        "Escalation, in minutes in which the team works and the borrower may be called", "Policy", "Nobody claims", "Nobody calls"
    )
    named = {policy.key: policy.policy for policy in config.escalation_policies}
    for key, policy in ({"default": DEFAULT_POLICY} | named).items():
        _add(table, _policy_name(key, config), in_words(policy.unclaimed), in_words(policy.uncontacted))
    return table


def _cadences(config: Config) -> Table:
    table = _table("Tries to reach a borrower who does not answer", "Policy", "Days")
    named = {policy.key: policy.policy for policy in config.escalation_policies}
    for key, policy in ({"default": DEFAULT_POLICY} | named).items():
        _add(table, key, cadence_in_words(policy.cadence))
    return table


def _policy_name(key: str, config: Config) -> str:
    """The policy with the teams, sources and rules that name it."""
    users = [team.key for team in config.teams if team.escalation_policy == key]
    users += [source.key for source in config.sources if source.escalation_policy == key]
    users += [f'"{rule.name}"' for rule in config.escalation_rules if rule.policy == key]
    return f"{key} ({', '.join(users)})" if users else key


def _escalation_rules(config: Config) -> list[Table]:
    if not config.escalation_rules:
        return []
    table = _table("Which policy a lead follows: the first rule that fits decides", "Rule", "When", "Policy")
    for rule in config.escalation_rules:
        parts = [f"team {rule.team}" if rule.team else "", DURING[rule.during] if rule.during else "", when_in_words(rule.when)]
        _add(table, rule.name, "; ".join(part for part in parts if part), rule.policy)
    _add(table, "all others", "", "the source's, else the team's")
    return [table]


def licenses_in_words(licenses: tuple[License, ...]) -> str:
    """States grouped by the day their licenses end: "TX, OK until 2027-12-31"."""
    by_end = sorted(licenses, key=lambda license: license.expires or date.max)
    groups = [(end, [license.state for license in group]) for end, group in groupby(by_end, key=lambda license: license.expires)]
    return "; ".join(", ".join(states) + (f" until {end}" if end else "") for end, states in groups)

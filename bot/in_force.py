"""The config that this process works by, with the rows' ids at hand. A newer version is taken at the next tick."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date

import structlog
from sqlmodel import Session, select

from bot.config.loading import SHORTEST_SECRET
from bot.config.mapping import speaks
from bot.config.meta import MetaEntry
from bot.config.models import Config
from bot.config.stored import newest_stored
from bot.rules.callable_time import Calendar
from bot.rules.forms import FormKind
from bot.rules.pinging import Terms
from bot.rules.routing import Rule
from bot.rules.scoring import Scoring
from bot.rules.segments import Segment
from bot.sources.formats import GENERIC, Format
from bot.sources.mapping import NOTHING_MAPPED, FieldMap
from bot.sources.request import LeadRequest
from bot.store.people import Source, Team, answers

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class TeamInForce:
    id: int
    name: str
    hours: Calendar  # in which somebody answers leads


@dataclass(frozen=True, slots=True, repr=False)
class MetaInForce:
    """What a source of Meta's Lead Ads needs besides its key. Its words from the environment are empty where that lacks them."""

    verify_token: str
    access_token: str
    forms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SourceInForce:
    """A source that may send us leads, with its keys from the environment (none when the environment lacks them)."""

    id: int
    key: str
    label: str
    team: TeamInForce
    price: int | None
    max_per_minute: int
    secrets: tuple[str, ...] = ()  # its keys: two while one takes over from the other
    format: Format = GENERIC
    map: FieldMap = NOTHING_MAPPED
    bought: bool = False
    form: FormKind | None = None
    form_title: str | None = None
    meta: MetaInForce | None = None
    ping: Terms | None = None
    format_name: str = "generic"

    def accepts(self, request: LeadRequest) -> bool:
        """Whether this request proves to be the source's. Takes the same time for any wrong one."""
        proofs = [self.format.proof.proves(request, secret) for secret in self.secrets]
        return any(proofs)


@dataclass(frozen=True, slots=True)
class InForce:
    version: int
    config: Config
    sources: Mapping[str, SourceInForce]
    teams: Mapping[str, TeamInForce]
    numbers: Mapping[int, tuple[str, ...]]  # of ours, of the teams that have some to themselves
    rules: tuple[Rule, ...]
    scoring: Scoring
    segments: tuple[Segment, ...]
    behind: bool = False  # of what a newer Leadbell applied, which we do not understand: `config` is the last that we do
    bad_keys: tuple[str, ...] = ()  # what is wrong with its sources' keys in the environment of this process, in words

    @property
    def company_name(self) -> str:
        return self.config.company.display_name

    def application_of(self, named: Collection[str]) -> str | None:
        """Where borrowers of the officer whom a vendor names, by email, NMLS id or key in small letters, begin an application."""
        for each in self.config.officers:
            if each.email in named or each.key in named or (each.nmls_id is not None and str(each.nmls_id) in named):
                return each.application_url
        return None

    def licensed(self, today: date) -> frozenset[str]:
        """The states in which the company is licensed on that day."""
        return frozenset(each.state for each in self.config.company.licenses if each.expires is None or each.expires >= today)


def newest(session: Session, environ: Mapping[str, str]) -> InForce | None:
    """The newest applied config that we understand, or None in an empty store. Raises AppliedByNewer where we understand none."""
    stored = newest_stored(session)
    if stored is None:
        return None
    config = stored.config
    rows = {source.key: source for source in session.exec(select(Source).where(Source.active))}
    rows_of_teams = list(session.exec(select(Team)))
    by_id = {team.id: TeamInForce(team.id, team.name, answers(team)) for team in rows_of_teams if team.id is not None}
    sources = {}
    for configured in config.sources:
        source = rows.get(configured.key)
        if source is None and stored.behind:
            continue  # it left with a config that we do not understand
        assert source is not None and source.id is not None, "applying a config keeps its sources"
        spoken, names = speaks(configured.format, configured.mapping, configured.application_url)
        sources[source.key] = SourceInForce(
            id=source.id,
            key=source.key,
            label=source.label,
            team=by_id[source.team_id],
            price=source.price,
            max_per_minute=configured.max_per_minute,
            secrets=tuple(secret for name in (configured.secret_env, configured.old_secret_env) if name and (secret := environ.get(name))),
            format=spoken,
            map=replace(names, trigger_leads=configured.trigger_leads),
            bought=configured.bought,
            form=configured.form,
            form_title=configured.form_title,
            meta=_meta(configured.meta, environ),
            ping=configured.ping.terms if configured.ping else None,
            format_name=configured.format,
        )
    teams = {team.key: by_id[team.id] for team in rows_of_teams if team.id is not None}
    numbers = {teams[team.key].id: team.numbers for team in config.teams if team.numbers}
    rules = tuple(written.rule for written in config.routing)
    return InForce(
        stored.version,
        config,
        sources,
        teams,
        numbers,
        rules,
        config.scored_by,
        config.segments_in_force,
        stored.behind,
        _bad_keys(config, environ),
    )


def _bad_keys(config: Config, environ: Mapping[str, str]) -> tuple[str, ...]:
    """A config is judged where somebody applies it; what a process was started with is another environment, and may be an older one."""
    bad: list[str] = []
    for source in config.sources:
        for name in source.secrets_in:
            secret = environ.get(name, "")
            if not secret:
                bad.append(
                    f"source {source.key}: what needs {name} is refused, which this process was not started with; set it and restart"
                )
            elif len(secret) < SHORTEST_SECRET:
                bad.append(f"source {source.key}: the key in {name} is easy to guess; put a long random one there and restart")
    return tuple(bad)


def warn_of_bad_keys(in_force: InForce) -> None:
    """To be called when this comes into force: leads of other sources come in, so nothing else tells."""
    for bad in in_force.bad_keys:
        log.warning(bad)


def _meta(written: MetaEntry | None, environ: Mapping[str, str]) -> MetaInForce | None:
    if written is None:
        return None
    return MetaInForce(environ.get(written.verify_token_env, ""), environ.get(written.access_token_env, ""), written.forms)

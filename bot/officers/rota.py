"""Officers take turns at being on call: who is now and next, and each hand-over is told to both and in the channel."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from bot.rules.callable_time import Week
from bot.rules.roles import may
from bot.rules.rota import next_change
from bot.services import Services
from bot.store.events import COMPANY, Fact, append_event
from bot.store.people import leaders_of
from bot.store.places import KnownOfficer
from bot.store.postings import Lease, post_in_channel, post_notice
from bot.store.rota import OnRota, TeamRota, due_rotas, rotas_for, set_told

MOST_AHEAD = 4
"""How many turns are shown, with the one that is now."""


@dataclass(frozen=True, slots=True)
class OnCallFor:
    """An officer is on call, from one moment to another; `instead_of` somebody who is away or let them have it. None is nobody."""

    officer: str | None
    instead_of: str | None
    begins: datetime
    ends: datetime


@dataclass(frozen=True, slots=True)
class TeamOnCall:
    """Who is on call in a team now, and who is next."""

    team: str
    zone: str
    hours: Week
    ahead: tuple[OnCallFor, ...]


async def who_is_on_call(services: Services, officer: KnownOfficer) -> list[TeamOnCall]:
    """The rotas of this officer's teams; of all where they see every team."""
    return await services.store.read(on_call_in_teams, officer, services.clock.now())


def on_call_in_teams(session: Session, officer: KnownOfficer, now: datetime) -> list[TeamOnCall]:
    return [_shown(rota, now) for rota in rotas_for(session, officer.id, now, every=may(officer.role, "see_every_team"))]


def _shown(rota: TeamRota, now: datetime) -> TeamOnCall:
    ahead = []
    for one in rota.stretches(now, MOST_AHEAD):
        officer = None if one.officer is None else rota.people[one.officer].name
        instead_of = rota.people[one.whose].name if one.whose != one.officer and one.whose in rota.people else None
        ahead.append(OnCallFor(officer, instead_of, one.begins, one.ends))
    return TeamOnCall(rota.team, rota.rota.zone, rota.rota.week, tuple(ahead))


def hand_over_turns(session: Session, now: datetime, salt: str, chosen: Sequence[int] | None = None) -> tuple[int, list[Lease]]:
    """Tell whose turn it is where that changed; how many teams were looked at, and the leases of what is told."""
    due = due_rotas(session, now, chosen)
    leases: list[Lease] = []
    for team_id, rota in due:
        if rota is None:
            set_told(session, team_id, None, None)
            continue
        back_at = [each.off_until for each in rota.people.values() if each.off_until is not None]
        on_call = rota.on_call(now)
        on_call_id = None if on_call is None else on_call.id
        set_told(session, team_id, on_call_id, next_change(rota.rota, now, rota.taken, back_at))
        if on_call_id != rota.told_id:
            leases += _tell(session, rota, on_call, now, salt)
    return len(due), leases


def _tell(session: Session, rota: TeamRota, on_call: OnRota | None, now: datetime, salt: str) -> list[Lease]:
    meta = {
        "team": rota.team,
        "language": rota.language,
        "zone": rota.rota.zone,
        "officer": on_call and on_call.name,
        "officer_id": on_call and on_call.id,
        "until": rota.stretches(now, 1)[0].ends.isoformat(),
    }
    fact = Fact("on_call", "leadbell", now, meta, officer_id=on_call.id if on_call else None)
    seq = append_event(session, COMPANY, fact, salt)
    post_in_channel(session, rota.team_id, "on_call", seq)
    told = {on_call.id} if on_call else set(leaders_of(session, rota.team_id))
    told |= {rota.told_id} if rota.told_id is not None else set()
    leases: list[Lease] = []
    for each in sorted(told):
        leases += post_notice(session, None, each, "on_call", seq, 0, at_once=True)
    return leases

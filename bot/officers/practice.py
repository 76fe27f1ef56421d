"""An officer is welcomed once, and may ring a practice lead: it rings only them, counts nowhere, and says how long they took."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

from pydantic import TypeAdapter
from sqlalchemy import bindparam, exists, func, null, select, update
from sqlmodel import Session

from bot.leads.press import NoSuchLead, Press
from bot.rules.roles import Role, may
from bot.services import Services
from bot.store.columns import table_of
from bot.store.events import COMPANY, Fact, append_event
from bot.store.leads import add_lead, is_practice, lead
from bot.store.owed import DueBy, among
from bot.store.people import WORKS, Source, Team, TeamOfficer, officer, works
from bot.store.postings import Lease, place, post_notice, redraw
from bot.store.prepared import Prepared
from bot.store.seen import once

RINGS_FOR = timedelta(minutes=15)
"""A practice lead that nobody claims closes itself."""
_DETAILS = {"loan_amount_low": 310_000, "loan_amount_high": 310_000, "property_city": "Austin", "time_frame": "this month"}


@dataclass(frozen=True, slots=True)
class PracticeRings:
    """A practice lead rings this officer; `already` where one rang before."""

    lead: int
    already: bool
    kind: Literal["practice_rings"] = "practice_rings"


@dataclass(frozen=True, slots=True)
class PracticeTook:
    """The officer claimed the practice lead."""

    lead: int
    kind: Literal["practice_took"] = "practice_took"


@dataclass(frozen=True, slots=True)
class PracticeOver:
    """It was claimed before, or closed itself."""

    lead: int
    kind: Literal["practice_over"] = "practice_over"


@dataclass(frozen=True, slots=True)
class MayNotPractice:
    role: Role
    kind: Literal["may_not_practice"] = "may_not_practice"


PracticeOutcome = PracticeRings | PracticeTook | PracticeOver | MayNotPractice | NoSuchLead
_answers: TypeAdapter[PracticeOutcome] = TypeAdapter(PracticeOutcome)

_team, _member, _source = table_of(Team), table_of(TeamOfficer), table_of(Source)
_to_welcome = (
    select(
        officer.c.id, officer.c.key, officer.c.name, officer.c.licenses, func.min(_member.c.team_id).label("team_id"),
    )
    .join_from(officer, _member, _member.c.officer_id == officer.c.id)
    .where(
        officer.c.active,
        officer.c.welcomed_at.is_(None),
        officer.c.role.not_in(("compliance", "admin")),
        exists().where(place.c.officer_id == officer.c.id, place.c.kind == "person", place.c.active, place.c.address.is_not(None)),
    )
    .group_by(officer.c.id)
    .order_by(officer.c.id)
)  # fmt: skip
_hours = select(*WORKS).where(_team.c.id == bindparam("of_team"))
_welcomed = (
    update(officer)
    .where(officer.c.id == bindparam("who"), officer.c.welcomed_at.is_(None))
    .values(welcomed_at=bindparam("at"))
    .returning(officer.c.id)
)
_person = (
    select(officer.c.key, officer.c.role, officer.c.active, officer.c.practice_number)
    .where(officer.c.id == bindparam("who"))
    .with_for_update(key_share=True)
)
_home = (
    select(_member.c.team_id, func.min(_source.c.id).label("source_id"))
    .join_from(_member, _source, _source.c.id.is_not(None))
    .where(_member.c.officer_id == bindparam("who"))
    .group_by(_member.c.team_id)
    .order_by(_member.c.team_id)
    .limit(1)
)
_set_practice = (
    update(officer)
    .where(officer.c.id == bindparam("who"))
    .values(practice_number=bindparam("number"), practice_ends_at=bindparam("ends_at"))
)
_end_practice = update(officer).where(officer.c.id == bindparam("who")).values(practice_number=null(), practice_ends_at=null())
_close = update(lead).where(lead.c.id == bindparam("number"), lead.c.practice).values(stage="withdrawn", claimed_at=bindparam("at"))
_due = (
    select(officer.c.id, officer.c.practice_number)
    .where(officer.c.practice_ends_at <= bindparam("now"))
    .order_by(officer.c.id)
    .with_for_update(skip_locked=True, key_share=True)
)
PRACTICE = DueBy(officer.c.practice_ends_at)
_next_due = Prepared(select(func.min(officer.c.practice_ends_at).label("at")))


async def welcome_who_is_found(services: Services) -> None:
    """Each officer whom we can reach for the first time is welcomed."""
    if await services.store.read(anybody_to_welcome):
        await services.store.transact(welcome_officers, services.clock.now(), services.salt())


def anybody_to_welcome(session: Session) -> bool:
    return session.connection().execute(_to_welcome).first() is not None


def welcome_officers(session: Session, now: datetime, salt: str) -> None:
    """Owe each officer who was found in chat a welcome, once in a lifetime."""
    connection = session.connection()
    for person in connection.execute(_to_welcome).all():
        if connection.execute(_welcomed, {"who": person.id, "at": now}).first() is None:
            continue  # another process did it
        hours = works(connection.execute(_hours, {"of_team": person.team_id}).one())
        spans = hours.on(now.astimezone(ZoneInfo(hours.zone)).date())
        meta = {"officer": person.key, "licenses": person.licenses, "hours": [spans[0][0], spans[-1][1]] if spans else None}
        seq = append_event(session, COMPANY, Fact("welcomed", "leadbell", now, meta, officer_id=person.id), salt)
        post_notice(session, None, person.id, "welcome", seq, 0, at_once=False)


async def ring_practice(services: Services, pressed: Press) -> PracticeOutcome:
    """Ring this officer with a practice lead."""
    outcome, leases = await services.store.transact(begin_practice, pressed)
    services.owe(leases)
    return outcome


async def claim_practice(services: Services, pressed: Press) -> PracticeOutcome:
    """The officer was quick, or not so quick."""
    outcome, leases = await services.store.transact(take_practice, pressed)
    services.owe(leases)
    return outcome


def begin_practice(session: Session, by: Press) -> tuple[PracticeOutcome, list[Lease]]:
    """The transaction of the practice button."""
    leases: list[Lease] = []
    return once(session, by.delivery, by.at, _answers, lambda: _begin(session, by, leases)), leases


def _begin(session: Session, by: Press, leases: list[Lease]) -> PracticeOutcome:
    connection = session.connection()
    person = connection.execute(_person, {"who": by.officer_id}).one()
    home = connection.execute(_home, {"who": by.officer_id}).first()
    if not (person.active and may(person.role, "practice")) or home is None:
        return MayNotPractice(person.role)
    if person.practice_number is not None:
        return PracticeRings(person.practice_number, already=True)
    row: dict[str, Any] = {
        "team_id": home.team_id,
        "source_id": home.source_id,
        "stage": "new",
        "staged_at": by.at,
        "purpose": "purchase",
        "state": None,
        "score": 0,
        "grade": "A",
        "score_reasons": [],
        "arrived_at": by.at,
        "linked_lead_id": None,
        "link_answer": None,
        "practice": True,
        "details": _DETAILS,
        "head_seq": 0,
        "head_digest": "",
    }
    number = add_lead(session, row)
    fact = Fact("practice", f"officer:{person.key}", by.at, {}, officer_id=by.officer_id)
    seq = append_event(session, number, fact, by.salt, first=True)
    connection.execute(_set_practice, {"who": by.officer_id, "number": number, "ends_at": by.at + RINGS_FOR})
    leases += post_notice(session, number, by.officer_id, "practice", seq, 100, at_once=True)
    return PracticeRings(number, already=False)


def take_practice(session: Session, by: Press) -> tuple[PracticeOutcome, list[Lease]]:
    """The transaction of claiming a practice lead. Nobody owns it then, and it is closed."""
    leases: list[Lease] = []
    return once(session, by.delivery, by.at, _answers, lambda: _take(session, by, leases)), leases


def _take(session: Session, by: Press, leases: list[Lease]) -> PracticeOutcome:
    connection = session.connection()
    person = connection.execute(_person, {"who": by.officer_id}).one()
    if not is_practice(session, by.lead):
        return NoSuchLead(by.lead)
    if person.practice_number != by.lead:
        return PracticeOver(by.lead)
    connection.execute(_close, {"number": by.lead, "at": by.at})
    connection.execute(_end_practice, {"who": by.officer_id})
    append_event(session, by.lead, Fact("practice_taken", f"officer:{person.key}", by.at, {}, officer_id=by.officer_id), by.salt)
    leases += redraw(session, by.lead, at_once=True)
    return PracticeTook(by.lead)


def next_practice_end(session: Session) -> datetime | None:
    [row] = _next_due.run(session, {})
    due: datetime | None = row.at
    return due


def end_practice(session: Session, now: datetime, salt: str, chosen: Sequence[int] | None = None) -> tuple[int, list[Lease]]:
    """Close practice leads that nobody claimed; how many, and the leases of what is to be drawn."""
    connection, leases = session.connection(), list[Lease]()
    due = connection.execute(among(_due, officer.c.id, chosen), {"now": now}).all()
    for person in due:
        connection.execute(_close, {"number": person.practice_number, "at": None})
        connection.execute(_end_practice, {"who": person.id})
        append_event(session, person.practice_number, Fact("practice_over", "leadbell", now, {}), salt)
        leases += redraw(session, person.practice_number, at_once=True)
    return len(due), leases

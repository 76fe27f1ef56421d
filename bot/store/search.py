"""Leads looked for by name, by phone, or because they wait: newest first, at most MOST, within what somebody may look at."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    CompoundSelect,
    String,
    Text,
    and_,
    bindparam,
    cast,
    exists,
    func,
    literal,
    or_,
    select,
    type_coerce,
    union_all,
)
from sqlmodel import Session

from bot.rules.finding import NAMED, NOBODY, Sought
from bot.store.clocks import UNCLAIMED, clock
from bot.store.columns import small_letters, table_of
from bot.store.contacts import ENDING, BorrowerContact, ContactPoint
from bot.store.leads import Arrival, Borrower, LeadBorrower, lead, not_ended
from bot.store.messages import message
from bot.store.outbound import ContactAttempt
from bot.store.people import Source, Team, TeamOfficer, officer
from bot.store.sealing import forms_of

MOST = 200
"""So many leads are counted at most: who finds more is told so, and says more."""
NEWEST = 20_000
"""Among so many leads most that is common is found at once."""
LAST_LETTER = "\U0010ffff"
"""Comes after any other."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A lead with what a line about it says. `own` is about who asks."""

    number: int
    first_name: str | None
    last_name: str | None
    masked: bool
    own: bool
    stage: str
    owner_name: str | None


@dataclass(frozen=True, slots=True)
class Person:
    key: str
    name: str


_team, _member = table_of(Team), table_of(TeamOfficer)
_borrower, _lead_borrower = table_of(Borrower), table_of(LeadBorrower)
_contact, _borrower_contact = table_of(ContactPoint), table_of(BorrowerContact)
_source, _arrival, _attempt = table_of(Source), table_of(Arrival), table_of(ContactAttempt)

_by: BindParameter[int] = bindparam("by")
_serves = exists().where(_member.c.team_id == lead.c.team_id, _member.c.officer_id == _by)
_of_own_team = or_(_serves, _team.c.manager_id == _by)
_may_be_seen = or_(bindparam("any_team"), lead.c.owner_id == _by, _of_own_team)
_hits = (
    select(
        lead.c.id, _borrower.c.first_name, _borrower.c.last_name, _team.c.masked, (lead.c.owner_id == _by).label("own"), lead.c.stage,
        officer.c.name,
    )
    .join_from(lead, _team, lead.c.team_id == _team.c.id)
    .join(_lead_borrower, and_(_lead_borrower.c.lead_id == lead.c.id, _lead_borrower.c.position == 0))
    .join(_borrower, _borrower.c.id == _lead_borrower.c.borrower_id)
    .outerjoin(officer, lead.c.owner_id == officer.c.id)
    .where(_may_be_seen)
    .order_by(lead.c.id.desc())
    .limit(MOST)
)  # fmt: skip
_newest = select(func.max(lead.c.id))
_with_ending = (
    select(_contact.c.value, _borrower_contact.c.borrower_id)
    .join_from(_contact, _borrower_contact, _borrower_contact.c.contact_point_id == _contact.c.id)
    .where(type_coerce(_contact.c.ending, String).in_(bindparam("forms", expanding=True)))
)
_theirs = _borrower.c.id.in_(bindparam("borrowers", expanding=True))
_nobody_may = lead.c.id.in_(select(clock.c.lead_id).where(clock.c.kind == UNCLAIMED, clock.c.nobody_may, clock.c.due_at.is_not(None)))
_free = (
    select(lead.c.id)
    .join_from(lead, _team, lead.c.team_id == _team.c.id)
    .where(lead.c.owner_id.is_(None), not_ended, lead.c.stage != "nurture", ~lead.c.practice)
    .order_by(lead.c.score.desc(), lead.c.arrived_at, lead.c.id)
    .limit(MOST)
)
_waiting, _waiting_where_they_manage = _free.where(_serves), _free.where(_team.c.manager_id == _by)
_serves_somewhere = select(_member.c.team_id).where(_member.c.officer_id == _by).limit(1)


def leads_named(session: Session, officer_id: int, words: Sequence[str], *, any_team: bool) -> list[Hit]:
    """The leads of whose borrower's first or last name each of these words is the beginning."""
    connection, row = session.connection(), {"by": officer_id, "any_team": any_team}
    begin = [
        or_(*(_begins(column, word) for column in (_borrower.c.first_name, _borrower.c.last_name) for word in _written(said)))
        for said in words
    ]
    newest = connection.execute(_newest).scalar_one() or 0  # asked beforehand: else PostgreSQL does not know how few rows follow
    found = [Hit(*each) for each in connection.execute(_hits.where(lead.c.id > newest - NEWEST, *begin), row)]
    if len(found) == MOST:
        return found
    # What so few of them are called, the index of names finds among all.
    called = [_borrower.c.id.in_(_called(said)) for said in words]
    return [Hit(*each) for each in connection.execute(_hits.where(*called), row)]


def _called(said: str) -> CompoundSelect[*tuple[Any, ...]]:
    names = _borrower.alias()
    return union_all(
        *(select(names.c.id).where(_begins(column, word)) for column in (names.c.first_name, names.c.last_name) for word in _written(said))
    )


def _written(word: str) -> set[str]:
    """In small letters and as names are written: an accented letter that is large stays so in SQLite."""
    return {word.lower(), word.title()}


def _begins(column: ColumnElement[Any], word: str) -> ColumnElement[bool]:
    name, beginning = small_letters(column), small_letters(literal(word))
    return and_(name >= beginning, name < beginning + LAST_LETTER)


def conditions_for(sought: Iterable[Sought], at: datetime) -> list[ColumnElement[bool]]:
    """What a lead must fit at this time: of each part with names any of those said, and all else."""
    named: dict[str, list[ColumnElement[bool]]] = {}
    counted: list[ColumnElement[bool]] = []
    for each in sought:
        if each.part in NAMED:
            named.setdefault(each.part, []).append(_is(each))
        else:
            counted += _counts(each, at)
    return [*(or_(*these) for these in named.values()), *counted]


def leads_that_fit(session: Session, officer_id: int, sought: Iterable[Sought], at: datetime, *, any_team: bool) -> list[Hit]:
    """The leads that fit what is looked for."""
    row = {"by": officer_id, "any_team": any_team}
    fitting = _hits.where(~lead.c.practice, *conditions_for(sought, at))
    return [Hit(*found) for found in session.connection().execute(fitting, row)]


def _is(each: Sought) -> ColumnElement[bool]:
    match each.part:
        case "segment":
            return cast(lead.c.segments, Text).contains(f'"{each.value}":', autoescape=True)
        case "source":
            return lead.c.source_id.in_(select(_source.c.id).where(_source.c.key == each.value))
        case "officer" if each.value == NOBODY:
            return lead.c.owner_id.is_(None)
        case "officer":
            return lead.c.owner_id.in_(select(officer.c.id).where(officer.c.key == each.value))
    column: ColumnElement[Any] = lead.c[each.part]
    return column == each.value


def _counts(each: Sought, at: datetime) -> list[ColumnElement[bool]]:
    number = int(each.value)
    match each.part:
        case "score_from":
            return [lead.c.score >= number]
        case "score_below":
            return [lead.c.score < number]
    since = at - timedelta(days=number)
    match each.part:
        case "newer":
            return [lead.c.arrived_at >= since]
        case "older":
            return [lead.c.arrived_at < since]
    return [
        lead.c.arrived_at < since,
        ~exists().where(_arrival.c.lead_id == lead.c.id, _arrival.c.received_at >= since),
        ~exists().where(_attempt.c.lead_id == lead.c.id, _attempt.c.at >= since),
        ~exists().where(message.c.lead_id == lead.c.id, message.c.direction == "in", message.c.created_at >= since),
    ]


def everybody(session: Session) -> list[Person]:
    """All officers, those who left too: leads may still be theirs."""
    return [Person(*row) for row in session.connection().execute(select(officer.c.key, officer.c.name).order_by(officer.c.id))]


def leads_with_phone(session: Session, officer_id: int, ending: str, *, any_team: bool) -> list[Hit]:
    """The leads of whose borrower's phones one ends with these digits, at least four."""
    connection = session.connection()
    alike = connection.execute(_with_ending, {"forms": forms_of(connection.dialect, _contact.c.ending, ending[-ENDING:])})
    borrowers = {row.borrower_id for row in alike if row.value.endswith(ending)}
    row = {"by": officer_id, "any_team": any_team, "borrowers": sorted(borrowers)}
    return [Hit(*found) for found in connection.execute(_hits.where(_theirs), row)]


def leads_nobody_may_take(session: Session, officer_id: int, *, any_team: bool) -> list[Hit]:
    """The free leads that nobody of their team may take at any hour, the oldest first."""
    oldest_first = _hits.where(lead.c.owner_id.is_(None), not_ended, _nobody_may).order_by(None).order_by(lead.c.id)
    return [Hit(*found) for found in session.connection().execute(oldest_first, {"by": officer_id, "any_team": any_team})]


def waiting_leads(session: Session, officer_id: int) -> list[int]:
    """The free leads of the officer's teams, the best first."""
    return list(session.connection().execute(_waiting, {"by": officer_id}).scalars())


def waiting_where_they_manage(session: Session, officer_id: int) -> list[int]:
    """The free leads of the teams that somebody manages, the best first."""
    return list(session.connection().execute(_waiting_where_they_manage, {"by": officer_id}).scalars())


def serves_somewhere(session: Session, officer_id: int) -> bool:
    """Whether they are an officer of any team."""
    return session.connection().execute(_serves_somewhere, {"by": officer_id}).first() is not None

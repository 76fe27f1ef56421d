"""An officer before a lead: the facts by which eligibility is judged, read under the officer's lock; or many, for a proposal, without."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, FromClause, and_, bindparam, func, select
from sqlmodel import Session

from bot.rules.eligibility import CompanyFacts, LeadFacts, OfficerFacts, Refusal, judged
from bot.rules.phones import MASKED
from bot.store.columns import table_of
from bot.store.contacts import BorrowerContact, ContactPoint
from bot.store.events import Event
from bot.store.installation import Installation
from bot.store.leads import LeadBorrower, lead
from bot.store.people import Team, officer
from bot.store.prepared import Prepared


@dataclass(frozen=True, slots=True)
class Standing:
    officer_key: str
    officer: OfficerFacts
    lead: LeadFacts
    company: CompanyFacts
    today: date  # by the team's clock
    team_id: int  # the lead's


_team, _event, _installation = table_of(Team), table_of(Event), table_of(Installation)
_contact, _borrower_contact, _lead_borrower = table_of(ContactPoint), table_of(BorrowerContact), table_of(LeadBorrower)

_officer_row = Prepared(
    select(
        officer.c.key,
        officer.c.role,
        officer.c.active,
        officer.c.licenses,
        officer.c.purposes,
        officer.c.daily_cap,
        officer.c.open_without_attempt_cap,
        officer.c.off_until,
    )
    .where(officer.c.id == bindparam("officer_id"))
    .with_for_update(key_share=True)
)
_lead_row = Prepared(
    select(
        lead.c.team_id,
        lead.c.state,
        lead.c.purpose,
        lead.c.details,
        _team.c.time_zone,
        _team.c.open_without_attempt_cap,
        _installation.c.company_licenses,
    )
    .join_from(lead, _team)
    .join(_installation, _installation.c.id == 1)
    .where(lead.c.id == bindparam("lead_id"))
)
_phones = Prepared(
    select(_contact.c.value)
    .join_from(_lead_borrower, _borrower_contact, _lead_borrower.c.borrower_id == _borrower_contact.c.borrower_id)
    .join(_contact)
    .where(
        _lead_borrower.c.lead_id == bindparam("lead_id"),
        _contact.c.kind == "phone",
        _contact.c.phone_kind.is_distinct_from(MASKED),
    )
)


def taken_since(officer_id: ColumnElement[int], since: ColumnElement[datetime]) -> ColumnElement[int]:
    """How many leads the officer claimed, or was given by a rule, since then: each found by an index of its own."""

    def many(*how: ColumnElement[bool]) -> ColumnElement[int]:
        return select(func.count()).where(_event.c.officer_id == officer_id, _event.c.at >= since, *how).scalar_subquery()

    return many(_event.c.kind == "claimed") + many(_event.c.kind == "assigned", _event.c.actor == "leadbell")


def held_without_attempt(officer_id: ColumnElement[int]) -> ColumnElement[bool]:
    """Leads of the officer whose borrower they have not tried to reach yet."""
    return and_(lead.c.owner_id == officer_id, lead.c.stage == "new", ~lead.c.practice)


def open_cap(team: FromClause) -> ColumnElement[int | None]:
    """How many of those an officer may hold and still claim: their own number, or the team's."""
    return func.coalesce(officer.c.open_without_attempt_cap, team.c.open_without_attempt_cap)


_held = Prepared(select(func.count().label("leads")).where(held_without_attempt(bindparam("officer_id"))))
_oldest = select(lead.c.id).where(held_without_attempt(bindparam("officer_id"))).order_by(lead.c.claimed_at, lead.c.id).limit(1)
_taken = Prepared(select(taken_since(bindparam("officer_id"), bindparam("since")).label("leads")))


def standing(session: Session, officer_id: int, lead_id: int, now: datetime) -> Standing | None:
    """The facts, with the officer's row locked until the transaction ends; None when there is no such lead."""
    [person] = _officer_row.run(session, {"officer_id": officer_id})
    found = _lead_row.run(session, {"lead_id": lead_id})
    if not found:
        return None
    [row] = found
    local = now.astimezone(ZoneInfo(row.time_zone))
    claimed_today = 0
    if person.daily_cap is not None:
        midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
        claimed_today = _taken.run(session, {"officer_id": officer_id, "since": midnight})[0].leads
    cap = row.open_without_attempt_cap if person.open_without_attempt_cap is None else person.open_without_attempt_cap
    return Standing(
        officer_key=person.key,
        officer=OfficerFacts(
            role=person.role,
            active=person.active,
            licenses=dates(person.licenses),
            purposes=frozenset(person.purposes),
            daily_cap=person.daily_cap,
            claimed_today=claimed_today,
            open_without_attempt_cap=cap,
            without_attempt=0 if cap is None else _held.run(session, {"officer_id": officer_id})[0].leads,
            off_until=person.off_until,
        ),
        lead=_lead_facts(session, lead_id, row),
        company=CompanyFacts(dates(row.company_licenses)),
        today=local.date(),
        team_id=row.team_id,
    )


def judging(session: Session, lead_id: int, now: datetime) -> Callable[[OfficerFacts], Refusal | None]:
    """What judges one officer after the other before a lead. None of them is locked: whoever goes by it asks for the `standing` again."""
    [row] = _lead_row.run(session, {"lead_id": lead_id})
    today = now.astimezone(ZoneInfo(row.time_zone)).date()
    return judged(_lead_facts(session, lead_id, row), CompanyFacts(dates(row.company_licenses)), now, today)


def _lead_facts(session: Session, lead_id: int, row: Any) -> LeadFacts:
    return LeadFacts(
        state=row.state,
        property_zip=row.details.get("property_zip"),
        phones=phones_of(session, lead_id) if row.state is None else (),
        purpose=row.purpose,
    )


def longest_without_attempt(session: Session, officer_id: int) -> int | None:
    """The officer's lead that waits longest for a first try."""
    found: int | None = session.connection().execute(_oldest, {"officer_id": officer_id}).scalar_one_or_none()
    return found


def phones_of(session: Session, lead_id: int) -> tuple[str, ...]:
    """The phones of all borrowers of a lead, except those that only forward: what place they are of says nothing."""
    return tuple(phone.value for phone in _phones.run(session, {"lead_id": lead_id}))


def dates(licenses: dict[str, str | None]) -> dict[str, date | None]:
    return {state: date.fromisoformat(last_day) if last_day else None for state, last_day in licenses.items()}

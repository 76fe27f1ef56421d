"""The officer whom a lead names: by what a vendor wrote, or by an earlier lead of the borrower."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import BindParameter, bindparam, func, or_, select
from sqlmodel import Session

from bot.store.columns import table_of
from bot.store.contacts import BorrowerContact, ContactPoint
from bot.store.leads import Borrower, LeadBorrower, lead
from bot.store.people import TeamOfficer, officer
from bot.store.prepared import Prepared


@dataclass(frozen=True, slots=True)
class NamedOfficer:
    """Somebody of ours, who may have left."""

    id: int
    key: str


_said: BindParameter[str] = bindparam("said")
_called = Prepared(
    select(officer.c.id, officer.c.key)
    .where(or_(officer.c.email == _said, officer.c.nmls_id == _said, officer.c.key == _said, func.lower(officer.c.name) == _said))
    .limit(2)
)
_contact, _of_borrower, _borrower = table_of(ContactPoint), table_of(BorrowerContact), table_of(Borrower)
_of_lead, _member = table_of(LeadBorrower), table_of(TeamOfficer)
_owned = Prepared(
    select(lead.c.id.label("lead_id"), _borrower.c.first_name, officer.c.id, officer.c.key)
    .join_from(_contact, _of_borrower)
    .join(_borrower)
    .join(_of_lead, _of_lead.c.borrower_id == _borrower.c.id)
    .join(lead, lead.c.id == _of_lead.c.lead_id)
    .join(officer, officer.c.id == lead.c.owner_id)
    .where(_contact.c.key == bindparam("of_key"))
)
_teams = Prepared(select(_member.c.team_id).where(_member.c.officer_id == bindparam("of_officer")).order_by(_member.c.team_id))


def officer_called(session: Session, said: Iterable[str]) -> NamedOfficer | None:
    """Whose email, NMLS id, key or whole name the first of these lower-case words is that is anybody's alone."""
    for each in said:
        found = _called.run(session, {"said": each})
        if len(found) == 1:
            return NamedOfficer(*found[0])
    return None


def last_owner(session: Session, contact_keys: Iterable[str], first_name: str | None) -> NamedOfficer | None:
    """Who owns the newest lead of a borrower with one of these contact keys and this first name, however long ago that came."""
    wanted = (first_name or "").casefold()
    rows = [row for key in contact_keys for row in _owned.run(session, {"of_key": key}) if (row.first_name or "").casefold() == wanted]
    newest = max(rows, key=lambda row: row.lead_id, default=None)
    return None if newest is None else NamedOfficer(newest.id, newest.key)


_name_of = Prepared(select(officer.c.name, officer.c.active).where(officer.c.key == bindparam("of_key")))


def who_has_key(session: Session, key: str) -> tuple[str, bool]:
    """The name of an officer, and whether they work here still."""
    [row] = _name_of.run(session, {"of_key": key})
    return row.name, row.active


def serves_in(session: Session, officer_id: int) -> list[int]:
    """The ids of the officer's teams, ascending."""
    return [row.team_id for row in _teams.run(session, {"of_officer": officer_id})]

"""Phones and emails that must not be called or written to. They outlive the borrower, so they hold the hash alone."""

from datetime import datetime

from sqlalchemy import bindparam, insert, select, update
from sqlmodel import Field, Session, SQLModel

from bot.store.columns import row_id, table_of
from bot.store.contacts import BorrowerContact, ContactPoint
from bot.store.leads import LeadBorrower


class Suppression(SQLModel, table=True):
    """One contact key, the channel that is closed to it (sms, email, voice, or all), and why."""

    id: int | None = row_id()
    contact_key: str = Field(index=True)
    channel: str
    reason: str
    at: datetime
    lifted_at: datetime | None = None


_suppression, _contact = table_of(Suppression), table_of(ContactPoint)
_borrower_contact, _lead_borrower = table_of(BorrowerContact), table_of(LeadBorrower)
_insert = insert(_suppression)
_phones = (
    select(_contact.c.key)
    .join_from(_lead_borrower, _borrower_contact, _lead_borrower.c.borrower_id == _borrower_contact.c.borrower_id)
    .join(_contact)
    .where(_lead_borrower.c.lead_id == bindparam("of_lead"), _contact.c.kind == "phone")
)


_lift = (
    update(_suppression)
    .where(
        _suppression.c.contact_key.in_(_phones),
        _suppression.c.reason == bindparam("because"),
        _suppression.c.at == bindparam("written_at"),
        _suppression.c.lifted_at.is_(None),
    )
    .values(lifted_at=bindparam("now"))
)


def lift_suppressions(session: Session, lead_id: int, reason: str, written_at: datetime, now: datetime) -> None:
    """The borrower's numbers are open again to what was closed at that moment for that reason; other reasons keep them closed."""
    row = {"of_lead": lead_id, "because": reason, "written_at": written_at, "now": now}
    session.connection().execute(_lift, row)


def suppress_phones(session: Session, lead_id: int, reason: str, at: datetime) -> None:
    """No more calls and texts to the numbers of the lead's borrowers; email stays open."""
    keys = session.connection().execute(_phones, {"of_lead": lead_id}).scalars().all()
    rows = [{"contact_key": key, "channel": channel, "reason": reason, "at": at} for key in keys for channel in ("voice", "sms")]
    if rows:
        session.connection().execute(_insert, rows)

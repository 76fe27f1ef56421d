"""Which lead each officer looked at last: the one that a command without a number is about."""

from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.dialects.postgresql import insert  # its ON CONFLICT compiles for SQLite too, the other way round it does not
from sqlmodel import Session, SQLModel

from bot.store.columns import reference, table_of
from bot.store.prepared import Prepared


class LastOpened(SQLModel, table=True):
    """One row an officer, replaced with every lead they open, claim or log."""

    __tablename__ = "last_opened"
    officer_id: int = reference("officer.id", primary_key=True)
    lead_id: int = reference("lead.id")
    at: datetime


_opened = table_of(LastOpened)
_new = insert(_opened)
_keep = Prepared(
    _new.on_conflict_do_update(index_elements=[_opened.c.officer_id], set_={"lead_id": _new.excluded.lead_id, "at": _new.excluded.at})
)
_last = select(_opened.c.lead_id).where(_opened.c.officer_id == bindparam("by"))


def keep_last_opened(session: Session, officer_id: int, lead_id: int, at: datetime) -> None:
    """From now on this is the lead that the officer's commands without a number are about."""
    _keep.run(session, {"officer_id": officer_id, "lead_id": lead_id, "at": at})


def last_opened(session: Session, officer_id: int) -> int | None:
    """The lead that the officer opened last, None when they opened none yet."""
    found: int | None = session.connection().execute(_last, {"by": officer_id}).scalar_one_or_none()
    return found

"""Leads that Meta told us of and that are still to be fetched, and how far its forms were looked through for others."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import UniqueConstraint, bindparam, null, select
from sqlalchemy.dialects.postgresql import insert  # its ON CONFLICT compiles for SQLite too, the other way round it does not
from sqlmodel import Field, Session, SQLModel

from bot.store.columns import maybe_reference, reference, row_id, table_of
from bot.store.owed import Errands, Owed, due_index
from bot.store.prepared import Prepared

FETCH_ENDS_AFTER = 20.0
"""Seconds in which one fetch has ended, well or not."""
UNANSWERED = "given_up"
"""Why a lead is not fetched any more that may be there after all: it is owed again when Meta tells of it again."""


class PromisedLead(Owed, table=True):
    """A lead by Meta's number for it, without anything of the borrower's. `due_at` is business time, `lease_until` database time."""

    __tablename__ = "promised_lead"
    __table_args__ = (UniqueConstraint("source_id", "external_id", name="uq_promised_lead"), due_index("promised_lead"))

    id: int | None = row_id()
    source_id: int = reference("source.id")
    external_id: str
    promised_at: datetime
    lead_id: int | None = maybe_reference("lead.id")  # what came of it


class PolledForm(SQLModel, table=True):
    """Until when a form was looked through."""

    __tablename__ = "polled_form"
    source_id: int = reference("source.id", primary_key=True)
    form_id: str = Field(primary_key=True)
    read_until: datetime


@dataclass(frozen=True, slots=True)
class Promise:
    """The right to fetch one lead."""

    id: int
    source_id: int
    external_id: str
    promised_at: datetime
    attempts: int
    fence: int


_promised, _polled = table_of(PromisedLead), table_of(PolledForm)
_new = insert(_promised)
_promise = Prepared(
    _new.on_conflict_do_update(
        index_elements=[_promised.c.source_id, _promised.c.external_id],
        set_={"due_at": _new.excluded.due_at, "promised_at": _new.excluded.promised_at, "attempts": 0, "gave_up_because": null()},
        where=_promised.c.gave_up_because == UNANSWERED,
    )
)
PROMISES = Errands(PromisedLead, FETCH_ENDS_AFTER, "id", "source_id", "external_id", "promised_at")
_read = insert(_polled)
_note_read = _read.on_conflict_do_update(
    index_elements=[_polled.c.source_id, _polled.c.form_id], set_={"read_until": _read.excluded.read_until}
)
_read_until = select(_polled.c.read_until).where(_polled.c.source_id == bindparam("of_source"), _polled.c.form_id == bindparam("of_form"))


def promise(session: Session, source_id: int, external_ids: Sequence[str], now: datetime) -> None:
    """Owe these leads, each once, however often they are told."""
    for external_id in dict.fromkeys(external_ids):
        row = {"source_id": source_id, "external_id": external_id, "promised_at": now, "due_at": now, "attempts": 0, "fence": 0}
        _promise.run(session, row)


def take_promises(session: Session, now: datetime, most: int) -> list[Promise]:
    """Hold promises that are due, for as long as one fetch takes."""
    return [Promise(*tuple(row)) for row in PROMISES.take(session, now, most)]


def keep_promise(session: Session, promise: Promise, lead_id: int) -> None:
    """The lead is here."""
    PROMISES.let_go(session, promise.id, promise.fence, due_at=None, lead_id=lead_id)


def put_off(session: Session, promise: Promise, until: datetime) -> None:
    """It could not be fetched now."""
    PROMISES.let_go(session, promise.id, promise.fence, due_at=until)


def break_promise(session: Session, promise: Promise, because: str) -> None:
    """It is not fetched any more."""
    PROMISES.let_go(session, promise.id, promise.fence, due_at=None, gave_up_because=because)


def polled_until(session: Session, source_id: int, form_id: str) -> datetime | None:
    """Until when this form was looked through; None where it never was."""
    found: datetime | None = session.connection().execute(_read_until, {"of_source": source_id, "of_form": form_id}).scalar_one_or_none()
    return found


def note_polled(session: Session, source_id: int, form_id: str, until: datetime) -> None:
    session.connection().execute(_note_read, {"source_id": source_id, "form_id": form_id, "read_until": until})

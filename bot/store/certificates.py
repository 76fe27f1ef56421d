"""Certificates that came with leads, each owed until TrustedForm keeps it for us, or says why it does not."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Float, bindparam, literal, null, or_, select, update
from sqlalchemy.dialects.postgresql import insert  # its ON CONFLICT compiles for SQLite too, the other way round it does not
from sqlmodel import Field, Session

from bot.store.columns import database_time, reference, row_id, table_of
from bot.store.owed import Owed, due_index
from bot.store.prepared import Prepared

ASKED_WITHIN = 20.0
"""Seconds in which one question has ended, well or not."""


class Certificate(Owed, table=True):
    """A certificate by TrustedForm's id for it, and the lead that it came with first. `due_at` is business time."""

    __table_args__ = (due_index("certificate"),)

    id: int | None = row_id()
    token: str = Field(unique=True)
    lead_id: int = reference("lead.id", index=True)
    found_at: datetime
    retained_at: datetime | None = None
    kept_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of a certificate: kept since then and until then, or why not; neither while it is owed."""

    retained_at: datetime | None
    kept_until: datetime | None
    gave_up_because: str | None


@dataclass(frozen=True, slots=True)
class OwedCertificate:
    """The right to ask about one."""

    id: int
    token: str
    lead_id: int
    found_at: datetime
    attempts: int
    fence: int


_certificate = table_of(Certificate)
_owe = Prepared(insert(_certificate).on_conflict_do_nothing())
_is_free = or_(_certificate.c.lease_until.is_(None), _certificate.c.lease_until <= database_time())
_is_due = (_certificate.c.due_at.is_not(None), _certificate.c.due_at <= bindparam("now"), _is_free)
_some_due = Prepared(select(_certificate.c.id).where(*_is_due).limit(1))
_chosen = select(_certificate.c.id).where(*_is_due).order_by(_certificate.c.due_at, _certificate.c.id).limit(bindparam("most"))
_take = (
    update(_certificate)
    .where(_certificate.c.id.in_(_chosen.with_for_update(skip_locked=True)))
    .values(
        lease_until=database_time(literal(ASKED_WITHIN, Float)), attempts=_certificate.c.attempts + 1, fence=_certificate.c.fence + 1
    )
    .returning(
        _certificate.c.id, _certificate.c.token, _certificate.c.lead_id, _certificate.c.found_at, _certificate.c.attempts,
        _certificate.c.fence,
    )
)  # fmt: skip
_held = update(_certificate).where(_certificate.c.id == bindparam("which"), _certificate.c.fence == bindparam("held"))
_kept = select(_certificate.c.token, _certificate.c.retained_at, _certificate.c.kept_until, _certificate.c.gave_up_because).where(
    _certificate.c.token.in_(bindparam("tokens", expanding=True))
)


def owe_certificate(session: Session, token: str, lead_id: int, now: datetime) -> None:
    """Have this one kept, once, however many leads it comes with."""
    _owe.run(session, {"token": token, "lead_id": lead_id, "found_at": now, "due_at": now, "attempts": 0, "fence": 0})


def some_certificate_is_due(session: Session, now: datetime) -> bool:
    return bool(_some_due.run(session, {"now": now}))


def take_certificates(session: Session, now: datetime, most: int) -> list[OwedCertificate]:
    """Hold those that are due, for as long as one question takes."""
    return [OwedCertificate(*tuple(row)) for row in session.connection().execute(_take, {"now": now, "most": most})]


def note_retained(session: Session, owed: OwedCertificate, at: datetime, until: datetime | None) -> bool:
    """It is kept; False where another process said so meanwhile."""
    return _change(session, owed, {"due_at": None, "lease_until": None, "retained_at": at, "kept_until": until})


def put_off(session: Session, owed: OwedCertificate, until: datetime) -> None:
    """It could not be kept now."""
    _change(session, owed, {"due_at": until, "lease_until": None})


def give_up(session: Session, owed: OwedCertificate, because: str) -> bool:
    """It is asked about no more; False where another process said so meanwhile."""
    return _change(session, owed, {"due_at": None, "lease_until": None, "gave_up_because": because})


def _change(session: Session, owed: OwedCertificate, values: dict[str, object]) -> bool:
    changed = session.connection().execute(_held.values(values), {"which": owed.id, "held": owed.fence})
    return bool(changed.rowcount)


def free_certificates(session: Session) -> None:
    """Void what a former holder of the SQLite file held."""
    session.connection().execute(update(_certificate).where(_certificate.c.lease_until.is_not(None)).values(lease_until=null()))


def kept_of(session: Session, tokens: Collection[str]) -> dict[str, Kept]:
    """What became of these certificates, by id."""
    asked: Sequence[str] = sorted(set(tokens))
    return {row.token: Kept(*tuple(row)[1:]) for row in session.connection().execute(_kept, {"tokens": asked})} if asked else {}

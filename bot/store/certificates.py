"""Certificates that came with leads, each owed until TrustedForm keeps it for us, or says why it does not."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.dialects.postgresql import insert  # its ON CONFLICT compiles for SQLite too, the other way round it does not
from sqlmodel import Field, Session

from bot.store.columns import reference, row_id, table_of
from bot.store.owed import Errands, Owed, due_index
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
CERTIFICATES = Errands(Certificate, ASKED_WITHIN, "id", "token", "lead_id", "found_at")
_kept = select(_certificate.c.token, _certificate.c.retained_at, _certificate.c.kept_until, _certificate.c.gave_up_because).where(
    _certificate.c.token.in_(bindparam("tokens", expanding=True))
)


def owe_certificate(session: Session, token: str, lead_id: int, now: datetime) -> None:
    """Have this one kept, once, however many leads it comes with."""
    _owe.run(session, {"token": token, "lead_id": lead_id, "found_at": now, "due_at": now, "attempts": 0, "fence": 0})


def take_certificates(session: Session, now: datetime, most: int) -> list[OwedCertificate]:
    """Hold those that are due, for as long as one question takes."""
    return [OwedCertificate(*tuple(row)) for row in CERTIFICATES.take(session, now, most)]


def note_retained(session: Session, owed: OwedCertificate, at: datetime, until: datetime | None) -> bool:
    """It is kept; False where another process said so meanwhile."""
    return CERTIFICATES.let_go(session, owed.id, owed.fence, due_at=None, retained_at=at, kept_until=until)


def put_off(session: Session, owed: OwedCertificate, until: datetime) -> None:
    """It could not be kept now."""
    CERTIFICATES.let_go(session, owed.id, owed.fence, due_at=until)


def give_up(session: Session, owed: OwedCertificate, because: str) -> bool:
    """It is asked about no more; False where another process said so meanwhile."""
    return CERTIFICATES.let_go(session, owed.id, owed.fence, due_at=None, gave_up_because=because)


def kept_of(session: Session, tokens: Collection[str]) -> dict[str, Kept]:
    """What became of these certificates, by id."""
    asked: Sequence[str] = sorted(set(tokens))
    return {row.token: Kept(*tuple(row)[1:]) for row in session.connection().execute(_kept, {"tokens": asked})} if asked else {}

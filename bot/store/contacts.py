"""Phones and emails, what was consented to on them, and what is suppressed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, bindparam, delete, func, select
from sqlalchemy import insert as plain_insert
from sqlalchemy.dialects.postgresql import insert  # its ON CONFLICT compiles for SQLite too, the other way round it does not
from sqlmodel import Field, Session, SQLModel

from bot.store.columns import json_value, long_text, maybe_reference, reference, row_id, sealed_text, sealed_word, table_of
from bot.store.prepared import Prepared
from bot.store.sealing import SealedAlike, SealedWord

ENDING = 4
"""By so many last digits a phone is found."""


class ContactPoint(SQLModel, table=True):
    """A phone (E.164) or an email (lower case). Found by its keyed hash, a phone by its last four digits too."""

    __tablename__ = "contact_point"
    id: int | None = row_id()
    kind: str  # phone or email
    key: str = Field(unique=True)
    value: str = Field(sa_type=SealedWord)
    ending: str | None = Field(default=None, sa_type=SealedAlike, index=True)
    phone_kind: str | None = None


class BorrowerContact(SQLModel, table=True):
    __tablename__ = "borrower_contact"
    borrower_id: int = reference("borrower.id", primary_key=True)
    contact_point_id: int = reference("contact_point.id", primary_key=True, index=True)
    position: int = 0


class Consent(SQLModel, table=True):
    """What the borrower agreed to on one contact point, as the source recorded it. Evidence: never changed, only added to."""

    id: int | None = row_id()
    contact_point_id: int = reference("contact_point.id", index=True)
    arrival_id: int | None = maybe_reference("arrival.id")
    recorded_at: datetime
    given: bool | None = None
    text: str | None = long_text()
    version: str | None = None
    url: str | None = sealed_text()
    given_at: datetime | None = None
    ip: str | None = sealed_word()
    user_agent: str | None = long_text()
    trustedform_url: str | None = long_text()
    jornaya_id: str | None = None
    sellers: list[str] = json_value()
    names_us: bool | None = None  # False where a vendor sent it and it names others alone: then it permits us nothing


@dataclass(frozen=True, slots=True)
class Reachable:
    """A phone or email with its look-up key."""

    kind: str
    value: str
    key: str
    phone_kind: str | None = None


_contact = table_of(ContactPoint)
_borrower_contact = table_of(BorrowerContact)
_insert_consent = Prepared(plain_insert(table_of(Consent)))
_advisory_lock = Prepared(select(func.pg_advisory_xact_lock(bindparam("number", type_=BigInteger))))


def writes_alone(session: Session) -> bool:
    """Whether no other transaction can change what this one has read: SQLite has one writer anyway."""
    return bool(session.connection().dialect.name == "sqlite")


def lock_keys(session: Session, keys: Iterable[str]) -> None:
    """Let one transaction at a time decide about these keys (hexadecimal digests). To be called before anything is read."""
    if not writes_alone(session):
        _advisory_lock.run_each(session, [{"number": int(key[:15], 16)} for key in sorted(set(keys))])


_new_contact = insert(_contact).values(
    kind=bindparam("kind"), key=bindparam("key"), value=bindparam("value"), ending=bindparam("ending"), phone_kind=bindparam("phone_kind")
)
_keep_contact = Prepared(
    _new_contact.on_conflict_do_update(
        index_elements=[_contact.c.key],
        set_={"phone_kind": func.coalesce(_contact.c.phone_kind, _new_contact.excluded.phone_kind)},
    ).returning(_contact.c.id)
)
_keep_of_borrower = Prepared(insert(_borrower_contact).on_conflict_do_nothing())


def keep_contact(session: Session, contact: Reachable) -> int:
    """Make sure that this phone or email is known, whoever's it is; return its id."""
    return int(_keep_contact.run(session, _row_of(contact))[0].id)


def _row_of(contact: Reachable) -> dict[str, Any]:
    ending = contact.value[-ENDING:] if contact.kind == "phone" else None
    return {"kind": contact.kind, "key": contact.key, "value": contact.value, "ending": ending, "phone_kind": contact.phone_kind}


def keep_contacts(session: Session, borrower_id: int, contacts: Sequence[Reachable]) -> dict[str, int]:
    """Make sure that these are known and the borrower's, in this order; return their ids by key."""
    ids: dict[str, int] = {}
    for position, contact in enumerate(contacts):
        ids[contact.key] = keep_contact(session, contact)
        _keep_of_borrower.run(session, {"borrower_id": borrower_id, "contact_point_id": ids[contact.key], "position": position})
    return ids


_forget_contacts = delete(table_of(BorrowerContact)).where(table_of(BorrowerContact).c.borrower_id == bindparam("of_borrower"))


def forget_contacts(session: Session, borrower_id: int) -> None:
    """Nothing reaches this person any more, who was none of ours."""
    session.connection().execute(_forget_contacts, {"of_borrower": borrower_id})


def add_consents(session: Session, rows: list[dict[str, Any]]) -> None:
    """Add these pieces of evidence, each with the same names."""
    _insert_consent.run_each(session, rows)

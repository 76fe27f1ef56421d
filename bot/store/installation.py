"""This installation: one company, its hash key, its workspaces, and the head of the company's own timeline."""

import hashlib
from datetime import datetime
from typing import Any

from sqlalchemy import Text, inspect, update
from sqlmodel import Field, Session, SQLModel, select

from bot.errors import LeadbellError, OtherWorkspace
from bot.rules.signed import mark
from bot.store.columns import json_value, long_text, table_of
from bot.store.contacts import lock_keys
from bot.store.people import Officer
from bot.store.resealing import reseal
from bot.store.sealing import KeyMissing, Seal, SealedWord, WrongKey, seal_of

SETTING_UP = hashlib.sha256(b"setting up").hexdigest()
"""What processes that start together on an empty store wait for each other on."""


KNOWN_WORD, ITS_PLACE = "leadbell", "installation.sealed_with"
"""What is sealed to know a key again by, and for which place."""


class OldKeyMissing(LeadbellError):
    def __init__(self) -> None:
        super().__init__(
            "Some of what is kept is still sealed with the key that LEADBELL_KEY took the place of. "
            "Set LEADBELL_OLD_KEY to that one, and run: leadbell key rotate"
        )


class Installation(SQLModel, table=True):
    """One row, made by `prepare` at the first start."""

    id: int = Field(default=1, primary_key=True)
    hash_key: str = Field(sa_type=SealedWord)  # with it, what stands only as a keyed hash could be found by trying
    sealed_with: str | None = long_text()  # a word that opens with LEADBELL_KEY: without that nothing starts here
    sealed_before: str | None = long_text()  # the same of the key that LEADBELL_KEY took the place of, while anything is sealed with it
    created_at: datetime
    slack_workspace: str | None = None
    discord_guild: str | None = None
    texts_read_until: datetime | None = None  # what was texted to us before then was read back from the phone network
    company_licenses: dict[str, Any] = json_value()  # state to the ISO date it expires on, or None
    escalation_rules: str = Field(default="", sa_type=Text, sa_column_kwargs={"server_default": ""})  # of the config in force, as JSON
    drips_begin: str = Field(default="", sa_type=Text, sa_column_kwargs={"server_default": ""})  # which sequences were looked for last
    head_seq: int = 0
    head_digest: str = ""


_installation = table_of(Installation)


def prepare(session: Session, hash_key: str, now: datetime) -> bytes:
    """Make the installation's row where none is; return its hash key. From now on what is new is sealed with the key of today."""
    lock_keys(session, [SETTING_UP])
    row = session.get(Installation, 1)
    if row is None:
        row = Installation(hash_key=hash_key, created_at=now, company_licenses={})
        session.add(row)
        session.flush()
    _adopt_key(session, row)
    return bytes.fromhex(row.hash_key)


def _adopt_key(session: Session, row: Installation) -> None:
    """Remember the key of LEADBELL_KEY. What is needed to find anything is sealed with it at once, the rest by `leadbell key`."""
    seal = seal_of(session.connection().dialect)
    if seal is None or (row.sealed_with or "").startswith(seal.prefix):
        return
    row.sealed_before, row.sealed_with = row.sealed_with, seal.close(ITS_PLACE, KNOWN_WORD)
    session.add(row)
    session.flush()
    for table in (table_of(Installation), table_of(Officer)):
        after: int | None = 0
        while after is not None:
            after = reseal(session, table, after).after


def check_key(session: Session) -> None:
    """Be sure that whatever is sealed here can be opened, whichever release left it. Raises KeyMissing, WrongKey, OldKeyMissing."""
    shape = inspect(session.connection())
    if not shape.has_table("installation") or "sealed_with" not in {column["name"] for column in shape.get_columns("installation")}:
        return
    row = session.connection().execute(select(_installation.c.sealed_with, _installation.c.sealed_before)).one_or_none()
    if row is not None:
        try_key(seal_of(session.connection().dialect), row.sealed_with, row.sealed_before)


def try_key(seal: Seal | None, sealed_with: str | None, sealed_before: str | None) -> None:
    """Be sure that what such a store holds can be opened. Raises KeyMissing, WrongKey, OldKeyMissing."""
    if sealed_with is None:
        return
    if seal is None:
        raise KeyMissing
    seal.open(ITS_PLACE, sealed_with)
    if sealed_before is not None:
        try:
            seal.open(ITS_PLACE, sealed_before)
        except WrongKey:
            raise OldKeyMissing from None


def is_sealed(session: Session) -> bool:
    """Whether what is new here is sealed."""
    return session.connection().execute(select(_installation.c.sealed_with)).scalar_one_or_none() is not None


def forget_old_key(session: Session) -> None:
    """Nothing is sealed with the key before this one any more."""
    session.connection().execute(update(_installation).values(sealed_before=None))


def began_at(session: Session) -> datetime:
    """When Leadbell was started here for the first time."""
    return session.exec(select(Installation.created_at)).one()


def texts_read_until(session: Session) -> datetime | None:
    return session.exec(select(Installation.texts_read_until)).one()


def note_texts_read(session: Session, until: datetime) -> None:
    """What was texted to us before then is known here."""
    session.connection().execute(update(table_of(Installation)).values(texts_read_until=until))


def adopt_workspace(session: Session, platform: str, workspace: str) -> None:
    """Remember the workspace we first connected to. Raises OtherWorkspace for any other."""
    row = session.exec(select(Installation)).one()
    column = "slack_workspace" if platform == "slack" else "discord_guild"
    known = getattr(row, column)
    if known is not None and known != workspace:
        raise OtherWorkspace
    setattr(row, column, workspace)
    session.add(row)


def contact_key(hash_key: bytes, kind: str, value: str) -> str:
    """The keyed hash by which a phone (E.164) or email (lower case) is looked up: 64 hexadecimal digits."""
    return mark(hash_key, kind, value)

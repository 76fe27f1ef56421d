"""This installation: one company, its hash key, its workspaces, and the head of the company's own timeline."""

import hashlib
import hmac
from datetime import datetime
from typing import Any

from sqlalchemy import Text, update
from sqlmodel import Field, Session, SQLModel, select

from bot.errors import OtherWorkspace
from bot.store.columns import json_value, table_of
from bot.store.contacts import lock_keys

SETTING_UP = hashlib.sha256(b"setting up").hexdigest()
"""What processes that start together on an empty store wait for each other on."""


class Installation(SQLModel, table=True):
    """One row, made by `prepare` at the first start."""

    id: int = Field(default=1, primary_key=True)
    hash_key: str
    created_at: datetime
    slack_workspace: str | None = None
    discord_guild: str | None = None
    texts_read_until: datetime | None = None  # what was texted to us before then was read back from the phone network
    company_licenses: dict[str, Any] = json_value()  # state to the ISO date it expires on, or None
    escalation_rules: str = Field(default="", sa_type=Text, sa_column_kwargs={"server_default": ""})  # of the config in force, as JSON
    drips_begin: str = Field(default="", sa_type=Text, sa_column_kwargs={"server_default": ""})  # which sequences were looked for last
    head_seq: int = 0
    head_digest: str = ""


def prepare(session: Session, hash_key: str, now: datetime) -> bytes:
    """Make the installation's row where none is; return its hash key."""
    lock_keys(session, [SETTING_UP])
    row = session.get(Installation, 1)
    if row is None:
        row = Installation(hash_key=hash_key, created_at=now, company_licenses={})
        session.add(row)
        session.flush()
    return bytes.fromhex(row.hash_key)


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
    return hmac.new(hash_key, f"{kind}:{value}".encode(), hashlib.sha256).hexdigest()

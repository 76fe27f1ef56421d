"""Which version of each kind of work a store is for: beside a newer Leadbell, an older one leaves alone what has changed."""

from collections.abc import Mapping
from typing import Literal, get_args

from sqlalchemy import Connection, select, text
from sqlalchemy.dialects.postgresql import insert  # its ON CONFLICT compiles for SQLite too
from sqlmodel import Field, Session, SQLModel

from bot.store.columns import table_of
from bot.store.prepared import Prepared

Kind = Literal[
    "escalation", "reminders", "leavers", "working days", "practice", "scores", "turns", "covers", "mornings", "rates",
    "sequences", "groups", "beginnings", "what is shown in chat", "texts and emails", "calls",
]  # fmt: skip
"""What is decided or done by itself, by the words in which /readyz names it."""
SHOWING: Kind = "what is shown in chat"
WRITING: Kind = "texts and emails"
CALLING: Kind = "calls"
FIRST = 1
KNOWN: Mapping[Kind, int] = {}
"""The version of each kind that this Leadbell does, where a migration changed it; else the first."""


class WorkVersion(SQLModel, table=True):
    """A kind of work whose meaning a migration changed; what has no row is at its first version."""

    __tablename__ = "work_version"
    kind: str = Field(primary_key=True)
    version: int


_work = table_of(WorkVersion)
_versions = Prepared(select(_work.c.kind, _work.c.version))


def paused(session: Session) -> frozenset[Kind]:
    """What a newer Leadbell does otherwise than this one. Whoever asks in the transaction of the work itself holds up a migration that
    would change the answer until the commit."""
    stored = {row.kind: row.version for row in _versions.run(session, {})}
    return frozenset(kind for kind in get_args(Kind) if stored.get(kind, FIRST) > KNOWN.get(kind, FIRST))


def change_work(connection: Connection, kind: Kind, version: int) -> None:
    """For a migration, first of all: from its commit on only a Leadbell that knows this version does work of this kind. It waits until
    nobody is in the middle of any."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("LOCK TABLE work_version IN ACCESS EXCLUSIVE MODE"))
    new = insert(_work).values(kind=kind, version=version)
    connection.execute(new.on_conflict_do_update(index_elements=[_work.c.kind], set_={"version": version}))

"""All tables in one place, the version of their shape, and whether a database has it."""

from sqlalchemy import inspect, text
from sqlmodel import Session, SQLModel

from bot.store import (
    building,
    calls,
    certificates,
    clocks,
    contacts,
    costs,
    counters,
    do_not_call,
    events,
    gateway,
    groups,
    inbox,
    installation,
    last_opened,
    lateness,
    leads,
    message_files,
    meta,
    outages,
    outbound,
    own_voicemail,
    people,
    pinging,
    postings,
    rates,
    returns,
    rings,
    rota,
    seals,
    seen,
    shares,
    source_requests,
    speeds,
    suppressions,
    turns,
    work,
)

METADATA = SQLModel.metadata
NOUNS = (
    building,
    calls,
    certificates,
    clocks,
    contacts,
    costs,
    counters,
    do_not_call,
    events,
    gateway,
    groups,
    inbox,
    installation,
    last_opened,
    lateness,
    leads,
    message_files,
    meta,
    outages,
    outbound,
    own_voicemail,
    people,
    pinging,
    postings,
    rates,
    returns,
    rings,
    rota,
    seals,
    seen,
    shares,
    source_requests,
    speeds,
    suppressions,
    turns,
    work,
)
HEAD = "0006"
"""The newest migration. A test compares it with the folder, so that a start need not load Alembic to see that nothing is to do."""


COPYING = "copying"
"""What stands in place of a version in a database that half a SQLite store was copied into."""


def is_begun(session: Session) -> bool:
    """Whether Leadbell's tables are in a database. Another program may keep its version under the same name."""
    there = inspect(session.connection())
    return there.has_table("alembic_version") and there.has_table("installation")


def version_of(session: Session) -> str | None:
    """Which migration a database is at; None for an empty one."""
    connection = session.connection()
    if not inspect(connection).has_table("alembic_version"):
        return None
    return str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one())

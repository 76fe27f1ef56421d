"""What every owed row carries: when it is due, who works on it, and why it was given up."""

from datetime import datetime

from sqlalchemy import Index, text
from sqlmodel import SQLModel


class Owed(SQLModel):
    """A row is owed while `due_at` is set. A worker holds it until `lease_until`; `fence` moves with each lease: a late worker shows."""

    due_at: datetime | None = None
    attempts: int = 0
    lease_until: datetime | None = None
    fence: int = 0
    gave_up_because: str | None = None


def due_index(table: str) -> Index:
    """An index that holds only what is owed: a tick costs what is due, not what exists."""
    owed = text("due_at IS NOT NULL")
    return Index(f"ix_{table}_due", "due_at", postgresql_where=owed, sqlite_where=owed)

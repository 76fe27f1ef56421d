"""Old rows go a page at a time: a statement over all of them would keep other writers waiting, and PostgreSQL would break it off."""

from sqlalchemy import ColumnElement, Table, delete, select, tuple_
from sqlmodel import Session

AT_ONCE = 200
"""Rows of one transaction, of which the longest hold 64 KiB each."""


def forget_page(session: Session, table: Table, old: ColumnElement[bool], most: int = AT_ONCE) -> bool:
    """Delete so many of the old rows at most; whether there may be more."""
    key = table.primary_key.columns
    page = select(*key).where(old).limit(most)
    return session.connection().execute(delete(table).where(tuple_(*key).in_(page))).rowcount == most

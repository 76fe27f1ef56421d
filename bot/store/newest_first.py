"""Rows that come in the order of time, looked through from the newest back, a page of ids at a time: without an index of their times."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Column, ColumnElement, bindparam, func, select
from sqlmodel import Session

from bot.store.prepared import Prepared

READ_AT_ONCE = 10_000
"""Rows that one question looks through at most, whatever it finds among them."""


def in_page(row_id: Column[int]) -> ColumnElement[bool]:
    """Of a page, which is named by the ids that it lies between: where rows are missing among them, it never reads on until it is full."""
    return row_id.between(bindparam("first"), bindparam("last"))


@dataclass(frozen=True, slots=True)
class Page:
    """The rows with these ids, and whether those before them may be young enough, too."""

    first: int
    last: int
    goes_on: bool


class NewestFirst:
    """The rows of a table that are younger than a moment, by a column whose times may be out of order within a page, not by more."""

    def __init__(self, at: Column[Any]) -> None:
        row_id = at.table.c.id
        self._newest = Prepared(select(func.coalesce(func.max(row_id), 0).label("id")))
        self._youngest = Prepared(select(func.max(at).label("at")).where(in_page(row_id)))

    def page(self, session: Session, since: datetime, before: Page | None) -> Page:
        """The newest page, or the one that comes before that one."""
        last = self.newest(session) if before is None else before.first - 1
        first = max(1, last - READ_AT_ONCE + 1)
        youngest: datetime | None = self._youngest.run(session, {"first": first, "last": last})[0].at
        return Page(first, last, goes_on=first > 1 and (youngest is None or youngest > since))

    def newest(self, session: Session) -> int:
        """The id of the newest row; 0 where there is none."""
        found: int = self._newest.run(session, {})[0].id
        return found

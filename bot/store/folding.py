"""Counts that wait to be added to sums are taken out in pages, the oldest first."""

from typing import Any

from sqlalchemy import Table, bindparam, delete, func, select
from sqlalchemy.sql.dml import ReturningDelete

FOLDED_AT_ONCE = 500
"""Rows in one transaction: other writers wait for it."""


def take_oldest(counts: Table, *columns: str) -> ReturningDelete[Any]:
    """Deletes the oldest `at_once` rows and returns these columns of them. Named by the ends of their ids: to find a list of ids,
    PostgreSQL reads the whole table where many wait."""
    page = select(counts.c.id).order_by(counts.c.id).limit(bindparam("at_once")).cte("page")
    first, last = (select(end(page.c.id)).scalar_subquery() for end in (func.min, func.max))
    return delete(counts).where(counts.c.id.between(first, last)).returning(*(counts.c[name] for name in columns))

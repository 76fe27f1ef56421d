"""A look into any store's tables."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar

from sqlalchemy import func, update
from sqlmodel import SQLModel, select

from bot.store.columns import database_time, table_of
from bot.store.database import Store
from bot.store.postings import Posting

Row = TypeVar("Row", bound=SQLModel)


def rows(store: Store, model: type[Row]) -> Sequence[Row]:
    """Every row, oldest first."""
    return store.transact_now(lambda session: session.exec(select(model).order_by(*table_of(model).primary_key)).all())


def lasts_for(store: Store, until: Any) -> float:
    """Seconds, by the database's time, until the latest moment in this column."""
    latest, now = store.read_now(lambda session: session.exec(select(func.max(until), database_time())).one())
    return float((latest - now).total_seconds())


def let_leases_run_out(store: Store) -> None:
    """Ten seconds of real time, without waiting for them."""
    gone = update(table_of(Posting)).values(lease_until=datetime(2020, 1, 1, tzinfo=UTC))
    store.transact_now(lambda session: session.connection().execute(gone))

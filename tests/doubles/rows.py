"""A look into any store's tables."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TypeVar

from sqlalchemy import update
from sqlmodel import SQLModel, select

from bot.store.columns import table_of
from bot.store.database import Store
from bot.store.postings import Posting

Row = TypeVar("Row", bound=SQLModel)


def rows(store: Store, model: type[Row]) -> Sequence[Row]:
    """Every row, oldest first."""
    return store.transact_now(lambda session: session.exec(select(model).order_by(*table_of(model).primary_key)).all())


def let_leases_run_out(store: Store) -> None:
    """Ten seconds of real time, without waiting for them."""
    gone = update(table_of(Posting)).values(lease_until=datetime(2020, 1, 1, tzinfo=UTC))
    store.transact_now(lambda session: session.connection().execute(gone))

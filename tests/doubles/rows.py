"""A look into any store's tables."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar

from sqlalchemy import func, insert, update
from sqlmodel import Session, SQLModel, select

from bot.store.columns import database_time, table_of
from bot.store.database import Store
from bot.store.postings import Posting

Row = TypeVar("Row", bound=SQLModel)


def rows(store: Store, model: type[Row]) -> Sequence[Row]:
    """Every row, oldest first."""
    return store.transact_now(lambda session: session.exec(select(model).order_by(*table_of(model).primary_key)).all())


def write_again(store: Store, model: type[SQLModel], row_id: int, **changed: Any) -> None:
    """One more row like this one, but for what is changed."""
    table = table_of(model)

    def insert_it(session: Session) -> None:
        row = session.connection().execute(table.select().where(table.c.id == row_id)).mappings().one()
        session.connection().execute(insert(table), {**row, **changed})

    store.transact_now(insert_it)


def lasts_for(store: Store, until: Any) -> float:
    """Seconds, by the database's time, until the latest moment in this column."""
    latest, now = store.read_now(lambda session: session.exec(select(func.max(until), database_time())).one())
    return float((latest - now).total_seconds())


def let_leases_run_out(store: Store) -> None:
    """Ten seconds of real time, without waiting for them."""
    gone = update(table_of(Posting)).values(lease_until=datetime(2020, 1, 1, tzinfo=UTC))
    store.transact_now(lambda session: session.connection().execute(gone))

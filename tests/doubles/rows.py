"""A look into any store's tables."""

from collections.abc import Sequence
from typing import TypeVar

from sqlmodel import SQLModel, select

from bot.store.columns import table_of
from bot.store.database import Store

Row = TypeVar("Row", bound=SQLModel)


def rows(store: Store, model: type[Row]) -> Sequence[Row]:
    """Every row, oldest first."""
    return store.transact_now(lambda session: session.exec(select(model).order_by(*table_of(model).primary_key)).all())

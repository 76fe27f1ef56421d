"""A prepared statement does on SQLite what SQLAlchemy does with it."""

from sqlalchemy import insert, select
from sqlmodel import Session

from bot.store.columns import table_of
from bot.store.database import Store
from bot.store.leads import Borrower
from bot.store.prepared import Prepared

borrower = table_of(Borrower)


def test_an_insert_is_written_for_the_names_that_each_row_has(store: Store) -> None:
    keep = Prepared(insert(borrower).returning(borrower.c.id))

    def keep_three(session: Session) -> None:
        keep.run(session, {"first_name": "Dana"})
        keep.run(session, {"last_name": "Rowe", "language": "es"})
        keep.run(session, {"first_name": "Ann", "last_name": "Lee"})

    store.transact_now(keep_three)

    def kept(session: Session) -> list[tuple[str | None, ...]]:
        names = select(borrower.c.first_name, borrower.c.last_name, borrower.c.language).order_by(borrower.c.id)
        return [tuple(row) for row in session.connection().execute(names)]

    assert store.transact_now(kept) == [("Dana", None, None), (None, "Rowe", "es"), ("Ann", "Lee", None)]

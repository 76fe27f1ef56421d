"""A prepared statement does what SQLAlchemy does with it, for one row and for several."""

from sqlalchemy import bindparam, insert, select, update
from sqlmodel import Session

from bot.store.columns import table_of
from bot.store.database import Store
from bot.store.leads import Borrower
from bot.store.prepared import Prepared

borrower = table_of(Borrower)
wanted = bindparam("wanted", type_=borrower.c.first_name.type)


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


def test_what_is_asked_for_several_rows_is_answered_for_each_in_their_order(store: Store) -> None:
    keep, named = (
        Prepared(insert(borrower).returning(borrower.c.id)),
        Prepared(select(borrower.c.id).where(borrower.c.first_name == wanted)),
    )
    rename = Prepared(update(borrower).where(borrower.c.first_name == wanted).values(language="es"))

    def ask(session: Session) -> None:
        [[dana], [ann]] = keep.run_each(session, [{"first_name": "Dana"}, {"first_name": "Ann"}])

        assert keep.run_each(session, []) == []
        asked = [{"wanted": "Ann"}, {"wanted": "Nobody"}, {"wanted": "Dana"}]
        assert [[row.id for row in found] for found in named.run_each(session, asked)] == [[ann.id], [], [dana.id]]
        assert [list(found) for found in rename.run_each(session, asked)] == [[], [], []]

    store.transact_now(ask)

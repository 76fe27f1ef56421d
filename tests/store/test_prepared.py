"""A prepared statement does what SQLAlchemy does with it, for one row and for several."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import bindparam, insert, select, text, update
from sqlmodel import Session

from bot.store.columns import table_of
from bot.store.database import Store
from bot.store.events import Event
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


def test_whatever_is_stored_for_several_is_read_as_it_was(store: Store) -> None:
    event = table_of(Event)
    keep, at = Prepared(insert(event)), datetime(2026, 11, 24, 18, 0, 0, 123456, tzinfo=UTC)
    new = {"stream": 0, "kind": "noted", "actor": "leadbell", "officer_id": None, "subject_id": None, "digest": "d", "body_digest": None}
    said = ['100 % sure: "yes", she said; c:\\home 🏠 %(name)s', None, ""]
    rows: list[dict[str, Any]] = [
        {**new, "seq": seq, "at": at, "meta": {"words": words, "deep": [1, {"a": 2.5}, None, True]}, "body": words, "salt": words}
        for seq, words in enumerate(said, 1)
    ]
    as_asked = Prepared(
        select(event.c.at, event.c.meta, event.c.body).where(event.c.seq == bindparam("at_seq"), event.c.actor != "100 % 'x'")
    )

    def keep_and_ask(session: Session) -> list[tuple[Any, ...]]:
        keep.run_each(session, rows)
        return [tuple(found) for [found] in as_asked.run_each(session, [{"at_seq": seq} for seq in (3, 1, 2)])]

    assert store.transact_now(keep_and_ask) == [(at, rows[place]["meta"], said[place]) for place in (2, 0, 1)]


def test_each_of_several_may_find_many_rows_in_their_order_and_the_same_may_be_asked_twice(store: Store) -> None:
    keep = Prepared(insert(borrower))
    named = Prepared(select(borrower.c.last_name).where(borrower.c.first_name == wanted).order_by(borrower.c.last_name.desc()))

    def ask(session: Session) -> list[list[str]]:
        keep.run_each(session, [{"first_name": first, "last_name": last} for first in ("Dana", "Ann") for last in ("Lee", "Rowe", "Ash")])
        return [[row.last_name for row in found] for found in named.run_each(session, [{"wanted": each} for each in ("Ann", "Bo", "Ann")])]

    assert store.transact_now(ask) == [["Rowe", "Lee", "Ash"], [], ["Rowe", "Lee", "Ash"]]


def test_postgresql_soon_plans_once_and_for_all_what_is_asked_for_several(store: Store) -> None:
    event = table_of(Event)
    named = Prepared(select(event.c.id).where(event.c.stream == bindparam("of_stream"), event.c.seq == bindparam("of_seq")))
    plans = text("SELECT generic_plans FROM pg_prepared_statements WHERE statement LIKE '%json_to_recordset%'")

    def ask(session: Session) -> None:
        for many in [3, 4] * 10:
            named.run_each(session, [{"of_stream": 1, "of_seq": seq} for seq in range(many)])
        if not store.is_sqlite:
            assert session.connection().execute(plans).scalar_one() >= 5

    store.transact_now(ask)

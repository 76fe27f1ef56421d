"""One process hears Discord; another takes over when it dies."""

from sqlalchemy import update

from bot.store.columns import database_time
from bot.store.database import Store
from bot.store.gateway import HELD_FOR, RENEW_EVERY, Gateway, free_gateway, hold_gateway, leave_gateway, somebody_holds


def test_of_two_who_ask_the_first_holds_it_and_may_renew(store: Store) -> None:
    assert [store.transact_now(hold_gateway, who) for who in ("a", "b", "a")] == [True, False, True]
    assert store.transact_now(somebody_holds, "b") and not store.transact_now(somebody_holds, "a")


def test_when_the_holder_dies_another_takes_over_and_the_dead_one_is_told(store: Store) -> None:
    store.transact_now(hold_gateway, "a")
    store.transact_now(lambda session: session.exec(update(Gateway).values(held_until=database_time())))

    assert store.transact_now(hold_gateway, "b")
    assert not store.transact_now(hold_gateway, "a")


def test_who_leaves_gives_it_to_the_next_and_nobody_leaves_for_another(store: Store) -> None:
    store.transact_now(hold_gateway, "a")
    store.transact_now(leave_gateway, "b")
    assert not store.transact_now(hold_gateway, "b")

    store.transact_now(leave_gateway, "a")
    assert store.transact_now(hold_gateway, "b")


def test_who_holds_the_sqlite_file_frees_it_at_once(store: Store) -> None:
    store.transact_now(hold_gateway, "a")

    store.transact_now(free_gateway)

    assert store.transact_now(hold_gateway, "b")


def test_a_take_over_leaves_time_to_connect_within_fifteen_seconds() -> None:
    assert HELD_FOR + 2 < 15
    assert 2 * RENEW_EVERY < HELD_FOR

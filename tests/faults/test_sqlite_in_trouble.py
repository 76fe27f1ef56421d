"""A SQLite file that is busy, or has no room left: nobody hears of a lock, nothing is half written, and it works again by itself."""

from functools import partial
from pathlib import Path

import pytest
from sqlmodel import Session

from bot.distribution.claiming import Claimed
from bot.errors import StoreUnavailable
from bot.store.database import Store
from bot.store.events import COMPANY, Event, Fact, append_event, broken_links
from bot.store.leads import Lead
from tests.conftest import COMPANY as FILLED
from tests.conftest import NOON
from tests.doubles.branch import Branch
from tests.doubles.databases import fresh_sqlite
from tests.doubles.parallel import in_parallel

NOTED = Fact("noted", "leadbell", NOON, {})
WRITERS, EACH = 8, 2


@pytest.mark.fault(7)
def test_eight_that_read_then_write_and_two_that_read_hear_of_no_lock(tmp_path: Path) -> None:
    url = fresh_sqlite(tmp_path, FILLED)
    stores = [Store(url) for _ in range(WRITERS + 2)]

    def write(store: Store) -> int:
        for _ in range(EACH):
            store.transact_now(append_event, COMPANY, NOTED, "salt")  # reads the head of the timeline, then writes behind it
        return EACH

    def read(store: Store) -> int:
        return sum(len(store.read_now(lambda session: list(broken_links(session)))) for _ in range(EACH))

    done = in_parallel([*(partial(write, store) for store in stores[:WRITERS]), *(partial(read, store) for store in stores[WRITERS:])])

    assert done == [EACH] * WRITERS + [0, 0]
    branch = Branch(stores[0], NOON)
    assert len([event for event in branch.all(Event) if event.kind == "noted"]) == WRITERS * EACH
    for store in stores:
        store.close()


@pytest.mark.fault(8)
def test_a_full_disk_keeps_leads_out_in_words_and_nothing_is_half_written(tmp_path: Path) -> None:
    store = Store(fresh_sqlite(tmp_path, FILLED))
    branch = Branch(store, NOON)
    lead = branch.new_lead()
    store.transact_now(_give_no_more_room, 0)
    kept = [(branch.count(Lead), branch.count(Event))]

    def arrive() -> None:
        for number in range(1000):
            branch.arrive(phone=f"(512) 555-{number:04}", comments="x" * 2000)
            kept.append((branch.count(Lead), branch.count(Event)))

    with pytest.raises(StoreUnavailable):
        arrive()

    assert (branch.count(Lead), branch.count(Event)) == kept[-1]
    assert store.transact_now(lambda session: list(broken_links(session))) == []
    store.transact_now(_give_no_more_room, 1_000_000)
    assert isinstance(branch.claim("maya", lead), Claimed)
    assert branch.new_lead(phone="(512) 555-9999") > lead
    store.close()


def _give_no_more_room(session: Session, pages: int) -> None:
    """SQLite is refused any page beyond so many more, as by a disk without room."""
    connection = session.connection()
    has: int = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
    connection.exec_driver_sql(f"PRAGMA max_page_count = {has + pages}")

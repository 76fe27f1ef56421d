"""The timeline is append only, has no fork, and shows whatever was done to it behind our back."""

from dataclasses import replace
from functools import partial

import pytest
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from bot.store.database import Store
from bot.store.events import COMPANY, Event, Fact, append_event, append_events, broken_links
from bot.store.leads import Lead
from tests.conftest import NOON
from tests.doubles.branch import Branch
from tests.doubles.parallel import in_parallel

NOTED = Fact("noted", "officer:maya", NOON, {"length": 3}, body={"words": "Dana called back"})


def append(store: Store, lead: int, times: int = 1) -> None:
    for number in range(times):
        store.transact_now(append_event, lead, NOTED, f"salt {number}")


def broken(store: Store) -> list[tuple[int, int, str]]:
    return store.transact_now(lambda session: list(broken_links(session)))


def run(store: Store, statement: str) -> None:
    store.transact_now(lambda session: session.connection().exec_driver_sql(statement))


def unguarded(store: Store) -> None:
    """As somebody would who holds the database in their hands."""
    on_both = ("event_is_fixed", "event_body_is_kept")
    guards = (*on_both, "event_stays") if store.is_sqlite else [f"{guard} ON event" for guard in on_both]
    for guard in guards:
        run(store, f"DROP TRIGGER {guard}")


@pytest.fixture
def lead(branch: Branch) -> int:
    """A lead with four events."""
    number = branch.new_lead()
    append(branch.store, number, 3)
    return number


def test_facts_that_are_appended_together_follow_each_other_in_the_stream_of_each_lead(branch: Branch) -> None:
    first, second = branch.new_lead(), branch.new_lead(phone="(512) 555-0177", email="ann@example.com")
    facts = [(second, NOTED), (first, NOTED), (second, replace(NOTED, kind="text_status"))]

    branch.store.transact_now(append_events, facts, "salt")

    assert [event.kind for event in branch.events(first)][1:] == ["noted"]
    assert [event.kind for event in branch.events(second)][1:] == ["noted", "text_status"]
    assert broken(branch.store) == []


@pytest.mark.fault(85)
def test_eight_writers_on_the_same_leads_make_no_fork(branch: Branch) -> None:
    leads = [branch.new_lead(phone=f"(512) 555-01{number:02}") for number in range(4)]

    def write(own: int) -> None:
        for _ in range(5):
            append(branch.store, leads[0])
            append(branch.store, own)
            append(branch.store, COMPANY)

    in_parallel([partial(write, leads[number % 4]) for number in range(8)])
    assert broken(branch.store) == []
    assert [row.head_seq for row in branch.all(Lead)] == [1 + 40 + 10, 1 + 10, 1 + 10, 1 + 10]


def test_the_same_fact_at_another_place_has_another_salt_and_digest(branch: Branch, lead: int) -> None:
    store = branch.store
    store.transact_now(append_event, lead, NOTED, "the same salt")
    store.transact_now(append_event, lead, NOTED, "the same salt")
    last, another = branch.all(Event)[-2:]
    assert last.salt != another.salt and last.body_digest != another.body_digest and last.digest != another.digest


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE event SET kind = 'claimed'",
        "UPDATE event SET at = '2020-01-01 00:00:00+00:00'",
        "UPDATE event SET meta = '{}'",
        "UPDATE event SET actor = 'officer:luis'",
        "UPDATE event SET seq = seq + 100",
        "UPDATE event SET body_digest = NULL",
        "UPDATE event SET body = '{}'",
        "UPDATE event SET salt = '00'",
        "DELETE FROM event",
        "DELETE FROM event WHERE seq = 4",
    ],
)
@pytest.mark.usefixtures("lead")
def test_the_database_refuses_to_change_or_delete_an_event(branch: Branch, statement: str) -> None:
    before = [event.model_dump() for event in branch.all(Event)]
    with pytest.raises(DBAPIError, match="the timeline is append only"):
        run(branch.store, statement)
    assert [event.model_dump() for event in branch.all(Event)] == before


@pytest.mark.parametrize("kind", ["postgresql"], indirect=True)
@pytest.mark.usefixtures("lead")
def test_postgresql_refuses_to_empty_the_timeline(branch: Branch) -> None:
    with pytest.raises(DBAPIError, match="the timeline is append only"):
        run(branch.store, "TRUNCATE event")


EMPTIED = "UPDATE event SET body = NULL, salt = NULL"
GONE = "the body is gone, and nothing says that it was erased"


def test_bodies_may_be_emptied_where_an_event_says_so_afterwards_and_the_chain_still_holds(branch: Branch, lead: int) -> None:
    held = [event.seq for event in branch.events(lead) if event.body_digest]
    run(branch.store, f"{EMPTIED} WHERE stream = {lead}")
    assert broken(branch.store) == [(lead, seq, GONE) for seq in held]

    branch.store.transact_now(append_event, lead, Fact("erased", "operator", NOON, {"borrowers": 1, "emptied": held[:-1]}), "salt")
    assert broken(branch.store) == [(lead, held[-1], GONE)]
    branch.store.transact_now(append_event, lead, Fact("erased", "operator", NOON, {"borrowers": 1, "emptied": held}), "salt")
    assert broken(branch.store) == []


def test_what_an_early_release_erased_without_saying_which_bodies_is_whole_and_what_went_after_it_is_not(branch: Branch, lead: int) -> None:
    run(branch.store, f"{EMPTIED} WHERE stream = {lead}")
    branch.store.transact_now(append_event, lead, Fact("erased", "operator", NOON, {"borrowers": 1}), "salt")
    assert broken(branch.store) == []

    append(branch.store, lead)
    run(branch.store, f"{EMPTIED} WHERE stream = {lead}")
    assert broken(branch.store) == [(lead, 6, GONE)]


def test_an_erasure_of_one_lead_covers_no_other(branch: Branch, lead: int) -> None:
    other = branch.new_lead(phone="(512) 555-0111")
    append(branch.store, other)
    run(branch.store, f"{EMPTIED} WHERE stream = {other}")
    branch.store.transact_now(append_event, lead, Fact("erased", "operator", NOON, {"borrowers": 1}), "salt")
    assert {(stream, what) for stream, _, what in broken(branch.store)} == {(other, GONE)}


def test_an_untouched_timeline_is_whole(branch: Branch, lead: int) -> None:
    branch.claim("maya", lead)
    branch.give_back("maya", lead)
    assert broken(branch.store) == []


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("UPDATE event SET meta = '{\"length\":4}' WHERE stream = 1001 AND seq = 2", [(1001, 2, "the event was changed")]),
        ("UPDATE event SET at = '2020-01-01 00:00:00+00:00' WHERE stream = 1001 AND seq = 3", [(1001, 3, "the event was changed")]),
        ('UPDATE event SET body = \'{"words":"no"}\' WHERE stream = 1001 AND seq = 2', [(1001, 2, "the body was changed")]),
        (f"{EMPTIED} WHERE stream = 1001 AND seq = 2", [(1001, 2, GONE)]),
        ("DELETE FROM event WHERE stream = 1001 AND seq = 2", [(1001, 3, "an event before this one is missing")]),
        ("DELETE FROM event WHERE stream = 1001 AND seq = 4", [(1001, 4, "the end of the timeline is missing or was changed")]),
        ("DELETE FROM event WHERE stream = 1001", [(1001, 4, "the end of the timeline is missing or was changed")]),
        ("DELETE FROM event WHERE stream = 0", [(0, 1, "the end of the timeline is missing or was changed")]),
    ],
)
@pytest.mark.usefixtures("lead")
@pytest.mark.fault(84)
def test_what_was_done_to_a_timeline_is_found_with_its_place(branch: Branch, statement: str, found: list[tuple[int, int, str]]) -> None:
    unguarded(branch.store)
    run(branch.store, statement)
    assert broken(branch.store) == found


def test_an_event_slipped_in_at_the_end_is_found(branch: Branch, lead: int) -> None:
    def slip_in(session: Session) -> None:
        session.add(Event(stream=lead, seq=5, kind="noted", actor="officer:luis", at=NOON, meta={}, digest="0" * 64))

    branch.store.transact_now(slip_in)
    assert {wrong for _, _, wrong in broken(branch.store)} == {
        "the event was changed",
        "the end of the timeline is missing or was changed",
    }


def test_the_events_of_a_lead_that_was_deleted_are_found(branch: Branch) -> None:
    def slip_in(session: Session) -> None:
        session.add(Event(stream=4711, seq=1, kind="noted", actor="officer:luis", at=NOON, meta={}, digest="0" * 64))

    branch.store.transact_now(slip_in)
    assert {stream for stream, _, _ in broken(branch.store)} == {4711}

"""A row of a timeline, or a seal, that nobody can read is named like any bad one, and everything else is still looked through."""

from functools import partial

import orjson
import pytest
from sqlmodel import Session

from bot.oversight.audit_trail import check_timelines
from bot.store.database import Store
from bot.store.events import Fact, append_event
from bot.store.sealing import Seal as Sealing
from bot.store.seals import seal_next
from tests.conftest import NOON
from tests.doubles.branch import Branch

NOTED = Fact("noted", "officer:maya", NOON, {"length": 3}, body={"words": "Dana called back"})
UNREADABLE = "lead #1003, event 2: cannot be read"
CHANGED_LATER = "lead #1004, event 1: the event was changed"
GUARDS = ("event_is_fixed", "event_body_is_kept", "event_stays", "seal_is_fixed", "seal_stays")


@pytest.fixture
def store(branch: Branch) -> Store:
    """Four leads of three events each and their seals, which nothing guards; of the last lead the first event was changed."""
    for number in range(4):
        lead = branch.new_lead(phone=f"(512) 555-01{number:02}")
        branch.store.transact_now(append_event, lead, NOTED, "salt")
        branch.store.transact_now(append_event, lead, NOTED, "salt")
    branch.store.transact_now(seal_next, NOON)
    for guard in GUARDS:
        on = "" if branch.store.is_sqlite else f" ON {guard.partition('_')[0]}"
        run(branch.store, f"DROP TRIGGER IF EXISTS {guard}{on}")
    run(branch.store, "UPDATE event SET actor = 'officer:luis' WHERE stream = 1004 AND seq = 1")
    return branch.store


def run(store: Store, *words: str) -> None:
    store.transact_now(lambda session: session.connection().exec_driver_sql(" ".join(words)))


def found(store: Store) -> tuple[str, ...]:
    return store.read_now(check_timelines, None).bad


on_sqlite = partial(pytest.mark.parametrize, "kind", ["sqlite"], indirect=True)
on_postgresql = partial(pytest.mark.parametrize, "kind", ["postgresql"], indirect=True)


@on_sqlite()
@pytest.mark.parametrize(
    "change",
    [
        "meta = '{bad'",
        "meta = '{\"a\":NaN}'",
        "meta = x'ff00'",
        "meta = CAST(x'ff' AS TEXT)",
        "meta = 5",
        "at = 'notatime'",
        "at = 2020",
        "at = x'ff00'",
        "kind = x'ff00'",
        "actor = CAST(x'ff' AS TEXT)",
        "body = x'ff00'",
        "body = CAST(x'ff' AS TEXT)",
    ],
)
def test_an_event_that_cannot_be_read_is_named_and_all_after_it_is_still_looked_through(store: Store, change: str) -> None:
    run(store, "UPDATE event SET", change, "WHERE stream = 1003 AND seq = 2")
    assert found(store) == (UNREADABLE, CHANGED_LATER)


@pytest.mark.parametrize("meta", ["[1]", "5", "null", '"words"', '{"a":"\\ud800"}'])
def test_details_that_are_not_ours_are_bad_on_both_stores(store: Store, meta: str) -> None:
    run(store, "UPDATE event SET meta =", f"'{meta}'", "WHERE stream = 1003 AND seq = 2")
    assert found(store) == (UNREADABLE, CHANGED_LATER)


@on_postgresql()
@pytest.mark.parametrize("at", ["infinity", "-infinity", "20000-01-01 00:00:00+00", "0044-03-15 12:00:00+00 BC"])
def test_a_time_that_only_postgresql_knows_is_named(store: Store, at: str) -> None:
    run(store, "UPDATE event SET at =", f"'{at}'", "WHERE stream = 1003 AND seq = 2")
    assert found(store) == (UNREADABLE, CHANGED_LATER)


@pytest.mark.parametrize("body", ["", "no json", "\x02", "\x02no base64", "\x02\u00e9", "\x02AAAA"])
@pytest.mark.parametrize("seal", [None, Sealing("0123456789abcdefghijklmnopqrstuvwxyz")], ids=["no key", "key"])
def test_a_body_of_any_text_ends_nothing(store: Store, body: str, seal: Sealing | None) -> None:
    run(store, "UPDATE event SET body =", f"'{body}'", "WHERE stream = 1003 AND seq = 2")
    again = Store(store.url.render_as_string(hide_password=False), seal)
    unlooked = seal is None and body.startswith("\x02")  # sealed, it seems, and there is no key
    wrong = () if unlooked else ("lead #1003, event 2: the body was changed",)
    assert found(again) == (*wrong, CHANGED_LATER)
    again.close()


@on_sqlite()
@pytest.mark.parametrize("change", ["at = 'zzz'", "at = 2020", "at = x'ff00'", "previous = CAST(x'ff' AS TEXT)", "previous = x'ff'"])
def test_a_seal_that_cannot_be_read_is_named_with_its_event_and_all_after_it_is_still_looked_through(store: Store, change: str) -> None:
    run(store, "UPDATE seal SET", change, "WHERE stream = 1002")
    run(store, "UPDATE seal SET at = '2020-01-01 00:00:00' WHERE stream = 1003")
    assert found(store) == (
        CHANGED_LATER,
        "lead #1002, event 3: its seal cannot be read",
        "lead #1003, event 3: the event is not the one that was sealed, or its seal was changed",
    )


@on_postgresql()
def test_a_seal_of_a_time_that_only_postgresql_knows_is_named(store: Store) -> None:
    run(store, "UPDATE seal SET at = 'infinity' WHERE stream = 1002")
    assert found(store) == (CHANGED_LATER, "lead #1002, event 3: its seal cannot be read")


@on_sqlite()
@pytest.mark.parametrize("number", ["'x'", "x'ff'", "2.5", "CAST(x'ff' AS TEXT)"])
def test_an_event_whose_number_is_none_is_named_beside_the_gap_that_it_left(store: Store, number: str) -> None:
    run(store, "UPDATE event SET seq =", number, "WHERE stream = 1003 AND seq = 2")
    said = found(store)
    assert "lead #1003, event 3: an event before this one is missing" in said and said[-1] == CHANGED_LATER
    assert [each.startswith("lead #1003, event ") and each.endswith(": cannot be read") for each in said].count(True) == 1


@on_sqlite()
@pytest.mark.parametrize("number", ["'x'", "x'ff'", "CAST(x'ff' AS TEXT)"])
def test_an_event_of_a_lead_that_can_be_none_is_named_after_all_others(store: Store, number: str) -> None:
    run(store, "UPDATE event SET stream =", number, "WHERE stream = 1003 AND seq = 2")
    said = found(store)
    assert said[:2] == ("lead #1003, event 3: an event before this one is missing", CHANGED_LATER)
    assert len(said) == 3 and said[2].endswith(", event 2: cannot be read")


@on_sqlite()
@pytest.mark.parametrize("digest", ["x'ff'", "CAST(x'ff' AS TEXT)", "'x'"])
def test_a_digest_that_is_none_is_a_change_to_its_event_and_the_chain_goes_on_from_it(store: Store, digest: str) -> None:
    run(store, "UPDATE event SET digest =", digest, "WHERE stream = 1003 AND seq = 1")
    assert found(store)[:3] == (
        "lead #1003, event 1: the event was changed",
        "lead #1003, event 2: the event was changed",
        CHANGED_LATER,
    )


@on_sqlite()
@pytest.mark.parametrize("change", ["head_digest = CAST(x'ff' AS TEXT)", "head_digest = x'ff'", "head_seq = 'x'"])
def test_an_end_that_cannot_be_read_is_an_end_that_was_changed(store: Store, change: str) -> None:
    run(store, "UPDATE lead SET", change, "WHERE id = 1003")
    said = found(store)
    assert said[0].startswith("lead #1003, event ") and said[0].endswith(": the end of the timeline is missing or was changed")
    assert said[1:] == (CHANGED_LATER,)


@pytest.mark.parametrize("emptied", ["5", "null", "[[1]]", '"all"', '{"a":1}'])
def test_an_erasure_that_names_no_bodies_covers_none(branch: Branch, emptied: str) -> None:
    lead = branch.new_lead()
    branch.store.transact_now(append_event, lead, NOTED, "salt")
    run(branch.store, "UPDATE event SET body = NULL, salt = NULL WHERE stream = 1001 AND seq = 2")
    erased = Fact("erased", "operator", NOON, {"emptied": orjson.loads(emptied)})
    branch.store.transact_now(append_event, lead, erased, "salt")
    assert found(branch.store) == ("lead #1001, event 2: the body is gone, and nothing says that it was erased",)


def test_how_many_leads_and_events_were_read_is_said(branch: Branch) -> None:
    branch.new_lead()
    branch.new_lead(phone="(512) 555-0111")

    def events(session: Session) -> int:
        return int(session.connection().exec_driver_sql("SELECT count(*) FROM event").scalar_one())

    said = branch.store.read_now(check_timelines, None)
    assert said.whole.splitlines()[-1] == f"2 leads and {branch.store.read_now(events)} events were read."

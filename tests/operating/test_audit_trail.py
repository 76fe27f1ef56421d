"""`leadbell audit verify` names what is bad and fails; `leadbell export audit` writes a timeline that no spreadsheet runs."""

import csv
import io
import json
import stat
from pathlib import Path

import pytest
from sqlmodel import Session

from bot.errors import LeadbellError
from bot.oversight.audit_trail import ERASED, timeline_as_csv, timeline_as_json
from bot.store.database import Store
from bot.store.events import COMPANY, Event, Fact, append_event
from bot.store.seals import newest_head, seal_next
from tests.conftest import COMPANY as FILLED
from tests.conftest import NOON
from tests.doubles.branch import Branch
from tests.doubles.databases import fresh_store
from tests.doubles.formulas import STORABLE_FORMULAS
from tests.doubles.processes import command

NOTED = Fact("noted", "officer:maya", NOON, {"length": 3}, body={"note": '=HYPERLINK("http://evil","x")'})


@pytest.fixture
def branch(company: Store) -> Branch:
    return Branch(company, NOON)


@pytest.fixture
def lead(branch: Branch) -> int:
    """A lead with two events, of which the first is sealed."""
    number = branch.new_lead()
    branch.store.transact_now(seal_next, NOON)
    branch.store.transact_now(append_event, number, NOTED, "salt")
    return number


def test_a_timeline_is_written_whole_with_what_is_sealed_of_it(branch: Branch, lead: int) -> None:
    written, many = branch.store.read_now(timeline_as_csv, lead)

    rows = list(csv.DictReader(io.StringIO(written, newline="")))
    assert many == len(rows) == 2
    assert [(row["event"], row["who"], row["what"], row["sealed"]) for row in rows] == [
        ("1", "source:website", "arrived", "yes"),
        ("2", "officer:maya", "noted", "not yet"),
    ]
    assert rows[1]["words"] == '{"note":"=HYPERLINK(\\"http://evil\\",\\"x\\")"}'
    assert rows[1]["at (UTC)"] == "2026-11-24T18:00:00+00:00"
    assert rows[1]["digest"] == branch.events(lead)[1].digest


@pytest.mark.fault(74)
def test_no_cell_of_it_is_a_formula(branch: Branch, lead: int) -> None:
    for cell in STORABLE_FORMULAS:
        branch.store.transact_now(append_event, lead, Fact(cell, cell, NOON, {}), "salt")

    written, _ = branch.store.read_now(timeline_as_csv, lead)

    rows = list(csv.DictReader(io.StringIO(written, newline="")))[-len(STORABLE_FORMULAS) :]
    assert [(row["what"], row["who"]) for row in rows] == [(f"'{cell}", f"'{cell}") for cell in STORABLE_FORMULAS]


def test_the_same_as_json_for_programs(branch: Branch, lead: int) -> None:
    written, many = branch.store.read_now(timeline_as_json, lead)

    document = json.loads(written)
    assert (document["lead"], len(document["events"])) == (lead, many)
    assert document["events"][1]["words"] == {"note": '=HYPERLINK("http://evil","x")'}
    assert document["events"][1]["details"] == {"length": 3}


def test_what_was_erased_is_said_to_be(branch: Branch, lead: int) -> None:
    erase = "UPDATE event SET body = NULL, salt = NULL"
    branch.store.transact_now(lambda session: session.connection().exec_driver_sql(erase))

    written, _ = branch.store.read_now(timeline_as_csv, lead)

    assert list(csv.DictReader(io.StringIO(written, newline="")))[1]["words"] == ERASED


def test_without_a_lead_it_is_the_company_s_own(branch: Branch) -> None:
    written, many = branch.store.read_now(timeline_as_json, None)
    assert many == len(branch.events(COMPANY)) > 0
    assert json.loads(written)["lead"] is None


@pytest.mark.parametrize("number", [COMPANY, 4711, -1, 2**62])
def test_a_lead_that_is_none_has_no_timeline(branch: Branch, number: int) -> None:
    with pytest.raises(LeadbellError, match="There is no lead"):
        branch.store.read_now(timeline_as_csv, number)


async def test_a_timeline_is_exported_by_a_command_into_a_private_file(tmp_path: Path) -> None:
    url, file = _with_a_lead(tmp_path), tmp_path / "out.json"

    said = await command(url, "export", "audit", str(file), "--lead", "1001", "--format", "json")

    assert said == (0, f"{file} holds 1 event. Keep it private.\n")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert json.loads(file.read_text("utf-8"))["lead"] == 1001


async def test_a_whole_store_is_said_to_be_whole_and_a_seal_of_it_is_known_again(tmp_path: Path) -> None:
    url = _with_a_lead(tmp_path)
    store = Store(url)
    head, events = store.transact_now(newest_head), len(Branch(store, NOON).all(Event))
    store.close()

    assert await command(url, "audit", "verify", "--head", str(head)) == (
        0,
        f"Every timeline is whole, and this seal stands in it as it was told.\n"
        f"Its newest seal: {head}\n1 lead and {events} events were read.\n",
    )


@pytest.mark.fault(84)
async def test_the_first_bad_event_is_named_first_and_the_command_fails(tmp_path: Path) -> None:
    url = _with_a_lead(tmp_path)
    store = Store(url)
    for statement in ("DROP TRIGGER event_is_fixed", "UPDATE event SET actor = 'officer:luis' WHERE stream = 1001"):
        store.transact_now(_execute, statement)
    store.close()

    assert await command(url, "audit", "verify") == (1, "lead #1001, event 1: the event was changed\n")


def _execute(session: Session, statement: str) -> None:
    session.connection().exec_driver_sql(statement)


def _with_a_lead(folder: Path) -> str:
    """The URL of a store with one lead, sealed."""
    store = fresh_store("sqlite", folder, FILLED)
    Branch(store, NOON).new_lead()
    store.transact_now(seal_next, NOON)
    store.close()
    return f"sqlite:///{folder}/leadbell.db"


@pytest.mark.parametrize("written", ["meta = '{bad'", "at = 'notatime'", "body = x'ff00'"])
async def test_an_event_that_nobody_can_read_is_named_by_the_command_and_ends_nothing_in_a_crash(tmp_path: Path, written: str) -> None:
    url = _with_a_lead(tmp_path)
    store = Store(url)
    change = " ".join(("UPDATE event SET", written, "WHERE stream = 1001"))
    for statement in ("DROP TRIGGER event_is_fixed", "DROP TRIGGER event_body_is_kept", change):
        store.transact_now(_execute, statement)
    store.close()

    assert await command(url, "audit", "verify") == (1, "lead #1001, event 1: cannot be read\n")

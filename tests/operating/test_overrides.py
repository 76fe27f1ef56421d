"""`leadbell export overrides`: who decided against the rules, when and why, in a file that no spreadsheet runs."""

import csv
import io
import stat
from pathlib import Path

import pytest

from bot.calls.calling_anyway import note_reason
from bot.conversation.speaking import keep_english
from bot.oversight.overrides import table_of_overrides
from bot.store.database import Store
from bot.store.events import Event
from bot.store.newest_first import READ_AT_ONCE
from tests.conftest import NOON
from tests.doubles.branch import Branch
from tests.doubles.databases import fresh_sqlite
from tests.doubles.formulas import WIDE
from tests.doubles.processes import command
from tests.doubles.rows import write_again
from tests.doubles.texts import Texts


@pytest.fixture
def branch(company: Store) -> Branch:
    return Branch(company, NOON)


@pytest.mark.fault(74)
def test_each_override_is_a_row_and_what_agreed_with_the_machine_is_none(branch: Branch) -> None:
    branch.lets("calls_outside_hours")
    texts = Texts(branch)
    lead = texts.lead()
    branch.clock.skip(hours=9)  # evening in Texas
    branch.store.transact_now(note_reason, branch.press("maya", lead), '=HYPERLINK("http://evil","x"), she asked\nme to')
    branch.store.transact_now(keep_english, branch.press("maya", lead))
    branch.clock.skip(hours=14)
    for again in (True, False):
        text = texts.queued(lead)
        texts.begun(text)
        texts.time_is_over(text)
        texts.asked_in_vain(text)
        texts.settles(lead, text, send_again=again)
    called = next(event for event in branch.events(lead) if event.kind == "called_anyway")
    assert called.id is not None
    write_again(branch.store, Event, called.id, id=3 * READ_AT_ONCE, seq=1000, at=NOON)  # pages later, and before all of them

    table, many = branch.store.read_now(table_of_overrides)

    found = list(csv.DictReader(io.StringIO(table, newline="")))
    assert many == len(found) == 4
    assert found.pop(0)["at (UTC)"] == NOON.isoformat(timespec="seconds")
    assert [(row["lead"], row["who"], row["name"]) for row in found] == [(str(lead), "maya", "Maya Torres")] * 3
    assert [row["what"].partition(" ")[0] for row in found] == ["called", "answered", "sent"]
    assert found[0]["reason"] == '\'=HYPERLINK("http://evil","x"), she asked\nme to'
    assert (found[0]["zone"], found[0]["hours opened at"] != "", found[1]["reason"]) == ("America/Denver", True, "")
    assert found[0]["at (UTC)"].endswith("+00:00")


@pytest.mark.fault(74)
def test_no_cell_of_it_is_a_formula(branch: Branch) -> None:
    branch.lets("calls_outside_hours")
    lead = Texts(branch).lead()
    branch.clock.skip(hours=9)  # evening in Texas
    for cell in WIDE:
        branch.store.transact_now(note_reason, branch.press("maya", lead), cell)

    table, _ = branch.store.read_now(table_of_overrides)

    assert [row["reason"] for row in csv.DictReader(io.StringIO(table, newline=""))] == [f"'{cell}" for cell in WIDE]


async def test_it_is_typed_as_a_command(tmp_path: Path) -> None:
    code, said = await command(fresh_sqlite(tmp_path), "export", "overrides", str(tmp_path / "out.csv"))

    assert (code, said) == (0, f"{tmp_path / 'out.csv'} holds 0 decisions.\n")
    assert stat.S_IMODE((tmp_path / "out.csv").stat().st_mode) == 0o600
    code, said = await command(fresh_sqlite(tmp_path), "export", "overrides", str(tmp_path / "out.csv"))
    assert code == 1 and "exists already" in said

"""`leadbell export fair-lending`: how quickly leads of a month were answered, by state, source and language."""

import csv
import io
import stat
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import app
from bot.oversight.fair_lending import COLUMNS, table_of_answers
from bot.store.database import Store
from bot.store.leads import Lead
from tests.conftest import NOON
from tests.doubles.branch import Branch
from tests.doubles.databases import fresh_sqlite
from tests.doubles.formulas import STORABLE_FORMULAS


@pytest.fixture
def branch(company: Store) -> Branch:
    return Branch(company, NOON)


def rows(branch: Branch, month: date) -> dict[tuple[str, str], dict[str, str]]:
    table, _ = branch.store.transact_now(table_of_answers, month)
    found = list(csv.DictReader(io.StringIO(table, newline="")))
    return {(row["by"], row["value"]): row for row in found}


def test_leads_are_counted_and_timed_by_state_source_and_language(branch: Branch) -> None:
    quick = branch.new_lead(language="es")
    branch.claim("luis", quick)
    branch.clock.skip(minutes=3)
    branch.logs("luis", quick, "no_answer")
    branch.new_lead(first_name="Tom", phone="(512) 555-0177", property_state="OK")

    found = rows(branch, NOON.date())

    assert tuple(found["all", "all"]) == COLUMNS
    spanish, oklahoma = found["language", "es"], found["state", "OK"]
    assert [spanish[name] for name in ("leads", "claimed", "tried", "not tried", "tried within 5 minutes")] == ["1", "1", "1", "0", "1"]
    assert spanish["minutes to first try (median)"] == spanish["wall-clock minutes to first try (median)"] == "3.0"
    assert [oklahoma[name] for name in ("leads", "tried", "not tried", "minutes to first try (median)")] == ["1", "0", "1", ""]
    assert found["source", "website"]["leads"] == found["all", "all"]["leads"] == "2"
    assert found["language", "not stated"]["leads"] == "1"


def test_a_month_holds_its_own_leads_alone(branch: Branch) -> None:
    branch.new_lead()
    assert rows(branch, date(2026, 1, 31)) == rows(branch, date(9999, 12, 1)) == {}
    assert rows(branch, NOON.date().replace(day=1))["all", "all"]["month"] == f"{NOON:%Y-%m}"


@pytest.mark.fault(74)
def test_no_cell_is_run_by_a_spreadsheet(branch: Branch) -> None:
    lead = branch.new_lead()
    for cell in STORABLE_FORMULAS:
        branch.set(Lead, lead, state=cell)
        assert ("state", f"'{cell}") in rows(branch, NOON.date())


def test_it_is_typed_as_a_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEADBELL_DATABASE_URL", fresh_sqlite(tmp_path))
    file = tmp_path / "out.csv"

    done = CliRunner().invoke(app, ["export", "fair-lending", str(file), "--month", "2026-10"])

    assert done.exit_code == 0, done.exception
    assert done.stdout == f"{file} counts 0 leads of 2026-10.\n"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert file.read_text("utf-8-sig").splitlines() == [",".join(COLUMNS)]

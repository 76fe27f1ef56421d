"""Refused rows go to a file that a spreadsheet shows harmlessly, that can be mended, and that can be imported again."""

import csv
from collections.abc import Iterable
from pathlib import Path

import pytest

from bot.capture.importing import understood
from bot.errors import LeadbellError
from bot.sources.csv_file import open_csv
from bot.sources.new_lead import NewLead
from bot.sources.refused_rows import RefusedRows, report_beside
from tests.doubles.formulas import STORABLE_FORMULAS
from tests.importing.conftest import Save

HEADERS = "First Name,Last Name,Phone,Email\n"


def read(path: Path, report: Path | None) -> tuple[list[NewLead], RefusedRows]:
    with open_csv(path) as table, RefusedRows(table, report) as refused:
        return [lead for _, lead in understood(table, refused)], refused


def lines_of(report: Path, delimiter: str = ",") -> list[list[str]]:
    with report.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file, delimiter=delimiter))


def test_the_report_says_where_what_and_what_to_do_beside_the_rows_own_cells(save: Save, tmp_path: Path) -> None:
    path = save(HEADERS + "Dana,Rowe,5125550100,\nTom,Okafor,5.12556E+09,tom@example.com\n")
    leads, refused = read(path, tmp_path / "out.csv")
    assert (len(leads), refused.count) == (1, 1)
    headers, row = lines_of(tmp_path / "out.csv")
    assert headers == ["leadbell: line", "leadbell: field", "leadbell: what to do", "First Name", "Last Name", "Phone", "Email"]
    assert row[:2] == ["3", "phone"] and "Format the column as text" in row[2]
    assert row[3:] == ["Tom", "Okafor", "5.12556E+09", "tom@example.com"]


def test_a_report_is_made_only_when_there_is_something_to_report(save: Save, tmp_path: Path) -> None:
    read(save(HEADERS + "Dana,Rowe,5125550100,\n"), tmp_path / "out.csv")
    assert not (tmp_path / "out.csv").exists()


def test_a_mended_report_is_imported_as_the_rows_it_holds(save: Save, tmp_path: Path) -> None:
    wrong = save("First Name;Phone;Comments\nTom;5.12556E+09;'=1+1\nAnn;none;+\n")
    read(wrong, tmp_path / "out.csv")
    mended = tmp_path / "out.csv"
    mended.write_bytes(mended.read_bytes().replace(b"5.12556E+09", b"5125550100").replace(b";none;", b";5125550101;"))
    leads, refused = read(mended, tmp_path / "again.csv")
    right, _ = read(save("First Name;Phone;Comments\nTom;5125550100;'=1+1\nAnn;5125550101;+\n"), None)
    assert refused.count == 0
    assert leads == right


def test_a_report_of_a_report_has_its_own_columns_once(save: Save, tmp_path: Path) -> None:
    read(save(HEADERS + "Dana,Rowe,,\n"), tmp_path / "first.csv")
    read(tmp_path / "first.csv", tmp_path / "second.csv")
    assert lines_of(tmp_path / "second.csv") == lines_of(tmp_path / "first.csv")


@pytest.mark.fault(74)
@pytest.mark.parametrize("formula", STORABLE_FORMULAS, ids=ascii)
def test_no_cell_of_the_report_is_a_formula(save: Save, tmp_path: Path, formula: str) -> None:
    path = save(f'First Name,Phone,"{formula}"\n"{formula}",none,\n')
    read(path, tmp_path / "out.csv")
    header, row = lines_of(tmp_path / "out.csv")
    assert (header[3:5], row[3]) == (["First Name", "Phone"], f"'{formula}")
    assert not {formula, formula.strip()} & {*header, *row}


@pytest.mark.parametrize("formula", STORABLE_FORMULAS, ids=ascii)
def test_a_formula_in_a_mended_report_is_read_as_it_was_in_the_file(save: Save, tmp_path: Path, formula: str) -> None:
    read(save(f'First Name,Phone,Comments\nAnn,none,"{formula}"\n'), tmp_path / "out.csv")
    mended = tmp_path / "out.csv"
    mended.write_bytes(mended.read_bytes().replace(b",none,", b",5125550101,"))
    leads, _ = read(mended, None)
    right, _ = read(save(f'First Name,Phone,Comments\nAnn,5125550101,"{formula}"\n'), None)
    assert leads == right


def test_what_the_terminal_is_told_holds_no_cell(save: Save) -> None:
    _, refused = read(save(HEADERS + "Dana,Rowe,12345678,dana_at_example\n" * 9), None)
    assert len(refused.told) == 5 and refused.count == 9
    assert refused.told[0].startswith("line 2, phone, email: ")
    assert not any(cell in told for told in refused.told for cell in ("Dana", "Rowe", "12345678", "dana"))


def test_the_report_lies_beside_the_file_and_never_takes_the_place_of_another(tmp_path: Path) -> None:
    assert report_beside(tmp_path / "leads.csv") == tmp_path / "leads.refused.csv"
    (tmp_path / "leads.refused.csv").touch()
    (tmp_path / "leads.refused-2.csv").touch()
    assert report_beside(tmp_path / "leads.csv") == tmp_path / "leads.refused-3.csv"


def test_a_report_that_exists_is_not_written_over(save: Save) -> None:
    path = save(HEADERS + "Dana,Rowe,,\n")
    with pytest.raises(LeadbellError, match="exists already"):
        read(path, path)
    assert path.read_text() == HEADERS + "Dana,Rowe,,\n"


def test_a_report_that_cannot_be_written_is_told(save: Save, tmp_path: Path) -> None:
    with pytest.raises(LeadbellError, match="Name another file with --report"):
        read(save(HEADERS + "Dana,Rowe,,\n"), tmp_path / "no such folder" / "out.csv")


def ids_of(leads: Iterable[NewLead]) -> list[str | None]:
    return [lead.external_id for lead in leads]


def test_a_row_with_an_id_keeps_it(save: Save) -> None:
    leads, _ = read(save("Lead ID,Phone\nA-1,5125550100\n"), None)
    assert ids_of(leads) == ["A-1"]


def test_a_row_without_an_id_is_the_same_in_whatever_order_encoding_and_spelling_it_comes(save: Save) -> None:
    first, _ = read(save("First Name,Phone,Loan Amount\nJosé,(512) 555-0100,$310k\n"), None)
    again, _ = read(save("Phone;Loan amount;first_name\n512-555-0100;310000;José\n".encode("utf-16")), None)
    assert ids_of(first) == ids_of(again)


def test_the_same_words_on_another_day_are_another_request(save: Save) -> None:
    leads, _ = read(save("Phone,Created At\n5125550100,1/5/2026\n5125550100,2/5/2026\n5125550100,1/5/2026\n"), None)
    first, other_day, same_day = ids_of(leads)
    assert first == same_day != other_day

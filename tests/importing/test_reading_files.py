"""A CSV file is read as people save it, and what is no such file is told in one sentence."""

import tracemalloc
from pathlib import Path

import pytest

from bot.errors import LeadbellError
from bot.sources.csv_file import Row, open_csv
from tests.importing.conftest import Save

HEADER = ("Name", "Phone", "Comments")


def rows_of(path: Path) -> list[Row]:
    with open_csv(path) as table:
        return list(table.rows())


def cells_of(path: Path) -> list[list[str]]:
    return [row.cells for row in rows_of(path)]


def refusal(path: Path) -> str:
    with pytest.raises(LeadbellError) as told, open_csv(path):
        pass
    return str(told.value)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_the_one_by_which_headers_are_known(save: Save, delimiter: str) -> None:
    path = save(f"Name{delimiter}Phone{delimiter}Comments\nDana{delimiter}5125550100{delimiter}a, b; c\n".replace("a, b; c", "a b"))
    with open_csv(path) as table:
        assert (table.delimiter, table.headers) == (delimiter, HEADER)
        assert [row.cells for row in table.rows()] == [["Dana", "5125550100", "a b"]]


def test_excels_own_line_names_the_delimiter(save: Save) -> None:
    path = save("sep=;\r\nName;Phone\r\nRowe, Dana;5125550100\r\n")
    assert [(row.line, row.cells) for row in rows_of(path)] == [(3, ["Rowe, Dana", "5125550100"])]


def test_one_column_is_enough(save: Save) -> None:
    assert cells_of(save("Phone\n5125550100\n")) == [["5125550100"]]


@pytest.mark.parametrize(
    "encoded",
    [
        "Name,Phone\nJosé Núñez,5125550100\n".encode(encoding)
        for encoding in ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252")
    ]
    + [b"\xfe\xff" + "Name,Phone\nJosé Núñez,5125550100\n".encode("utf-16-be")],
)
def test_the_usual_encodings_are_understood(save: Save, encoded: bytes) -> None:
    assert cells_of(save(encoded)) == [["José Núñez", "5125550100"]]


def test_one_line_of_another_encoding_spoils_no_other(save: Save) -> None:
    lines = [b"Name,Phone", "José,5125550100".encode(), "José,5125550101".encode("cp1252")]
    assert [name for name, _ in cells_of(save(b"\n".join(lines)))] == ["José", "José"]


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_every_line_end_ends_a_line(save: Save, line_end: str) -> None:
    text = line_end.join(("Name,Phone", "Dana,1", "Tom,2"))
    assert [(row.line, row.cells) for row in rows_of(save(text))] == [(2, ["Dana", "1"]), (3, ["Tom", "2"])]


def test_a_quoted_cell_may_hold_lines_quotes_and_delimiters(save: Save) -> None:
    path = save('Name,Phone,Comments\n"Rowe, Dana",1,"Said ""call me"",\r\nthen hung up"\nTom,2,\n')
    assert cells_of(path) == [["Rowe, Dana", "1", 'Said "call me",\r\nthen hung up'], ["Tom", "2", ""]]
    assert [row.line for row in rows_of(path)] == [2, 4]


def test_a_header_may_hold_a_line_end(save: Save) -> None:
    with open_csv(save('Name,"Phone\nnumber"\nDana,1\n')) as table:
        assert table.headers == ("Name", "Phone number")
        assert [row.cells for row in table.rows()] == [["Dana", "1"]]


def test_blank_lines_and_rows_of_blank_cells_are_no_rows(save: Save) -> None:
    path = save("\n  ,\nName,Phone\n\n,\n  , \nDana,1\n\n")
    assert [(row.line, row.cells) for row in rows_of(path)] == [(7, ["Dana", "1"])]


@pytest.mark.parametrize("behind", ["", "Lee,3\n" * 150])
def test_a_quotation_mark_that_is_never_closed_costs_its_own_line_alone(save: Save, behind: str) -> None:
    first, *others = rows_of(save('Name,Phone\n"Dana,1\nTom,2\n' + behind))
    assert (first.line, first.cells) == (2, ['"Dana', "1"])
    assert first.wrong is not None and "never closed" in first.wrong.message
    assert [row.cells for row in others[:1]] == [["Tom", "2"]]
    assert len(others) == 1 + behind.count("\n")
    assert others[0].line == 3


def test_a_line_longer_than_any_lead_costs_itself_alone(save: Save) -> None:
    long, short = rows_of(save("Name,Phone\nDana," + "1" * 500_000 + "\nTom,2\n"))
    assert long.wrong is not None and long.cells == []
    assert (short.line, short.cells, short.wrong) == (3, ["Tom", "2"], None)


def test_memory_does_not_grow_with_the_file(save: Save) -> None:
    path = save("Name,Phone,Comments\n" + "Dana,5125550100,please call\n" * 30_000)
    tracemalloc.start()
    try:
        with open_csv(path) as table:
            assert sum(1 for _ in table.rows()) == 30_000
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 400_000 < path.stat().st_size


def test_what_is_read_so_far_ends_at_the_size(save: Save) -> None:
    with open_csv(save("Name,Phone\n" + "Dana,5125550100\n" * 2000)) as table:
        assert table.read_so_far() < table.size
        list(table.rows())
        assert table.read_so_far() == table.size


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    assert refusal(tmp_path / "leads.csv") == f"There is no file {tmp_path / 'leads.csv'}."


def test_a_folder_is_called_a_folder(tmp_path: Path) -> None:
    assert refusal(tmp_path) == f"{tmp_path} is a folder. Name the CSV file in it."


@pytest.mark.parametrize("content", [b"", b"\n\r\n \t", b"\xef\xbb\xbf", b"\xff\xfe", b",,,\n", b"sep=;\n"])
def test_an_empty_file_is_called_empty(save: Save, content: bytes) -> None:
    assert refusal(save(content)).endswith("leads.csv is empty.")


@pytest.mark.parametrize(
    ("start", "kind"), [(b"PK\x03\x04", "Excel workbook"), (b"\xd0\xcf\x11\xe0", "old Excel workbook"), (b"%PDF-1.7", "PDF")]
)
def test_a_workbook_is_to_be_saved_as_csv_first(save: Save, start: bytes, kind: str) -> None:
    told = refusal(save(start + bytes(range(256))))
    assert kind in told and "Save As, CSV" in told


def test_other_binary_files_are_no_text(save: Save) -> None:
    assert "is no text" in refusal(save(bytes(range(256)) * 8))


def test_headers_without_phone_and_email_are_told_beside_those_that_are_known(save: Save) -> None:
    told = refusal(save("Client,Favorite color\nDana,blue\n"))
    assert "Its headers are: Client, Favorite color." in told
    assert "Phone, Mobile" in told and "Email" in told


def test_a_lead_in_the_place_of_the_headers_is_not_repeated_to_the_terminal(save: Save) -> None:
    told = refusal(save("Dana,Rowe,(512) 555-0100\nTom,Okafor,2145550101\n"))
    assert "looks like a lead" in told
    assert "Dana" not in told and "555" not in told


def test_more_columns_than_a_lead_can_have_are_refused(save: Save) -> None:
    assert "301 columns" in refusal(save("Phone" + ",x" * 300 + "\n1\n"))


def test_headers_that_cannot_be_told_apart_are_refused(save: Save) -> None:
    assert "never closed" in refusal(save('"Name,Phone\nDana,1\n'))
    assert "longer than a lead can be" in refusal(save("x" * 200_000 + ",Phone\nDana,1\n"))

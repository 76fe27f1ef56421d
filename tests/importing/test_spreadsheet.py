"""What spreadsheets do to cells is mended where it is certain, and refused where digits are lost."""

import pytest

from bot.sources.generic import parse
from bot.sources.new_lead import NewLead, Phone
from bot.sources.spreadsheet import fields_of, plain_cell
from bot.sources.unreadable import FieldError, Unreadable


def lead(**cells: str) -> NewLead:
    """The lead of a row with these cells, which has an email besides."""
    return parse(fields_of([*cells, "Email"], [*cells.values(), "dana@example.com"]))


def refusals(headers: list[str], cells: list[str]) -> list[FieldError]:
    with pytest.raises(Unreadable) as refused:
        fields_of(headers, cells)
    return refused.value.errors


@pytest.mark.parametrize(
    ("cell", "says"),
    [
        ("'02134", "02134"),
        ("'+15125550100", "+15125550100"),
        ("'=1+1", "=1+1"),
        ('="02134"', "02134"),
        ('\'="02134"', "02134"),
        ('="Rowe ""Dee"""', 'Rowe "Dee"'),
        ("'t Hooft", "'t Hooft"),
        ("#N/A", ""),
        ("#name?", ""),
        ("  Dana ", "Dana"),
        ("'", ""),
    ],
)
def test_marks_that_only_spreadsheets_need_are_taken_off(cell: str, says: str) -> None:
    assert plain_cell(cell) == says


@pytest.mark.parametrize("cell", ["5.12556E+09", "5.12555e9", "5,12556E+09", "5E+09", "1.51256E+10"])
def test_a_phone_whose_digits_are_lost_is_refused_even_beside_an_email(cell: str) -> None:
    (error,) = refusals(["Cell Phone", "Email"], [cell, "dana@example.com"])
    assert (error.type, error.field) == ("rounded", "phone")
    assert "Excel has rounded" in error.message and cell not in error.message


def test_an_id_whose_digits_are_lost_is_refused_for_it_could_be_anothers() -> None:
    (error,) = refusals(["Lead ID", "Phone"], ["1.23457E+15", "5125550100"])
    assert error.field == "external_id"


def test_a_comment_may_look_like_a_rounded_number() -> None:
    assert lead(Comments="5.12556E+09").comments == "5.12556E+09"


def test_a_phone_that_became_a_decimal_number_is_a_phone() -> None:
    assert lead(Phone="5125550100.0").phones == (Phone("+15125550100"),)


@pytest.mark.parametrize(("code", "state", "whole"), [("2134", "MA", "02134"), ("7030", "New Jersey", "07030"), ("901", "PR", "00901")])
def test_the_zeros_that_zip_codes_lost_come_back_where_the_state_agrees(code: str, state: str, whole: str) -> None:
    assert lead(Zip=code, State=state).property_zip == whole


@pytest.mark.parametrize(("code", "state"), [("7870", "TX"), ("2134", "NJ"), ("2134", "")])
def test_a_short_zip_code_is_kept_aside_where_no_state_agrees(code: str, state: str) -> None:
    read = lead(Zip=code, State=state)
    assert read.property_zip is None
    assert read.extra == {"Zip as sent": code}
    assert any("too few digits" in note for note in read.notes)


def test_the_state_that_decides_is_the_one_of_the_same_address() -> None:
    cells = {"Property Zip": "2134", "Property State": "MA", "Mailing Zip": "2134", "Mailing State": "TX"}
    read = lead(**cells)
    assert (read.property_zip, read.mailing_zip) == ("02134", None)


@pytest.mark.parametrize("date", ["46350", "11/24/2026", "2026-11-24"])
def test_dates_are_read_as_spreadsheets_write_them(date: str) -> None:
    submitted = lead(**{"Created At": date}).submitted_at
    assert submitted is not None and submitted.date().isoformat() == "2026-11-24"


def test_a_short_row_leaves_the_rest_open() -> None:
    assert fields_of(["Phone", "City", "State"], ["5125550100"]) == {"Phone": "5125550100"}


def test_cells_beyond_the_headers_are_refused_for_all_may_have_moved() -> None:
    (error,) = refusals(["Street", "Phone"], ["12 Main St", "Apt 4", "5125550100"])
    assert error.field == "row" and "1 more cell than there are headers" in error.message


def test_blank_cells_beyond_the_headers_mean_nothing() -> None:
    assert fields_of(["Phone"], ["5125550100", "", " "]) == {"Phone": "5125550100"}


def test_a_header_that_stands_twice_gives_both_phones() -> None:
    read = parse(fields_of(["Phone", "Phone", "Phone"], ["5125550100", "", "5125550101"]))
    assert read.phones == (Phone("+15125550100"), Phone("+15125550101"))


def test_a_header_that_stands_twice_keeps_what_contradicts() -> None:
    read = parse(fields_of(["First Name", "First Name", "Phone"], ["Dana", "Lee", "5125550100"]))
    assert read.first_name == "Dana" and read.extra == {"First Name[2]": "Lee"}


def test_a_column_without_a_header_is_kept_by_its_number() -> None:
    read = parse(fields_of(["Phone", "", ""], ["5125550100", "blue", "green"]))
    assert read.extra == {"column 2": "blue", "column 3": "green"}


def test_a_very_long_cell_is_cut_and_says_so() -> None:
    read = lead(Comments="word " * 20_000)
    assert read.comments is not None and len(read.comments) <= 20_000
    assert any("was cut" in note for note in read.notes)

"""Text from strangers stays text: it is made harmless, shortened without breaking, and masked where everybody reads."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.text import clean, harmless_cell, initial_name, one_line, storable, truncate
from bot.sources.spreadsheet import plain_cell
from tests.doubles.formulas import FORMULAS

ANY_TEXT = st.text(st.characters(exclude_categories=()))
FAMILY = "\U0001f469\u200d\U0001f469\u200d\U0001f467"


@pytest.mark.fault(70)
def test_controls_lone_surrogates_and_invisible_marks_are_removed() -> None:
    assert clean("Da\x00na\x1b \u202eeworR\u202c\u200b\ufeff \ud800\x85") == "Dana eworR"


def test_newlines_and_tabs_stay_and_line_ends_become_one_kind() -> None:
    assert clean("after six\r\nor\tseven\rplease\u2028thanks") == "after six\nor\tseven\nplease\nthanks"


def test_letters_with_accents_are_composed() -> None:
    assert clean("Rene\u0301e") == "Ren\u00e9e"


def test_slack_and_template_marks_are_kept_as_text() -> None:
    assert clean(" <!channel> {{7*7}} *bold* ") == "<!channel> {{7*7}} *bold*"


@given(ANY_TEXT)
def test_clean_text_can_be_stored_anywhere_and_is_clean_already(text: str) -> None:
    cleaned = clean(text)
    cleaned.encode("utf-8")
    assert clean(cleaned) == cleaned
    assert unicodedata.is_normalized("NFC", cleaned)
    assert not any(unicodedata.category(character) == "Cc" for character in cleaned if character not in "\n\t")


@given(ANY_TEXT, st.integers(1, 50))
def test_one_line_is_one_line_within_its_limit(text: str, limit: int) -> None:
    shown = one_line(text, limit)
    assert len(shown) <= limit
    assert len(shown.splitlines()) <= 1


def test_short_text_is_not_truncated() -> None:
    assert truncate("Austin", 6) == "Austin"


def test_long_text_ends_in_an_ellipsis_without_a_space_before_it() -> None:
    assert truncate("Austin Texas", 8) == "Austin…"


@pytest.mark.parametrize(
    ("text", "limit", "shown"),
    [
        ("ab\u0303\u0301cd", 4, "a…"),
        ("a\U0001f1fa\U0001f1f8\U0001f1fa\U0001f1f8b", 5, "a\U0001f1fa\U0001f1f8…"),
        (f"a{FAMILY}", 5, "a…"),
        ("ab\U0001f44d\U0001f3fdcd", 4, "ab…"),
    ],
)
def test_accents_flags_families_and_skin_tones_are_cut_as_a_whole(text: str, limit: int, shown: str) -> None:
    assert truncate(text, limit) == shown


def test_a_letter_under_a_tower_of_marks_is_cut_hard() -> None:
    assert len(truncate("Z" + "\u0301" * 20_000, 40)) == 40


@given(ANY_TEXT, st.integers(1, 60))
def test_truncated_text_keeps_its_beginning_and_its_limit(text: str, limit: int) -> None:
    shown = truncate(text, limit)
    assert len(shown) <= limit
    assert text.startswith(shown.removesuffix("…")) or shown == text


@pytest.mark.parametrize(
    ("first", "last", "shown"),
    [
        ("Dana", "Rowe", "Dana R."),
        ("dana", "rowe", "Dana R."),
        ("DANA", "O'NEIL", "Dana O."),
        ("DeShawn", "Okoro", "DeShawn O."),
        ("Mary Ann", "Rowe", "Mary R."),
        ("Dana Rowe", None, "Dana R."),
        ("Dana", None, "Dana"),
        (None, "Rowe", "R."),
        ("", "van der Berg", "V."),
        (None, None, "A borrower"),
        ("🔥🔥", "--", "A borrower"),
        ("<!channel>", "*Rowe*", "<!channel> R."),
        ("<@U1>", "Rowe", "R."),
        ("5125550100", "dana@example.com", "A borrower"),
        ("https://evil.example", "Rowe", "R."),
        ("李", "明", "李 明."),
    ],
)
def test_a_name_in_a_shared_room_is_a_first_name_and_an_initial(first: str | None, last: str | None, shown: str) -> None:
    assert initial_name(first, last) == shown


@given(st.none() | ANY_TEXT, st.none() | ANY_TEXT)
def test_a_masked_name_is_always_short_clean_and_there(first: str | None, last: str | None) -> None:
    shown = initial_name(first, last)
    assert 0 < len(shown) <= 24
    assert clean(shown) == shown


@given(st.from_regex(r"[A-Z][a-z]{2,12}", fullmatch=True), st.from_regex(r"[A-Z][a-z]{4,12}", fullmatch=True))
def test_a_masked_name_never_tells_the_last_name(first: str, last: str) -> None:
    assert last not in initial_name(first, last).removeprefix(first)


def test_what_no_store_keeps_is_replaced_and_nothing_else() -> None:
    assert storable("a\0b \ud83d é 🏠\u200b") == "a\ufffdb ? é 🏠\u200b"


@pytest.mark.fault(74)
@pytest.mark.parametrize("cell", [*FORMULAS, "\tx", "\nx", "\rx", "-5", "+1 512 555 0100"], ids=ascii)
def test_a_cell_that_a_spreadsheet_may_run_is_marked_as_text(cell: str) -> None:
    assert harmless_cell(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["", " ", "Dana", "'=2", "5-2", "dana@example.com", "\u200bDana", "a\n=2", "$310k"], ids=ascii)
def test_any_other_cell_stays_as_it_is(cell: str) -> None:
    assert harmless_cell(cell) == cell


@pytest.mark.parametrize("cell", [*FORMULAS, "\t'=2", "\n'=2", "\n'Twas", "'=2", "''=2", '="02134"', "'Twas"], ids=ascii)
def test_a_cell_that_was_marked_is_read_as_if_it_were_not(cell: str) -> None:
    assert plain_cell(harmless_cell(cell)) == plain_cell(cell)

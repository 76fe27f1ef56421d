"""Phone numbers are found however they are typed, and the fast way agrees with the thorough one."""

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.phones import FoundPhone, find_phone, national, read_phone

TEN_DIGITS = st.from_regex(r"[0-9]{10}", fullmatch=True)
SPELLINGS = st.sampled_from(["{0}{1}{2}", "({0}) {1}-{2}", "{0}-{1}-{2}", "{0}.{1}.{2}", "1{0}{1}{2}", "+1{0}{1}{2}", "+1 ({0}) {1}-{2}"])


@pytest.mark.parametrize(
    "typed",
    [
        "5125550100",
        "15125550100",
        "+15125550100",
        "(512) 555-0100",
        "(512)5550100",
        "512.555.0100",
        "tel:+1-512-555-0100",
        "p:+15125550100",
        "+512 555 0100",
        "5125550100.0",
    ],
)
def test_a_us_number_is_read_in_every_usual_spelling(typed: str) -> None:
    assert find_phone(typed) == FoundPhone("+15125550100", alone=True)


@pytest.mark.parametrize(
    "typed",
    ["512-555-0100 x4", "512-555-0100 ext. 12", "512-555-0100 / 512-555-0199", "5125550100 mobile", "Call 512-555-0100 after six, please"],
)
def test_extensions_further_numbers_and_words_are_left_out_and_told(typed: str) -> None:
    assert find_phone(typed) == FoundPhone("+15125550100", alone=False)


def test_letters_on_the_keypad_are_digits() -> None:
    assert read_phone("1-800-FLOWERS") == "+18003569377"


@pytest.mark.parametrize("typed", ["+44 20 7946 0958", "011 44 20 7946 0958"])
def test_a_number_from_abroad_keeps_its_country(typed: str) -> None:
    assert read_phone(typed) == "+442079460958"


@pytest.mark.parametrize(
    "typed",
    ["", "none", "anonymous", "555-0100", "911", "1115550100", "9115550100", "512-155-0100", "5.12555E+09", "+266696687", "1" * 20_000],
)
def test_what_cannot_be_called_is_no_number(typed: str) -> None:
    assert read_phone(typed) is None


def test_an_officer_dials_a_us_number_without_its_country() -> None:
    assert national("+15125550100") == "(512) 555-0100"


def test_a_number_from_abroad_is_shown_with_its_country() -> None:
    assert national("+442079460958") == "+44 20 7946 0958"


@given(TEN_DIGITS, SPELLINGS)
def test_plain_numbers_mean_what_phonenumbers_says_they_mean(digits: str, spelling: str) -> None:
    typed = spelling.format(digits[:3], digits[3:6], digits[6:])
    thorough = phonenumbers.parse(typed, "US")
    if digits[3] in "01":  # no exchange begins so; phonenumbers knows some islands too loosely to say it
        assert read_phone(typed) is None
    elif phonenumbers.is_valid_number(thorough):
        assert read_phone(typed) == phonenumbers.format_number(thorough, phonenumbers.PhoneNumberFormat.E164)
    elif read_phone(typed) is not None:
        assert phonenumbers.is_possible_number(thorough)
        assert read_phone(typed) == f"+1{digits}"


@given(st.from_regex(r"[2-9][02-8][0-9]", fullmatch=True), st.integers(100, 199))
def test_numbers_of_fiction_are_read_in_every_area(area: str, line: int) -> None:
    assert read_phone(f"({area}) 555-0{line}") == f"+1{area}5550{line}"


@given(st.text() | st.text("0123456789+-(). x/;ext,", max_size=40))
def test_whatever_is_typed_gives_a_number_that_can_be_shown_and_read_again(typed: str) -> None:
    number = read_phone(typed)
    if number is not None:
        assert read_phone(number) == number
        assert read_phone(national(number)) == number

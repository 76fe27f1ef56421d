"""How many segments a text is sent in, and the signs that double its price."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.sms_segments import MOST_CHARACTERS, Segments, characters_over, count_segments, tidy

CURLY = "‘’“”–—…\u00a0•"
PLAIN = "abcXYZ ñÑéÉüÜ¿¡ 0123 $%&'\"()-./:?!@\n"


@pytest.mark.parametrize(
    ("text", "count", "alphabet", "used", "left"),
    [
        ("", 0, "GSM-7", 0, 160),
        ("a", 1, "GSM-7", 1, 159),
        ("a" * 160, 1, "GSM-7", 160, 0),
        ("a" * 161, 2, "GSM-7", 161, 145),
        ("a" * 306, 2, "GSM-7", 306, 0),
        ("a" * 307, 3, "GSM-7", 307, 152),
        ("[" * 80, 1, "GSM-7", 160, 0),
        ("€" + "a" * 159, 2, "GSM-7", 161, 145),
        ("á", 1, "UCS-2", 1, 69),
        ("á" * 70, 1, "UCS-2", 70, 0),
        ("á" * 71, 2, "UCS-2", 71, 63),
        ("á" * 134, 2, "UCS-2", 134, 0),
        ("á" * 135, 3, "UCS-2", 135, 66),
        ("😀" * 35, 1, "UCS-2", 70, 0),
        ("a" * 1600, 11, "GSM-7", 1600, 83),
    ],
)
def test_segments_are_counted_as_carriers_count_them(text: str, count: int, alphabet: str, used: int, left: int) -> None:
    found = count_segments(text)
    assert (found.count, found.alphabet, found.used, found.left) == (count, alphabet, used, left)


def test_a_sign_of_two_units_is_not_torn_between_segments() -> None:
    assert count_segments("a" * 152 + "€" + "a" * 151) == Segments(2, "GSM-7", 305, 0, ())
    assert count_segments("a" * 152 + "€" + "a" * 152) == Segments(3, "GSM-7", 306, 152, ())
    assert count_segments("á" * 66 + "😀" + "á" * 65) == Segments(2, "UCS-2", 133, 0, ("á", "😀"))
    assert count_segments("á" * 66 + "😀" + "á" * 66) == Segments(3, "UCS-2", 134, 66, ("á", "😀"))


def test_of_the_spanish_letters_some_are_in_gsm_and_others_double_the_price() -> None:
    assert count_segments("¿Mañana? ¡Sí" + "ñÑéÉüÜ").costly == ("í",)
    assert count_segments("áíóúÁÍÓÚ").costly == tuple("áíóúÁÍÓÚ")


def test_the_signs_that_ask_for_the_costly_alphabet_are_named_once_each() -> None:
    assert count_segments("It’s “yours”, it’s done").costly == ("’", "“", "”")


def test_tidying_makes_typographic_signs_plain() -> None:
    assert tidy("It’s “yours” – 30\u00a0years… «sí»\u200b — ok•") == 'It\'s "yours" - 30 years... "sí" - ok-'


def test_tidying_keeps_letters_accents_and_emoji() -> None:
    kept = "¿Cuándo cerró? Año, pingüino, ÑANDÚ, 👨‍👩‍👧 ½ × 3 °C ≥ €5"
    assert tidy(kept) == kept


def test_tidying_composes_letters_that_phones_take_apart() -> None:
    assert tidy("man\u0303ana") == "mañana" and count_segments(tidy("man\u0303ana")).alphabet == "GSM-7"


def test_tidying_ends_lines_alike_and_drops_space_at_their_ends() -> None:
    assert tidy(" Hi  \r\nthere\u2028you \r ok\t") == "Hi\nthere\nyou\n ok"


@given(st.text())
def test_tidying_twice_changes_nothing_more(text: str) -> None:
    assert tidy(tidy(text)) == tidy(text)


@given(st.text(alphabet=CURLY + PLAIN))
def test_what_is_costly_only_by_its_typography_becomes_cheap(text: str) -> None:
    assert count_segments(tidy(text)).alphabet == "GSM-7"


@given(st.text())
def test_the_units_used_and_left_fit_the_segments(text: str) -> None:
    found = count_segments(text)
    alone, of_several = (160, 153) if found.alphabet == "GSM-7" else (70, 67)
    room = alone if found.count <= 1 else found.count * of_several
    assert 0 <= room - found.used - found.left < max(1, found.count)
    assert (found.count == 0) == (text == "")


@given(st.text())
def test_more_text_never_costs_less(text: str) -> None:
    assert all(count_segments(text[:end]).count <= count_segments(text).count for end in range(len(text)))


def test_sixteen_hundred_characters_fit_and_one_more_does_not() -> None:
    assert characters_over("a" * MOST_CHARACTERS) == 0
    assert characters_over("a" * 1603) == 3
    assert characters_over("😀" * 801) == 2

"""Purposes, homes, answers and credit are understood in the words people use for them."""

import pytest

from bot.sources.wordings import (
    read_credit,
    read_language,
    read_military,
    read_property_type,
    read_property_use,
    read_purpose,
    read_yes_no,
)


@pytest.mark.parametrize(
    ("said", "purpose"),
    [
        ("purchase", "purchase"),
        ("buy", "purchase"),
        ("Home Purchase", "purchase"),
        ("Pre-Approval", "purchase"),
        ("refi", "refinance"),
        ("refinance & home equity", "refinance"),
        ("NoCash-Out Refinance", "refinance"),
        ("Cash-Out Refinance", "cash_out"),
        ("debt consolidation", "cash_out"),
        ("HELOC", "home_equity"),
        ("home_equity", "home_equity"),
        ("Reverse mortgage", "reverse"),
        ("New construction", "construction"),
        ("Other", "other"),
        ("world peace", None),
    ],
)
def test_what_the_loan_is_for(said: str, purpose: str | None) -> None:
    assert read_purpose(said) == purpose


@pytest.mark.parametrize(
    ("said", "use"),
    [
        ("Primary Residence", "primary"),
        ("Owner occupied", "primary"),
        ("second home", "secondary"),
        ("Non-Owner Occupied", "investment"),
        ("Rental", "investment"),
        ("castle", None),
    ],
)
def test_who_will_live_there(said: str, use: str | None) -> None:
    assert read_property_use(said) == use


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("Single", "single_family"),
        ("SFR", "single_family"),
        ("Multi", "multi_family"),
        ("2-4 unit", "multi_family"),
        ("Condominium", "condo"),
        ("Town House", "townhouse"),
        ("co-op", "cooperative"),
        ("Mobile", "manufactured"),
        ("Lot/Land", "land"),
        ("castle", None),
    ],
)
def test_what_is_built_there(said: str, kind: str | None) -> None:
    assert read_property_type(said) == kind


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("Yes", True),
        ("y", True),
        ("1", True),
        ("on", True),
        ("Sí", True),
        ("no, I need one", False),
        ("false", False),
        ("never", False),
        ("perhaps", None),
    ],
)
def test_yes_and_no_are_told_by_the_first_word(said: str, answer: bool | None) -> None:
    assert read_yes_no(said) is answer


@pytest.mark.parametrize(
    ("said", "serves"), [("Active duty", True), ("Veteran", True), ("no", False), ("civilian", False), ("perhaps", None)]
)
def test_service_is_told_by_yes_no_or_how(said: str, serves: bool | None) -> None:
    assert read_military(said) is serves


@pytest.mark.parametrize(("said", "language"), [("Spanish", "es"), ("Español", "es"), ("es-MX", "es"), ("EN_us", "en"), ("Klingon", None)])
def test_a_language_is_known_by_name_or_code(said: str, language: str | None) -> None:
    assert read_language(said) == language


@pytest.mark.parametrize(
    ("said", "band"),
    [
        ("720-759", (720, 759)),
        ("700", (700, 700)),
        ("FICO 700", (700, 700)),
        ("good (680-719)", (680, 719)),
        ("excellent (760+)", (760, None)),
        ("below 620", (None, 620)),
        ("Excellent", (720, 850)),
        ("Good", (680, 719)),
        ("Fair", (620, 679)),
        ("Poor", (300, 619)),
        ("not good", (300, 619)),
        ("A+", None),
        ("7200", None),
        ("100-900", None),
    ],
)
def test_a_credit_band_has_a_lowest_and_a_highest_score(said: str, band: tuple[int | None, int | None] | None) -> None:
    assert read_credit(said) == band

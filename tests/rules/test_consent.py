"""Whether what a borrower agreed to at somebody else's form names us."""

import pytest

from bot.rules.consent import names_company

COMPANY = ("Acme Mortgage LLC", "Acme Home Loans")


@pytest.mark.parametrize(
    ("text", "sellers", "names"),
    [
        ("I agree to calls from Acme Mortgage LLC.", (), True),
        ("I agree to calls from ACME  MORTGAGE, L.L.C. and partners", (), True),
        ("I agree to calls from Acme Home Loans", (), True),
        ("I agree to calls from up to five lenders.", ("Rate Co", "Acme Mortgage"), True),
        ("I agree to calls from up to five lenders.", ("Rate Co", "Other Bank"), False),
        ("I agree to calls from Pacme Mortgage", (), False),
        ("I agree to calls from Acme", (), False),
        (None, (), False),
    ],
)
def test_the_company_is_named_by_one_of_its_names_whatever_its_legal_form(text: str | None, sellers: tuple[str, ...], names: bool) -> None:
    assert names_company(text, sellers, COMPANY) is names


def test_a_company_without_a_second_name_is_not_named_by_nothing() -> None:
    assert not names_company("anything at all", (), ("", "LLC"))

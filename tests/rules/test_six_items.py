"""Six items are an application; the Loan Estimate is due on the third business day after."""

from datetime import date

import pytest

from bot.rules.six_items import estimate_due, has_six_items

ALL = {"has_ssn": True, "income_low": 90000, "property_street": "1 Elm St", "property_value_low": 400000, "loan_amount_low": 310000}


def test_all_six_are_an_application() -> None:
    assert has_six_items(ALL, named=True)


@pytest.mark.parametrize("missing", ALL)
def test_five_are_none(missing: str) -> None:
    assert not has_six_items({name: value for name, value in ALL.items() if name != missing}, named=True)


def test_nobodys_are_none() -> None:
    assert not has_six_items(ALL, named=False)


@pytest.mark.parametrize("said", [{"down_payment_low": 80000}, {"down_payment_percent": "20"}])
def test_a_price_and_a_down_payment_say_the_amount(said: dict[str, object]) -> None:
    known = {**ALL, "purchase_price_high": 390000, **said}
    del known["loan_amount_low"], known["property_value_low"]
    assert has_six_items(known, named=True)


WEEKDAYS, SIX_DAYS = range(5), range(6)


@pytest.mark.parametrize(
    ("received", "open_on", "due"),
    [
        (date(2026, 11, 24), WEEKDAYS, date(2026, 11, 27)),  # a Tuesday; Thanksgiving counts, since an early day does no harm
        (date(2026, 11, 20), WEEKDAYS, date(2026, 11, 25)),  # a Friday
        (date(2026, 11, 20), SIX_DAYS, date(2026, 11, 24)),
        (date(2026, 11, 21), WEEKDAYS, date(2026, 11, 25)),  # a Saturday
        (date(2026, 11, 20), (), date(2026, 11, 25)),  # an office that names no hours
    ],
)
def test_the_estimate_is_due_on_the_third_day_that_the_office_is_open(received: date, open_on: range, due: date) -> None:
    assert estimate_due(received, open_on) == due

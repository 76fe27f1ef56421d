"""The figures of the calculators hold for any loan, and agree with what textbooks and lenders print."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.calculators import (
    CALCULATORS,
    ENTRIES,
    HIGHEST_RATE,
    MOST_DOLLARS,
    affordability,
    closing_costs,
    loan_for,
    monthly_payment,
    payment,
    pays_back_after,
    read_entries,
    refinance,
)

DOLLARS = st.integers(0, 5_000_000)
RATES = st.integers(0, HIGHEST_RATE)
YEARS = st.integers(1, 50)


@pytest.mark.parametrize(
    ("amount", "rate", "years", "month"),
    [
        (100_000, 6_000, 30, "599.55"),
        (200_000, 4_500, 30, "1013.37"),
        (300_000, 7_000, 30, "1995.91"),
        (250_000, 3_250, 15, "1756.67"),
        (120_000, 0, 10, "1000.00"),
        (0, 6_000, 30, "0.00"),
    ],
)
def test_a_payment_is_what_tables_print(amount: int, rate: int, years: int, month: str) -> None:
    assert monthly_payment(amount, rate, 12 * years) == Decimal(month)


@given(DOLLARS, RATES, YEARS)
def test_a_payment_pays_the_loan_back_to_within_half_a_cent_a_month(amount: int, rate: int, years: int) -> None:
    each, left, months = monthly_payment(amount, rate, 12 * years), Decimal(amount), 12 * years
    growth = 1 + Decimal(rate) / 1_200_000
    for _ in range(months):
        left = left * growth - each
    error = Decimal("0.0051") * (months if not rate else (growth**months - 1) / (growth - 1))
    assert abs(left) <= error


@given(DOLLARS, RATES, RATES, YEARS)
def test_a_higher_rate_never_costs_less(amount: int, rate: int, other: int, years: int) -> None:
    lower, higher = sorted((rate, other))
    assert monthly_payment(amount, lower, 12 * years) <= monthly_payment(amount, higher, 12 * years)


@given(DOLLARS, RATES, YEARS, YEARS)
def test_a_longer_loan_never_costs_more_a_month(amount: int, rate: int, years: int, other: int) -> None:
    shorter, longer = sorted((years, other))
    assert monthly_payment(amount, rate, 12 * longer) <= monthly_payment(amount, rate, 12 * shorter)


@given(st.decimals(0, 20_000, places=2), RATES, YEARS)
def test_the_loan_for_a_payment_is_the_largest_that_costs_no_more(month: Decimal, rate: int, years: int) -> None:
    loan = loan_for(month, rate, 12 * years)

    assert monthly_payment(loan, rate, 12 * years) <= month < monthly_payment(loan + 1, rate, 12 * years)


@given(DOLLARS, DOLLARS, RATES, YEARS, DOLLARS, DOLLARS, DOLLARS)
def test_what_a_home_costs_a_month_is_the_sum_of_its_parts(
    price: int, down: int, rate: int, years: int, taxes: int, insurance: int, dues: int
) -> None:
    found = payment(price, down, rate, years, taxes, insurance, dues)

    assert found.loan == max(0, price - down) and found.interest >= 0
    assert found.a_month == found.principal_and_interest + found.beside
    assert abs(found.beside * 12 - (taxes + insurance + 12 * dues)) <= Decimal("0.06")


@given(st.integers(0, 100_000), st.decimals(-2_000, 2_000, places=2))
def test_costs_are_saved_after_so_many_months_and_not_one_before(costs: int, saves: Decimal) -> None:
    months = pays_back_after(costs, saves)

    assert (months is None) == (saves <= 0)
    if months is not None:
        assert saves * months >= costs and (months == 0 or saves * (months - 1) < costs)


def test_a_lower_rate_pays_its_costs_back() -> None:
    found = refinance(300_000, 7_500, 28, 6_000, 30, 6_000)

    assert (found.payment_now, found.payment_new, found.saves) == (Decimal("2138.60"), Decimal("1798.65"), Decimal("339.95"))
    assert found.pays_after == 18
    assert found.total_now == Decimal("2138.60") * 336 and found.total_new == Decimal("1798.65") * 360 + 6_000


@given(DOLLARS, RATES, YEARS, st.integers(0, 100_000))
def test_the_same_rate_over_the_same_years_saves_nothing(balance: int, rate: int, years: int, costs: int) -> None:
    found = refinance(balance, rate, years, rate, years, costs)

    assert found.saves == 0 and found.pays_after is None


@given(DOLLARS, RATES, YEARS, RATES, YEARS, st.integers(0, 100_000))
def test_costs_that_are_saved_are_saved_while_both_loans_run(
    balance: int, rate_now: int, years_left: int, rate: int, years: int, costs: int
) -> None:
    found = refinance(balance, rate_now, years_left, rate, years, costs)

    assert found.pays_after is None or (found.saves > 0 and found.pays_after <= 12 * min(years, years_left))


@given(DOLLARS, st.integers(0, 50_000), DOLLARS, RATES, YEARS, st.integers(0, 50_000), st.integers(0, 50_000))
def test_what_an_income_carries_is_within_both_shares_of_it(
    income: int, debts: int, savings: int, rate: int, years: int, taxes: int, insurance: int
) -> None:
    found = affordability(income, debts, savings, rate, years, taxes, insurance)

    month = Fraction(income, 12)
    assert found.room >= 0 and found.price == (found.loan + savings if found.loan else 0)
    if found.room:
        costs = Fraction(monthly_payment(found.loan, rate, 12 * years)) + Fraction(taxes + insurance, 12)
        assert costs <= month * 28 / 100 and costs + debts <= month * 36 / 100


@given(DOLLARS, DOLLARS, st.integers(0, 50_000), st.integers(0, 50_000))
def test_what_is_brought_to_a_closing_is_the_sum_of_its_parts(price: int, down: int, taxes: int, insurance: int) -> None:
    found = closing_costs(price, down, taxes, insurance)

    assert found.low <= found.high and found.loan == max(0, price - down)
    assert found.bring_low == min(down, price) + found.low + found.ahead and found.bring_high - found.bring_low == found.high - found.low


def test_figures_are_read_as_people_write_them() -> None:
    typed = {"price": "$400k", "down": "10%", "rate": "6.5", "years": "30", "taxes": "4,800"}

    assert read_entries("payment", typed) == (
        {"price": 400_000, "down": 40_000, "rate": 6_500, "years": 30, "taxes": 4_800, "insurance": 0, "dues": 0},
        {},
    )
    assert read_entries("payment", {**typed, "down": "20", "rate": "0.5"})[0] | {"x": 0} == {
        "price": 400_000, "down": 80_000, "rate": 500, "years": 30, "taxes": 4_800, "insurance": 0, "dues": 0, "x": 0,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("name", "text", "problem"),
    [
        ("price", "", "missing"),
        ("price", "a lot", "amount"),
        ("price", "300-400k", "amount"),
        ("price", str(MOST_DOLLARS + 1), "amount"),
        ("down", "500000", "down"),
        ("rate", "", "missing"),
        ("rate", "26", "rate"),
        ("rate", "-1", "rate"),
        ("years", "0", "years"),
        ("years", "51", "years"),
        ("years", "٣", "years"),
    ],
)
def test_what_is_no_such_figure_is_said_beside_it(name: str, text: str, problem: str) -> None:
    good = {"price": "400000", "rate": "6", "years": "30"}

    assert read_entries("payment", {**good, name: text})[1] == {name: problem}


@given(st.sampled_from(CALCULATORS), st.dictionaries(st.sampled_from([each.name for all_ in ENTRIES.values() for each in all_]), st.text()))
def test_any_text_is_read_or_refused(kind: str, typed: dict[str, str]) -> None:
    figures, problems = read_entries(kind, typed)  # type: ignore[arg-type]

    assert {*figures, *problems} == {entry.name for entry in ENTRIES[kind]}  # type: ignore[index]
    assert all(value >= 0 for value in figures.values())


def test_no_rate_stands_there_beforehand() -> None:
    assert [entry.usual for entries in ENTRIES.values() for entry in entries if entry.look == "rate"] == [""] * 4

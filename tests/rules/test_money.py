"""Amounts are understood as people write them, and what is not an amount is not guessed."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.money import MOST_DOLLARS, Money, read_money, read_percent

DOLLARS = st.integers(0, MOST_DOLLARS)


@pytest.mark.parametrize(
    ("written", "low", "high"),
    [
        ("500,000", 500_000, 500_000),
        ("$310k", 310_000, 310_000),
        ("$1.2M", 1_200_000, 1_200_000),
        ("$ 1.2 million", 1_200_000, 1_200_000),
        (".5m", 500_000, 500_000),
        ("310000.00", 310_000, 310_000),
        ("310000.50 USD", 310_001, 310_001),
        ("About $300k", 300_000, 300_000),
        ("0", 0, 0),
        ("250000-300000", 250_000, 300_000),
        ("250k-300k", 250_000, 300_000),
        ("250-300k", 250_000, 300_000),
        ("500-1m", 500_000, 1_000_000),
        ("300k - 250k", 250_000, 300_000),
        ("$250,000 to $300,000", 250_000, 300_000),
        ("between 200k and 300k", 200_000, 300_000),
        ("500000 or more", 500_000, None),
        ("over 500k", 500_000, None),
        ("100,000+", 100_000, None),
        ("$1,000,000 and up", 1_000_000, None),
        ("under $200,000", None, 200_000),
        ("up to 300k", None, 300_000),
        ("$75,000 or less", None, 75_000),
    ],
)
def test_an_amount_is_read_as_it_is_meant(written: str, low: int | None, high: int | None) -> None:
    assert read_money(written) == Money(low, high, written)


@pytest.mark.parametrize(
    "written",
    ["", "none", "n/a", "-5000", "($5,000)", "9" * 13, "9" * 500, "310.000", "250,00", "1,2,3", "1.2.3", "5 to 6 to 7", "300000 -"],
)
def test_what_is_no_clear_amount_is_not_understood(written: str) -> None:
    assert read_money(written) is None


@pytest.mark.parametrize("number", [float("nan"), float("inf"), -1, -0.5, 1e300, MOST_DOLLARS + 1, True])
def test_numbers_that_cannot_be_dollars_are_not_understood(number: float) -> None:
    assert read_money(number) is None


def test_numbers_are_whole_dollars_with_cents_rounded_half_up() -> None:
    assert read_money(310000.5) == Money(310_001, 310_001, "310000.5")
    assert read_money(310000) == Money(310_000, 310_000, "310000")


@given(DOLLARS, st.sampled_from(["{}", "{:,}", "${:,}", "$ {}", "{:,} dollars", "{}.00"]))
def test_every_usual_spelling_of_an_amount_means_that_amount(dollars: int, spelling: str) -> None:
    written = spelling.format(dollars)
    assert read_money(written) == Money(dollars, dollars, written)


@given(DOLLARS, DOLLARS, st.sampled_from(["{:,}-{:,}", "{} to {}", "${:,} – ${:,}"]))
def test_a_range_holds_its_ends_in_order(one: int, other: int, spelling: str) -> None:
    written = spelling.format(one, other)
    assert read_money(written) == Money(min(one, other), max(one, other), written)


@given(st.text() | st.text("0123456789.,-+$kmb toupbetweenandormore%", max_size=60) | st.integers() | st.floats())
def test_whatever_is_sent_gives_an_amount_in_bounds_or_none(value: str | float) -> None:
    amount = read_money(value)
    if amount is not None:
        ends = [end for end in (amount.low, amount.high) if end is not None]
        assert ends
        assert all(0 <= end <= MOST_DOLLARS for end in ends)
        assert ends == sorted(ends)


@pytest.mark.parametrize(
    ("written", "percent"),
    [("20%", "20"), ("6.875", "6.875"), ("20 percent", "20"), (0.2, "20"), ("0.5%", "0.5"), (3, "3"), ("20% or more", "20"), ("0", "0")],
)
def test_a_percentage_is_read_with_or_without_its_sign(written: str | float, percent: str) -> None:
    assert read_percent(written) == Decimal(percent)


@pytest.mark.parametrize("written", ["10-15%", "150", "-3", "abc", "", "$20", "20k", float("nan"), True])
def test_what_is_no_single_percentage_is_not_understood(written: str | float) -> None:
    assert read_percent(written) is None


@given(st.text() | st.floats() | st.integers())
def test_whatever_is_sent_gives_a_percentage_in_bounds_or_none(value: str | float) -> None:
    percent = read_percent(value)
    assert percent is None or 0 <= percent <= 100

"""What a payment and a saving are, judged by paying a loan back month by month; and who hears of a rate when, judged by its past."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.calculators import monthly_payment
from bot.rules.rates import (
    BELOW_NOTE,
    FURTHER,
    PRODUCTS,
    REST,
    WOBBLE,
    Said,
    Watch,
    begun,
    begun_knowing,
    break_even,
    in_percent,
    is_leap,
    passed_over,
    read_product,
    read_rate,
    read_said,
    rearmed,
    rested,
    saving_of,
    told,
    worth_at,
)

DAY_ONE = datetime(2026, 11, 24, tzinfo=UTC)
RATES = st.integers(500, 20_000)
AMOUNTS = st.integers(1000, 5_000_000)
PRODUCT = st.sampled_from(sorted(PRODUCTS))


def test_a_payment_as_every_calculator_has_it() -> None:
    assert monthly_payment(310_000, 7250, 360) == Decimal("2114.75")
    assert monthly_payment(310_000, 6250, 360) == Decimal("1908.72")
    assert monthly_payment(360_000, 0, 360) == Decimal("1000.00")
    assert saving_of(310_000, 7250, 6250, "30y") == Decimal("206.03")


@given(amount=AMOUNTS, rate=RATES, product=PRODUCT)
def test_so_many_payments_pay_the_loan_back_to_the_cent_that_a_payment_is_rounded_to(amount: int, rate: int, product: str) -> None:
    months, payment = PRODUCTS[product], Fraction(monthly_payment(amount, rate, PRODUCTS[product]))
    left, monthly, half_cents = Fraction(amount), Fraction(rate, 1_200_000), Fraction(0)
    for _ in range(months):
        left += left * monthly - payment
        half_cents += half_cents * monthly + Fraction(1, 200)
        # Numbers of a thousand digits would say no more than these.
        left, half_cents = Fraction(round(left * 10**20), 10**20), Fraction(round(half_cents * 10**20), 10**20)
    assert abs(left) <= half_cents + Fraction(1, 10**6)


@given(amount=AMOUNTS, before=RATES, now=RATES, product=PRODUCT)
def test_a_lower_rate_never_costs_more(amount: int, before: int, now: int, product: str) -> None:
    saving = saving_of(amount, before, now, product)
    assert saving >= 0 if now <= before else saving <= 0


@given(amount=AMOUNTS, cents=st.integers(1, 1_000_000))
def test_it_breaks_even_in_the_first_month_in_which_all_savings_reach_the_cost(amount: int, cents: int) -> None:
    saving, cost = Decimal(cents) / 100, Decimal(amount) * 2 / 100
    months = break_even(amount, saving)
    assert months is not None
    assert saving * months >= cost > saving * (months - 1)


def test_what_saves_nothing_never_breaks_even() -> None:
    assert break_even(300_000, Decimal(0)) is None
    assert break_even(300_000, Decimal("-3.50")) is None


@pytest.mark.parametrize(
    ("written", "read"),
    [("6.25", 6250), ("6.25%", 6250), ("6", 6000), ("6.875", 6875), ("6.5", 6500), ("20", 20_000), ("0.5", 500)]
    + [(no, None) for no in ("", "0", "0.4", "20.001", "6.8755", "-6", "6,25", "six", "6.", ".5", "62.5", "١", "6.25 %", "1e1")],
)
def test_a_rate_is_read_or_is_none(written: str, read: int | None) -> None:
    assert read_rate(written) == read


@given(rate=RATES)
def test_what_is_written_out_reads_as_the_same_rate(rate: int) -> None:
    assert read_rate(str(in_percent(rate))) == rate


@pytest.mark.parametrize(("written", "read"), [(6000, "6.00"), (6500, "6.50"), (6250, "6.25"), (6875, "6.875"), (10_000, "10.00")])
def test_a_rate_is_written_with_two_places_or_three(written: int, read: str) -> None:
    assert str(in_percent(written)) == read


@pytest.mark.parametrize(
    ("written", "read"),
    [("30-year", "30y"), ("CONV", "30y"), ("15yr", "15y"), ("fha", "fha"), ("7/6", "arm"), ("30 year", None), ("6.25", None), ("", None)],
)
def test_a_product_is_known_by_what_people_call_it(written: str, read: str | None) -> None:
    assert read_product(written) == read


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("30y 6.0", Said(6000, "30y")),
        ("6.0 30y", Said(6000, "30y")),
        ("under 6%", Said(6000)),
        ("6.875 $315,000 va", Said(6875, "va", 315_000)),
        ("6.875 315k", Said(6875, None, 315_000)),
        ("30y 2.65 sure", Said(2650, "30y", None, sure=True)),
        ("", None),
        ("30y", None),
        ("6.25 6.5", None),
        ("6.25 soon", None),
        ("30y 15y 6.25", None),
        ("6.25 200k-300k", None),
        ("6.25 sure sure", None),
        ("6.875 $100,000,000", Said(6875, None, 100_000_000)),
        ("6.875 100000001", None),
    ],
)
def test_what_is_said_of_a_rate_is_read_in_any_order_and_never_guessed(written: str, read: Said | None) -> None:
    assert read_said(written) == read


@given(words=st.text())
def test_any_words_are_read_or_are_none(words: str) -> None:
    said = read_said(words)
    assert said is None or 500 <= said.rate <= 20_000


def test_a_change_by_more_than_a_point_is_asked_about() -> None:
    assert is_leap(2650, 6250)
    assert is_leap(7251, 6250)
    assert not is_leap(5250, 6250)
    assert not is_leap(6250, None)


def test_worth_a_talk_is_the_target_or_half_a_point_below_the_note_whichever_comes_first() -> None:
    assert worth_at(None, None) is None
    assert worth_at(6000, None) == 6000
    assert worth_at(None, 7250) == 7250 - BELOW_NOTE
    assert worth_at(6000, 7250) == 6750
    assert worth_at(7000, 7250) == 7000


def test_whoever_asks_as_things_are_is_told_only_of_what_falls_further() -> None:
    assert begun_knowing(6500, 6750) == begun(6500)
    assert begun_knowing(6500, None) == begun(6500)
    assert begun_knowing(6500, 6250).fires_at == 6250 - FURTHER


def test_who_is_passed_over_is_looked_at_again_after_the_rest_as_before() -> None:
    over = passed_over(begun(6000), DAY_ONE)
    assert (over.fires_at, over.rests_until) == (None, DAY_ONE + REST)
    assert rested(over) == begun(6000)


def days_told(rates: list[int], worth: int) -> list[int]:
    """On which days somebody is told where each day has one rate, by the rules under test."""
    watch, days = begun(worth), list[int]()
    for day, rate in enumerate(rates):
        now = DAY_ONE + timedelta(days=day)
        if watch.rests_until is not None and watch.rests_until <= now:
            watch = rested(watch)
        if watch.rearms_at is not None and watch.rearms_at <= rate:
            watch = rearmed(watch)
        if watch.fires_at is not None and watch.fires_at >= rate:
            watch, days = told(watch, rate, now), [*days, day]
    return days


def days_told_by_the_book(rates: list[int], worth: int) -> list[int]:
    """The same, by looking back over all rates and all tellings each day."""
    days: list[int] = []
    for day, rate in enumerate(rates):
        if rate > worth or (days and day - days[-1] < REST.days):
            continue
        was_far_above = bool(days) and any(each >= worth + WOBBLE for each in rates[days[-1] + 1 : day])
        if not days or was_far_above or rate <= rates[days[-1]] - FURTHER:
            days.append(day)
    return days


@given(steps=st.lists(st.integers(-400, 400), max_size=150), worth=st.integers(5000, 7000))
def test_who_is_told_when_is_what_the_whole_past_says(steps: list[int], worth: int) -> None:
    rates, rate = [], 6500
    for step in steps:
        rate = min(9000, max(3000, rate + step))
        rates.append(rate)
    assert days_told(rates, worth) == days_told_by_the_book(rates, worth)


def test_a_rate_that_wobbles_around_the_line_tells_once() -> None:
    assert days_told([6000, 6125] * 200, 6000) == [0]


def test_a_rate_that_falls_step_by_step_tells_once_a_month() -> None:
    assert days_told([6000 - 25 * day for day in range(65)], 6000) == [0, 30, 60]


def test_a_watch_that_is_told_fires_for_nothing_while_it_rests() -> None:
    assert told(begun(6000), 5900, DAY_ONE) == Watch(6000, None, 5650, 6250, DAY_ONE + REST)

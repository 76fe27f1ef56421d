"""What a loan costs a month, when a new one pays, what an income carries and what a closing takes, by the visitor's own rate."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal, localcontext
from typing import Literal, get_args

from bot.rules.money import read_money, read_percent

CalculatorKind = Literal["payment", "refinance", "affordability", "closing_costs"]
CALCULATORS: tuple[CalculatorKind, ...] = get_args(CalculatorKind)
Look = Literal["amount", "down", "rate", "years"]
Problem = Literal["missing", "amount", "down", "rate", "years"]

MOST_DOLLARS = 100_000_000
HIGHEST_RATE = 25_000
"""Rates are thousandths of a percent, as 6250 for 6.25 %."""
MOST_YEARS = 50
HOUSING_SHARE, DEBT_SHARE = 28, 36
"""Percent of an income before taxes: a widely used rule of thumb for what a home costs a month, and for all debts together."""
COSTS_LOW, COSTS_HIGH = 2, 5
"""Percent of a loan that fees and services of a closing commonly come to."""
_CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Entry:
    """A figure that a calculator asks for. `usual` stands there beforehand; a rate never does. What need not be there counts as 0."""

    name: str
    look: Look
    usual: str = ""
    required: bool = True


_YEARS = Entry("years", "years", "30")
ENTRIES: Mapping[CalculatorKind, tuple[Entry, ...]] = {
    "payment": (
        Entry("price", "amount"),
        Entry("down", "down", required=False),
        Entry("rate", "rate"),
        _YEARS,
        Entry("taxes", "amount", required=False),
        Entry("insurance", "amount", required=False),
        Entry("dues", "amount", required=False),
    ),
    "refinance": (
        Entry("balance", "amount"),
        Entry("rate_now", "rate"),
        Entry("years_left", "years"),
        Entry("rate", "rate"),
        _YEARS,
        Entry("costs", "amount"),
    ),
    "affordability": (
        Entry("income", "amount"),
        Entry("debts", "amount", required=False),
        Entry("savings", "amount", required=False),
        Entry("rate", "rate"),
        _YEARS,
        Entry("taxes", "amount", required=False),
        Entry("insurance", "amount", required=False),
    ),
    "closing_costs": (
        Entry("price", "amount"),
        Entry("down", "down", required=False),
        Entry("taxes", "amount", required=False),
        Entry("insurance", "amount", required=False),
    ),
}


def read_entries(kind: CalculatorKind, typed: Mapping[str, str]) -> tuple[dict[str, int], dict[str, Problem]]:
    """The figures by name: whole dollars, thousandths of a percent, years; and what is wrong with those that are none, in their order."""
    figures: dict[str, int] = {}
    problems: dict[str, Problem] = {}
    for entry in ENTRIES[kind]:
        text = typed.get(entry.name, "")
        value = _read(entry.look, text, figures.get("price", 0)) if text else None if entry.required else 0
        if value is None:
            problems[entry.name] = entry.look if text else "missing"
        else:
            figures[entry.name] = value
    return figures, problems


def _read(look: Look, text: str, price: int) -> int | None:
    match look:
        case "amount":
            return _amount(text)
        case "rate":
            percent = read_percent(text if "%" in text else f"{text}%")
            rate = None if percent is None else int((percent * 1000).to_integral_value(ROUND_HALF_UP))
            return rate if rate is not None and rate <= HIGHEST_RATE else None
        case "years":
            return int(text) if text.isascii() and text.isdigit() and len(text) <= 2 and 1 <= int(text) <= MOST_YEARS else None
        case "down":
            percent = read_percent(text)
            down = _amount(text) if percent is None else int((price * percent / 100).to_integral_value(ROUND_HALF_UP))
            return down if down is not None and (down <= price or not price) else None


def _amount(text: str) -> int | None:
    found = read_money(text)
    return found.low if found and found.low == found.high and found.low is not None and found.low <= MOST_DOLLARS else None


def monthly_payment(amount: int, rate: int, months: int) -> Decimal:
    """Principal and interest in dollars and cents, for so many whole dollars over so many months."""
    with localcontext(prec=40):
        monthly = Decimal(rate) / 1_200_000
        payment = amount * monthly / (1 - (1 + monthly) ** -months) if rate else Decimal(amount) / months
        return payment.quantize(_CENT, ROUND_HALF_UP)


def loan_for(payment: Decimal, rate: int, months: int) -> int:
    """The most whole dollars whose `monthly_payment` is no more than this one; 0 for a payment below 0."""
    with localcontext(prec=40):
        monthly = Decimal(rate) / 1_200_000
        worth = payment * (1 - (1 + monthly) ** -months) / monthly if rate else payment * months
        loan = max(0, int(worth.to_integral_value(ROUND_FLOOR)))
    while monthly_payment(loan + 1, rate, months) <= payment:  # a cent is rounded: a few dollars more may cost no more
        loan += 1
    return loan


@dataclass(frozen=True, slots=True)
class Payment:
    """A home's cost a month. `beside` is what taxes, insurance and dues come to; `interest` is that of all years together."""

    loan: int
    principal_and_interest: Decimal
    beside: Decimal
    interest: Decimal

    @property
    def a_month(self) -> Decimal:
        return self.principal_and_interest + self.beside


def payment(price: int, down: int, rate: int, years: int, taxes: int, insurance: int, dues: int) -> Payment:
    """Taxes and insurance are a year's, dues a month's."""
    loan, months = max(0, price - down), 12 * years
    each = monthly_payment(loan, rate, months)
    beside = (Decimal(taxes + insurance) / 12 + dues).quantize(_CENT, ROUND_HALF_UP)
    return Payment(loan, each, beside, max(Decimal(0), each * months - loan))


@dataclass(frozen=True, slots=True)
class Refinance:
    """A new loan for what is owed. `saves` is a month's, below 0 where it costs more; `pays_after` the months until its costs are saved,
    None where they never are; `total_now` and `total_new` all that is still to be paid, the costs among it."""

    payment_now: Decimal
    payment_new: Decimal
    saves: Decimal
    pays_after: int | None
    total_now: Decimal
    total_new: Decimal


def refinance(balance: int, rate_now: int, years_left: int, rate: int, years: int, costs: int) -> Refinance:
    """The costs are paid in money, not added to the loan. They are saved only where that takes no longer than the new loan."""
    now, new = monthly_payment(balance, rate_now, 12 * years_left), monthly_payment(balance, rate, 12 * years)
    saves = now - new
    pays_after = pays_back_after(costs, saves)
    within = pays_after is not None and pays_after <= 12 * min(years, years_left)
    return Refinance(now, new, saves, pays_after if within else None, now * 12 * years_left, new * 12 * years + costs)


def pays_back_after(costs: int, saves: Decimal) -> int | None:
    """After how many whole months so many dollars of costs are saved; None where they never are."""
    cents = int(saves * 100)
    return -(-costs * 100 // cents) if cents > 0 else None


@dataclass(frozen=True, slots=True)
class Affordability:
    """What an income carries by the rule of thumb. `room` is for principal and interest a month, 0 where nothing is left."""

    room: Decimal
    loan: int
    price: int


def affordability(income: int, debts: int, savings: int, rate: int, years: int, taxes: int, insurance: int) -> Affordability:
    """Income, taxes and insurance are a year's, debts a month's; savings are the down payment."""
    shares = min(HOUSING_SHARE * income, DEBT_SHARE * income - 1200 * debts)  # of hundredths of a year, so as not to round
    room = Decimal(max(0, (shares - 100 * (taxes + insurance)) // 12)) / 100
    loan = loan_for(room, rate, 12 * years) if room else 0
    return Affordability(room, loan, loan + savings if loan else 0)


@dataclass(frozen=True, slots=True)
class ClosingCosts:
    """What a buyer brings to the closing. `ahead` are taxes and insurance that are paid ahead: three months' and a year's with two more."""

    loan: int
    low: int
    high: int
    ahead: int
    bring_low: int
    bring_high: int


def closing_costs(price: int, down: int, taxes: int, insurance: int) -> ClosingCosts:
    """Taxes and insurance are a year's."""
    loan = max(0, price - down)
    low, high = -(-loan * COSTS_LOW // 100), -(-loan * COSTS_HIGH // 100)
    ahead = -(-taxes * 3 // 12) + -(-insurance * 14 // 12)
    paid = min(down, price)
    return ClosingCosts(loan, low, high, ahead, paid + low + ahead, paid + high + ahead)

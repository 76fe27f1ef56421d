"""Rates: how officers write them, what a payment and a saving are, and when a lower one is worth a talk, without asking again and again."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from bot.rules.calculators import monthly_payment
from bot.rules.money import read_money

PRODUCTS = {"30y": 360, "20y": 240, "15y": 180, "10y": 120, "fha": 360, "va": 360, "usda": 360, "jumbo": 360, "arm": 360}
"""What a rate is for, and over how many months such a loan is paid back."""
_CALLED = {
    "30y": "30 30yr 30-yr 30year 30-year 30-year-fixed conventional conv", "20y": "20yr 20-yr 20year 20-year",
    "15y": "15yr 15-yr 15year 15-year", "10y": "10yr 10-yr 10year 10-year", "usda": "rural", "arm": "5/1 5/6 7/1 7/6 10/6 adjustable",
}  # fmt: skip
_BY_NAME = {name: product for product, names in _CALLED.items() for name in (*names.split(), product)} | {each: each for each in PRODUCTS}
MOST_USUAL = "30y"
"""What somebody means who names no product."""
LOWEST, HIGHEST = 500, 20_000
"""Rates are kept as thousandths of a percent, as 6250 for 6.25 %: between these they are believed."""
_RATE = re.compile(r"(\d{1,2})(?:\.(\d{1,3}))?%?", re.ASCII)
_SMALLEST_BALANCE, _LARGEST_BALANCE = 1000, 100_000_000
"""Dollars: between these a balance is believed."""
_FILLERS = frozenset({"at", "to", "under", "below", "@"})

BELOW_NOTE = 500
"""So far below what somebody pays a rate is worth a talk: half a point."""
FURTHER = 250
"""Who was told of a rate is told again when it falls so much further."""
WOBBLE = 250
"""Who was told of a rate is told of the same once more only after it was so much higher in between."""
REST = timedelta(days=30)
"""Nobody is told of rates more often."""
SETTLES = timedelta(minutes=10)
"""A new rate moves nothing for so long, so that a slip can be put right."""
LEAP = 1000
"""A change by more than this is asked about: it may be a slip."""
COST_PERCENT = 2
"""What a new loan costs to set up, in percent of it, where a saving is weighed against it."""


def read_product(text: str) -> str | None:
    """ "30-year" is 30y, "conv" too; None for other words."""
    return _BY_NAME.get(text.casefold())


def read_rate(text: str) -> int | None:
    """ "6.25" or "6.25%" in thousandths of a percent; None for anything that is no rate of a mortgage."""
    found = _RATE.fullmatch(text)
    rate = int(found[1]) * 1000 + int((found[2] or "").ljust(3, "0")) if found else 0
    return rate if LOWEST <= rate <= HIGHEST else None


def in_percent(rate: int) -> Decimal:
    """6.25 for 6250, 6.875 for 6875, 6.00 for 6000: at least two places, as rates are written."""
    whole = Decimal(rate).scaleb(-3)
    return whole if rate % 10 else whole.quantize(Decimal("0.01"))


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody wrote of a rate. `sure` where they said that they mean it."""

    rate: int
    product: str | None = None
    balance: int | None = None
    sure: bool = False


def read_said(words: str) -> Said | None:
    """ "30y 6.0", "6.875 $315,000 15y" or "30y 2.65 sure", in any order; None where there is no rate, or a word that is none of these."""
    found: dict[str, Any] = {}
    for word in words.split():
        name, value = _read_word(word, found)
        if name is None or name in found:
            return None
        if name:
            found[name] = value
    return Said(**found) if "rate" in found else None


def _read_word(word: str, found: dict[str, Any]) -> tuple[str | None, Any]:
    """The part that a word is, and its value; an empty name where it says nothing, None where nobody knows what it means."""
    readers: tuple[tuple[str, Callable[[str], Any]], ...] = (("product", read_product), ("rate", read_rate), ("balance", _read_balance))
    for name, read in readers:
        if (value := read(word)) is not None and name not in found:
            return name, value
    return ("sure", True) if word.casefold() == "sure" else ("", None) if word.casefold() in _FILLERS else (None, None)


def _read_balance(word: str) -> int | None:
    money = read_money(word)
    exact = money.low if money and money.low == money.high else None
    return exact if exact is not None and _SMALLEST_BALANCE <= exact <= _LARGEST_BALANCE else None


def product_of(details: Mapping[str, Any]) -> str:
    """What a borrower's loan is, as far as the record of their lead says."""
    return read_product(str(details.get("loan_type", ""))) or MOST_USUAL


def balance_of(details: Mapping[str, Any]) -> int | None:
    """What they owe, or want to borrow, in dollars: the lower bound where they gave two. What no loan comes to is passed over."""
    amounts = (details.get(f"{name}_{bound}") for name in ("mortgage_balance", "loan_amount") for bound in ("low", "high"))
    return next((amount for amount in amounts if amount and amount <= _LARGEST_BALANCE), None)


def is_leap(rate: int, before: int | None) -> bool:
    """Whether a rate is so far from the one before that it may be a slip."""
    return before is not None and abs(rate - before) > LEAP


def saving_of(amount: int, before: int, now: int, product: str) -> Decimal:
    """How much less a month costs at the rate now than at the one before, for the same amount over the product's months; less than 0 where
    it costs more."""
    months = PRODUCTS[product]
    return monthly_payment(amount, before, months) - monthly_payment(amount, now, months)


def break_even(amount: int, saving: Decimal) -> int | None:
    """After how many months a saving has paid for the new loan; None where it never does."""
    cents = int(saving * 100)
    return -(-amount * COST_PERCENT // cents) if cents > 0 else None


def worth_at(target: int | None, note: int | None) -> int | None:
    """At or below which rate it is worth a talk with somebody who waits for `target`, or pays `note`; None where neither is known."""
    known = [target] if target is not None else []
    known += [note - BELOW_NOTE] if note is not None else []
    return max(known, default=None)


@dataclass(frozen=True, slots=True)
class Watch:
    """How it stands with somebody who waits for a rate.

    They are told once it is at or below `fires_at`, which is None while they rest until `rests_until`; then it is `then_at`. Once they
    were told, a rate at or above `rearms_at` lets them be told of `worth_at` anew.
    """

    worth_at: int
    fires_at: int | None
    then_at: int | None = None
    rearms_at: int | None = None
    rests_until: datetime | None = None


def begun(worth: int) -> Watch:
    """Somebody begins to wait, and is told at once where the rate is there already."""
    return Watch(worth, worth)


def begun_knowing(worth: int, in_force: int | None) -> Watch:
    """The same for somebody who asks us for a loan as things are: only what falls further is news to them."""
    if in_force is None or in_force > worth:
        return begun(worth)
    return Watch(worth, in_force - FURTHER, rearms_at=worth + WOBBLE)


def told(watch: Watch, rate: int, now: datetime) -> Watch:
    """They are told of this rate now, and of nothing for a while."""
    return Watch(watch.worth_at, None, then_at=rate - FURTHER, rearms_at=watch.worth_at + WOBBLE, rests_until=now + REST)


def passed_over(watch: Watch, now: datetime) -> Watch:
    """They are not to be told now; perhaps after a while."""
    return replace(watch, fires_at=None, then_at=watch.fires_at, rests_until=now + REST)


def rested(watch: Watch) -> Watch:
    return replace(watch, fires_at=watch.then_at, then_at=None, rests_until=None)


def rearmed(watch: Watch) -> Watch:
    """The rate was far above what they were told of."""
    resting = watch.rests_until is not None
    return replace(watch, rearms_at=None, fires_at=None if resting else watch.worth_at, then_at=watch.worth_at if resting else None)

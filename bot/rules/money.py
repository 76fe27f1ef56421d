"""Amounts as borrowers and vendors write them: "$310k", "250000-300000", "500000 or more"."""

import math
import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

MOST_DOLLARS = 10**12  # beyond any loan: a slip of the keyboard or an attack
_LONGEST = 100

_NUMBER = re.compile(r"(?<![0-9.,])([0-9][0-9,]*(?:\.[0-9]*)?|\.[0-9]+)\s?(k|thousand|grand|mm|m|mil|mill|million|b|billion)?(?![a-z0-9])")
_WELL_FORMED = re.compile(r"(?:[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)?(?:\.[0-9]*)?")
_CURRENCY = re.compile(r"us\$|\$|\busd\b|\bdollars?\b")
_TIMES = {"": 1, "k": 1000, "thousand": 1000, "grand": 1000, "b": 10**9, "billion": 10**9}  # everything else is a million

# What may stand around the numbers once currency and spaces are gone; # is a number.
_ABOUT = {f"{word}#" for word in ("", "about", "approximately", "approx", "approx.", "around", "roughly", "nearly", "almost", "circa", "~")}
_RANGE = {f"{start}#{between}#" for start in ("", "from", "between") for between in ("-", "--", "–", "—", "to", "through", "thru")}
_RANGE |= {"between#and#"}
_AT_LEAST = {f"{word}#" for word in ("over", "above", "morethan", "greaterthan", "atleast", "from", "min", "minimum", ">", ">=", "≥")} | {
    f"#{word}"
    for word in ("+", "plus", "ormore", "andmore", "andup", "&up", "orup", "andabove", "orabove", "andover", "orover", "orhigher")
}
_AT_MOST = {f"{word}#" for word in ("under", "below", "lessthan", "upto", "nomorethan", "atmost", "max", "maximum", "<", "<=", "≤")} | {
    f"#{word}" for word in ("orless", "andless", "orunder", "andunder", "orbelow", "andbelow", "orlower")
}
_PERCENT = re.compile(r"%|\bpercent\b|\bpct\b")


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in whole US dollars as the borrower or vendor put it: a point when low equals high, open-ended when one is None."""

    low: int | None
    high: int | None
    raw: str


def read_money(value: str | float) -> Money | None:
    """The amount in whole dollars, cents rounded; None when it is not one: no number, negative, not finite, over 10^12, or unclear."""
    if isinstance(value, str):
        raw = value.strip()
        if not (raw.isascii() and raw.isdigit() and len(raw) <= 13):
            return _read_words(raw)
        value = int(raw)
    elif isinstance(value, bool) or not math.isfinite(value):
        return None
    else:
        raw = str(value)
    if not 0 <= value <= MOST_DOLLARS:
        return None
    dollars = value if isinstance(value, int) else _whole(Decimal(str(value)))
    return Money(dollars, dollars, raw)


def read_percent(value: str | float) -> Decimal | None:
    """The percentage, 0 to 100: "20%", "6.5", 20; a fraction without a sign, such as 0.2, is 20. None when it is not one."""
    text = str(value).strip().lower()
    if isinstance(value, bool) or len(text) > _LONGEST:
        return None
    numbers, shape = _take_apart(_PERCENT.sub("", text))
    if len(numbers) != 1 or shape not in _ABOUT | _AT_LEAST | _AT_MOST:
        return None
    number, suffix = numbers[0]
    if suffix or number > 100:
        return None
    return number * 100 if 0 < number < 1 and not _PERCENT.search(text) else number


def _read_words(raw: str) -> Money | None:
    if len(raw) > _LONGEST:
        return None
    numbers, shape = _take_apart(_CURRENCY.sub("", raw.lower()))
    if shape in _RANGE:
        low, high = sorted(_range_in_dollars(numbers[0], numbers[1]))
    elif len(numbers) == 1:
        low = high = numbers[0][0] * _times(numbers[0][1])
    else:
        return None
    if high > MOST_DOLLARS or any(_unclear(*number) for number in numbers):
        return None
    if shape in _AT_LEAST:
        return Money(_whole(low), None, raw)
    if shape in _AT_MOST:
        return Money(None, _whole(high), raw)
    return Money(_whole(low), _whole(high), raw) if shape in _ABOUT or shape in _RANGE else None


def _take_apart(text: str) -> tuple[list[tuple[Decimal, str]], str]:
    """The numbers with their suffixes, and what stands around them without spaces; nothing when one of them is not well formed."""
    numbers = []
    for digits, suffix in _NUMBER.findall(text):
        if not _WELL_FORMED.fullmatch(digits):
            return [], ""
        numbers.append((Decimal(digits.replace(",", "")), suffix))
    return numbers, "".join(_NUMBER.sub("#", text).split())


def _range_in_dollars(first: tuple[Decimal, str], second: tuple[Decimal, str]) -> tuple[Decimal, Decimal]:
    high = second[0] * _times(second[1])
    if first[1] or not second[1] or first[0] >= 1000:
        return first[0] * _times(first[1]), high
    shared = first[0] * _times(second[1])  # "250-300k" means 250k, "500-1m" does not mean 500m
    return (shared if shared <= high else first[0] * 1000), high


def _unclear(number: Decimal, suffix: str) -> bool:
    """Whether nobody can tell thousands from cents, as in "310.000"."""
    return not suffix and number < 1000 and number.as_tuple().exponent == -3


def _times(suffix: str) -> int:
    return _TIMES.get(suffix, 10**6)


def _whole(number: Decimal) -> int:
    return int(number.quantize(Decimal(1), rounding=ROUND_HALF_UP))

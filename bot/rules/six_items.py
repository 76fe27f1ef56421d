"""The six items that together are an application for a mortgage, and the day by which its Loan Estimate is due (Regulation Z)."""

from collections.abc import Collection, Mapping
from datetime import date, timedelta
from typing import Any

ESTIMATE_WITHIN = 3
"""Business days after the application, which are the days that the office is open for business."""
_WEEKDAYS = frozenset(range(5))


def has_six_items(details: Mapping[str, Any], *, named: bool) -> bool:
    """Whether a name, income, social security number, property address, value and loan amount were all received."""

    def amount(*names: str) -> bool:
        return any(details.get(f"{name}_{end}") is not None for name in names for end in ("low", "high"))

    value = amount("property_value", "purchase_price")
    # A price and a down payment say the amount as well.
    asked_for = amount("loan_amount") or amount("down_payment") or bool(details.get("down_payment_percent"))
    return named and bool(details.get("has_ssn")) and amount("income") and bool(details.get("property_street")) and value and asked_for


def estimate_due(received_on: date, open_weekdays: Collection[int]) -> date:
    """The last day for the Loan Estimate; `open_weekdays` are the office's, Monday is 0. Holidays count, so it is never said too late."""
    open_on = open_weekdays or _WEEKDAYS
    day, left = received_on, ESTIMATE_WITHIN
    while left:
        day += timedelta(days=1)
        left -= day.weekday() in open_on
    return day

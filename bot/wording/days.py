"""Days as people say them."""

from datetime import date


def long_day(day: date) -> str:
    return f"{day:%B} {day.day}"

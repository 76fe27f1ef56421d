"""Holidays: days on which nobody works, as a date, a federal holiday by its name, or all of those at once."""

from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from bot.config.entry import Entry
from bot.config.problems import closest, say, shown
from bot.config.values import Text, many, read_day
from bot.rules.holidays import FEDERAL

ALL_FEDERAL = "federal"
_NAMES = {name: name.replace("_", " ") for name in (ALL_FEDERAL, *FEDERAL)}


def _day_off(written: object) -> str:
    text = str(written).strip()
    name = text.lower().replace(" ", "_")
    if name in _NAMES:
        return name
    if text[:1].isdigit():
        return read_day(written).isoformat()
    message = f"{shown(written)} is neither a date nor a federal holiday. Write a date such as 2026-12-24, or a name."
    raise say(message, _NAMES, closest(name, {name: name for name in _NAMES}))


class Holiday(Entry):
    """A day on which nobody works: `federal` stands for all federal holidays. `name` is for whoever reads the file."""

    day: Annotated[str, BeforeValidator(_day_off)] = Field(description="a date such as 2026-12-24, thanksgiving, or federal")
    name: Text | None = None

    @model_validator(mode="before")
    @classmethod
    def _day_alone(cls, written: Any) -> Any:
        return {"day": written} if isinstance(written, str) else written


def _once_each(holidays: tuple[Holiday, ...]) -> tuple[Holiday, ...]:
    days = [holiday.day for holiday in holidays]
    twice = sorted({day for day in days if days.count(day) > 1})
    if twice:
        raise say(f"{', '.join(twice)} is listed twice. Name each holiday once.")
    return holidays


HolidayList = Annotated[tuple[Holiday, ...], BeforeValidator(many), AfterValidator(_once_each)]


def days_off(*lists: tuple[Holiday, ...]) -> list[str]:
    """Names of federal holidays and ISO dates, each once and in order."""
    days = {day for holidays in lists for holiday in holidays for day in (FEDERAL if holiday.day == ALL_FEDERAL else (holiday.day,))}
    return sorted(days)


def holidays_in_words(*lists: tuple[Holiday, ...]) -> str:
    """ "federal holidays, 2026-12-24 (Christmas Eve)"."""
    said = (
        "federal holidays" if each.day == ALL_FEDERAL else f"{_NAMES.get(each.day, each.day)}{f' ({each.name})' if each.name else ''}"
        for holidays in lists
        for each in holidays
    )
    return ", ".join(dict.fromkeys(said))

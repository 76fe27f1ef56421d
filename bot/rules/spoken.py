"""How days, times of day and lengths of time are said in each language; one that stands in no table is spoken to in English."""

from collections.abc import Sequence
from datetime import date

_WEEKDAYS = {
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    "es": ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"),
}
_MONTHS = {
    "en": (
        *("January", "February", "March", "April", "May", "June"),
        *("July", "August", "September", "October", "November", "December"),
    ),
    "es": (
        *("enero", "febrero", "marzo", "abril", "mayo", "junio"),
        *("julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"),
    ),
}
_HALVES = {"en": ("am", "pm"), "es": ("a.m.", "p.m.")}
_DAYS = {"en": "days", "es": "días"}
_LENGTHS = {
    "en": (("minute", "minutes"), ("hour", "hours"), ("day", "days")),
    "es": (("minuto", "minutos"), ("hora", "horas"), ("día", "días")),
}


def weekday(day: date, language: str) -> str:
    """Friday, viernes."""
    return _WEEKDAYS.get(language, _WEEKDAYS["en"])[day.weekday()]


def short_day(day: date, language: str) -> str:
    """Nov 27, 27 nov."""
    month = _month(day, language)[:3]
    return f"{day.day} {month}" if language == "es" else f"{month} {day.day}"


def long_day(day: date, language: str) -> str:
    """November 27, 27 de noviembre."""
    return f"{day.day} de {_month(day, language)}" if language == "es" else f"{_month(day, language)} {day.day}"


def full_day(day: date, language: str, *, with_year: bool = False) -> str:
    """Friday, November 27, and viernes 27 de noviembre; the year where it is asked for."""
    if language == "es":
        return f"{weekday(day, language)} {long_day(day, language)}{f' de {day.year}' if with_year else ''}"
    return f"{weekday(day, language)}, {long_day(day, language)}{f', {day.year}' if with_year else ''}"


def dated(day: date, language: str) -> str:
    """With the year, in few characters: 12/31/2026, 31 dic 2026."""
    return f"{short_day(day, language)} {day.year}" if language == "es" else f"{day.month}/{day.day}/{day.year}"


def time_of_day(hour: int, minute: int, language: str, *, short: bool = False) -> str:
    """8:00 pm, 8:00 p.m.; short 8 pm, where minutes stay when there are any."""
    minutes = "" if short and minute == 0 else f":{minute:02}"
    return f"{hour % 12 or 12}{minutes} {_HALVES.get(language, _HALVES['en'])[hour % 24 >= 12]}"


def week(hours: Sequence[Sequence[tuple[int, int]]], language: str) -> str:
    """The hours of a week from Monday on, in minutes of the day, as Mon-Fri 8 am-12 pm, 1 pm-6 pm; Sat 9 am-1 pm."""
    runs: list[tuple[int, int]] = []
    for day, spans in enumerate(hours):
        if runs and spans == hours[runs[-1][1]] and runs[-1][1] == day - 1:
            runs[-1] = runs[-1][0], day
        elif spans:
            runs.append((day, day))
    names = [name[:3] for name in _WEEKDAYS.get(language, _WEEKDAYS["en"])]
    return "; ".join(
        f"{'-'.join(names[day] for day in dict.fromkeys((first, last)))} {', '.join(_hours(span, language) for span in hours[first])}"
        for first, last in runs
    )


def _hours(span: tuple[int, int], language: str) -> str:
    return "-".join(time_of_day(*divmod(minute, 60), language, short=True) for minute in span)


def span(seconds: float, language: str) -> str:
    """A length of time the way people read a stopwatch: 0:41, 12:05, 3 h 20 min, 2 days."""
    whole = int(seconds)
    if whole < 3600:
        return f"{whole // 60}:{whole % 60:02}"
    hours, minutes = divmod(whole // 60, 60)
    return f"{hours} h {minutes} min" if hours < 48 else f"{hours // 24} {_DAYS.get(language, _DAYS['en'])}"


def minutes(length: float, language: str) -> str:
    """A length of time the way people speak of it: 9 s, 2.3 min, 45 min, 3 h 20 min, 5 days."""
    if length * 60 < 59.5:
        return f"{length * 60:.0f} s"
    if length < 60:
        return f"{length:.1f} min" if length < 9.95 else f"{length:.0f} min"
    return span(length * 60, language)


def so_long(length: int, language: str) -> str:
    """So many minutes in whole words, from two hours on in hours, from two days on in days: 1 minute, 90 minutes, 33 hours, 2 days."""
    minutes, hours, days = _LENGTHS.get(language, _LENGTHS["en"])
    number, (one, many) = (length, minutes) if length < 120 else (length // 60, hours) if length < 2880 else (length // 1440, days)
    return f"{number} {one if number == 1 else many}"


def _month(day: date, language: str) -> str:
    return _MONTHS.get(language, _MONTHS["en"])[day.month - 1]

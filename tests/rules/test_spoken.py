"""Days, times of day and lengths of time, as people say them in each language."""

from datetime import UTC, date, datetime

import pytest

from bot.rules.compliance import clock_words
from bot.rules.spoken import dated, long_day, minutes, short_day, so_long, span, weekday
from bot.rules.when import said_in_full

CHICAGO = "America/Chicago"
FRIDAY = date(2026, 11, 27)
MORNING = datetime(2026, 11, 27, 15, tzinfo=UTC)


def test_a_moment_is_said_in_full_in_spanish() -> None:
    assert said_in_full(MORNING, CHICAGO, MORNING, "es") == "viernes 27 de noviembre, 9:00 a.m. CT"


def test_the_year_is_said_when_it_is_not_this_one() -> None:
    last_year = datetime(2025, 6, 1, tzinfo=UTC)
    assert said_in_full(MORNING, CHICAGO, last_year, "es") == "viernes 27 de noviembre de 2026, 9:00 a.m. CT"


@pytest.mark.parametrize(("language", "words"), [("en", "9 am CT"), ("es", "9 a.m. CT"), ("fr", "9 am CT")])
def test_a_time_of_day_is_said_in_the_language_or_else_in_english(language: str, words: str) -> None:
    assert clock_words(MORNING, CHICAGO, language, short=True) == words


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ["Friday", "Nov 27", "November 27", "11/27/2026"]),
        ("es", ["viernes", "27 nov", "27 de noviembre", "27 nov 2026"]),
        ("fr", ["Friday", "Nov 27", "November 27", "11/27/2026"]),
    ],
)
def test_a_day_is_said_in_the_language_or_else_in_english(language: str, words: list[str]) -> None:
    assert [say(FRIDAY, language) for say in (weekday, short_day, long_day, dated)] == words


@pytest.mark.parametrize(
    ("seconds", "language", "words"),
    [(41, "es", "0:41"), (12_000, "es", "3 h 20 min"), (200_000, "es", "2 días"), (200_000, "en", "2 days")],
)
def test_a_length_of_time_is_said_in_the_language(seconds: int, language: str, words: str) -> None:
    assert span(seconds, language) == words


def test_what_took_less_than_a_minute_is_said_in_seconds() -> None:
    assert [minutes(length, "en") for length in (0, 0.05, 0.15, 0.55, 0.95, 0.999)] == ["0 s", "3 s", "9 s", "33 s", "57 s", "1.0 min"]


def test_minutes_are_said_as_people_speak_of_them() -> None:
    assert [minutes(length, "es") for length in (2.31, 45, 200, 7200)] == ["2.3 min", "45 min", "3 h 20 min", "5 días"]


@pytest.mark.parametrize(
    ("length", "language", "words"),
    [
        (1, "en", "1 minute"), (30, "en", "30 minutes"), (119, "en", "119 minutes"), (120, "en", "2 hours"), (1980, "en", "33 hours"),
        (2879, "en", "47 hours"), (2880, "en", "2 days"), (7200, "es", "5 días"),
        (1, "es", "1 minuto"), (90, "es", "90 minutos"), (1999, "es", "33 horas"), (1980, "fr", "33 hours"),
    ],
)  # fmt: skip
def test_how_long_somebody_waits_is_said_in_hours_and_days_where_minutes_tell_nothing(length: int, language: str, words: str) -> None:
    assert so_long(length, language) == words

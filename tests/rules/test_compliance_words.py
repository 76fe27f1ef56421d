"""How the hours are said aloud."""

from datetime import UTC, datetime

import pytest

from bot.rules.compliance import clock_words, zone_abbreviation

SUMMER, WINTER = datetime(2026, 7, 1, 1, tzinfo=UTC), datetime(2026, 12, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize("at", [SUMMER, WINTER])
@pytest.mark.parametrize(
    ("zone", "said"),
    [
        ("America/New_York", "ET"),
        ("America/Indiana/Indianapolis", "ET"),
        ("America/Chicago", "CT"),
        ("America/North_Dakota/Center", "CT"),
        ("America/Denver", "MT"),
        ("America/Boise", "MT"),
        ("America/Phoenix", "MST"),
        ("America/Los_Angeles", "PT"),
        ("America/Anchorage", "AKT"),
        ("America/Adak", "HT"),
        ("Pacific/Honolulu", "HT"),
        ("America/Puerto_Rico", "AST"),
        ("America/Halifax", "AT"),
        ("Pacific/Guam", "ChST"),
    ],
)
def test_a_zone_has_one_short_name_all_year(zone: str, at: datetime, said: str) -> None:
    assert zone_abbreviation(zone, at) == said


def test_a_zone_that_americans_have_no_short_name_for_keeps_its_own() -> None:
    assert (zone_abbreviation("Europe/London", SUMMER), zone_abbreviation("Europe/London", WINTER)) == ("BST", "GMT")


@pytest.mark.parametrize(
    ("at", "long", "short"),
    [
        (SUMMER, "8:00 pm CT", "8 pm CT"),
        (SUMMER.replace(minute=5), "8:05 pm CT", "8:05 pm CT"),
        (SUMMER.replace(hour=13), "8:00 am CT", "8 am CT"),
        (SUMMER.replace(hour=17), "12:00 pm CT", "12 pm CT"),
        (SUMMER.replace(hour=5), "12:00 am CT", "12 am CT"),
    ],
)
def test_a_time_of_day_is_said_in_the_zone_of_the_borrower(at: datetime, long: str, short: str) -> None:
    assert clock_words(at, "America/Chicago", "en") == long
    assert clock_words(at, "America/Chicago", "en", short=True) == short

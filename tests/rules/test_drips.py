"""When the next text of a sequence is due, over the days when clocks change, and sequences' names as officers type them."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.drips import closest_sequences, find_sequence, read_clock, read_length, step_due

ZONES = (
    "America/Chicago",
    "America/Phoenix",
    "Pacific/Honolulu",
    "America/Indiana/Indianapolis",
    "America/New_York",
    "America/Los_Angeles",
)
CHANGES = (date(2026, 3, 8), date(2026, 11, 1), date(2027, 3, 14))
NAMES = {"new_lead": "new_lead", "New lead": "new_lead", "Consulta nueva": "new_lead", "past_clients": "past_clients"}

around_a_change = st.builds(
    lambda day, hours: datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(hours=hours),
    st.sampled_from(CHANGES),
    st.floats(-24 * 8, 24 * 3),
)


@given(around_a_change, st.sampled_from(ZONES), st.integers(1, 12), st.integers(9 * 60, 20 * 60 - 1))
def test_a_time_of_day_is_that_time_on_the_borrowers_clocks_whatever_happens_to_them(
    since: datetime, zone: str, days: int, minute: int
) -> None:
    at = step_due(f"{days} days" if days > 1 else "1 day", f"{minute // 60:02}:{minute % 60:02}", since, zone)

    there = at.astimezone(ZoneInfo(zone))
    assert (there.hour, there.minute, there.second) == (minute // 60, minute % 60, 0)
    assert there.date() == since.astimezone(ZoneInfo(zone)).date() + timedelta(days=days)
    assert at > since


@given(around_a_change, st.sampled_from(ZONES), st.integers(1, 12))
def test_days_alone_keep_the_time_of_day_but_for_a_time_that_the_clocks_skip(since: datetime, zone: str, days: int) -> None:
    there, at = ZoneInfo(zone), step_due("1 day" if days == 1 else f"{days} days", None, since, zone)

    begun, due = since.astimezone(there), at.astimezone(there)
    assert due.date() == begun.date() + timedelta(days=days)
    moved = due.replace(tzinfo=None) - begun.replace(tzinfo=None) - timedelta(days=days)
    assert timedelta(0) <= moved <= timedelta(hours=1)
    assert at > since


@given(around_a_change, st.sampled_from(ZONES), st.integers(1, 300))
def test_minutes_and_hours_are_counted_as_they_pass(since: datetime, zone: str, number: int) -> None:
    assert step_due(f"{number} minutes", None, since, zone) == since + timedelta(minutes=number)
    assert step_due(f"{number} hours", None, since, zone) == since + timedelta(hours=number)


@given(st.lists(st.tuples(st.integers(1, 9), st.integers(9 * 60, 20 * 60 - 1)), min_size=2, max_size=8), around_a_change)
def test_each_step_comes_a_day_or_more_after_the_one_before_it_however_late_that_was(steps: list[tuple[int, int]], begun: datetime) -> None:
    since = begun
    for days, minute in steps:
        at = step_due(f"{days} days", f"{minute // 60:02}:{minute % 60:02}", since, "America/Chicago")
        assert at.astimezone(ZoneInfo("America/Chicago")).date() > since.astimezone(ZoneInfo("America/Chicago")).date()
        since = at + timedelta(hours=7)


@pytest.mark.parametrize("words", ["", "soon", "0 days", "1.5 days", "-1 day", "2 fortnights", "1 day 2 hours", "١ day"])
def test_other_words_are_no_length_of_time(words: str) -> None:
    assert read_length(words) is None
    with pytest.raises(ValueError, match="length of time"):
        step_due(words, None, datetime(2026, 3, 8, tzinfo=UTC), "America/Chicago")


@pytest.mark.parametrize(("words", "minute"), [("10:00", 600), ("09:05", 545), ("24:00", None), ("9:00", None), ("noon", None)])
def test_a_time_of_day_has_four_digits(words: str, minute: int | None) -> None:
    assert read_clock(words) == minute


@pytest.mark.parametrize("words", ["new lead", "New-lead", "NEW_LEAD", " new  lead ", "consulta nueva", "new_lead."])
def test_a_sequence_is_found_however_its_name_is_typed(words: str) -> None:
    assert find_sequence(words, NAMES) == "new_lead"


def test_what_is_misspelled_is_asked_back_and_never_taken() -> None:
    assert find_sequence("new laed", NAMES) is None
    assert closest_sequences("new laed", NAMES) == ("new_lead",)
    assert closest_sequences("rates", NAMES) == ()

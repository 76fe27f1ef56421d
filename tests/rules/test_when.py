"""Times as officers type them, read in their zone and said back in full."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.when import read_beginning, read_when, said_in_full

CHICAGO = "America/Chicago"
TUESDAY = datetime(2026, 11, 24, 10, 42, tzinfo=ZoneInfo(CHICAGO))
NOWS = st.datetimes(datetime(2024, 1, 1), datetime(2031, 1, 1), timezones=st.just(UTC))
ZONES = st.sampled_from((CHICAGO, "America/Phoenix", "Pacific/Honolulu", "America/Indiana/Indianapolis", "America/Los_Angeles"))
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
WORDS = (
    *("in", "next", "this", "at", "tomorrow", "today", "tonight", "fri", "monday", "dec", "feb", "29", "30", "3", "9am", "12am", "14:00"),
    *("noon", "evening", "2", "hours", "min", "days", "a", "week", "12/3", "2/29", "2028-02-29", "an hour", "31"),
)
PHRASES = st.lists(st.sampled_from(WORDS), max_size=4).map(" ".join)
NO_TIMES = (
    *("", " ", "9", "1030", "soon", "thanksgiving", "this", "may", "friday friday", "in 5", "xyz 3", "tomorrow 3pm ET"),
    *("feb 30", "13/40", "0000-00-00", "25:00", "9:75", "13pm", "0am", "²", "tomorrow ٣"),
    *("in " + "9" * 50 + " hours", "tomorrow " * 30),
)


def read(text: str, now: datetime = TUESDAY) -> str | None:
    at = read_when(text, now, CHICAGO)
    return said_in_full(at, CHICAGO, now, "en") if at else None


def on_the_wall(at: datetime, zone: str) -> datetime:
    return at.astimezone(ZoneInfo(zone)).replace(tzinfo=None)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("in 2 hours", "Tuesday, November 24, 12:42 pm CT"),
        ("in 30 min", "Tuesday, November 24, 11:12 am CT"),
        ("1h", "Tuesday, November 24, 11:42 am CT"),
        ("1h30m", "Tuesday, November 24, 12:12 pm CT"),
        ("2 hours and 15 minutes", "Tuesday, November 24, 12:57 pm CT"),
        ("in 1.5 hours", "Tuesday, November 24, 12:12 pm CT"),
        ("in half an hour", "Tuesday, November 24, 11:12 am CT"),
        ("an hour", "Tuesday, November 24, 11:42 am CT"),
    ],
)
def test_a_length_counts_from_now(text: str, meant: str) -> None:
    assert read(text) == meant


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("tomorrow", "Wednesday, November 25, 9:00 am CT"),
        ("friday", "Friday, November 27, 9:00 am CT"),
        ("this friday", "Friday, November 27, 9:00 am CT"),
        ("next friday", "Friday, December 4, 9:00 am CT"),
        ("tues", "Tuesday, December 1, 9:00 am CT"),
        ("next week", "Monday, November 30, 9:00 am CT"),
        ("in 2 days", "Thursday, November 26, 9:00 am CT"),
        ("in a week", "Tuesday, December 1, 9:00 am CT"),
        ("dec 3", "Thursday, December 3, 9:00 am CT"),
        ("12/3", "Thursday, December 3, 9:00 am CT"),
        ("3rd December", "Thursday, December 3, 9:00 am CT"),
        ("5/6", "Thursday, May 6, 2027, 9:00 am CT"),
        ("2/29/28", "Tuesday, February 29, 2028, 9:00 am CT"),
    ],
)
def test_a_day_alone_means_nine_in_the_morning(text: str, meant: str) -> None:
    assert read(text) == meant


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("tomorrow 9am", "Wednesday, November 25, 9:00 am CT"),
        ("tomorrow 9", "Wednesday, November 25, 9:00 am CT"),
        ("Tomorrow at 9:30 A.M.", "Wednesday, November 25, 9:30 am CT"),
        ("tomorrow morning", "Wednesday, November 25, 9:00 am CT"),
        ("friday 3pm", "Friday, November 27, 3:00 pm CT"),
        ("friday 3", "Friday, November 27, 3:00 pm CT"),
        ("3:15 p on friday", "Friday, November 27, 3:15 pm CT"),
        ("next monday 10:30", "Monday, November 30, 10:30 am CT"),
        ("12/3 9am", "Thursday, December 3, 9:00 am CT"),
        ("Dec. 3rd, 2026 @ 2pm", "Thursday, December 3, 2:00 pm CT"),
        ("2026-12-03 08:15", "Thursday, December 3, 8:15 am CT"),
        ("in 2 days 4pm", "Thursday, November 26, 4:00 pm CT"),
        ("today 4pm", "Tuesday, November 24, 4:00 pm CT"),
        ("tuesday 4pm", "Tuesday, November 24, 4:00 pm CT"),
        ("sat 12", "Saturday, November 28, 12:00 pm CT"),
        ("this evening", "Tuesday, November 24, 6:00 pm CT"),
        ("tonight", "Tuesday, November 24, 6:00 pm CT"),
    ],
)
def test_a_day_and_a_time_go_together_in_either_order(text: str, meant: str) -> None:
    assert read(text) == meant


def test_a_time_alone_is_todays_while_it_is_ahead_and_else_tomorrows() -> None:
    assert read("11am") == "Tuesday, November 24, 11:00 am CT"
    assert read("noon") == "Tuesday, November 24, 12:00 pm CT"
    assert read("14:00") == "Tuesday, November 24, 2:00 pm CT"
    assert read("9am") == "Wednesday, November 25, 9:00 am CT"
    assert read("12am") == "Wednesday, November 25, 12:00 am CT"


@pytest.mark.parametrize("text", ["today 9am", "this morning", "11/24 9am", "11/20/2026", "in 0 min"])
def test_what_has_passed_is_no_time_to_be_reminded_at(text: str) -> None:
    assert read(text) is None


@pytest.mark.parametrize("text", ["12/3/2126", "in 999 weeks", "9999-12-31", "in 999 days"])
def test_a_time_more_than_two_years_ahead_is_taken_for_a_slip(text: str) -> None:
    assert read(text) is None


@pytest.mark.parametrize("text", NO_TIMES)
def test_what_is_no_time_is_not_guessed_at(text: str) -> None:
    assert read(text) is None


def test_the_last_day_of_february_waits_for_the_year_that_has_it() -> None:
    in_2027 = datetime(2027, 3, 1, 12, tzinfo=UTC)
    assert read("feb 29", in_2027) == "Tuesday, February 29, 2028, 9:00 am CT"
    assert read("feb 29") is None


def test_a_day_is_the_officers_and_not_the_servers() -> None:
    late_in_honolulu = datetime(2026, 11, 25, 5, tzinfo=UTC)
    at = read_when("tomorrow 9am", late_in_honolulu, "Pacific/Honolulu")
    assert at == datetime(2026, 11, 25, 19, tzinfo=UTC)


def test_in_spring_a_skipped_time_is_the_next_one_that_clocks_show() -> None:
    saturday = datetime(2026, 3, 7, 12, tzinfo=ZoneInfo(CHICAGO))
    assert read("tomorrow 2:30am", saturday) == "Sunday, March 8, 3:00 am CT"
    assert read("tomorrow 9am", saturday) == "Sunday, March 8, 9:00 am CT"


def test_in_fall_a_repeated_time_is_its_first_showing_that_is_still_ahead() -> None:
    first_half_past_one = datetime(2026, 11, 1, 6, 30, tzinfo=UTC)
    assert read_when("1:30am", first_half_past_one - timedelta(minutes=10), CHICAGO) == first_half_past_one
    assert read_when("1:30am", first_half_past_one + timedelta(minutes=10), CHICAGO) == first_half_past_one + timedelta(hours=1)


def test_a_length_over_a_night_of_changed_clocks_is_that_long() -> None:
    before = datetime(2026, 3, 8, 1, 30, tzinfo=ZoneInfo(CHICAGO))
    at = read_when("in 2 hours", before, CHICAGO)
    assert at == before.astimezone(UTC) + timedelta(hours=2)
    assert said_in_full(at, CHICAGO, before, "en") == "Sunday, March 8, 4:30 am CT"


def test_phoenix_is_said_with_its_own_clock() -> None:
    assert said_in_full(datetime(2026, 6, 1, 16, tzinfo=UTC), "America/Phoenix", TUESDAY, "en") == "Monday, June 1, 9:00 am MST"


def test_a_now_without_a_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        read_when("tomorrow", datetime(2026, 11, 24, 10), CHICAGO)


@given(PHRASES | st.text(max_size=80), NOWS, ZONES)
def test_whatever_is_typed_the_answer_lies_ahead_in_utc_or_is_none(text: str, now: datetime, zone: str) -> None:
    at = read_when(text, now, zone)
    assert at is None or (at > now and at.tzinfo is UTC)


@given(st.sampled_from(WEEKDAYS), NOWS, ZONES, st.integers(7, 11))
def test_a_weekday_is_the_next_one_of_its_name(weekday: str, now: datetime, zone: str, hour: int) -> None:
    at = read_when(f"{weekday} {hour}am", now, zone)
    assert at is not None
    there = on_the_wall(at, zone)
    assert (WEEKDAYS[there.weekday()], there.time()) == (weekday, time(hour))
    assert there - on_the_wall(now, zone) <= timedelta(days=7)


@given(st.sampled_from(WEEKDAYS), NOWS, ZONES)
def test_next_and_a_weekday_is_in_the_week_after_this_one(weekday: str, now: datetime, zone: str) -> None:
    at = read_when(f"next {weekday}", now, zone)
    assert at is not None
    week_of_today, week_meant = (on_the_wall(moment, zone).date().toordinal() - 1 for moment in (now, at))
    assert week_meant // 7 == week_of_today // 7 + 1


@given(st.integers(1, 9999), NOWS, ZONES)
def test_so_many_minutes_are_exactly_so_many(minutes: int, now: datetime, zone: str) -> None:
    assert read_when(f"in {minutes} min", now, zone) == now + timedelta(minutes=minutes)


@given(st.times(), NOWS, ZONES)
def test_a_time_alone_comes_within_a_day(clock: time, now: datetime, zone: str) -> None:
    at = read_when(f"{clock:%H:%M}", now, zone)
    assert at is not None
    assert timedelta() < at - now <= timedelta(hours=25)


@given(st.datetimes(datetime(2026, 11, 26), datetime(2027, 11, 23)), ZONES)
def test_a_day_of_the_calendar_is_met_to_the_minute(there: datetime, zone: str) -> None:
    at = read_when(f"{there.month}/{there.day} {there:%H:%M}", TUESDAY, zone)
    assert at is not None
    skipped = on_the_wall(there.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC), zone) != there
    if not skipped:
        assert on_the_wall(at, zone) == there.replace(second=0, microsecond=0)


@pytest.mark.parametrize(
    ("text", "meant", "rest"),
    [
        ("tomorrow 9am check docs", "Wednesday, November 25, 9:00 am CT", "check docs"),
        ("friday", "Friday, November 27, 9:00 am CT", ""),
        ("in 2 hours: call about 12/3", "Tuesday, November 24, 12:42 pm CT", "call about 12/3"),
        ("tomorrow 9am at work until then", "Wednesday, November 25, 9:00 am CT", "at work until then"),
        ("friday at 2:30 pm, pay stubs", "Friday, November 27, 2:30 pm CT", "pay stubs"),
        ("tomorrow 9am 2pm is too late for her", "Wednesday, November 25, 9:00 am CT", "2pm is too late for her"),
        ("dec 3 " + "x" * 500, "Thursday, December 3, 9:00 am CT", "x" * 500),
    ],
)
def test_a_note_may_follow_the_time(text: str, meant: str, rest: str) -> None:
    found = read_beginning(text, TUESDAY, CHICAGO)
    assert found is not None
    assert (said_in_full(found[0], CHICAGO, TUESDAY, "en"), found[1]) == (meant, rest)


@pytest.mark.parametrize("text", ["", "whenever", "check docs tomorrow", "at", "friday 25:00", "tomorrow at 13pm call", "dec 3 9:75 am"])
def test_what_begins_with_no_time_is_not_guessed_at(text: str) -> None:
    assert read_beginning(text, TUESDAY, CHICAGO) is None


@given(PHRASES, NOWS, ZONES)
def test_a_time_alone_leaves_no_note(text: str, now: datetime, zone: str) -> None:
    at, found = read_when(text, now, zone), read_beginning(text, now, zone)
    if at is not None and text.split()[-1] not in ("at", "on"):
        assert found == (at, "")

"""Moments are read with their zone and never with a clock; time frames become one of a few."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sources.times import read_moment, read_time_frame


@pytest.mark.parametrize(
    "written",
    [
        "2026-03-02T10:30:00-06:00",
        "2026-03-02T16:30:00Z",
        "2026-03-02T16:30:00+0000",
        "2026-03-02 16:30",
        "03/02/2026 4:30 PM",
        "March 2, 2026 10:30 am CST",
        "Mon, 02 Mar 2026 16:30:00 GMT",
        "1772469000",
        "1772469000000",
        "46083.6875",
    ],
)
def test_a_moment_is_read_in_the_usual_ways_of_writing_it(written: str) -> None:
    assert read_moment(written) == datetime(2026, 3, 2, 16, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "written",
    ["", "10:30", "Monday", "yesterday", "2026-13-45", "0001-01-01", "9999-12-31T23:59:59-12:00", "9" * 60, "03/02/2026 10:30 XYZT"],
)
def test_a_moment_without_a_full_sensible_date_is_not_guessed(written: str) -> None:
    assert read_moment(written) is None


@given(st.text() | st.text("0123456789-+.,/: TZAPMJanuryFebEST", max_size=40))
def test_any_text_gives_a_moment_in_utc_or_none(written: str) -> None:
    moment = read_moment(written)
    assert moment is None or (moment.tzinfo is UTC and 2000 <= moment.year <= 2099)


@pytest.mark.parametrize(
    ("said", "frame"),
    [
        ("ASAP", "now"),
        ("immediately", "this month"),
        ("30", "this month"),
        ("0-30 days", "this month"),
        ("less than 30 days", "this month"),
        ("2 weeks", "this month"),
        ("60 days", "1-3 months"),
        ("30 or more days", "1-3 months"),
        ("1 to 3 months", "1-3 months"),
        ("90+ days", "3-6 months"),
        ("within 6 months", "3-6 months"),
        ("6+ months", "6+ months"),
        ("1 year", "6+ months"),
        ("just looking", "just looking"),
        ("spring 2027", "spring 2027"),
        ("lease ends unit 12", "lease ends unit 12"),
        ("3/15", "3/15"),
    ],
)
def test_a_time_frame_is_one_of_a_few_or_the_words_as_they_are(said: str, frame: str) -> None:
    assert read_time_frame(said) == frame

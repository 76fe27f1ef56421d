"""Service levels count only minutes in which the team works and the borrower may be called."""

import timeit
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.rules.callable_time import Calendar, Week, after, between, calendars, is_open, opens_at
from bot.rules.compliance import window
from bot.rules.zones import Whereabouts

CHICAGO = "America/Chicago"
EVANSTON = Whereabouts(("+13125550100",), "IL", "60201")
PHOENIX = Whereabouts(("+16025550100",), "AZ", "85004")
HONOLULU = Whereabouts(("+18085550100",), "HI", "96813")
INDIANAPOLIS = Whereabouts(("+13175550100",), "IN", "46204")
GUAM = Whereabouts(("+16715550100",), "GU", "96910")
UNKNOWN = Whereabouts(("+18005550100",))
PEOPLE = (EVANSTON, PHOENIX, HONOLULU, INDIANAPOLIS, GUAM, UNKNOWN)

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
EVERY_DAY_8_TO_20: Week = (((480, 1200),),) * 7
WEEKDAYS_9_TO_18: Week = (((540, 1080),),) * 5 + ((),) * 2
WITH_A_LUNCH_BREAK: Week = (((540, 720), (780, 1080)),) * 7
NEVER: Week = ((),) * 7

ZONES = (CHICAGO, "America/Phoenix", "Pacific/Honolulu", "America/Indiana/Indianapolis", "America/New_York", "America/Havana")


def local(zone: str, year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=ZoneInfo(zone)).astimezone(UTC)


# The slow reference: it looks at what the clocks on the wall show in each minute of UTC.


@lru_cache(maxsize=500)
def wall_clocks(zone: str, day: date) -> tuple[tuple[datetime, datetime], ...]:
    """Every minute of three days of UTC around a local day, each with the time on the wall."""
    first = datetime.combine(day - DAY, time(), UTC)
    minutes = (first + minute * MINUTE for minute in range(3 * 24 * 60))
    return tuple((minute, minute.astimezone(ZoneInfo(zone)).replace(tzinfo=None)) for minute in minutes)


@lru_cache(maxsize=5000)
def minutes_of_span(zone: str, day: date, start: int, end: int) -> frozenset[datetime]:
    """From the first minute that shows the start or more to the last that shows the end, or to where the end is jumped over."""
    opens, closes = (datetime.combine(day, time()) + minute * MINUTE for minute in (start, end))
    first = next(minute for minute, wall in wall_clocks(zone, day) if wall >= opens)
    last = max(minute if wall == closes else minute + MINUTE for minute, wall in wall_clocks(zone, day) if wall <= closes)
    return frozenset(first + minute * MINUTE for minute in range((last - first) // MINUTE))


def open_minutes(hours: tuple[Calendar, ...], first_day: date, days: int) -> list[datetime]:
    def of(calendar: Calendar) -> Iterator[datetime]:
        for day in (first_day + count * DAY for count in range(-1, days + 1)):
            for start, end in () if day.isoformat() in calendar.holidays else calendar.week[day.weekday()]:
                yield from minutes_of_span(calendar.zone, day, start, end)

    return sorted(set.intersection(*(set(of(calendar)) for calendar in hours)))


BOUNDS = st.sampled_from((0, 30, 60, 90, 119, 120, 150, 180, 480, 725, 1200, 1380, 1439, 1440))


def week(draw: st.DrawFn) -> Week:
    days = [sorted(draw(st.lists(BOUNDS, unique=True, max_size=4))) for _ in range(7)]
    return tuple(tuple(zip(day[::2], day[1::2], strict=False)) for day in days)


HOLIDAYS = st.sampled_from([f"2026-{month_and_day}" for month_and_day in ("03-07", "03-08", "03-09", "10-31", "11-01", "11-02", "07-04")])


@st.composite
def calendar_sets(draw: st.DrawFn) -> tuple[Calendar, ...]:
    zones = draw(st.lists(st.sampled_from(ZONES), min_size=1, max_size=2))
    return tuple(Calendar(zone, week(draw), frozenset(draw(st.sets(HOLIDAYS, max_size=3)))) for zone in zones)


AROUND_A_CHANGE = st.sampled_from((date(2026, 3, 7), date(2026, 3, 8), date(2026, 10, 31), date(2026, 11, 1), date(2026, 7, 4)))
STARTS = st.builds(
    lambda day, minute: datetime.combine(day, time(), UTC) + minute * MINUTE,
    AROUND_A_CHANGE,
    st.integers(0, 24 * 60 - 1),
)
OPEN_AT_NIGHT = (Calendar(CHICAGO, (((90, 150),),) * 7),)


@settings(deadline=None, max_examples=60)
@given(calendar_sets(), STARTS, st.integers(0, 600))
@example(OPEN_AT_NIGHT, datetime(2026, 3, 8, tzinfo=UTC), 30)
@example(OPEN_AT_NIGHT, datetime(2026, 11, 1, tzinfo=UTC), 30)
def test_so_many_minutes_after_is_what_counting_open_minutes_one_by_one_gives(
    hours: tuple[Calendar, ...], start: datetime, minutes: int
) -> None:
    counted = [minute for minute in open_minutes(hours, start.date(), 5) if start <= minute < start + 4 * DAY]
    if len(counted) > minutes:
        assert after(start, minutes, hours) == counted[minutes]
    else:
        later = after(start, minutes, hours)
        assert later is None or later >= start + 4 * DAY


@settings(deadline=None, max_examples=60)
@given(calendar_sets(), STARTS, st.integers(0, 3 * 24 * 60))
@example(OPEN_AT_NIGHT, datetime(2026, 3, 8, tzinfo=UTC), 24 * 60)
@example(OPEN_AT_NIGHT, datetime(2026, 11, 1, tzinfo=UTC), 24 * 60)
def test_the_minutes_between_two_moments_are_the_open_ones_counted_one_by_one(
    hours: tuple[Calendar, ...], start: datetime, length: int
) -> None:
    end = start + length * MINUTE
    counted = [minute for minute in open_minutes(hours, start.date(), 4) if start <= minute < end]
    assert between(start, end, hours) == len(counted)


@settings(deadline=None, max_examples=60)
@given(calendar_sets(), STARTS)
def test_a_moment_is_open_when_a_look_at_every_clock_says_so(hours: tuple[Calendar, ...], at: datetime) -> None:
    assert is_open(at, hours) == (at in open_minutes(hours, at.date(), 1))


@settings(deadline=None, max_examples=100)
@given(st.sampled_from(PEOPLE), STARTS, st.floats(0, 5000), st.timedeltas(timedelta(), DAY))
def test_what_lies_between_a_start_and_so_many_minutes_after_it_is_so_many_minutes(
    whereabouts: Whereabouts, start: datetime, minutes: float, offset: timedelta
) -> None:
    hours = calendars(Calendar(CHICAGO, WITH_A_LUNCH_BREAK), whereabouts)
    end = after(start + offset, minutes, hours)
    assert end is not None and is_open(end, hours)
    assert between(start + offset, end, hours) == pytest.approx(minutes, abs=1e-6)


@settings(deadline=None, max_examples=100)
@given(st.sampled_from(PEOPLE), st.sampled_from((WEEKDAYS_9_TO_18, EVERY_DAY_8_TO_20, WITH_A_LUNCH_BREAK)), STARTS)
def test_every_lead_has_a_callable_minute_within_a_week(whereabouts: Whereabouts, team: Week, now: datetime) -> None:
    opening = opens_at(now, calendars(Calendar(CHICAGO, team), whereabouts))
    assert opening is not None and opening < now + 7 * DAY


@settings(deadline=None, max_examples=100)
@given(st.sampled_from((EVANSTON, PHOENIX, HONOLULU, INDIANAPOLIS, UNKNOWN)), STARTS)
def test_nobody_is_called_outside_the_legal_window(whereabouts: Whereabouts, at: datetime) -> None:
    if is_open(at, calendars(Calendar(CHICAGO, EVERY_DAY_8_TO_20), whereabouts)):
        assert window(whereabouts, at).open


@pytest.mark.parametrize(
    ("whereabouts", "saturday", "sunday"),
    [(EVANSTON, 720, 720), (INDIANAPOLIS, 660, 660), (PHOENIX, 660, 600), (HONOLULU, 480, 420)],
    ids=["Chicago time", "Indianapolis", "Phoenix", "Honolulu"],
)
def test_in_spring_a_team_in_chicago_shares_an_hour_less_with_places_that_keep_their_clocks(
    whereabouts: Whereabouts, saturday: int, sunday: int
) -> None:
    hours = calendars(Calendar(CHICAGO, EVERY_DAY_8_TO_20), whereabouts)
    assert between(local(CHICAGO, 2026, 3, 7), local(CHICAGO, 2026, 3, 8), hours) == saturday
    assert between(local(CHICAGO, 2026, 3, 8), local(CHICAGO, 2026, 3, 9), hours) == sunday


@pytest.mark.parametrize(
    ("whereabouts", "saturday", "sunday"),
    [(EVANSTON, 720, 720), (INDIANAPOLIS, 660, 660), (PHOENIX, 600, 660), (HONOLULU, 420, 480)],
    ids=["Chicago time", "Indianapolis", "Phoenix", "Honolulu"],
)
def test_in_fall_a_team_in_chicago_shares_an_hour_more_with_places_that_keep_their_clocks(
    whereabouts: Whereabouts, saturday: int, sunday: int
) -> None:
    hours = calendars(Calendar(CHICAGO, EVERY_DAY_8_TO_20), whereabouts)
    assert between(local(CHICAGO, 2026, 10, 31), local(CHICAGO, 2026, 11, 1), hours) == saturday
    assert between(local(CHICAGO, 2026, 11, 1), local(CHICAGO, 2026, 11, 2), hours) == sunday


@pytest.mark.parametrize(
    ("whereabouts", "before_the_change", "after_the_change"),
    [(EVANSTON, 14, 13), (INDIANAPOLIS, 14, 13), (PHOENIX, 15, 15), (HONOLULU, 18, 18)],
    ids=["Chicago time", "Indianapolis", "Phoenix", "Honolulu"],
)
def test_a_lead_of_the_night_in_which_clocks_go_forward_rings_when_both_have_morning(
    whereabouts: Whereabouts, before_the_change: int, after_the_change: int
) -> None:
    hours = calendars(Calendar(CHICAGO, EVERY_DAY_8_TO_20), whereabouts)
    assert opens_at(local(CHICAGO, 2026, 3, 7, 3), hours) == datetime(2026, 3, 7, before_the_change, tzinfo=UTC)
    assert opens_at(local(CHICAGO, 2026, 3, 8, 1, 59), hours) == datetime(2026, 3, 8, after_the_change, tzinfo=UTC)


@pytest.mark.fault(37)
def test_hours_that_start_in_the_skipped_hour_start_where_the_clocks_go_on() -> None:
    assert opens_at(local(CHICAGO, 2026, 3, 8), (Calendar(CHICAGO, (((150, 240),),) * 7),)) == local(CHICAGO, 2026, 3, 8, 3)


def test_hours_that_lie_in_the_skipped_hour_wait_a_day() -> None:
    assert opens_at(local(CHICAGO, 2026, 3, 8), (Calendar(CHICAGO, (((125, 150),),) * 7),)) == local(CHICAGO, 2026, 3, 9, 2, 5)


@pytest.mark.fault(37)
def test_hours_in_the_repeated_hour_run_from_its_first_to_its_last_showing() -> None:
    hours = (Calendar(CHICAGO, (((90, 105),),) * 7),)
    assert between(local(CHICAGO, 2026, 11, 1), local(CHICAGO, 2026, 11, 2), hours) == 75


def test_an_hour_in_which_one_span_reaches_into_the_next_counts_once() -> None:
    hours = (Calendar(CHICAGO, (((60, 90), (90, 120)),) * 7),)
    assert between(local(CHICAGO, 2026, 11, 1), local(CHICAGO, 2026, 11, 2), hours) == 120


def test_minutes_stand_still_over_night_and_over_lunch() -> None:
    hours = calendars(Calendar(CHICAGO, WITH_A_LUNCH_BREAK), EVANSTON)
    assert after(local(CHICAGO, 2026, 6, 1, 17, 58), 5, hours) == local(CHICAGO, 2026, 6, 2, 9, 3)
    assert after(local(CHICAGO, 2026, 6, 1, 11, 58), 5, hours) == local(CHICAGO, 2026, 6, 1, 13, 3)


def test_a_step_that_would_fall_on_closing_time_waits_for_the_morning() -> None:
    hours = calendars(Calendar(CHICAGO, WEEKDAYS_9_TO_18), EVANSTON)
    assert after(local(CHICAGO, 2026, 6, 1, 17, 55), 5, hours) == local(CHICAGO, 2026, 6, 2, 9)


def test_a_weekend_does_not_count_for_a_team_that_rests() -> None:
    hours = calendars(Calendar(CHICAGO, WEEKDAYS_9_TO_18), EVANSTON)
    assert between(local(CHICAGO, 2026, 6, 5, 17), local(CHICAGO, 2026, 6, 8, 10), hours) == 120


def test_seconds_are_kept() -> None:
    hours = calendars(Calendar(CHICAGO, WEEKDAYS_9_TO_18), EVANSTON)
    start = local(CHICAGO, 2026, 6, 1, 10) + timedelta(seconds=41)
    assert after(start, 2, hours) == start + 2 * MINUTE
    assert between(start, start + timedelta(seconds=90), hours) == 1.5


def test_a_borrower_whose_place_nobody_knows_is_called_on_eastern_weekday_afternoons() -> None:
    hours = calendars(Calendar(CHICAGO, EVERY_DAY_8_TO_20), UNKNOWN)
    assert opens_at(local(CHICAGO, 2026, 6, 5, 9), hours) == local("America/New_York", 2026, 6, 5, 12)
    assert opens_at(local("America/New_York", 2026, 6, 5, 18), hours) == local("America/New_York", 2026, 6, 8, 12)


def test_a_team_that_never_meets_the_borrowers_window_counts_its_own_hours() -> None:
    before_dawn: Week = (((300, 420),),) * 7
    assert calendars(Calendar(CHICAGO, before_dawn), PHOENIX) == (Calendar(CHICAGO, before_dawn),)


def test_hours_that_meet_only_while_summer_time_holds_do_not_count_as_meeting() -> None:
    from_seven_to_eight: Week = (((420, 480),),) * 7
    denver = Whereabouts((), "CO", "80202")
    assert calendars(Calendar("America/Phoenix", from_seven_to_eight), denver) == (Calendar("America/Phoenix", from_seven_to_eight),)


def test_nothing_comes_after_when_nobody_ever_opens() -> None:
    never = (Calendar(CHICAGO, NEVER),)
    assert after(local(CHICAGO, 2026, 6, 1), 0, never) is None
    assert between(local(CHICAGO, 2026, 6, 1), local(CHICAGO, 2026, 7, 1), never) == 0


def test_no_minutes_lie_between_a_moment_and_an_earlier_one() -> None:
    hours = calendars(Calendar(CHICAGO, EVERY_DAY_8_TO_20), EVANSTON)
    assert between(local(CHICAGO, 2026, 6, 2, 12), local(CHICAGO, 2026, 6, 1, 12), hours) == 0
    assert between(local(CHICAGO, 2026, 6, 1, 12), local(CHICAGO, 2026, 6, 1, 11), hours) == 0


@pytest.mark.parametrize("minutes", [-1, -0.001])
def test_minutes_are_not_counted_backward(minutes: float) -> None:
    with pytest.raises(ValueError, match="forward"):
        after(local(CHICAGO, 2026, 6, 1), minutes, (Calendar(CHICAGO, EVERY_DAY_8_TO_20),))


def test_a_moment_without_a_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        is_open(datetime(2026, 6, 1, 12), (Calendar(CHICAGO, EVERY_DAY_8_TO_20),))


def test_finding_the_next_step_takes_microseconds() -> None:
    hours, start = calendars(Calendar(CHICAGO, WEEKDAYS_9_TO_18), PHOENIX), local(CHICAGO, 2026, 6, 1, 21)
    fastest = min(timeit.repeat(lambda: after(start, 15, hours), number=200, repeat=5)) / 200
    assert fastest < 50e-6


@pytest.mark.parametrize("zone", [CHICAGO, "America/Phoenix", "Pacific/Honolulu", "America/Indiana/Indianapolis"])
@pytest.mark.parametrize("change", [date(2026, 3, 8), date(2026, 11, 1)])
def test_a_holiday_on_which_clocks_change_is_closed_from_midnight_to_midnight(zone: str, change: date) -> None:
    day_and_night = (Calendar(zone, (((0, 1440),),) * 7, frozenset([change.isoformat()])),)
    midnight, next_midnight = (local(zone, day.year, day.month, day.day) for day in (change, change + DAY))
    assert is_open(midnight - MINUTE, day_and_night) and not is_open(midnight, day_and_night)
    assert opens_at(midnight, day_and_night) == next_midnight
    assert between(midnight - DAY, next_midnight + DAY, day_and_night) == 2 * 24 * 60


def test_a_federal_holiday_is_closed_where_the_company_says_so() -> None:
    hours = Calendar(CHICAGO, WEEKDAYS_9_TO_18, frozenset(["thanksgiving"]))
    evening_before = local(CHICAGO, 2026, 11, 25, 19)
    assert opens_at(evening_before, (hours,)) == local(CHICAGO, 2026, 11, 27, 9)
    assert opens_at(evening_before, (Calendar(CHICAGO, WEEKDAYS_9_TO_18),)) == local(CHICAGO, 2026, 11, 26, 9)
    assert after(local(CHICAGO, 2026, 11, 25, 17, 50), 15, (hours,)) == local(CHICAGO, 2026, 11, 27, 9, 5)


def test_weeks_of_holidays_are_waited_for() -> None:
    shut = frozenset((date(2026, 12, 19) + day * DAY).isoformat() for day in range(23))
    assert opens_at(local(CHICAGO, 2026, 12, 18, 18), (Calendar(CHICAGO, WEEKDAYS_9_TO_18, shut),)) == local(CHICAGO, 2027, 1, 11, 9)


def test_holidays_do_not_make_hours_meet_no_more() -> None:
    shut = frozenset((date(2026, 1, 1) + day * DAY).isoformat() for day in range(31))
    team = Calendar(CHICAGO, EVERY_DAY_8_TO_20, shut)
    assert len(calendars(team, PHOENIX)) > 1

"""When an officer may dial."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.rules.calling import Call, CalledNumber, judge_call
from bot.rules.compliance import Allowed, Judgement, Refused, WaitUntil, window
from bot.rules.zones import Whereabouts, candidate_zones

AUSTIN = Whereabouts(("+15125550100",), "TX", "78704")
EVANSTON = Whereabouts(("+13125550100",), "IL", "60201")
EL_PASO_PHONE_IN_TEXAS = Whereabouts(("+19155550100",), "TX")
PHOENIX = Whereabouts(("+16025550100",), "AZ", "85004")
HONOLULU = Whereabouts(("+18085550100",), "HI", "96813")
INDIANAPOLIS = Whereabouts(("+13175550100",), "IN", "46204")
TOLL_FREE_ONLY = Whereabouts(("+18005550100",))
COAST_TO_COAST = Whereabouts(("+12125550100",), "CA", "90001")
GUAM_AND_MAINE = Whereabouts(("+16715550100",), "ME", "04101")
NOWHERE_IN_COMMON = Whereabouts(("+16715550100", "+442071234567"), "NY")

PEOPLE = (AUSTIN, EL_PASO_PHONE_IN_TEXAS, PHOENIX, HONOLULU, INDIANAPOLIS, TOLL_FREE_ONLY, COAST_TO_COAST, GUAM_AND_MAINE)
MINUTES = st.datetimes(datetime(2025, 9, 2), datetime(2031, 1, 1), timezones=st.just(UTC))
ANYBODY = st.builds(
    Whereabouts,
    phones=st.lists(st.sampled_from(("+12125550100", "+19075550100", "+18505550100", "+19285550100", "+18885550100")), max_size=2).map(
        tuple
    ),
    property_state=st.sampled_from(("TX", "ID", "AZ", "PR", None)),
    mailing_state=st.sampled_from(("HI", "FL", None)),
)
SPRING, FALL = datetime(2026, 3, 8, tzinfo=UTC), datetime(2026, 11, 1, tzinfo=UTC)  # the Sundays on which clocks change


def local(zone: str, year: int, month: int, day: int, hour: int, minute: int = 0, second: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, second, tzinfo=ZoneInfo(zone)).astimezone(UTC)


def judged(whereabouts: Whereabouts, now: datetime) -> Judgement:
    """Of somebody who asked us today, so that no registry is asked."""
    return judge_call(Call(whereabouts, tuple(CalledNumber(number, asked_at=now) for number in whereabouts.phones)), now)


def allowed_in_every_zone(whereabouts: Whereabouts, moment: datetime) -> bool:
    zones = candidate_zones(whereabouts)
    texan = whereabouts.property_state == "TX" or any(number[2:5] in ("512", "915") for number in whereabouts.phones)
    if zones:
        clocks = [moment.astimezone(ZoneInfo(zone)) for zone in zones]
        return all((8 if not texan else 12 if clock.weekday() == 6 else 9) <= clock.hour < 20 for clock in clocks)
    eastern = moment.astimezone(ZoneInfo("America/New_York"))
    return 12 <= eastern.hour < 18 and eastern.weekday() < 5


def first_minute(whereabouts: Whereabouts, now: datetime, *, allowed: bool) -> datetime:
    """Slow and simple: look at each minute."""
    moment = now
    while allowed_in_every_zone(whereabouts, moment) != allowed:
        assert moment < now + timedelta(days=8)
        moment = moment.replace(second=0, microsecond=0) + timedelta(minutes=1)
    return moment


@settings(deadline=None, max_examples=150)
@given(st.sampled_from(PEOPLE), MINUTES)
@example(AUSTIN, SPRING)
@example(AUSTIN, FALL)
@example(INDIANAPOLIS, SPRING)
@example(INDIANAPOLIS, FALL)
@example(PHOENIX, SPRING)
@example(HONOLULU, FALL)
@example(GUAM_AND_MAINE, SPRING)
@example(TOLL_FREE_ONLY, FALL)
def test_the_window_is_what_a_look_at_every_minute_finds(whereabouts: Whereabouts, now: datetime) -> None:
    found = window(whereabouts, now)
    assert found.open == allowed_in_every_zone(whereabouts, now)
    if found.open:
        assert (found.closes_at, found.opens_at) == (first_minute(whereabouts, now, allowed=False), None)
    else:
        assert (found.closes_at, found.opens_at) == (None, first_minute(whereabouts, now, allowed=True))


@settings(deadline=None)
@given(ANYBODY, MINUTES)
def test_who_may_be_called_has_daytime_wherever_they_may_be(whereabouts: Whereabouts, now: datetime) -> None:
    if window(whereabouts, now).open:
        assert all(8 <= now.astimezone(ZoneInfo(zone)).hour < 20 for zone in candidate_zones(whereabouts))


@pytest.mark.parametrize(
    ("whereabouts", "zone", "day", "opens_utc", "closes_utc"),
    [
        (EVANSTON, "America/Chicago", (2026, 3, 7), 14, 26),
        (EVANSTON, "America/Chicago", (2026, 3, 8), 13, 25),
        (EVANSTON, "America/Chicago", (2026, 10, 31), 13, 25),
        (EVANSTON, "America/Chicago", (2026, 11, 1), 14, 26),
        (INDIANAPOLIS, "America/Indiana/Indianapolis", (2026, 3, 7), 13, 25),
        (INDIANAPOLIS, "America/Indiana/Indianapolis", (2026, 3, 8), 12, 24),
        (INDIANAPOLIS, "America/Indiana/Indianapolis", (2026, 11, 1), 13, 25),
        (PHOENIX, "America/Phoenix", (2026, 3, 8), 15, 27),
        (PHOENIX, "America/Phoenix", (2026, 11, 1), 15, 27),
        (HONOLULU, "Pacific/Honolulu", (2026, 3, 8), 18, 30),
        (HONOLULU, "Pacific/Honolulu", (2026, 11, 1), 18, 30),
    ],
)
def test_days_on_which_clocks_change_open_at_eight_and_close_at_eight_there(
    whereabouts: Whereabouts, zone: str, day: tuple[int, int, int], opens_utc: int, closes_utc: int
) -> None:
    midnight = datetime(*day, tzinfo=UTC)
    assert window(whereabouts, local(zone, *day, 3)).opens_at == midnight + timedelta(hours=opens_utc)
    assert window(whereabouts, local(zone, *day, 8)).closes_at == midnight + timedelta(hours=closes_utc)


def test_eight_in_the_morning_is_allowed_and_the_minute_before_is_not() -> None:
    assert not window(EVANSTON, local("America/Chicago", 2026, 6, 1, 7, 59, 59)).open
    assert window(EVANSTON, local("America/Chicago", 2026, 6, 1, 8)).open


def test_the_last_second_before_eight_in_the_evening_is_allowed_and_eight_is_not() -> None:
    assert window(EVANSTON, local("America/Chicago", 2026, 6, 1, 19, 59, 59)).open
    assert not window(EVANSTON, local("America/Chicago", 2026, 6, 1, 20)).open


@pytest.mark.fault(58)
def test_an_el_paso_phone_on_a_texas_lead_opens_by_mountain_and_closes_by_central_time() -> None:
    morning = window(EL_PASO_PHONE_IN_TEXAS, local("America/Chicago", 2026, 6, 1, 9, 30))
    assert (morning.opens_at, morning.zone) == (local("America/Denver", 2026, 6, 1, 9), "America/Denver")
    noon = window(EL_PASO_PHONE_IN_TEXAS, local("America/Chicago", 2026, 6, 1, 12))
    assert (noon.closes_at, noon.zone) == (local("America/Chicago", 2026, 6, 1, 20), "America/Chicago")


def test_an_unknown_place_waits_for_an_eastern_weekday_afternoon() -> None:
    friday_evening = window(TOLL_FREE_ONLY, local("America/New_York", 2026, 6, 5, 18))
    assert friday_evening.rule == "unknown_place_12_to_18_eastern_weekdays"
    assert friday_evening.opens_at == local("America/New_York", 2026, 6, 8, 12)
    assert window(TOLL_FREE_ONLY, local("America/New_York", 2026, 6, 8, 17, 59)).closes_at == local("America/New_York", 2026, 6, 8, 18)


def test_an_address_tells_where_a_toll_free_caller_lives() -> None:
    assert window(Whereabouts(("+18005550100",), "HI"), SPRING).zones == ("Pacific/Honolulu",)


def test_judging_allows_until_the_window_closes_and_names_the_zone_to_say_it_in() -> None:
    verdict = judged(AUSTIN, local("America/Chicago", 2026, 6, 1, 12))
    assert verdict == Allowed(local("America/Chicago", 2026, 6, 1, 20), "America/Chicago")


def test_judging_waits_for_the_next_opening() -> None:
    verdict = judged(AUSTIN, local("America/Chicago", 2026, 6, 1, 20))
    assert verdict == WaitUntil(local("America/Chicago", 2026, 6, 2, 9), "America/Chicago", "call_state_hours")


def test_judging_refuses_where_no_hour_is_common_to_every_place() -> None:
    assert judged(NOWHERE_IN_COMMON, SPRING) == Refused("no_common_hour")


def test_judging_refuses_without_a_phone() -> None:
    assert judged(Whereabouts(property_state="TX"), SPRING) == Refused("no_phone")


def test_now_in_any_zone_gives_the_same_answer_in_utc() -> None:
    noon = datetime(2026, 6, 1, 12, tzinfo=ZoneInfo("America/Chicago"))
    assert judged(AUSTIN, noon) == judged(AUSTIN, noon.astimezone(UTC))


def test_a_time_without_a_zone_is_an_error_of_the_caller() -> None:
    with pytest.raises(ValueError, match="time zone"):
        window(AUSTIN, datetime(2026, 6, 1, 12))

"""When a borrower who was not reached is tried again."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.rules.cadence import DEFAULT_CADENCE, LAST_DAY, MOST_TRIES, PAUSE, Cadence, next_try
from bot.rules.callable_time import Calendar, between, is_open
from bot.rules.compliance import full_cap
from bot.rules.holidays import is_federal_holiday

WEEKDAYS = (((8 * 60, 20 * 60),),) * 5 + ((), ())
ZONES = ("America/Chicago", "America/Phoenix", "Pacific/Honolulu", "America/Indiana/Indianapolis")
CADENCES = st.builds(
    lambda days: Cadence((1, *sorted(days))), st.lists(st.integers(1, LAST_DAY), min_size=1, max_size=MOST_TRIES - 1)
)  # fmt: skip


def at(words: str, zone: str = "America/Chicago") -> datetime:
    return datetime.fromisoformat(words).replace(tzinfo=ZoneInfo(zone))


def plan(cadence: Cadence, first: datetime, zone: str = "America/Chicago", number: int = 0) -> list[datetime]:
    """The tries of an officer who calls exactly when the plan says, by the team's clocks."""
    calendars, made = (Calendar(zone, WEEKDAYS),), [first]
    while (then := next_try(cadence, len(made), made[-1], tuple(made), calendars, number)) is not None:
        made.append(then)
    return [each.astimezone(ZoneInfo(zone)) for each in made]


def test_the_usual_plan_tries_three_times_on_the_first_day_and_then_at_other_times_of_day() -> None:
    said = [f"{each:%b %d %a %H:%M}" for each in plan(DEFAULT_CADENCE, at("2027-04-06 09:00"))]
    assert said == [
        "Apr 06 Tue 09:00", "Apr 06 Tue 11:00", "Apr 06 Tue 13:00",
        "Apr 07 Wed 17:00", "Apr 08 Thu 09:30", "Apr 09 Fri 12:30", "Apr 12 Mon 17:00", "Apr 14 Wed 09:30", "Apr 19 Mon 08:00",
        "Apr 23 Fri 17:00", "Apr 28 Wed 09:30", "May 04 Tue 12:30",
    ]  # fmt: skip


def test_a_first_try_late_in_the_day_goes_on_in_the_morning() -> None:
    first, second, *_ = plan(DEFAULT_CADENCE, at("2027-04-06 19:00"))
    assert f"{second:%b %d %H:%M}" == "Apr 07 09:00" and first.day == 6


def test_nothing_is_planned_for_a_holiday_or_a_day_on_which_nobody_works() -> None:
    before_thanksgiving = at("2027-11-24 12:00")
    second = next_try(Cadence((1, 2)), 1, before_thanksgiving, (before_thanksgiving,), (Calendar("America/Chicago", WEEKDAYS),), 0)
    assert second == at("2027-11-26 08:00")


def test_who_is_late_keeps_the_days_between_two_tries() -> None:
    late = at("2027-04-20 10:00")
    third = next_try(Cadence((1, 2, 4)), 2, late, (late,), (Calendar("America/Chicago", WEEKDAYS),), 0)
    assert third is not None and third.astimezone(ZoneInfo("America/Chicago")).day == 22


def test_tries_and_texts_share_the_legal_cap() -> None:
    first = at("2027-04-06 09:00")
    touches = (first, first + timedelta(minutes=5), first + timedelta(minutes=10))  # a call and two texts
    assert next_try(DEFAULT_CADENCE, 1, first, touches, (Calendar("America/Chicago", WEEKDAYS),), 0) == at("2027-04-07 09:00")


def test_leads_of_one_officer_are_not_all_planned_for_the_same_minute() -> None:
    second = {plan(Cadence((1, 2)), at("2027-04-06 09:00"), number=number)[1] for number in range(1001, 1013)}
    assert len(second) == 12 and max(second) - min(second) < timedelta(hours=1)


def test_nobody_who_is_never_open_is_planned_for() -> None:
    assert next_try(DEFAULT_CADENCE, 1, at("2027-04-06 09:00"), (), (Calendar("America/Chicago", ((),) * 7),), 0) is None


@pytest.mark.parametrize("days", [(), (2,), (1, 3, 2), (1,) * (MOST_TRIES + 1), (1, LAST_DAY + 1)])
def test_a_plan_begins_with_the_first_day_goes_forward_and_ends(days: tuple[int, ...]) -> None:
    with pytest.raises(ValueError):
        Cadence(days)


@settings(max_examples=60)
@given(CADENCES, st.sampled_from(ZONES), st.datetimes(datetime(2027, 1, 1), datetime(2028, 12, 1)), st.integers(1, 5000))
def test_any_plan_goes_forward_in_open_hours_below_the_caps_and_ends(cadence: Cadence, zone: str, start: datetime, number: int) -> None:
    calendars = (Calendar(zone, WEEKDAYS),)
    tries = plan(cadence, start.replace(tzinfo=UTC), zone, number)
    assert len(tries) == len(cadence.days)
    for place, (earlier, later) in enumerate(pairwise(tries), 1):
        days_on = cadence.days[place] - cadence.days[place - 1]
        assert later > earlier and is_open(later, calendars)
        assert later.date() >= earlier.date() + timedelta(days=days_on)
        assert days_on or between(earlier, later, calendars) >= PAUSE
        assert later.date() == earlier.date() or not is_federal_holiday(later.date())
        assert full_cap(tuple(tries[:place]), later) is None


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("day", ["2027-03-12", "2027-11-05"])  # the Fridays before clocks change
def test_a_plan_keeps_to_the_clock_on_the_wall_when_clocks_change(zone: str, day: str) -> None:
    friday, monday = plan(Cadence((1, 4)), at(f"{day} 09:00", zone), zone)
    assert (f"{friday:%a %H:%M}", f"{monday:%a %H:%M}") == ("Fri 09:00", "Mon 09:30")

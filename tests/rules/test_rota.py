"""Turns on call follow each other without a gap, on the clocks of the place, also on the days on which these are changed."""

from datetime import UTC, date, datetime, timedelta
from itertools import islice, pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.callable_time import Calendar, Week, is_open, shown_at, week_of
from bot.rules.rota import (
    Rota,
    Taken,
    answered_time,
    on_call,
    only_on_call,
    piece_to_give,
    pieces,
    rota_of,
    stored_rota,
    stretches,
    turn_at,
    turns,
)

PLACES = ("America/Chicago", "America/Phoenix", "Pacific/Honolulu", "America/Indiana/Indianapolis")
CHANGES = (date(2026, 11, 1), date(2027, 3, 14))
"""Back an hour, and on an hour, at 2 am; in Phoenix and Honolulu nothing happens."""
EVENINGS: Week = (((1200, 1320),),) * 7
WORKING: Week = (((480, 1200),),) * 5 + ((),) * 2
SECOND = timedelta(seconds=1)


def rota(zone: str = "America/Chicago", minute: int = 480, days: tuple[int, ...] = (0,), **changes: Any) -> Rota:
    fields = {"officers": ("maya", "luis", "priya"), "since": date(2026, 11, 2), "week": EVENINGS, **changes}
    return Rota(zone=zone, days=days, minute=minute, **fields)


def local(zone: str, day: date, minute: int = 0) -> datetime:
    return shown_at(ZoneInfo(zone), day, minute)


moments = st.datetimes(datetime(2026, 9, 1), datetime(2027, 6, 1), timezones=st.just(UTC))
rotas = st.builds(
    rota,
    zone=st.sampled_from((*PLACES, "America/Havana")),
    minute=st.integers(0, 1440),
    days=st.lists(st.integers(0, 6), min_size=1, unique=True).map(lambda days: tuple(sorted(days))),
    officers=st.lists(st.sampled_from("abcdef"), min_size=1, unique=True).map(tuple),
    since=st.dates(date(2026, 9, 1), date(2027, 6, 1)),
)


@given(rotas, moments)
def test_turns_tile_time_and_go_round_the_list(one: Rota, at: datetime) -> None:
    found = list(islice(turns(one, at), 20))
    assert found[0].begins <= at < found[0].ends
    for earlier, later in pairwise(found):
        assert earlier.begins < earlier.ends == later.begins
        assert one.officers.index(later.officer) == (one.officers.index(earlier.officer) + 1) % len(one.officers)


@given(rotas)
def test_the_first_of_the_list_has_the_first_turn(one: Rota) -> None:
    since = local(one.zone, one.since)
    first = next(turn for turn in turns(one, since - timedelta(days=1)) if turn.begins >= since)
    assert first.officer == one.officers[0]


@given(rotas, moments)
def test_what_each_has_to_give_tiles_a_turn_and_is_their_own(one: Rota, at: datetime) -> None:
    turn = turn_at(one, at)
    half = at + (turn.ends - at) / 2
    taken = [Taken(turn.officer, "z", at, half)]
    [of_first, *_] = pieces(one, at, taken, turn.officer)
    assert list(islice(pieces(one, at, taken, "z"), 1)) == [(at, half)]
    assert of_first == (half, turn.ends)


def test_a_day_to_give_is_the_local_day_and_needs_hours_on_call() -> None:
    zone, at = "America/Chicago", local("America/Chicago", date(2026, 11, 3))
    saturday = date(2026, 11, 7)
    assert piece_to_give(rota(), at, (), "maya", saturday) == (local(zone, saturday), local(zone, date(2026, 11, 8)))
    assert piece_to_give(rota(), at, (), "luis", saturday) is None
    assert piece_to_give(rota(), at, (), "luis", None) == (local(zone, date(2026, 11, 9), 480), local(zone, date(2026, 11, 16), 480))
    weekdays = rota(week=(*EVENINGS[:5], (), ()))
    assert piece_to_give(weekdays, at, (), "maya", saturday) is None


@pytest.mark.parametrize("change", CHANGES)
def test_a_day_to_give_on_which_clocks_change_is_an_hour_longer_or_shorter(change: date) -> None:
    at = local("America/Chicago", change) - timedelta(days=2)
    found = piece_to_give(rota(officers=("maya",)), at, (), "maya", change)
    assert found is not None
    assert found[1] - found[0] == timedelta(hours=25 if change.month == 11 else 23)


@pytest.mark.parametrize("zone", PLACES)
@pytest.mark.parametrize("change", CHANGES)
def test_a_week_with_a_change_is_handed_over_at_the_same_time_of_their_clocks(zone: str, change: date) -> None:
    turn = turn_at(rota(zone), local(zone, change, 12 * 60))
    assert [at.astimezone(ZoneInfo(zone)).strftime("%a %H:%M") for at in (turn.begins, turn.ends)] == ["Mon 08:00", "Mon 08:00"]
    changes = zone in ("America/Chicago", "America/Indiana/Indianapolis")
    longer = timedelta(hours=(1 if change.month == 11 else -1) if changes else 0)
    assert turn.ends - turn.begins == timedelta(days=7) + longer


@pytest.mark.parametrize(
    ("zone", "change", "minute", "shown"),
    [
        ("America/Chicago", CHANGES[0], 90, "2026-11-01T06:30:00+00:00"),  # 1:30 comes twice: the first
        ("America/Indiana/Indianapolis", CHANGES[0], 90, "2026-11-01T05:30:00+00:00"),
        ("America/Chicago", CHANGES[1], 150, "2027-03-14T08:00:00+00:00"),  # 2:30 does not come: 3:00, the next that does
        ("America/Indiana/Indianapolis", CHANGES[1], 150, "2027-03-14T07:00:00+00:00"),
        ("America/Phoenix", CHANGES[0], 90, "2026-11-01T08:30:00+00:00"),
        ("America/Phoenix", CHANGES[1], 150, "2027-03-14T09:30:00+00:00"),
        ("Pacific/Honolulu", CHANGES[0], 90, "2026-11-01T11:30:00+00:00"),
        ("Pacific/Honolulu", CHANGES[1], 150, "2027-03-14T12:30:00+00:00"),
    ],
)
def test_a_time_that_comes_twice_is_the_first_and_one_that_is_skipped_the_next(zone: str, change: date, minute: int, shown: str) -> None:
    sundays = rota(zone, minute, days=(6,))
    assert turn_at(sundays, local(zone, change, 12 * 60)).begins.isoformat() == shown


@pytest.mark.parametrize("zone", PLACES)
@pytest.mark.parametrize("change", CHANGES)
def test_hours_on_call_end_with_the_last_time_that_the_clocks_show(zone: str, change: date) -> None:
    nights = rota(zone, week=(((0, 90),),) * 7)
    last = shown_at(ZoneInfo(zone), change, 90, last=True)
    assert only_on_call(nights, Calendar(zone, WORKING), last - SECOND) and not only_on_call(nights, Calendar(zone, WORKING), last)
    twice = zone in ("America/Chicago", "America/Indiana/Indianapolis") and change.month == 11
    assert last - local(zone, change) == timedelta(hours=2.5 if twice else 1.5)


def test_whoever_is_away_is_stood_in_for_by_the_next_of_the_list() -> None:
    at = local("America/Chicago", date(2026, 11, 3))
    assert on_call(rota(), at, (), lambda _: True) == "maya"
    assert on_call(rota(), at, (), lambda key: key != "maya") == "luis"
    assert on_call(rota(), at, (), lambda key: key == "priya") == "priya"
    assert on_call(rota(), at, (), lambda _: False) is None


def test_a_day_that_a_colleague_took_is_theirs_and_theirs_alone() -> None:
    zone, saturday = "America/Chicago", date(2026, 11, 7)
    taken = [Taken("maya", "luis", local(zone, saturday), local(zone, date(2026, 11, 8)))]
    held = [
        (one.officer, one.whose, one.ends.astimezone(ZoneInfo(zone)).strftime("%a %H:%M"))
        for one in islice(stretches(rota(), local(zone, date(2026, 11, 6)), taken, lambda *_: True, ()), 4)
    ]
    assert held == [
        ("maya", "maya", "Sat 00:00"),
        ("luis", "maya", "Sun 00:00"),
        ("maya", "maya", "Mon 08:00"),
        ("luis", "luis", "Mon 08:00"),
    ]


def test_who_took_a_turn_may_pass_it_on() -> None:
    at, ends = local("America/Chicago", date(2026, 11, 3)), local("America/Chicago", date(2026, 11, 9), 480)
    taken = [Taken("maya", "luis", at, ends), Taken("luis", "priya", at, ends)]
    assert on_call(rota(), at, taken, lambda _: True) == "priya"
    assert on_call(rota(), at, taken, lambda key: key != "priya") == "maya"


def test_only_outside_working_hours_is_somebody_alone() -> None:
    working = Calendar("America/Chicago", WORKING)
    at = [local("America/Chicago", date(2026, 11, 3), minute) for minute in (1199, 1200, 1319, 1320)]
    assert [only_on_call(rota(), working, each) for each in at] == [False, True, True, False]
    assert not only_on_call(None, working, at[1])


def test_the_hours_in_which_somebody_answers_are_both_together() -> None:
    hours = {str(day): [[480, 1200]] for day in range(5)}
    assert answered_time("America/Chicago", hours, [], None) == Calendar("America/Chicago", week_of(hours))
    answered = answered_time("America/Chicago", hours, [], stored_rota(rota()))
    assert answered.week == (((480, 1320),),) * 5 + (((1200, 1320),),) * 2


def test_on_a_holiday_somebody_is_on_call_and_nobody_at_work() -> None:
    hours, thanksgiving = {str(day): [[480, 1200]] for day in range(5)}, date(2026, 11, 26)
    answered = answered_time("America/Chicago", hours, ["thanksgiving"], stored_rota(rota()))
    at = [local("America/Chicago", thanksgiving, minute) for minute in (540, 1199, 1200, 1319, 1320)]
    assert [is_open(each, (answered,)) for each in at] == [False, False, True, True, False]
    working = Calendar("America/Chicago", WORKING, frozenset(["thanksgiving"]))
    assert [only_on_call(rota(), working, each) for each in at] == [False, False, True, True, False]


@given(rotas)
def test_a_rota_is_kept_as_it_is(one: Rota) -> None:
    assert rota_of(one.zone, stored_rota(one)) == one
    assert one.hours == Calendar(one.zone, one.week)

"""The hours and caps of the states, as they stand in the data, each on its day."""

import tomllib
from datetime import UTC, date, datetime, time
from importlib.resources import files
from zoneinfo import ZoneInfo

import pytest

from bot.rules.compliance import window
from bot.rules.hours import CALL_BY_HAND, Hours, Spell, call_hours, caps
from bot.rules.zones import Whereabouts, candidate_zones

DATA = tomllib.loads(files("bot.rules").joinpath("data/solicitations.toml").read_text("utf-8"))


def test_every_row_says_where_it_was_read_and_every_state_has_one_row_for_each_day() -> None:
    rows = [(state, row.get("effective_from")) for row in DATA["hours"] for state in row["states"].split()]
    assert len(rows) == len(set(rows))
    assert all(row["source"] and candidate_zones(Whereabouts(property_state=row["states"][:2])) for row in DATA["hours"])
    assert all(row["source"] for row in DATA["cap"])


@pytest.mark.parametrize(
    ("state", "day", "opens", "closes"),
    [
        ("TX", date(2026, 6, 1), time(9), time(20)),
        ("TX", date(2026, 6, 7), time(12), time(20)),
        ("TX", date(2025, 8, 29), time(8), time(20)),
        ("KY", date(2026, 6, 1), time(10), time(20)),
        ("RI", date(2026, 6, 1), time(9), time(18)),
        ("RI", date(2026, 6, 6), time(10), time(17)),
        ("CT", date(2026, 6, 7), time(9), time(20)),
        ("CA", date(2026, 6, 7), time(8), time(20)),
    ],
)
def test_a_call_by_hand_keeps_to_the_hours_of_its_state(state: str, day: date, opens: time, closes: time) -> None:
    assert call_hours(Whereabouts(property_state=state)).on(day) == (opens, closes)


@pytest.mark.parametrize(
    ("state", "day"),
    [("AL", date(2026, 6, 7)), ("LA", date(2026, 12, 25)), ("MS", date(2026, 6, 7)), ("RI", date(2026, 6, 7)), ("PA", date(2026, 7, 3))],
)
def test_on_some_days_a_state_allows_no_call(state: str, day: date) -> None:
    assert call_hours(Whereabouts(property_state=state)).on(day) is None


def test_the_strictest_of_all_states_counts_whichever_of_phone_house_and_mail_it_comes_from() -> None:
    both = Whereabouts(("+15025550100",), property_state="RI", mailing_state="CT")  # a phone from Kentucky
    assert call_hours(both).on(date(2026, 6, 1)) == (time(10), time(18))


def test_a_law_that_is_passed_holds_from_its_day_on() -> None:
    nine = ((time(9), time(18)),) * 7
    hours = Hours((*CALL_BY_HAND.spells, Spell(date(2027, 1, 1), nine, on_holidays=False)))
    assert hours.on(date(2026, 12, 31)) == (time(8), time(20))
    assert (hours.on(date(2027, 1, 1)), hours.on(date(2027, 1, 2))) == (None, (time(9), time(18)))
    assert hours.newest == nine


def test_the_rule_is_the_state_s_where_only_its_hours_are_closed() -> None:
    austin, chicago = Whereabouts(("+15125550100",), "TX", "78704"), ZoneInfo("America/Chicago")
    assert window(austin, datetime(2026, 6, 1, 8, 30, tzinfo=chicago)).rule == "call_state_hours"
    assert window(austin, datetime(2026, 6, 1, 20, 30, tzinfo=chicago)).opens_at == datetime(2026, 6, 2, 14, tzinfo=UTC)


def test_calls_and_texts_are_counted_everywhere_and_three_states_say_so_by_law() -> None:
    assert [(cap.most, cap.period.days) for cap in caps() if not cap.states] == [(3, 1), (7, 7)]
    assert sorted(state for cap in caps() for state in cap.states) == ["FL", "MD", "OK"]

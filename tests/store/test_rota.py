"""Outside working hours whoever is on call is rung alone, and both they and the team hear of each hand-over."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.distribution.explaining import Explained, explain_lead
from bot.in_force import newest
from bot.officers.duty import set_off, set_on
from bot.officers.rota import OnCallFor, hand_over_turns, on_call_in_teams
from bot.rules.rota import Rota, stored_rota
from bot.store.clocks import next_clock_due
from bot.store.events import COMPANY, Event
from bot.store.people import Officer, Team
from bot.store.places import KnownOfficer
from bot.store.postings import Place
from bot.store.rota import look_at_all_rotas, next_hand_over
from tests.doubles.branch import BEST, Branch

AUSTIN = ZoneInfo("America/Chicago")
EVENINGS = (((1020, 1200),),) * 7
WORKING = {str(day): [[480, 1020]] for day in range(5)}
SIX = datetime(2026, 11, 24, 18, 0, tzinfo=AUSTIN)
"""A Tuesday; working hours ended at 5, and until 8 the borrower may be called."""


@pytest.fixture(autouse=True)
def austin_has_a_rota(branch: Branch) -> None:
    """Maya, Luis and Priya take turns from Monday at 8 on, Maya first; somebody is on call from 5 to 8 each evening."""
    rota = Rota("America/Chicago", ("maya", "luis", "priya"), (0,), 480, date(2026, 11, 23), EVENINGS)
    team_id = branch.services.in_force.sources["website"].team.id
    branch.set(Team, team_id, rota=stored_rota(rota), working_hours=WORKING)
    branch.store.transact_now(look_at_all_rotas)
    in_force = branch.store.transact_now(newest, {})
    assert in_force is not None
    branch.services.in_force = in_force


def hand_overs(branch: Branch) -> list[Event]:
    """Look whose turn it is; all hand-overs so far."""
    due = branch.store.transact_now(next_hand_over)
    if due is not None and due <= branch.clock.now():
        branch.store.transact_now(hand_over_turns, branch.clock.now(), "salt")
    return [event for event in branch.events(COMPANY) if event.kind == "on_call"]


def told_of(branch: Branch, event: Event) -> set[str]:
    """The people and channels that hear of a hand-over."""
    names = {officer.id: officer.key for officer in branch.all(Officer)}
    places = {place.id: names.get(place.officer_id or 0, place.named) for place in branch.all(Place)}
    return {places[each.place_id] for each in branch.postings("notice") if each.topic == "on_call" and each.event_seq == event.seq}


def ahead(branch: Branch, officer: str = "maya") -> list[OnCallFor]:
    known = KnownOfficer(branch.officer_id(officer), officer, officer, "en", "officer", True)
    [team] = branch.store.transact_now(on_call_in_teams, known, branch.clock.now())
    return list(team.ahead)


def names(found: list[OnCallFor]) -> list[tuple[str | None, str | None]]:
    return [(one.officer, one.instead_of) for one in found]


def rung(branch: Branch, lead: int) -> list[tuple[str, list[str]]]:
    branch.escalate()
    return branch.told(lead)


def test_in_the_evening_the_one_on_call_is_rung_and_nobody_else(branch: Branch) -> None:
    branch.clock.at = SIX
    lead = branch.new_lead(**BEST)
    assert rung(branch, lead) == [("ring", ["maya"])]
    branch.passes(minutes=2)
    assert branch.told(lead) == [("ring", ["maya"])]  # all who are on duty were rung


def test_why_names_who_is_not_on_call_in_the_evening(branch: Branch) -> None:
    branch.clock.at = SIX
    lead = branch.new_lead(**BEST)
    branch.escalate()
    luis = KnownOfficer(branch.officer_id("luis"), "luis", "Luis Ortega", "en", "officer", True)

    why = branch.store.transact_now(explain_lead, lead, luis, branch.clock.now())

    assert isinstance(why, Explained)
    assert why.mine == "not_on_call"
    assert ("Priya Nair", "not_on_call", None) in why.skipped


def test_in_working_hours_all_are_rung_as_ever(branch: Branch) -> None:
    lead = branch.new_lead(**BEST)
    assert len(rung(branch, lead)[0][1]) == 3


def test_after_the_hours_on_call_it_waits_for_the_morning(branch: Branch) -> None:
    branch.clock.at = SIX.replace(hour=20)
    branch.new_lead(property_zip="78704")
    assert branch.store.transact_now(next_clock_due) == datetime(2026, 11, 25, 9, tzinfo=AUSTIN)


def test_who_leads_hears_where_the_one_on_call_may_not_take_it(branch: Branch) -> None:
    branch.clock.at = SIX
    branch.set(Officer, branch.officer_id("maya"), licenses={"OK": None})
    lead = branch.new_lead()
    assert rung(branch, lead) == [("nobody_free", ["tess"])]


def test_in_the_evening_the_next_of_the_list_stands_in_for_who_is_off(branch: Branch) -> None:
    branch.clock.at = SIX
    branch.store.transact_now(set_off, branch.press("maya", COMPANY), "friday")
    lead = branch.new_lead(**BEST)
    assert rung(branch, lead) == [("ring", ["luis"])]


def test_the_first_call_of_who_went_home_is_due_in_the_morning_and_that_of_who_is_on_call_at_once(branch: Branch) -> None:
    branch.clock.at = SIX - timedelta(minutes=63)
    leads = {officer: branch.new_lead(first_name=officer, phone=f"(512) 555-01{n}0") for n, officer in enumerate(("luis", "maya"))}
    for officer, lead in leads.items():
        branch.claim(officer, lead)
    branch.escalate()
    branch.passes(minutes=9)
    assert branch.told(leads["luis"]) == []
    assert branch.told(leads["maya"]) == [("nudge", ["maya"])]


def test_turns_follow_each_other_in_the_order_of_the_list(branch: Branch) -> None:
    assert names(ahead(branch))[:2] == [("Maya Torres", None), ("Luis Ortega", None)]


def test_both_and_the_channel_hear_of_a_hand_over_once(branch: Branch) -> None:
    [first] = hand_overs(branch)
    assert (first.meta["officer"], told_of(branch, first)) == ("Maya Torres", {"maya", "#leads"})
    assert branch.store.transact_now(next_hand_over) == datetime(2026, 11, 30, 8, tzinfo=AUSTIN)
    branch.clock.at = datetime(2026, 11, 30, 8, tzinfo=AUSTIN)
    _, second = hand_overs(branch)
    assert (second.meta["officer"], told_of(branch, second)) == ("Luis Ortega", {"luis", "maya", "#leads"})
    assert datetime.fromisoformat(second.meta["until"]) == datetime(2026, 12, 7, 8, tzinfo=AUSTIN)
    assert len(hand_overs(branch)) == 2


def test_a_long_downtime_tells_who_is_on_call_now_and_no_more(branch: Branch) -> None:
    hand_overs(branch)
    branch.clock.at = datetime(2026, 12, 9, 12, tzinfo=AUSTIN)
    assert [event.meta["officer"] for event in hand_overs(branch)] == ["Maya Torres", "Priya Nair"]


def test_going_off_hands_over_at_once_and_coming_back_takes_it_again(branch: Branch) -> None:
    hand_overs(branch)
    branch.store.transact_now(set_off, branch.press("maya", COMPANY), "friday")
    assert [event.meta["officer"] for event in hand_overs(branch)] == ["Maya Torres", "Luis Ortega"]
    assert names(ahead(branch))[:3] == [("Luis Ortega", "Maya Torres"), ("Maya Torres", None), ("Luis Ortega", None)]
    branch.store.transact_now(set_on, branch.press("maya", COMPANY))
    assert [event.meta["officer"] for event in hand_overs(branch)] == ["Maya Torres", "Luis Ortega", "Maya Torres"]


def test_who_leads_hears_when_all_of_the_list_are_away(branch: Branch) -> None:
    hand_overs(branch)
    for officer in ("maya", "luis", "priya"):
        branch.store.transact_now(set_off, branch.press(officer, COMPANY), "friday")
    *_, event = hand_overs(branch)
    assert (event.meta["officer"], told_of(branch, event)) == (None, {"maya", "tess", "#leads"})
    branch.clock.at = SIX
    lead = branch.new_lead()
    assert rung(branch, lead) == [("nobody_free", ["tess"])]


def test_without_a_rota_nothing_is_looked_at_again(branch: Branch) -> None:
    branch.set(Team, branch.services.in_force.sources["website"].team.id, rota=None)
    assert hand_overs(branch) == []
    assert branch.store.transact_now(next_hand_over) is None


def test_somebody_of_another_team_has_no_rota_to_see(branch: Branch) -> None:
    cora: dict[str, Any] = {"key": "cora", "name": "Cora Bell", "language": "en", "active": True}
    for role, seen in (("officer", 0), ("compliance", 1)):
        known = KnownOfficer(id=branch.officer_id("cora"), role=role, **cora)  # type: ignore[arg-type]
        assert len(branch.store.transact_now(on_call_in_teams, known, SIX.astimezone(UTC))) == seen

"""Fifteen minutes before a working day ends, each officer with open leads is asked once what becomes of them."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.officers.shift_end import Answered, Choice, NothingOpen, ShiftOutcome, ask_at_shift_end, note_answer
from bot.store.events import COMPANY, Event
from bot.store.people import Officer, Team
from bot.store.shifts import next_edge_of_day
from tests.doubles.branch import Branch

AUSTIN = ZoneInfo("America/Chicago")
EVENING = datetime(2026, 11, 24, 19, 45, tzinfo=AUSTIN)
"""Austin ends at 8 pm, and South, on Denver's clocks, at 9 pm of Austin's."""


@pytest.fixture(autouse=True)
def open_since_morning(branch: Branch) -> None:
    """The ends of the day are known."""
    asks(branch)


def asks(branch: Branch) -> list[Event]:
    """Ask whom it is time to ask; all questions so far."""
    while branch.store.transact_now(ask_at_shift_end, branch.clock.now(), "salt")[0]:
        pass
    return [event for event in branch.events(COMPANY) if event.kind == "shift_end"]


def held_by(branch: Branch, officer: str, count: int = 1, **fields: Any) -> list[int]:
    """Leads that the officer claimed a moment ago and has not called."""
    known = len(branch.postings("card"))
    leads = [branch.new_lead(first_name=officer, phone=f"(512) 555-01{known + n:02}", **fields) for n in range(count)]
    for lead in leads:
        branch.claim(officer, lead)
    return leads


def answers(branch: Branch, officer: str, question: Event, choice: Choice) -> ShiftOutcome:
    return branch.store.transact_now(note_answer, branch.press(officer, COMPANY), question.seq, choice)[0]


def test_who_holds_leads_that_nobody_called_is_asked_once(branch: Branch) -> None:
    leads = held_by(branch, "maya", 2)
    assert branch.store.transact_now(next_edge_of_day) == EVENING
    branch.clock.at = EVENING - timedelta(seconds=1)
    assert asks(branch) == []
    branch.clock.at = EVENING
    [question] = asks(branch)
    assert question.officer_id == branch.officer_id("maya")
    assert sorted(question.meta["leads"]) == leads
    assert [posting.topic for posting in branch.postings("notice") if posting.lead_id is None] == ["shift_end"]
    branch.clock.skip(minutes=5)
    assert asks(branch) == [question]
    assert branch.store.transact_now(next_edge_of_day) == datetime(2026, 11, 24, 20, 45, tzinfo=AUSTIN)


def test_a_lead_whose_borrower_was_called_is_not_open(branch: Branch) -> None:
    [lead] = held_by(branch, "maya")
    branch.logs("maya", lead, "connected")
    branch.clock.at = EVENING
    assert asks(branch) == []


def test_who_works_on_for_another_team_is_asked_when_that_one_ends(branch: Branch) -> None:
    held_by(branch, "priya")
    branch.clock.at = EVENING
    assert asks(branch) == []
    branch.clock.skip(hours=1)
    [question] = asks(branch)
    assert question.officer_id == branch.officer_id("priya")


def test_the_cover_is_who_works_on_and_may_have_all_of_them(branch: Branch) -> None:
    held_by(branch, "maya")
    branch.clock.at = EVENING
    [question] = asks(branch)
    assert question.meta["cover"] == "Priya Nair"  # Omar works on too, and has no license for Texas


def test_the_cover_may_have_each_of_them(branch: Branch) -> None:
    held_by(branch, "maya")
    held_by(branch, "maya", property_state="OK")
    branch.clock.at = EVENING
    [question] = asks(branch)
    assert question.meta["cover"] == "Tess Lindqvist"  # Priya has no license for Oklahoma


def test_where_everybody_else_who_works_on_is_on_leave_there_is_no_cover(branch: Branch) -> None:
    for officer in ("priya", "tess"):
        branch.set(Officer, branch.officer_id(officer), off_until=EVENING + timedelta(days=1))
    held_by(branch, "maya")
    branch.clock.at = EVENING
    [question] = asks(branch)
    assert question.meta["cover"] is None


def test_of_teams_whose_days_end_together_one_is_asked_at_a_time(branch: Branch) -> None:
    for team in branch.all(Team):
        branch.set(Team, team.id, shift_due_at=EVENING)
    held_by(branch, "maya")
    held_by(branch, "priya")
    branch.clock.at = EVENING
    many = [branch.store.transact_now(ask_at_shift_end, EVENING, "salt")[0] for _ in range(3)]
    assert many == [1, 1, 0]
    assert [event.officer_id for event in asks(branch)] == [branch.officer_id("maya")]  # Priya works on, by South's clocks


def test_keep_changes_nothing_but_is_noted(branch: Branch) -> None:
    [lead] = held_by(branch, "maya")
    branch.clock.at = EVENING
    [question] = asks(branch)
    assert answers(branch, "maya", question, "keep") == Answered("keep", 1, None)
    assert branch.view(lead).owner_name == "Maya Torres"
    assert [posting.topic for posting in branch.postings("notice") if posting.lead_id is None] == ["shift_answered"]


def test_hand_over_makes_the_cover_the_owner(branch: Branch) -> None:
    leads = held_by(branch, "maya", 3)
    branch.clock.at = EVENING
    [question] = asks(branch)
    assert answers(branch, "maya", question, "hand") == Answered("hand", 3, "Priya Nair")
    assert {branch.view(lead).owner_name for lead in leads} == {"Priya Nair"}


def test_pool_gives_them_back(branch: Branch) -> None:
    leads = held_by(branch, "maya", 2)
    branch.clock.at = EVENING
    [question] = asks(branch)
    assert answers(branch, "maya", question, "pool") == Answered("pool", 2, None)
    assert {branch.view(lead).owner_name for lead in leads} == {None}


def test_only_what_is_still_open_moves(branch: Branch) -> None:
    called, lost, still = held_by(branch, "maya", 3)
    branch.clock.at = EVENING
    [question] = asks(branch)
    branch.logs("maya", called, "no_answer")
    branch.give_back("maya", lost)
    branch.claim("luis", lost)
    assert answers(branch, "maya", question, "pool") == Answered("pool", 1, None)
    assert [branch.view(lead).owner_name for lead in (called, lost, still)] == ["Maya Torres", "Luis Ortega", None]
    assert answers(branch, "maya", question, "pool") == NothingOpen()


def test_a_cover_who_went_off_meanwhile_gets_nothing_and_the_owner_keeps_them(branch: Branch) -> None:
    [lead] = held_by(branch, "maya")
    branch.clock.at = EVENING
    [question] = asks(branch)
    branch.set(Officer, branch.officer_id("priya"), off_until=EVENING + timedelta(days=1))
    assert answers(branch, "maya", question, "hand") == Answered("hand", 0, "Priya Nair")
    assert branch.view(lead).owner_name == "Maya Torres"


def test_nobody_answers_another_s_question(branch: Branch) -> None:
    [lead] = held_by(branch, "maya")
    branch.clock.at = EVENING
    [question] = asks(branch)
    assert answers(branch, "luis", question, "pool") == NothingOpen()
    assert branch.view(lead).owner_name == "Maya Torres"


def test_the_same_press_twice_is_one_answer(branch: Branch) -> None:
    held_by(branch, "maya", 2)
    branch.clock.at = EVENING
    [question] = asks(branch)
    press = branch.press("maya", COMPANY)
    first, second = (branch.store.transact_now(note_answer, press, question.seq, "pool")[0] for _ in range(2))
    assert first == second == Answered("pool", 2, None)


def test_after_a_downtime_over_the_end_nobody_is_asked_about_a_day_that_is_over(branch: Branch) -> None:
    held_by(branch, "maya")
    branch.clock.at = EVENING + timedelta(minutes=15)
    assert asks(branch) == []
    branch.clock.at = EVENING + timedelta(days=1)
    assert len(asks(branch)) == 1

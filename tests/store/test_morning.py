"""At the start of their working day officers are told once which of their leads want something, and not on days on which they are away."""

from datetime import datetime, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import Session

from bot.leads.reminders import keep_reminder
from bot.officers.morning import tell_mornings
from bot.store.events import COMPANY, Event
from bot.store.messages import keep_text, reach_of
from bot.store.morning import next_morning_due
from bot.store.people import Officer, Team
from bot.store.reminders import Kind
from tests.doubles.branch import Branch

AUSTIN = ZoneInfo("America/Chicago")
TUESDAY = datetime(2026, 11, 24, 12, tzinfo=AUSTIN)
"""That Thursday is Thanksgiving."""
WEDNESDAY, THURSDAY, FRIDAY = (datetime(2026, 11, day, 8, tzinfo=AUSTIN) for day in (25, 26, 27))


@pytest.fixture(autouse=True)
def since_yesterday(branch: Branch) -> None:
    """When each day begins is worked out."""
    branch.clock.at = TUESDAY
    assert mornings(branch) == []


def mornings(branch: Branch) -> list[Event]:
    """Tell whom it is time to tell; all mornings so far."""
    while branch.store.transact_now(tell_mornings, branch.clock.now(), "salt")[0]:
        pass
    return [event for event in branch.events(COMPANY) if event.kind == "morning"]


def own(branch: Branch, officer: str = "maya", number: int = 0, *, tried: bool = False) -> int:
    lead = branch.new_lead(first_name=f"Lead{number}", phone=f"(512) 555-01{number:02}")
    branch.claim(officer, lead)
    if tried:
        branch.logs(officer, lead, "connected")
    return lead


def comes_back(branch: Branch, lead: int, at: datetime, kind: Kind = "call_back") -> None:
    branch.store.transact_now(keep_reminder, branch.press("maya", lead), kind, at, None)


def test_the_day_s_leads_are_told_once_as_it_begins_the_most_pressing_first(branch: Branch) -> None:
    later, new, due = own(branch, number=1, tried=True), own(branch, number=2), own(branch, number=3, tried=True)
    comes_back(branch, due, WEDNESDAY + timedelta(hours=2))
    comes_back(branch, later, FRIDAY)
    assert branch.store.transact_now(next_morning_due) == WEDNESDAY
    branch.clock.at = WEDNESDAY - timedelta(seconds=1)
    assert mornings(branch) == []
    branch.clock.at = WEDNESDAY
    [told] = mornings(branch)
    assert told.officer_id == branch.officer_id("maya")
    assert told.meta["rows"] == [["today", due], ["new", new]]
    assert told.meta["counts"] == {"waiting": 0, "overdue": 0, "covering": 0, "today": 1, "new": 1}
    assert [posting.topic for posting in branch.postings("notice") if posting.topic == "morning"] == ["morning"]
    branch.clock.skip(hours=3)
    assert mornings(branch) == [told]


def test_who_has_nothing_to_do_hears_nothing(branch: Branch) -> None:
    later = own(branch, tried=True)
    comes_back(branch, later, FRIDAY)
    branch.clock.at = WEDNESDAY
    assert mornings(branch) == []


def test_what_sequences_sent_since_the_last_working_morning_is_told_in_the_same_message(branch: Branch) -> None:
    later, others = own(branch, tried=True), own(branch, "luis", 1, tried=True)
    for lead in (later, others):
        comes_back(branch, lead, FRIDAY)
    branch.store.transact_now(written_by_sequence, later, {"sms": 2, "email": 1}, WEDNESDAY - timedelta(hours=3))
    branch.store.transact_now(written_by_sequence, later, {"sms": 5}, TUESDAY - timedelta(hours=5))
    branch.store.transact_now(written_by_sequence, others, {"sms": 1}, WEDNESDAY - timedelta(hours=30))
    branch.clock.at = WEDNESDAY
    told = {event.officer_id: event.meta for event in mornings(branch)}
    assert {officer_id: meta["sent"] for officer_id, meta in told.items()} == {
        branch.officer_id("maya"): [2, 1],
        branch.officer_id("luis"): [0, 0],
    }
    assert told[branch.officer_id("maya")]["rows"] == []


def written_by_sequence(session: Session, lead: int, sent: dict[Literal["sms", "email"], int], at: datetime) -> None:
    """So many texts and emails of a sequence that reached the network then, and one that did not."""
    contact = reach_of(session, lead)
    assert contact is not None
    row = {
        "lead_id": lead,
        "contact_point_id": contact[0],
        "direction": "out",
        "body": "",
        "created_at": at,
        "left_at": at,
        "enrollment_id": 1,
    }
    for channel, many in sent.items():
        for status in [*["delivered"] * many, "failed"]:
            keep_text(session, {**row, "channel": channel, "status": status})


def test_who_is_off_hears_nothing_until_the_morning_after(branch: Branch) -> None:
    own(branch)
    branch.set(Officer, branch.officer_id("maya"), off_until=WEDNESDAY + timedelta(hours=5))
    branch.clock.at = WEDNESDAY
    assert mornings(branch) == []
    branch.clock.at = THURSDAY
    assert len(mornings(branch)) == 1


def test_on_a_holiday_nobody_hears_and_on_the_next_working_day_all_do(branch: Branch) -> None:
    for team in branch.all(Team):
        branch.set(Team, team.id, holidays=["2026-11-25", "thanksgiving"])
    own(branch)
    for at in (WEDNESDAY, THURSDAY):
        branch.clock.at = at
        assert mornings(branch) == []
    branch.clock.at = FRIDAY
    assert len(mornings(branch)) == 1


def test_who_has_hours_of_their_own_hears_as_they_begin(branch: Branch) -> None:
    afternoons: dict[str, Any] = {str(day): [[720, 1200]] for day in range(7)}
    branch.set(Officer, branch.officer_id("maya"), working_hours=afternoons, morning_due_at=None)
    own(branch)
    branch.clock.at = WEDNESDAY
    assert mornings(branch) == []
    branch.clock.at = WEDNESDAY + timedelta(hours=4)
    assert len(mornings(branch)) == 1


def test_after_a_night_s_downtime_it_is_told_late_and_after_a_day_s_not_at_all(branch: Branch) -> None:
    own(branch)
    branch.clock.at = WEDNESDAY + timedelta(hours=3)
    assert len(mornings(branch)) == 1
    branch.clock.at = THURSDAY + timedelta(hours=14)
    assert len(mornings(branch)) == 1
    assert branch.store.transact_now(next_morning_due) == FRIDAY


def test_each_morning_has_its_own(branch: Branch) -> None:
    own(branch)
    for at in (WEDNESDAY, THURSDAY):
        branch.clock.at = at
        mornings(branch)
    assert len(mornings(branch)) == 2


def test_who_serves_in_no_team_or_works_no_leads_is_looked_at_and_told_nothing(branch: Branch) -> None:
    branch.clock.at = WEDNESDAY
    mornings(branch)
    assert all(officer.morning_due_at is not None and officer.morning_due_at > WEDNESDAY for officer in branch.all(Officer))

"""A lead that its owner leaves alone goes back to the pool, after a warning; who works on it, plans to, or is away keeps it."""

from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import Session

from bot.leads.reminders import keep_reminder
from bot.speed_to_lead.escalation_rules import start_clock
from bot.speed_to_lead.neglect import look_for_neglect
from bot.store.clocks import UNANSWERED, Clock
from bot.store.events import COMPANY
from bot.store.leads import Lead, LeadPass
from bot.store.people import Officer, Team
from bot.store.reminders import end_plan
from tests.doubles.branch import Branch

AUSTIN = ZoneInfo("America/Chicago")


def morning(day: int, hour: int = 8) -> datetime:
    """Of November 2026: the 24th is a Tuesday, the 26th a holiday."""
    return datetime(2026, 11, day, hour, tzinfo=AUSTIN)


def takes_back(branch: Branch, team: str = "austin", **days: int) -> None:
    [row] = [each for each in branch.all(Team) if each.key == team]
    branch.set(Team, row.id, **days)
    looks(branch)


@pytest.fixture
def three_days(branch: Branch) -> Branch:
    """The morning of Monday the 16th, in a team that takes back what nobody tried for three working days, or answered for two."""
    branch.clock.at = morning(16, 10)
    takes_back(branch, days_without_attempt=3, days_without_reply=2)
    return branch


def next_look(branch: Branch) -> datetime | None:
    return next(team.morning_due_at for team in branch.all(Team) if team.key == "austin")


def looks(branch: Branch) -> None:
    while branch.store.transact_now(look_for_neglect, branch.clock.now(), "salt")[0]:
        pass


def called(branch: Branch, officer: str = "maya", number: int = 0, **fields: Any) -> int:
    """A lead of the officer's that they called in vain, with no plan for another try."""
    lead = branch.new_lead(first_name=f"Dana{number}", phone=f"(512) 555-01{number:02}", **fields)
    branch.claim(officer, lead)
    branch.logs(officer, lead, "no_answer")
    branch.store.transact_now(_drop_plans, lead)
    return lead


def _drop_plans(session: Session, lead: int) -> None:
    end_plan(session, lead, "answered", 0)


def kinds(branch: Branch, lead: int) -> list[str]:
    return [each.kind for each in branch.events(lead) if each.kind in ("goes_back_tomorrow", "neglected")]


def on_mornings(branch: Branch, *days: int) -> None:
    for day in days:
        branch.clock.at = morning(day)
        looks(branch)


def test_the_owner_is_warned_a_working_morning_before_and_then_it_goes_back(three_days: Branch) -> None:
    branch = three_days
    lead = called(branch)
    on_mornings(branch, 17)
    assert kinds(branch, lead) == []
    on_mornings(branch, 18)
    assert kinds(branch, lead) == ["goes_back_tomorrow"]
    [warning] = [event for event in branch.events(lead) if event.kind == "goes_back_tomorrow"]
    assert datetime.fromisoformat(warning.meta["at"]) == morning(19) and warning.meta["told"] == ["maya"]
    assert branch.view(lead).owner_name == "Maya Torres"

    on_mornings(branch, 19)

    assert kinds(branch, lead) == ["goes_back_tomorrow", "neglected"]
    assert branch.view(lead).owner_name is None
    assert [each.reason for each in branch.all(LeadPass)] == ["neglected"]
    assert [each.topic for each in branch.postings("notice", lead)][-2:] == ["goes_back_tomorrow", "taken_back"]
    assert [each.topic for each in branch.postings("update", lead)][-1] == "neglected"
    branch.clock.at = morning(19, 10)  # from now on Texans may be called
    branch.escalate()
    kind, told = branch.told(lead)[-1]
    assert kind == "ring" and told and "maya" not in told


def test_without_days_in_the_config_nothing_goes_back_and_nothing_is_looked_for(branch: Branch) -> None:
    lead = called(branch)
    branch.clock.skip(days=30)
    assert next_look(branch) is None
    assert branch.store.transact_now(look_for_neglect, branch.clock.now(), "salt") == (0, [])
    assert kinds(branch, lead) == []


def test_a_try_after_the_warning_keeps_it(three_days: Branch) -> None:
    branch = three_days
    lead = called(branch)
    on_mornings(branch, 17, 18)
    branch.clock.skip(hours=2)
    branch.logs("maya", lead, "left_voicemail")
    branch.store.transact_now(_drop_plans, lead)

    on_mornings(branch, 19)
    assert kinds(branch, lead) == ["goes_back_tomorrow"] and branch.view(lead).owner_name == "Maya Torres"

    on_mornings(branch, 20, 23)
    assert kinds(branch, lead) == ["goes_back_tomorrow", "goes_back_tomorrow", "neglected"]


def test_a_planned_next_touch_keeps_it_until_it_rang(three_days: Branch) -> None:
    branch = three_days
    lead = called(branch)
    branch.store.transact_now(keep_reminder, branch.press("maya", lead), "later", morning(24, 9), None)
    on_mornings(branch, 17, 18, 19, 20, 23, 24)
    assert kinds(branch, lead) == []


def test_the_plan_of_tries_keeps_what_was_called(three_days: Branch) -> None:
    branch = three_days
    lead = branch.new_lead()
    branch.claim("maya", lead)
    branch.logs("maya", lead, "no_answer")
    branch.clock.at = morning(18)
    [row] = [each for each in branch.all(Lead) if each.id == lead]
    planned = branch.view(lead).next_touch
    assert row.stage == "attempted" and planned is not None
    branch.clock.at = planned - timedelta(seconds=1)
    looks(branch)
    assert kinds(branch, lead) == []


def test_who_is_off_is_neither_warned_nor_loses_it_and_has_their_days_once_back(three_days: Branch) -> None:
    branch = three_days
    lead = called(branch)
    branch.set(Officer, branch.officer_id("maya"), off_until=morning(18))
    on_mornings(branch, 17, 18, 19)
    assert kinds(branch, lead) == []
    on_mornings(branch, 20)
    assert kinds(branch, lead) == ["goes_back_tomorrow"]


def test_who_goes_off_after_the_warning_keeps_it(three_days: Branch) -> None:
    branch = three_days
    lead = called(branch)
    on_mornings(branch, 17, 18)
    branch.set(Officer, branch.officer_id("maya"), off_until=morning(25))
    on_mornings(branch, 19)
    assert kinds(branch, lead) == ["goes_back_tomorrow"] and branch.view(lead).owner_name == "Maya Torres"


@pytest.mark.parametrize("stage", ["qualified", "application", "nurture", "not_interested"])
def test_what_is_further_on_or_sleeps_or_ended_stays(three_days: Branch, stage: str) -> None:
    branch = three_days
    lead = called(branch)
    branch.set(Lead, lead, stage=stage)
    on_mornings(branch, 17, 18, 19, 20)
    assert kinds(branch, lead) == []


def test_a_borrower_who_wrote_and_waits_too_long_takes_it_away_though_somebody_called_before(three_days: Branch) -> None:
    branch = three_days
    lead = called(branch)
    branch.clock.skip(hours=1)
    branch.store.transact_now(_waits, lead, branch.clock.now())
    on_mornings(branch, 17)
    assert kinds(branch, lead) == ["goes_back_tomorrow"]
    assert branch.events(lead)[-1].meta["unanswered"] is True
    on_mornings(branch, 18)
    assert kinds(branch, lead) == ["goes_back_tomorrow", "neglected"]
    assert not [each for each in branch.all(Clock) if each.kind == UNANSWERED and each.due_at is not None]


def _waits(session: Session, lead: int, at: datetime) -> None:
    start_clock(session, lead, UNANSWERED, started_at=at, due_at=at + timedelta(days=9))


def test_weekends_and_holidays_are_no_days_of_neglect(branch: Branch) -> None:
    branch.clock.at = morning(24, 10)
    [austin] = [each for each in branch.all(Team) if each.key == "austin"]
    weekdays = {day: spans for day, spans in austin.working_hours.items() if int(day) < 5}
    branch.set(Team, austin.id, working_hours=weekdays)
    takes_back(branch, days_without_attempt=2)
    lead = called(branch)
    on_mornings(branch, 25)
    assert kinds(branch, lead) == ["goes_back_tomorrow"]
    assert next_look(branch) == morning(27)
    on_mornings(branch, 26)
    assert kinds(branch, lead) == ["goes_back_tomorrow"]
    on_mornings(branch, 27)
    assert kinds(branch, lead) == ["goes_back_tomorrow", "neglected"]


def test_forty_leads_go_back_in_one_morning_and_ring_one_after_the_other(three_days: Branch) -> None:
    branch = three_days
    leads = [called(branch, number=number) for number in range(45)]
    on_mornings(branch, 17, 18, 19)
    assert all(branch.view(lead).owner_name is None for lead in leads)
    starts = sorted(each.started_at for each in branch.all(Clock) if each.kind == "unclaimed" and each.lead_id in leads)
    gaps = [later - earlier for earlier, later in pairwise(starts)]
    assert starts[0] == morning(19, 10), "from then on Texans may be called"
    assert set(gaps) == {timedelta(minutes=3)}
    branch.clock.at = morning(19, 10)
    assert branch.escalate() == 1
    assert "overnight" not in [each.kind for each in branch.events(COMPANY)]


def test_a_new_owner_has_days_of_their_own(three_days: Branch) -> None:
    branch = three_days
    lead = called(branch)
    on_mornings(branch, 17, 18)
    branch.give_back("maya", lead)
    branch.claim("luis", lead)
    branch.set(Lead, lead, stage="attempted")
    on_mornings(branch, 19)
    assert branch.view(lead).owner_name == "Luis Ortega"
    assert kinds(branch, lead) == ["goes_back_tomorrow"]


def test_a_morning_that_was_missed_is_made_up_for_while_the_team_works(three_days: Branch) -> None:
    branch = three_days
    lead = called(branch)
    branch.clock.at = morning(18, 22)
    looks(branch)
    assert kinds(branch, lead) == []
    branch.clock.at = morning(19, 15)
    looks(branch)
    assert kinds(branch, lead) == ["goes_back_tomorrow"] and next_look(branch) == morning(20)

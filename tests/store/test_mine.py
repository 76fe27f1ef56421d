"""An officer's own leads: each in one section, in the order in which they want something, a page at a time."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import Session

from bot.config import Config
from bot.configuring import apply_config
from bot.leads.mine import SECTIONS, MyLeads, Section, list_own, section_of
from bot.leads.reminders import keep_reminder, ring_reminders
from bot.speed_to_lead.escalation_rules import start_clock
from bot.store.clocks import UNANSWERED, stop_clock
from bot.store.installation import prepare
from bot.store.leads import Lead
from bot.store.mine import OwnLead, own_leads
from bot.store.places import KnownOfficer
from bot.store.reminders import Kind
from tests.conftest import NOON
from tests.doubles.branch import Branch
from tests.doubles.databases import fresh_store

OWN = OwnLead(1042, "attempted", 50, NOON, "America/Chicago", None, None, None)
TONIGHT, TOMORROW = datetime(2026, 11, 25, 5, 59, tzinfo=UTC), datetime(2026, 11, 25, 6, 0, tzinfo=UTC)  # 11:59 pm and midnight in Austin


@pytest.mark.parametrize(
    ("own", "section"),
    [
        (replace(OWN, waits_since=NOON, rang_at=NOON, stage="new"), "waiting"),
        (replace(OWN, rang_at=NOON, stage="new", next_touch=TOMORROW), "overdue"),
        (replace(OWN, stage="new", next_touch=TONIGHT), "new"),
        (replace(OWN, next_touch=TONIGHT), "today"),
        (replace(OWN, next_touch=TOMORROW), "asleep"),
        (OWN, "today"),
        (replace(OWN, stage="nurture"), "asleep"),
        (replace(OWN, stage="nurture", next_touch=TONIGHT), "today"),
    ],
)
def test_a_lead_stands_in_the_section_that_wants_the_most(own: OwnLead, section: Section) -> None:
    assert section_of(own, NOON) == section


def mine(branch: Branch, officer: str = "maya", page: int = 0) -> MyLeads:
    who = KnownOfficer(branch.officer_id(officer), officer, officer, "en", "officer", True)
    return branch.store.transact_now(list_own, who, page, branch.clock.now())


def own(branch: Branch, number: int, *, tried: bool = True, officer: str = "maya") -> int:
    lead = branch.new_lead(phone=f"(512) 555-01{number:02}")
    branch.claim(officer, lead)
    if tried:
        branch.logs(officer, lead, "connected")
    return lead


def keeps(branch: Branch, lead: int, at: datetime, kind: Kind = "later", note: str | None = None) -> None:
    branch.store.transact_now(keep_reminder, branch.press("maya", lead), kind, at, note)


def placed(listed: MyLeads) -> list[tuple[Section, int]]:
    return [(row.section, row.lead.number) for row in listed.rows]


def test_who_waits_comes_first_then_what_is_overdue_today_new_and_asleep(branch: Branch) -> None:
    asleep, fresh, today, untouched, overdue, waiting = (own(branch, number, tried=number != 2) for number in range(1, 7))
    keeps(branch, asleep, NOON + timedelta(days=2))
    keeps(branch, today, NOON + timedelta(hours=3), note="pay stubs")
    keeps(branch, overdue, NOON, "remind", "check docs")
    branch.store.transact_now(ring_reminders, NOON, "salt")
    branch.store.transact_now(start_clock, waiting, UNANSWERED, NOON, NOON)
    listed = mine(branch)
    assert placed(listed) == [("waiting", waiting), ("overdue", overdue), ("today", today), ("today", untouched), ("new", fresh)]
    assert [row.note for row in listed.rows] == [None, "check docs", "pay stubs", None, None]
    assert listed.counts == {"waiting": 1, "overdue": 1, "covering": 0, "today": 2, "new": 1, "asleep": 1}
    assert placed(mine(branch, page=1)) == [("asleep", asleep)]
    branch.store.transact_now(stop_clock, waiting, UNANSWERED)
    assert ("waiting", waiting) not in placed(mine(branch))


def test_what_ended_is_free_is_another_s_or_for_practice_is_not_listed(branch: Branch) -> None:
    ended, given_back, mays = own(branch, 1), own(branch, 2), own(branch, 3)
    own(branch, 4, officer="luis")
    branch.logs("maya", ended, "not_interested")
    branch.give_back("maya", given_back)
    branch.set(Lead, own(branch, 5), practice=True)
    assert placed(mine(branch)) == [("today", mays)]


def test_a_page_that_is_no_longer_there_shows_the_last_one(branch: Branch) -> None:
    for number in range(6):
        own(branch, number)
    listed = mine(branch, page=7)
    assert (listed.page, listed.pages, len(listed.rows)) == (1, 2, 1)
    assert mine(branch, page=-1).page == 0


def test_an_officer_without_leads_has_an_empty_page(branch: Branch) -> None:
    assert mine(branch) == MyLeads(dict.fromkeys(SECTIONS, 0), (), 0, 1, True)


def test_the_cost_is_the_officer_s_own_leads(tmp_path: Path, example: Config) -> None:
    """The list walks the index by owner, and finds clocks and reminders by the lead: no table is read from end to end."""
    store = fresh_store("sqlite", tmp_path)
    store.transact_now(prepare, "00" * 32, NOON)
    store.transact_now(apply_config, example, by="test", at=NOON, salt="test")
    plan = store.transact_now(lambda session: plan_of(session, lambda: own_leads(session, 1)))
    store.close()
    assert len(plan) > 3
    assert [step for step in plan if step.startswith("SCAN")] == []


def plan_of(session: Session, ask: Callable[[], object]) -> list[str]:
    """How SQLite answers what is asked."""
    driver = session.connection().connection.driver_connection
    assert driver is not None
    asked: list[str] = []
    driver.set_trace_callback(asked.append)
    ask()
    driver.set_trace_callback(None)
    return [step[3] for statement in asked for step in driver.execute(f"EXPLAIN QUERY PLAN {statement}").fetchall()]

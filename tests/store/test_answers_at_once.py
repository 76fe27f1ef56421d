"""Two people answer about the same leads at the same moment, on PostgreSQL: who comes second finds what the first one did."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from bot.distribution.assigning import assign_lead
from bot.officers.leaving import NothingLeft, ask_about_leavers, move_leads_of
from bot.officers.shift_end import NothingOpen, ask_at_shift_end, note_answer
from bot.store.events import COMPANY
from bot.store.people import Officer
from tests.doubles.branch import Branch
from tests.doubles.held import held, wait_until_one_waits

EVENING = datetime(2026, 11, 24, 19, 45, tzinfo=ZoneInfo("America/Chicago"))


@pytest.fixture
def branch(replicated: Branch) -> Branch:
    return replicated


@pytest.fixture
def aside() -> Iterator[ThreadPoolExecutor]:
    """Runs what has to wait for the test."""
    with ThreadPoolExecutor(1) as threads:
        yield threads


def owners(branch: Branch, leads: list[int]) -> set[str | None]:
    return {branch.view(lead).owner_name for lead in leads}


def test_a_leaver_s_leads_that_one_gave_away_are_not_given_away_again(branch: Branch, aside: ThreadPoolExecutor) -> None:
    leads = [branch.new_lead(phone=f"(512) 555-{number:04}") for number in range(3)]
    for lead in leads:
        branch.claim("maya", lead)
    maya, luis = branch.officer_id("maya"), branch.officer_id("luis")
    branch.set(Officer, maya, active=False, left_because="config", asks_at=branch.clock.now())
    branch.store.transact_now(ask_about_leavers, branch.clock.now(), "salt")
    with held(branch.store) as first:
        move_leads_of(first, branch.press("tess", COMPANY), maya, "to", luis)
        second = aside.submit(branch.store.transact_now, move_leads_of, branch.press("sam", COMPANY), maya, "split", None)
        wait_until_one_waits(branch.store)
        first.commit()
    assert second.result()[0] == NothingLeft("Maya Torres")
    assert owners(branch, leads) == {"Luis Ortega"}


def test_a_lead_that_was_just_given_to_somebody_else_is_not_handed_over_at_the_end_of_the_day(
    branch: Branch, aside: ThreadPoolExecutor
) -> None:
    branch.store.transact_now(ask_at_shift_end, branch.clock.now(), "salt")
    lead = branch.new_lead()
    branch.claim("maya", lead)
    branch.clock.at = EVENING
    branch.store.transact_now(ask_at_shift_end, branch.clock.now(), "salt")
    [question] = [event for event in branch.events(COMPANY) if event.kind == "shift_end"]
    assert question.meta["cover"] == "Priya Nair"
    with held(branch.store) as first:
        assign_lead(first, branch.press("tess", lead), "luis")
        second = aside.submit(branch.store.transact_now, note_answer, branch.press("maya", COMPANY), question.seq, "hand")
        wait_until_one_waits(branch.store)
        first.commit()
    assert second.result()[0] == NothingOpen()
    assert owners(branch, [lead]) == {"Luis Ortega"}

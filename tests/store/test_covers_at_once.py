"""While officers are asked at the end of their day, whoever works on goes on claiming: on PostgreSQL, where each has a row to lock."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from bot.distribution.claiming import Claimed, claim_lead
from bot.officers.shift_end import ask_at_shift_end
from bot.store.events import COMPANY, Event
from tests.doubles.branch import Branch
from tests.doubles.held import held

EVENING = datetime(2026, 11, 24, 19, 45, tzinfo=ZoneInfo("America/Chicago"))


@pytest.fixture
def branch(replicated: Branch) -> Branch:
    """The ends of the day are known."""
    while replicated.store.transact_now(ask_at_shift_end, replicated.clock.now(), "salt")[0]:
        pass
    return replicated


def questions(branch: Branch) -> list[Event]:
    return [event for event in branch.events(COMPANY) if event.kind == "shift_end"]


@pytest.mark.parametrize("state", ["TX", "OK"])
def test_whoever_is_looked_at_for_a_cover_claims_meanwhile(branch: Branch, state: str) -> None:
    branch.claim("maya", branch.new_lead(property_state=state))
    branch.clock.at = EVENING
    free = branch.new_lead(phone="(512) 555-0101")
    with held(branch.store) as asking:
        assert ask_at_shift_end(asking, branch.clock.now(), "salt")[0] == 1
        assert isinstance(branch.claim("priya", free), Claimed)  # who is looked at first; she has no license for Oklahoma
        asking.commit()
    assert [question.officer_id for question in questions(branch)] == [branch.officer_id("maya")]


def test_nobody_who_claims_keeps_the_questions_waiting(branch: Branch) -> None:
    branch.claim("maya", branch.new_lead())
    branch.clock.at = EVENING
    free = branch.new_lead(phone="(512) 555-0101")
    with held(branch.store) as claiming:
        claim_lead(claiming, branch.press("priya", free))
        branch.store.transact_now(ask_at_shift_end, branch.clock.now(), "salt")
        claiming.commit()
    assert [question.meta["cover"] for question in questions(branch)] == ["Priya Nair"]

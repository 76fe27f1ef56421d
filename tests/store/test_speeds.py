"""How quickly a lead was answered is kept with the answer itself: the first claim, the first try, and never again."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
from sqlmodel import Session

from bot.capture import intake
from bot.capture.intake import Received
from bot.leads.undoing import undo_event
from bot.rules.tallies import BLOCKS, steps_of
from bot.speed_to_lead.speed import note_first_attempt
from bot.store import speeds
from bot.store.folding import FOLDED_AT_ONCE
from bot.store.people import Team
from bot.store.speeds import COUNTED, Speed, SpeedCount, SpeedSum, speeds_of_teams
from tests.conftest import NOON
from tests.doubles.branch import Branch, a_lead
from tests.doubles.parallel import in_parallel


def speed_of(branch: Branch, lead: int) -> Speed:
    [row] = [row for row in branch.all(Speed) if row.lead_id == lead]
    return row


def counts(branch: Branch) -> dict[str, dict[int, int]]:
    """Of each thing counted, how many in which step, folded or not."""
    teams = {team.id: NOON.date() for team in branch.all(Team) if team.id is not None}
    total = sum(branch.store.transact_now(speeds_of_teams, teams, 2).values())
    return {name: dict(steps) for name, steps in zip(COUNTED, steps_of(total, len(COUNTED)), strict=True)}


def test_the_first_claim_and_the_first_try_are_measured_from_the_arrival(branch: Branch) -> None:
    lead = branch.new_lead()
    branch.clock.skip(minutes=2, seconds=3)
    branch.claim("maya", lead)
    branch.clock.skip(minutes=4)
    branch.logs("maya", lead, "no_answer")

    row = speed_of(branch, lead)
    assert (row.day, row.claimed_by) == (NOON.date(), branch.officer_id("maya"))
    assert (row.claimed_after, row.claimed_after_wall) == (2.05, 2.05)
    assert (row.tried_after, row.tried_after_wall, row.verified) == (6.05, 6.05, False)
    expected = {"arrived": {0: 1}, "claimed": {20: 1}, "claimed_wall": {20: 1}, "tried": {60: 1}, "tried_wall": {60: 1}, "verified": {}}
    assert counts(branch) == expected


def test_the_night_is_in_the_wall_clock_s_minutes_alone(branch: Branch) -> None:
    branch.clock.skip(hours=9)  # 9 pm in Austin
    lead = branch.new_lead(property_zip="78704")
    branch.clock.skip(hours=12, minutes=3)
    branch.claim("maya", lead)

    row = speed_of(branch, lead)
    assert (row.claimed_after, row.claimed_after_wall) == (3, 723)
    assert row.day == NOON.date()  # it is the next one in London already


def test_a_second_owner_and_a_second_try_change_nothing(branch: Branch) -> None:
    lead = branch.new_lead()
    branch.claim("maya", lead)
    branch.logs("maya", lead, "busy")
    before, counted = speed_of(branch, lead), counts(branch)

    branch.clock.skip(minutes=5)
    branch.give_back("maya", lead)
    branch.claim("luis", lead)
    branch.logs("luis", lead, "connected")

    assert (speed_of(branch, lead), counts(branch)) == (before, counted)


def test_a_lead_that_was_imported_quietly_is_in_no_figure(branch: Branch) -> None:
    new = intake.prepare(branch.services, branch.services.in_force.sources["website"], a_lead(), quiet=True)
    received = branch.store.transact_now(intake.record_arrival, new)
    assert isinstance(received, Received)
    branch.claim("maya", received.lead)
    branch.logs("maya", received.lead, "connected")

    assert branch.count(Speed) == branch.count(SpeedCount) == 0


@pytest.mark.parametrize("folded", [False, True])
def test_a_try_that_is_proved_later_counts_as_verified_once_and_at_its_own_time(branch: Branch, folded: bool) -> None:
    lead = branch.new_lead()
    branch.claim("maya", lead)
    branch.clock.skip(minutes=1)
    sent_at = branch.clock.now()

    def tell(session: Session, *, verified: bool) -> None:
        note_first_attempt(session, lead, sent_at, verified=verified)

    branch.store.transact_now(tell, verified=False)
    if folded:
        branch.store.transact_now(speeds.fold)
    assert counts(branch)["verified"] == {}

    branch.clock.skip(minutes=9)
    for _ in range(2):
        branch.store.transact_now(tell, verified=True)

    assert counts(branch)["verified"] == counts(branch)["tried"] == {9: 1}
    assert speed_of(branch, lead).verified


def test_a_later_try_that_is_proved_does_not_make_the_first_one_so(branch: Branch) -> None:
    lead = branch.new_lead()
    branch.claim("maya", lead)
    branch.logs("maya", lead, "busy")

    branch.store.transact_now(note_first_attempt, lead, branch.clock.now() + timedelta(minutes=1), verified=True)

    assert counts(branch)["verified"] == {}


def test_a_try_that_was_taken_back_never_was_and_the_next_one_is_the_first(branch: Branch) -> None:
    lead = branch.new_lead()
    branch.claim("maya", lead)
    branch.clock.skip(minutes=1)
    branch.logs("maya", lead, "connected")
    branch.store.transact_now(speeds.fold)
    [logged] = [event.seq for event in branch.events(lead) if event.kind == "logged"]

    branch.clock.skip(minutes=2)
    branch.store.transact_now(undo_event, branch.press("maya", lead), logged)

    assert (counts(branch)["tried"], speed_of(branch, lead).tried_at) == ({}, None)
    branch.logs("maya", lead, "busy")
    assert counts(branch)["tried"] == {29: 1}


def test_folding_while_others_count_loses_nothing_and_leaves_a_row_for_each_step(branch: Branch) -> None:
    def arrive_and_claim(officer: str, number: int) -> None:
        lead = branch.new_lead(phone=f"(512) 555-01{number:02}", first_name=f"P{number}")
        branch.claim(officer, lead)

    def fold_many() -> None:
        for _ in range(10):
            branch.store.transact_now(speeds.fold)

    officers = enumerate(["maya", "luis", "priya", "tess"] * 4)
    work: list[Callable[[], None]] = [partial(arrive_and_claim, officer, number) for number, officer in officers]
    in_parallel([*work, fold_many, fold_many])
    branch.store.transact_now(speeds.fold)

    assert branch.count(SpeedCount) == 0
    assert branch.count(SpeedSum) == len(BLOCKS)
    assert counts(branch) == {
        "arrived": {0: 16},
        "claimed": {0: 16},
        "claimed_wall": {0: 16},
        "tried": {},
        "tried_wall": {},
        "verified": {},
    }


def test_what_an_older_release_had_folded_is_counted_before_it_is_summed_up_and_after(branch: Branch) -> None:
    old = SpeedCount(team_id=1, source_id=1, day=NOON.date(), step=20, arrived=7, claimed=7, folded=True)
    branch.new_lead()
    branch.store.transact_now(lambda session: session.add(old))

    before = counts(branch)
    while branch.store.transact_now(speeds.fold):
        pass

    assert before["claimed"] == {20: 7}
    assert counts(branch) == before
    assert branch.count(SpeedCount) == 0


def test_what_is_folded_at_once_is_limited_and_what_is_left_is_counted_all_the_same(branch: Branch) -> None:
    branch.new_lead()
    rows = [SpeedCount(team_id=1, source_id=1, day=NOON.date(), step=step % 371, tried=1) for step in range(FOLDED_AT_ONCE)]
    branch.store.transact_now(lambda session: session.add_all(rows))
    before = counts(branch)

    assert branch.store.transact_now(speeds.fold) == FOLDED_AT_ONCE
    assert (branch.count(SpeedCount), counts(branch)) == (1, before)
    assert branch.store.transact_now(speeds.fold) == 1
    assert (branch.count(SpeedCount), counts(branch)) == (0, before)

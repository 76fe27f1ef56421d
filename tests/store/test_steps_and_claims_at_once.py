"""Steps and claims at the same moment: no step is decided after a claim committed, and each step once however many processes look."""

import multiprocessing
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from functools import partial
from typing import Any

import pytest

from bot.distribution.claiming import Claimed, claim_lead
from bot.speed_to_lead.escalation import escalate
from bot.store.clocks import clocks_in_order, next_clock_due
from bot.store.events import broken_links
from bot.store.rings import Ring
from tests.doubles.branch import BEST, Branch
from tests.doubles.counts import leads_per_stage
from tests.doubles.held import held, wait_until_one_waits
from tests.doubles.looking import looks
from tests.doubles.parallel import in_parallel

LEADS = 12


@pytest.fixture
def aside() -> Iterator[ThreadPoolExecutor]:
    """Runs what has to wait for the test."""
    with ThreadPoolExecutor(2) as threads:
        yield threads


def many(branch: Branch) -> list[int]:
    return [branch.new_lead(phone=f"(512) 555-01{number:02}", **{**BEST, "email": f"dana{number}@example.com"}) for number in range(LEADS)]


@pytest.mark.fault(17)
def test_no_step_follows_a_claim_however_they_meet(branch: Branch) -> None:
    leads, looks = many(branch), [partial(branch.escalate)] * 2
    for minutes in (0, 2, 3, 5):
        branch.clock.skip(minutes=minutes)
        claims: list[partial[Any]] = [
            partial(branch.claim, officer, lead) for lead in leads[minutes : minutes + 3] for officer in ("maya", "luis")
        ]
        in_parallel([*claims, *looks])
    for lead in leads:
        kinds = [event.kind for event in branch.events(lead)]
        assert kinds.count("claimed") <= 1
        claimed = kinds.index("claimed") if "claimed" in kinds else len(kinds)
        assert not {"ring", "unclaimed", "offer", "nobody_free"} & set(kinds[claimed:])
    assert branch.store.transact_now(lambda session: list(broken_links(session))) == []


@pytest.mark.fault(35)
def test_eight_that_look_at_once_decide_each_step_once(branch: Branch) -> None:
    leads = many(branch)
    for minutes in (0, 2, 3, 5):
        branch.clock.skip(minutes=minutes)
        in_parallel([branch.escalate] * 8)
        branch.escalate()
    for lead in leads:
        kinds = [kind for kind, _ in branch.told(lead)]
        assert kinds == ["ring", "ring", "unclaimed", "offer"]
    assert branch.count(Ring) == 4 * LEADS


@pytest.mark.fault(38)
def test_two_whose_clocks_are_ninety_seconds_apart_decide_each_step_once(branch: Branch) -> None:
    leads = many(branch)
    for minutes in (0, 2, 3, 5):
        branch.clock.skip(minutes=minutes)
        for apart in (0, -90, 90):
            branch.clock.skip(seconds=apart)
            branch.escalate()
    for lead in leads:
        assert [kind for kind, _ in branch.told(lead)] == ["ring", "ring", "unclaimed", "offer"]
    assert branch.count(Ring) == 4 * LEADS


@pytest.mark.fault(38)
def test_a_clock_that_is_set_back_ten_minutes_repeats_no_step_and_goes_on_where_it_was(branch: Branch) -> None:
    lead = branch.new_lead(**BEST)
    branch.escalate()
    branch.passes(minutes=5)
    told = branch.told(lead)
    assert told

    branch.clock.skip(minutes=-10)
    for _ in range(10):
        branch.escalate()
        branch.clock.skip(minutes=1)
    branch.escalate()

    assert branch.told(lead) == told
    branch.passes(minutes=5)
    assert [kind for kind, _ in branch.told(lead)][len(told) :] == ["offer"]


@pytest.mark.fault(17, 35)
def test_two_processes_and_many_claims_at_once_decide_each_step_once_and_none_after_a_claim(replicated: Branch) -> None:
    leads, url = many(replicated), replicated.store.url.render_as_string(hide_password=False)
    with ProcessPoolExecutor(2, multiprocessing.get_context("spawn")) as processes:
        for minutes in (0, 2, 3, 5):
            replicated.clock.skip(minutes=minutes)
            looking = [processes.submit(looks, url, replicated.clock.now(), 40) for _ in range(2)]
            for lead in leads[minutes : minutes + 2]:
                replicated.claim("maya", lead)
            assert all(each.result() >= 0 for each in looking)
            replicated.escalate()
    for lead in leads:
        kinds = [event.kind for event in replicated.events(lead)]
        claimed = kinds.index("claimed") if "claimed" in kinds else len(kinds)
        steps = [(event.meta["round"], event.meta["step"]) for event in replicated.events(lead)[:claimed] if "step" in event.meta]
        assert len(steps) == len(set(steps))
        assert not {"ring", "unclaimed", "offer", "nobody_free"} & set(kinds[claimed:])
        if "claimed" not in kinds:
            assert [kind for kind, _ in replicated.told(lead)] == ["ring", "ring", "unclaimed", "offer"]


def test_a_lead_is_taken_back_once_and_never_after_a_call_was_logged(branch: Branch) -> None:
    leads = many(branch)
    for lead in leads:
        branch.claim("maya", lead)
    branch.clock.skip(minutes=15)
    calls: list[partial[Any]] = [partial(branch.logs, "maya", lead, "connected") for lead in leads[::2]]
    in_parallel([*calls, partial(branch.escalate), partial(branch.escalate)])
    for lead in leads:
        kinds = [event.kind for event in branch.events(lead)]
        assert kinds.count("lapsed") + kinds.count("logged") == 1
        assert (branch.view(lead).owner_id is None) == ("lapsed" in kinds)
    assert sum(branch.store.transact_now(leads_per_stage).values()) == LEADS


def test_a_look_passes_over_a_lead_that_somebody_claims_right_now(replicated: Branch) -> None:
    lead, other = replicated.new_lead(), replicated.new_lead(phone="(512) 555-0111")
    with held(replicated.store) as claiming:
        outcome, _ = claim_lead(claiming, replicated.press("maya", lead))
        assert replicated.escalate() == 1
        claiming.commit()
    assert outcome == Claimed(lead, 0.0)
    replicated.escalate()
    assert replicated.told(lead) == []
    assert [kind for kind, _ in replicated.told(other)] == ["ring"]


def test_a_claim_that_comes_to_nothing_leaves_the_step_to_the_next_look(replicated: Branch) -> None:
    lead = replicated.new_lead()
    with held(replicated.store) as claiming:
        claim_lead(claiming, replicated.press("maya", lead))
        assert replicated.escalate() == 0
        claiming.rollback()
    replicated.escalate()
    assert [kind for kind, _ in replicated.told(lead)] == ["ring"]


def test_a_claim_waits_for_a_step_that_is_being_decided_and_then_wins(replicated: Branch, aside: ThreadPoolExecutor) -> None:
    lead = replicated.new_lead()
    with held(replicated.store) as deciding:
        escalate(deciding, replicated.clock.now(), "salt", clocks_in_order(deciding, replicated.clock.now()))
        claim = aside.submit(replicated.claim, "maya", lead)
        wait_until_one_waits(replicated.store)
        deciding.commit()
    assert claim.result() == Claimed(lead, 0.0)
    assert [event.kind for event in replicated.events(lead)] == ["arrived", "ring", "claimed"]
    replicated.passes(minutes=2)
    assert [kind for kind, _ in replicated.told(lead)] == ["ring"]


def test_two_looks_at_once_share_the_leads_between_them(replicated: Branch) -> None:
    replicated.new_lead()
    with held(replicated.store) as first, held(replicated.store) as second:
        assert escalate(first, replicated.clock.now(), "salt", clocks_in_order(first, replicated.clock.now()))[0] == 1
        assert escalate(second, replicated.clock.now(), "salt", clocks_in_order(second, replicated.clock.now()))[0] == 0
        first.commit()
        second.commit()
    assert replicated.store.transact_now(next_clock_due) is not None


def test_a_second_arrival_waits_for_the_step_and_a_take_back_passes_over_a_lead_asked_for_again(
    replicated: Branch, aside: ThreadPoolExecutor
) -> None:
    lead = replicated.new_lead()
    replicated.claim("maya", lead)
    replicated.clock.skip(minutes=15)
    with held(replicated.store) as deciding:
        escalate(deciding, replicated.clock.now(), "salt", clocks_in_order(deciding, replicated.clock.now()))
        again = aside.submit(replicated.arrive, "zillow")
        wait_until_one_waits(replicated.store)
        deciding.commit()
    again.result()
    kinds = [event.kind for event in replicated.events(lead)]
    assert kinds == ["arrived", "claimed", "lapsed", "asked_again", "return_opened"]
    replicated.escalate()
    assert replicated.told(lead) == [("ring", ["luis", "priya", "tess"])]

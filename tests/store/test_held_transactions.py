"""Transactions on PostgreSQL interleaved by hand: who has to wait for whom, and that nobody waits in a circle."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import func, select
from sqlmodel import Session

from bot.capture import intake
from bot.capture.intake import Received
from bot.distribution.claiming import Claimed, NotEligible, TooLate, claim_lead, give_back_lead
from bot.leads.press import Press, SeenCard
from bot.rules.eligibility import Reason
from bot.rules.routing import Rule
from bot.speed_to_lead.escalation import escalate
from bot.store.clocks import clocks_in_order
from bot.store.columns import table_of
from bot.store.database import Store
from bot.store.events import Event, Fact, append_event
from bot.store.leads import fill_details
from bot.store.people import Officer
from bot.store.postings import Lease, Posting, Settled, limit_place, post_notice, redraw, settle, take_due
from tests.doubles.branch import Branch, a_lead
from tests.doubles.held import held, wait_until_one_waits


@pytest.fixture
def branch(replicated: Branch) -> Branch:
    return replicated


@pytest.fixture
def aside() -> Iterator[ThreadPoolExecutor]:
    """Runs what has to wait for the test."""
    with ThreadPoolExecutor(2) as threads:
        yield threads


def test_a_claim_does_not_wait_for_a_posting_to_the_same_officer(branch: Branch) -> None:
    first, second = branch.new_lead(), branch.new_lead(phone="(512) 555-0111")
    maya = branch.officer_id("maya")
    with held(branch.store) as posting, held(branch.store) as claiming:
        post_notice(posting, first, maya, "yours", 1, 50, at_once=True)
        outcome, _ = claim_lead(claiming, branch.press("maya", second))
        append_event(posting, first, Fact("claimed", "officer:maya", branch.clock.now(), {}, officer_id=maya), "salt")
        post_notice(claiming, first, maya, "yours", 2, 50, at_once=True)
        posting.commit()
        claiming.commit()
    assert outcome == Claimed(second, 0.0)
    assert len(branch.postings("notice")) == 3


def test_a_posting_does_not_wait_for_a_claim_by_the_same_officer(branch: Branch) -> None:
    lead = branch.new_lead()
    with held(branch.store) as claiming, held(branch.store) as posting:
        claim_lead(claiming, branch.press("maya", lead))
        other = branch_arrival(branch, posting, phone="(512) 555-0111")
        post_notice(posting, other, branch.officer_id("maya"), "yours", 1, 50, at_once=True)
        posting.commit()
        claiming.commit()
    assert branch.view(lead).owner_name == "Maya Torres"


def test_a_claim_waits_for_another_claim_of_the_same_officer_and_then_sees_it_in_the_cap(branch: Branch, aside: ThreadPoolExecutor) -> None:
    branch.set(Officer, branch.officer_id("maya"), daily_cap=1)
    first, second = branch.new_lead(), branch.new_lead(phone="(512) 555-0111")
    with held(branch.store) as claiming:
        claim_lead(claiming, branch.press("maya", first))
        later = aside.submit(branch.claim, "maya", second)
        wait_until_one_waits(branch.store)
        claiming.commit()
    outcome = later.result()
    assert isinstance(outcome, NotEligible) and outcome.because.reason is Reason.OVER_CAP


@pytest.mark.parametrize("commits", [True, False])
def test_a_claim_waits_for_the_claim_before_it_and_wins_only_if_that_one_came_to_nothing(
    branch: Branch, aside: ThreadPoolExecutor, commits: bool
) -> None:
    lead = branch.new_lead()
    with held(branch.store) as claiming:
        claim_lead(claiming, branch.press("maya", lead))
        later = aside.submit(branch.claim, "luis", lead)
        wait_until_one_waits(branch.store)
        (claiming.commit if commits else claiming.rollback)()
    assert later.result() == (TooLate(lead, "Maya Torres", 0.0) if commits else Claimed(lead, 0.0))


def test_a_claim_hears_of_the_owner_until_the_give_back_is_committed(branch: Branch) -> None:
    lead = branch.new_lead()
    branch.claim("maya", lead)
    with held(branch.store) as giving:
        give_back_lead(giving, branch.press("maya", lead))
        assert branch.claim("luis", lead) == TooLate(lead, "Maya Torres", 0.0)
        giving.commit()
    assert branch.claim("luis", lead) == Claimed(lead, 0.0)


@pytest.mark.parametrize("commits", [True, False])
def test_the_second_delivery_of_a_press_waits_for_the_first(branch: Branch, aside: ThreadPoolExecutor, commits: bool) -> None:
    lead = branch.new_lead()
    with held(branch.store) as claiming:
        claim_lead(claiming, branch.press("maya", lead, "one press"))
        again = aside.submit(branch.claim, "maya", lead, "one press")
        wait_until_one_waits(branch.store)
        (claiming.commit if commits else claiming.rollback)()
    assert again.result() == Claimed(lead, 0.0)
    assert [event.kind for event in branch.all(Event) if event.stream == lead] == ["arrived", "claimed"]


def test_a_second_source_waits_for_the_first_to_be_through_with_the_same_phone_and_joins(branch: Branch, aside: ThreadPoolExecutor) -> None:
    with held(branch.store) as arriving:
        lead = branch_arrival(branch, arriving)
        again = aside.submit(branch.arrive, "zillow")
        wait_until_one_waits(branch.store)
        arriving.commit()
    joined = again.result()
    assert isinstance(joined, Received) and (joined.lead, joined.duplicate) == (lead, True)


def test_other_leads_arrive_while_one_is_being_written(branch: Branch) -> None:
    with held(branch.store) as arriving:
        branch_arrival(branch, arriving)
        assert branch.new_lead(phone="(512) 555-0111", first_name="Tom") == 1002
        arriving.commit()


def test_a_claim_from_a_card_whose_posting_was_never_answered_does_not_stand_in_the_way_of_a_second_arrival(
    branch: Branch, aside: ThreadPoolExecutor
) -> None:
    lead = branch.new_lead()
    branch.set(type(branch.place()), branch.place().id, address="C0LEADS")
    pressed: Press = branch.press("maya", lead, card=SeenCard("slack", "C0LEADS", "1.0"))
    with held(branch.store) as joining:
        fill_details(joining, lead, {"first_time_buyer": True})
        later = aside.submit(branch.store.transact_now, claim_lead, pressed)
        wait_until_one_waits(branch.store)
        redraw(joining, lead, at_once=True)
        joining.commit()
    assert later.result()[0] == Claimed(lead, 0.0)
    assert branch.card(lead).message_id == "1.0"


def test_an_event_and_a_posting_refer_to_their_lead_without_waiting_for_its_next_event(branch: Branch) -> None:
    lead = branch.new_lead()
    with held(branch.store) as appending, held(branch.store) as posting:
        append_event(appending, lead, Fact("noted", "officer:maya", branch.clock.now(), {}), "salt")
        post_notice(posting, lead, branch.officer_id("maya"), "yours", 1, 50, at_once=False)
        posting.commit()
        appending.commit()
    assert branch.store.transact_now(count_of_postings) == 2


def test_a_look_neither_waits_for_another_replica_nor_gets_what_that_one_takes(branch: Branch) -> None:
    branch.new_lead(at_once=False)
    other = Store(branch.store.url.render_as_string(hide_password=False))
    with held(branch.store) as looking:
        (lease,) = take_due(looking)
        assert other.transact_now(take_due) == []
        looking.commit()
    assert other.transact_now(take_due) == []
    assert other.transact_now(settle, lease, 1, "1.0") == Settled("1.0", owed=False)
    other.close()


def test_of_two_replicas_that_look_at_a_limited_place_at_once_one_gets_its_turn(branch: Branch, aside: ThreadPoolExecutor) -> None:
    for number in range(2):
        branch.new_lead(at_once=False, phone=f"(512) 555-010{number}")
    branch.store.transact_now(limit_place, branch.place().id or 0, 0.0)
    with held(branch.store) as looking:
        assert len(take_due(looking)) == 1
        later = aside.submit(branch.store.transact_now, take_due)
        wait_until_one_waits(branch.store)
        looking.commit()
    assert later.result() == []


def test_a_change_that_waits_for_the_card_to_be_noted_as_shown_leaves_it_owed(branch: Branch, aside: ThreadPoolExecutor) -> None:
    lead = branch.new_lead()
    with held(branch.store) as settling:
        settle(settling, Lease(branch.card(lead).id or 0, 1), 1, "1.0")
        later = aside.submit(branch.store.transact_now, redraw, lead, at_once=False)
        wait_until_one_waits(branch.store)
        settling.commit()
    later.result()
    card = branch.card(lead)
    assert (card.message_id, card.shown_version, card.wanted_version) == ("1.0", 1, 2) and card.due_at is not None


def test_a_card_noted_as_shown_after_waiting_for_a_change_stays_owed(branch: Branch, aside: ThreadPoolExecutor) -> None:
    lead = branch.new_lead()
    with held(branch.store) as changing:
        redraw(changing, lead, at_once=False)
        later = aside.submit(branch.store.transact_now, settle, Lease(branch.card(lead).id or 0, 1), 1, "1.0")
        wait_until_one_waits(branch.store)
        changing.commit()
    assert later.result() == Settled("1.0", owed=True)


def branch_arrival(branch: Branch, session: Session, **fields: str) -> int:
    """A lead that arrives within a held transaction."""
    new = intake.prepare(branch.services, branch.services.in_force.sources["website"], a_lead(**fields))
    received = intake.record_arrival(session, new)
    assert isinstance(received, Received)
    return received.lead


def count_of_postings(session: Session) -> int:
    return session.connection().execute(select(func.count()).select_from(table_of(Posting))).scalar_one()


def test_a_lead_that_is_given_out_does_not_wait_for_an_officer_who_claims_another(branch: Branch) -> None:
    branch.services.in_force = replace(branch.services.in_force, rules=(Rule("Maya's", officers={"maya": 1}, mode="direct"),))
    given, other = branch.new_lead(), branch.new_lead(phone="(512) 555-0111")
    with held(branch.store) as claiming:
        claim_lead(claiming, branch.press("maya", other))
        branch.escalate()
        claiming.commit()
    assert branch.view(given).owner_name is None

    branch.clock.skip(seconds=1)
    branch.escalate()

    assert branch.view(given).owner_name == "Maya Torres"


def test_two_leads_given_out_at_the_same_moment_go_to_two_officers(branch: Branch) -> None:
    branch.services.in_force = replace(
        branch.services.in_force, rules=(Rule("In turn", officers={"maya": 1, "luis": 1}, mode="round_robin"),)
    )
    first = branch.new_lead()
    with held(branch.store) as giving:
        escalate(giving, branch.clock.now(), "salt", clocks_in_order(giving, branch.clock.now()))
        second = branch.new_lead(phone="(512) 555-0111")
        branch.escalate()
        giving.commit()
    branch.clock.skip(seconds=1)
    branch.escalate()
    assert {branch.view(first).owner_name, branch.view(second).owner_name} == {"Maya Torres", "Luis Ortega"}

"""What is shown first: the best lead's card, then what changed, then lines; a limited place takes one after the other."""

import pytest

from bot.store.postings import Lease, Place, Posting, give_up, limit_place, post_notice, post_update, redraw, settle, take_due
from tests.doubles.branch import Branch

HOT = {"timeline": "immediately", "best_time": "now", "credit": "760", "loan_amount": "300000", "property_value": "400000"}


def leads_arrive(branch: Branch) -> tuple[int, int, int]:
    """Three leads, the best one in the middle."""
    return (
        branch.new_lead(at_once=False, phone="(512) 555-0101", first_name="Ann"),
        branch.new_lead(at_once=False, phone="(512) 555-0102", first_name="Bea", **HOT),
        branch.new_lead(at_once=False, phone="(512) 555-0103", first_name="Cy"),
    )


def limit(branch: Branch, named: str = "#leads") -> None:
    """From now on the place keeps the platform's pace; the next one may go at once."""
    branch.store.transact_now(limit_place, branch.place(named).id or 0, 0.0)


def next_turns(branch: Branch, named: str = "#leads") -> list[tuple[str, int]]:
    """Show everything that is due, one turn after the other, and return (kind, lead) in the order it went."""
    went: list[tuple[str, int]] = []
    postings = {posting.id: posting for posting in branch.all(Posting)}
    while leases := branch.store.transact_now(take_due):
        (lease,) = leases
        posting = postings[lease.posting_id]
        went.append((posting.kind, posting.lead_id or 0))
        branch.store.transact_now(settle, lease, posting.wanted_version, posting.message_id or f"{lease.posting_id}.0")
        branch.set(Place, branch.place(named).id, next_at=None)  # the second that the place has to wait
    return went


def test_in_a_limited_place_the_best_lead_goes_first(branch: Branch) -> None:
    first, best, last = leads_arrive(branch)
    limit(branch)
    assert next_turns(branch) == [("card", best), ("card", first), ("card", last)]


@pytest.mark.fault(20)
def test_in_a_limited_place_first_cards_go_before_redraws_and_redraws_before_lines(branch: Branch) -> None:
    first, best, last = leads_arrive(branch)
    branch.store.transact_now(settle, Lease(branch.card(best).id or 0, 0), 1, "1.0")
    branch.store.transact_now(redraw, best, at_once=False)
    branch.store.transact_now(post_update, best, "given_back", 1, 99)
    limit(branch)
    assert next_turns(branch) == [("card", first), ("card", last), ("card", best), ("update", best)]


def test_a_limited_place_gives_one_turn_in_its_pace(branch: Branch) -> None:
    leads_arrive(branch)
    limit(branch)
    assert len(branch.store.transact_now(take_due)) == 1
    assert branch.store.transact_now(take_due) == []
    assert branch.place().next_at is not None


def test_a_place_that_is_not_limited_gives_all_turns_at_once(branch: Branch) -> None:
    leads_arrive(branch)
    assert len(branch.store.transact_now(take_due)) == 3


def test_one_limited_place_does_not_hold_up_another(branch: Branch) -> None:
    branch.store.transact_now(limit_place, branch.place("#leads").id or 0, 60.0)
    branch.new_lead(at_once=False)
    south = branch.arrive("partner", phone="(505) 555-0101", first_name="Tom", property_state="NM", at_once=False)
    (lease,) = branch.store.transact_now(take_due)
    assert lease.posting_id == branch.card(south.lead).id


@pytest.mark.fault(21)
def test_a_place_waits_as_long_as_the_platform_asked_and_then_keeps_its_pace(branch: Branch) -> None:
    leads_arrive(branch)
    branch.store.transact_now(limit_place, branch.place().id or 0, 60.0)
    assert branch.store.transact_now(take_due) == []
    branch.set(Place, branch.place().id, next_at=None)
    assert len(branch.store.transact_now(take_due)) == 1


@pytest.mark.fault(27)
def test_a_line_waits_for_its_card(branch: Branch) -> None:
    lead = branch.new_lead()
    branch.store.transact_now(post_update, lead, "given_back", 1, 50)
    assert branch.store.transact_now(take_due) == []
    branch.store.transact_now(settle, Lease(branch.card(lead).id or 0, 1), 1, "1.0")
    (lease,) = branch.store.transact_now(take_due)
    assert lease.posting_id == branch.postings("update")[0].id


@pytest.mark.fault(27)
def test_a_line_waits_for_the_lines_before_it(branch: Branch) -> None:
    lead = branch.new_lead()
    branch.store.transact_now(settle, Lease(branch.card(lead).id or 0, 1), 1, "1.0")
    for seq in (1, 2):
        branch.store.transact_now(post_update, lead, "given_back", seq, 50)
    (first,) = branch.store.transact_now(take_due)
    assert branch.store.transact_now(take_due) == []
    branch.store.transact_now(settle, first, 1, "2.0")
    (second,) = branch.store.transact_now(take_due)
    assert [lease.posting_id for lease in (first, second)] == [line.id for line in branch.postings("update")]


def test_a_line_that_was_given_up_holds_up_no_other(branch: Branch) -> None:
    lead = branch.new_lead()
    branch.store.transact_now(settle, Lease(branch.card(lead).id or 0, 1), 1, "1.0")
    for seq in (1, 2):
        branch.store.transact_now(post_update, lead, "given_back", seq, 50)
    (first,) = branch.store.transact_now(take_due)
    branch.store.transact_now(give_up, first, "msg_too_long")
    (second,) = branch.store.transact_now(take_due)
    assert second.posting_id == branch.postings("update")[1].id


def test_a_notice_waits_for_no_card(branch: Branch) -> None:
    lead = branch.new_lead()
    (lease,) = branch.store.transact_now(post_notice, lead, branch.officer_id("maya"), "yours", 1, 50, at_once=True)
    assert lease.posting_id == branch.postings("notice")[0].id

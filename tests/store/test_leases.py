"""Who may draw a posting: one holder at a time, and what a late one says does no harm."""

from functools import partial

import pytest

from bot.capture.intake import Received
from bot.showing import hand_back
from bot.store.owed import void_leases
from bot.store.postings import (
    Lease,
    Place,
    Posting,
    Settled,
    forget_message,
    give_up,
    limit_place,
    mend_place,
    post_notice,
    postpone,
    redraw,
    seconds_until_due,
    settle,
    take_due,
)
from bot.store.views import drawing
from tests.doubles.branch import Branch
from tests.doubles.parallel import in_parallel


def arrived(branch: Branch, *, at_once: bool = True) -> tuple[int, tuple[Lease, ...]]:
    """A lead, and the lease that came with it."""
    received = branch.arrive(at_once=at_once)
    assert isinstance(received, Received)
    return received.lead, received.leases


def take_one(branch: Branch) -> Lease:
    (lease,) = branch.store.transact_now(take_due)
    return lease


def shown(branch: Branch) -> tuple[int, Lease]:
    """A lead whose card stands as message 1.0, with the lease that it was drawn under."""
    lead, (lease,) = arrived(branch)
    assert branch.store.transact_now(settle, lease, 1, "1.0") == Settled("1.0", owed=False)
    return lead, lease


def test_a_lead_arrives_with_the_lease_of_its_card_where_the_channel_is_free(branch: Branch) -> None:
    lead, leases = arrived(branch)
    assert leases == (Lease(branch.card(lead).id or 0, 1),)
    assert branch.store.transact_now(take_due) == []


def test_no_lease_comes_with_it_when_the_process_is_busy(branch: Branch) -> None:
    lead, leases = arrived(branch, at_once=False)
    assert leases == ()
    assert take_one(branch) == Lease(branch.card(lead).id or 0, 1)


@pytest.mark.parametrize("broken_because", [None, "is_archived"])
def test_no_lease_comes_with_it_when_the_channel_is_limited_or_broken(branch: Branch, broken_because: str | None) -> None:
    branch.store.transact_now(limit_place, branch.place().id or 0, 30.0, broken_because)
    _, leases = arrived(branch)
    assert leases == ()
    assert branch.store.transact_now(take_due) == []


def test_a_broken_place_keeps_its_pace_after_it_was_mended(branch: Branch) -> None:
    place = branch.place()
    branch.store.transact_now(limit_place, place.id or 0, 0.0, "is_archived")
    branch.store.transact_now(mend_place, place.id or 0)
    assert branch.place().broken_because is None
    assert arrived(branch)[1] == ()
    assert take_one(branch).fence == 1


def test_a_place_that_left_the_config_gets_nothing_new(branch: Branch) -> None:
    branch.set(Place, branch.place().id, active=False)
    _, leases = arrived(branch)
    assert leases == () and branch.count(Posting) == 0


def test_two_replicas_that_look_at_once_get_each_posting_once(branch: Branch) -> None:
    for number in range(30):
        branch.new_lead(at_once=False, phone=f"(512) 555-01{number:02}")
    looks = in_parallel([partial(branch.store.transact_now, take_due)] * 8)
    taken = [lease.posting_id for look in looks for lease in look]
    assert len(taken) == len(set(taken)) == 30


def test_a_posting_is_not_leased_again_until_its_lease_runs_out(branch: Branch) -> None:
    lead, (lease,) = arrived(branch)
    assert branch.store.transact_now(take_due) == []
    branch.let_lease_run_out(lease.posting_id)
    assert take_one(branch) == Lease(lease.posting_id, lease.fence + 1)
    assert branch.card(lead).attempts == 2


def test_what_was_shown_is_no_longer_owed(branch: Branch) -> None:
    lead, _ = shown(branch)
    card = branch.card(lead)
    assert (card.message_id, card.shown_version, card.due_at, card.lease_until, card.attempts) == ("1.0", 1, None, None, 0)


def test_a_change_while_the_card_is_being_posted_leaves_it_owed_and_is_drawn_by_the_holder(branch: Branch) -> None:
    lead, (lease,) = arrived(branch)
    assert branch.store.transact_now(redraw, lead, at_once=True) == []
    assert branch.store.transact_now(settle, lease, 1, "1.0") == Settled("1.0", owed=True)
    again = take_one(branch)
    assert branch.store.transact_now(settle, again, 2, "1.0") == Settled("1.0", owed=False)


def test_a_change_takes_the_lease_along_where_nobody_holds_it(branch: Branch) -> None:
    lead, lease = shown(branch)
    assert branch.store.transact_now(redraw, lead, at_once=True) == [Lease(lease.posting_id, lease.fence + 1)]
    assert branch.store.transact_now(redraw, lead, at_once=True) == []


def test_the_late_word_of_one_whose_lease_ran_out_is_a_reason_to_draw_again(branch: Branch) -> None:
    lead, late = shown(branch)
    branch.store.transact_now(redraw, lead, at_once=False)
    holder = take_one(branch)
    assert branch.store.transact_now(settle, late, 1, "1.0") == Settled("1.0", owed=True)
    assert branch.store.transact_now(settle, holder, 2, "1.0") == Settled("1.0", owed=True)
    assert branch.card(lead).wanted_version == 3
    last = take_one(branch)
    assert branch.store.transact_now(settle, last, 3, "1.0") == Settled("1.0", owed=False)


def test_a_late_word_after_everything_was_shown_makes_the_card_owed_again(branch: Branch) -> None:
    lead, late = shown(branch)
    branch.store.transact_now(redraw, lead, at_once=False)
    branch.store.transact_now(settle, take_one(branch), 2, "1.0")
    assert branch.store.transact_now(settle, late, 1, "1.0") == Settled("1.0", owed=True)
    card = branch.card(lead)
    assert (card.wanted_version, card.shown_version, card.lease_until) == (3, 2, None)


def test_the_second_copy_of_a_card_is_told_to_the_one_who_posted_it(branch: Branch) -> None:
    lead, (late,) = arrived(branch)
    branch.let_lease_run_out(late.posting_id)
    holder = take_one(branch)
    assert branch.store.transact_now(settle, holder, 1, "2.0") == Settled("2.0", owed=False)
    assert branch.store.transact_now(settle, late, 1, "1.0") == Settled("2.0", owed=True)
    assert branch.card(lead).message_id == "2.0"


def test_a_late_message_stands_if_it_is_the_first_to_be_told(branch: Branch) -> None:
    lead, (late,) = arrived(branch)
    branch.let_lease_run_out(late.posting_id)
    holder = take_one(branch)
    assert branch.store.transact_now(settle, late, 1, "1.0") == Settled("1.0", owed=True)
    assert branch.store.transact_now(settle, holder, 1, "2.0") == Settled("1.0", owed=True)
    assert branch.card(lead).message_id == "1.0"


@pytest.mark.parametrize("say", [partial(postpone, seconds=60.0), partial(give_up, because="refused"), forget_message])
def test_a_late_holder_neither_postpones_nor_gives_up_nor_forgets(branch: Branch, say: partial[None]) -> None:
    lead, late = shown(branch)
    branch.store.transact_now(redraw, lead, at_once=False)
    take_one(branch)
    before = branch.card(lead).model_dump()
    branch.store.transact_now(say, late)
    assert branch.card(lead).model_dump() == before


def test_what_was_given_up_is_revived_by_the_next_change(branch: Branch) -> None:
    lead, (lease,) = arrived(branch)
    branch.store.transact_now(give_up, lease, "restricted_action")
    assert branch.card(lead).gave_up_because == "restricted_action"
    assert branch.store.transact_now(take_due) == []
    branch.store.transact_now(redraw, lead, at_once=False)
    assert branch.card(lead).gave_up_because is None
    assert take_one(branch).posting_id == lease.posting_id


def test_a_postponed_posting_waits_for_its_time(branch: Branch) -> None:
    _, (lease,) = arrived(branch)
    branch.store.transact_now(postpone, lease, 60.0)
    assert branch.store.transact_now(take_due) == []
    due_in = branch.store.transact_now(seconds_until_due)
    assert due_in is not None and 55 < due_in <= 60


def test_a_try_that_cannot_have_reached_the_platform_does_not_count(branch: Branch) -> None:
    lead, (lease,) = arrived(branch)
    branch.store.transact_now(postpone, lease, 0.0, counts=False)
    assert branch.card(lead).attempts == 0
    branch.store.transact_now(postpone, take_one(branch), 0.0, counts=True)
    assert branch.card(lead).attempts == 1


def test_a_change_does_not_forget_tries_that_may_have_left_a_message_behind(branch: Branch) -> None:
    lead, (lease,) = arrived(branch)
    branch.store.transact_now(postpone, lease, 0.0)
    branch.store.transact_now(redraw, lead, at_once=False)
    take_one(branch)
    assert branch.card(lead).attempts == 2


def test_a_change_begins_the_tries_anew_where_the_message_is_known(branch: Branch) -> None:
    lead, _ = shown(branch)
    branch.store.transact_now(redraw, lead, at_once=False)
    branch.store.transact_now(postpone, take_one(branch), 60.0)
    branch.store.transact_now(redraw, lead, at_once=False)
    take_one(branch)
    assert branch.card(lead).attempts == 1


def test_a_forgotten_message_is_posted_anew(branch: Branch) -> None:
    lead, _ = shown(branch)
    branch.store.transact_now(redraw, lead, at_once=False)
    lease = take_one(branch)
    branch.store.transact_now(forget_message, lease)
    assert branch.store.transact_now(settle, lease, 2, "9.0") == Settled("9.0", owed=False)
    assert branch.card(lead).message_id == "9.0"


async def test_who_ends_hands_back_what_was_not_begun_and_another_draws_it_at_once(branch: Branch) -> None:
    received = branch.arrive()
    assert isinstance(received, Received)
    branch.services.owe(received.leases)

    await hand_back(branch.services)

    card = branch.card(received.lead)
    assert (card.lease_until, card.attempts, card.due_at is not None) == (None, 0, True)
    assert branch.services.leased.empty()


async def test_what_somebody_else_holds_by_now_is_not_handed_back(branch: Branch) -> None:
    received = branch.arrive()
    assert isinstance(received, Received)
    branch.services.owe(received.leases)
    card = branch.card(received.lead)
    branch.set(Posting, card.id, fence=card.fence + 1)

    await hand_back(branch.services)

    assert branch.card(received.lead).lease_until == card.lease_until


def test_a_start_voids_all_leases_and_knows_their_holders_as_late(branch: Branch) -> None:
    lead, (late,) = arrived(branch)
    branch.store.transact_now(void_leases, Posting)
    holder = take_one(branch)
    assert holder == Lease(late.posting_id, late.fence + 1)
    branch.store.transact_now(settle, holder, 1, "2.0")
    assert branch.store.transact_now(settle, late, 1, "1.0").message_id == "2.0"
    assert branch.card(lead).message_id == "2.0"


def test_a_change_asks_for_the_notices_of_the_lead_to_be_drawn_again_but_not_for_its_lines(branch: Branch) -> None:
    lead, _ = shown(branch)
    branch.arrive("zillow")
    branch.store.transact_now(post_notice, lead, branch.officer_id("maya"), "yours", 1, 50, at_once=False)
    before = {posting.kind: posting.wanted_version for posting in branch.all(Posting)}
    branch.store.transact_now(redraw, lead, at_once=False)
    after = {posting.kind: posting.wanted_version for posting in branch.all(Posting)}
    assert {kind: after[kind] - before[kind] for kind in after} == {"card": 1, "notice": 1, "update": 0}


def drawn_as(branch: Branch, digest: str) -> tuple[int, int]:
    """A lead whose card stands as message 1.0 and shows this, with the card's posting."""
    lead, (lease,) = arrived(branch)
    branch.store.transact_now(settle, lease, 1, "1.0", digest)
    return lead, lease.posting_id


def stands(branch: Branch, posting_id: int, digest: str) -> bool:
    """Whether it need not be sent again."""
    return branch.store.transact_now(drawing, posting_id).shows(digest)


def test_what_stands_need_not_be_sent_again_however_often_the_lead_changes_meanwhile(branch: Branch) -> None:
    lead, card = drawn_as(branch, "a digest")
    branch.store.transact_now(redraw, lead, at_once=False)
    take_one(branch)
    branch.store.transact_now(redraw, lead, at_once=False)  # while somebody has it in hand who did not draw it yet
    assert stands(branch, card, "a digest")
    assert not stands(branch, card, "another")


def test_a_try_that_ended_unknown_is_repeated_though_the_words_are_the_same(branch: Branch) -> None:
    lead, card = drawn_as(branch, "a digest")
    branch.store.transact_now(redraw, lead, at_once=False)
    branch.store.transact_now(postpone, take_one(branch), 0)
    take_one(branch)
    assert not stands(branch, card, "a digest")


def test_the_same_holds_after_a_change_in_between(branch: Branch) -> None:
    lead, card = drawn_as(branch, "a digest")
    branch.store.transact_now(redraw, lead, at_once=False)
    branch.store.transact_now(postpone, take_one(branch), 60)
    branch.store.transact_now(redraw, lead, at_once=False)
    take_one(branch)
    assert not stands(branch, card, "a digest")


def test_what_a_late_holder_may_have_overwritten_is_sent_again(branch: Branch) -> None:
    _, card = drawn_as(branch, "a digest")
    branch.store.transact_now(settle, Lease(card, 0), 1, "1.0", "an older one")
    take_one(branch)
    assert not stands(branch, card, "a digest")


def test_an_extra_copy_says_nothing_of_the_message_that_stands(branch: Branch) -> None:
    lead, card = drawn_as(branch, "a digest")
    branch.store.transact_now(redraw, lead, at_once=False)
    assert branch.store.transact_now(settle, take_one(branch), 2, "2.0", "another").message_id == "1.0"
    branch.store.transact_now(redraw, lead, at_once=False)
    take_one(branch)
    assert not stands(branch, card, "another")

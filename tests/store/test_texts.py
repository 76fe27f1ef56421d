"""A text of ours goes forward only, is marked before its one call, and what nobody knows about is asked, then decided by a person."""

from functools import partial
from itertools import permutations

import pytest

from bot.outreach.network import Known, NeverSent, Nobody, NotNow
from bot.press import NoSuchLead
from bot.store.clocks import UNANSWERED, clocks_of
from bot.store.leads import Lead
from bot.store.messages import owed_texts
from bot.store.outbound import Message
from bot.texting import CannotText, Settled, Texted
from tests.doubles.branch import Branch
from tests.doubles.parallel import in_parallel
from tests.doubles.texts import Texts

ANSWER = Known("SM1", "sent", None, "Hi Dana")


@pytest.fixture
def texts(branch: Branch) -> Texts:
    return Texts(branch)


@pytest.mark.parametrize("last", ["delivered", "failed"])
@pytest.mark.parametrize("doubted", [False, True])
def test_callbacks_and_the_answer_in_any_order_come_to_the_same(texts: Texts, last: str, doubted: bool) -> None:
    told = ["sent", "sent", last, last, "answer"]
    for number, order in enumerate(sorted(set(permutations(told)))):
        lead = texts.lead(phone=f"(512) 555-{number + 1000}", email=f"dana{number}@example.com")
        text_id = texts.queued(lead)
        sending = texts.begun(text_id)
        if doubted:
            texts.answers(sending, Nobody())
            assert texts.status(text_id) == "uncertain"
        sid = f"SM{number}"
        for what in order:
            if what == "answer":
                texts.answers(sending, Known(sid, "sent", None, "Hi Dana"))
            else:
                texts.calls_back(text_id, "sent" if what == "sent" else "delivered" if what == "delivered" else "failed", sid)
        assert texts.status(text_id) == last, order
        left = order.index(last) > min(order.index("sent"), order.index("answer"))
        tries = texts.attempts(lead)
        if last == "delivered":
            assert [attempt.verified for attempt in tries] == [True], order
        else:
            assert len(tries) == int(left), order


def test_a_status_of_another_text_or_of_none_changes_nothing(texts: Texts) -> None:
    text_id = texts.queued(texts.lead())
    texts.answers(texts.begun(text_id), ANSWER)

    texts.calls_back(text_id, "delivered", "SM9")
    texts.calls_back(text_id + 999, "delivered")

    assert texts.status(text_id) == "sent"


def test_of_two_workers_one_sends(texts: Texts) -> None:
    for number in range(6):
        text_id = texts.queued(texts.lead(phone=f"(512) 555-01{number + 10}", email=f"dana{number}@example.com"))
        begun = in_parallel([partial(texts.begin, text_id)] * 4)
        assert sum(sending is not None for sending in begun) == 1


def test_a_lost_answer_is_asked_about_and_the_networks_word_lifts_the_doubt(texts: Texts) -> None:
    text_id = texts.queued(texts.lead())
    texts.answers(texts.begun(text_id), Nobody())
    assert texts.begin(text_id) is None

    asking = texts.begin_asking(text_id)
    assert asking is not None
    assert texts.begin_asking(text_id) is None  # one asks at a time
    texts.finds(asking, [Known("SM8", "sent", None, "Something else"), Known("SM7", "delivered", None, "Hi Dana")])

    assert (texts.status(text_id), texts.row(text_id).provider_id) == ("delivered", "SM7")


def test_what_the_network_has_is_no_proof_twice(texts: Texts) -> None:
    """The same words were sent before: that text is known, and this one is not it."""
    lead = texts.lead()
    first, second = texts.queued(lead), texts.queued(lead)
    texts.answers(texts.begun(first), ANSWER)
    texts.answers(texts.begun(second), Nobody())

    asking = texts.begin_asking(second)
    assert asking is not None
    texts.finds(asking, [ANSWER])

    assert texts.status(second) == "uncertain"


def test_a_worker_that_died_leaves_a_text_that_is_doubted_once_its_deadline_is_over(texts: Texts) -> None:
    text_id = texts.queued(texts.lead())
    texts.begun(text_id)
    assert texts.begin_asking(text_id) is None
    assert owed(texts) == []

    texts.time_is_over(text_id)

    assert owed(texts) == [text_id]
    assert texts.begin(text_id) is None
    assert texts.begin_asking(text_id) is not None
    assert texts.status(text_id) == "uncertain"


def test_a_person_decides_after_a_minute_and_send_again_is_a_new_text(texts: Texts) -> None:
    lead = texts.lead()
    text_id = texts.queued(lead)
    texts.answers(texts.begun(text_id), Nobody())
    assert texts.settles(lead, text_id, send_again=True) == Settled(lead, "uncertain")  # the network is still asked

    texts.asked_in_vain(text_id)
    again = texts.settles(lead, text_id, send_again=True)

    assert isinstance(again, Texted) and again.text_id != text_id
    assert texts.settles(lead, text_id, send_again=True) == Settled(lead, "sent_again")
    assert len([row for row in texts.branch.all(Message) if row.direction == "out"]) == 2


def test_it_arrived_counts_as_a_try_and_a_later_callback_still_has_the_last_word(texts: Texts) -> None:
    lead = texts.lead()
    texts.came("Hello?")
    text_id = texts.queued(lead)
    texts.answers(texts.begun(text_id), Nobody())
    texts.asked_in_vain(text_id)

    assert texts.settles(lead, text_id, send_again=False) == Settled(lead, "said_arrived")
    assert [attempt.verified for attempt in texts.attempts(lead)] == [False]
    assert not texts.store.transact_now(clocks_of, lead)[UNANSWERED].runs
    texts.calls_back(text_id, "delivered")

    assert texts.status(text_id) == "delivered"
    assert [attempt.verified for attempt in texts.attempts(lead)] == [True]


def test_too_many_requests_never_left_and_waits_for_its_next_try(texts: Texts) -> None:
    text_id = texts.queued(texts.lead())
    texts.answers(texts.begun(text_id), NotNow())
    assert (texts.status(text_id), texts.begin(text_id)) == ("queued", None)

    texts.time_is_over(text_id)

    assert texts.begun(text_id).fence == 2


def test_a_late_worker_that_did_not_call_changes_nothing_of_what_was_decided_since(texts: Texts) -> None:
    text_id = texts.queued(texts.lead())
    late = texts.begun(text_id)
    texts.time_is_over(text_id)
    texts.begin_asking(text_id)

    texts.answers(late, NotNow())

    assert texts.status(text_id) == "uncertain"


def test_an_opt_out_at_the_carrier_closes_the_number_here_too(texts: Texts) -> None:
    lead = texts.lead()
    text_id = texts.queued(lead)
    texts.answers(texts.begun(text_id), NeverSent(21610))

    assert texts.status(text_id) == "failed"
    assert texts.sends(lead) == CannotText(lead, "opted_out")
    assert texts.attempts(lead) == []


def test_the_same_text_is_kept_once_however_often_it_comes(texts: Texts) -> None:
    texts.lead()
    in_parallel([lambda: texts.came("Only once", sid="SM77")] * 6)
    assert len([row for row in texts.branch.all(Message) if row.direction == "in"]) == 1


def test_nothing_leaves_for_a_lead_that_is_only_practice(texts: Texts) -> None:
    lead = texts.lead()
    texts.branch.set(Lead, lead, practice=True)

    assert texts.sends(lead) == NoSuchLead(lead)


def test_a_held_text_does_not_leave_for_another_owner(texts: Texts) -> None:
    lead = texts.lead()
    texts.branch.clock.skip(hours=10)
    text_id = texts.queued(lead)
    assert texts.status(text_id) == "held"
    texts.branch.clock.skip(minutes=1)
    texts.branch.give_back("maya", lead)
    texts.branch.claim("luis", lead)

    texts.branch.clock.skip(hours=12)
    assert texts.begin(text_id) is None

    assert (texts.status(text_id), texts.row(text_id).because) == ("refused", "owner_changed")


def owed(texts: Texts) -> list[int]:
    return texts.store.transact_now(owed_texts, texts.branch.clock.now())

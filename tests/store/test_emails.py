"""An email over one store, without doors: who unsubscribes while a sending begins is heard, and a server in trouble ends in words."""

from dataclasses import replace
from datetime import datetime

import pytest

from bot.conversation.emailing import CannotEmail, Emailed, EmailOutcome, queue_email
from bot.conversation.mailing import MOST_TRIES, Delivering, begin_deliveries, house_of, record_post_answers, refuse_switched_off
from bot.conversation.opting_out import answers_of, decide_text
from bot.conversation.unsubscribing import Reader, end_subscription
from bot.outreach.post import Declined, NotTaken, PostAnswer, Taken, Unanswered
from bot.store.messages import TextRow, text_row
from bot.store.outbound import ContactAttempt, Message
from tests.doubles.branch import Branch
from tests.doubles.texts import Texts

LONG_AGO = datetime(2020, 1, 1)


def written(branch: Branch, salt: str = "one") -> tuple[int, int]:
    """Dana's lead, which Maya has, and an email that she just wrote."""
    lead = branch.new_lead(email="dana.rowe@example.com")
    branch.claim("maya", lead)
    return lead, again(branch, lead, salt)


def again(branch: Branch, lead: int, salt: str) -> int:
    by = replace(branch.press("maya", lead), salt=salt)
    outcome = branch.store.transact_now(queue_email, by, "Hello", "Hi Dana", branch.services.in_force.config, on=True)
    assert isinstance(outcome, Emailed)
    return outcome.text_id


def begin(branch: Branch, email_id: int) -> Delivering | None:
    deliverings, _ = branch.store.transact_now(begin_deliveries, [email_id], house_of(branch.services), branch.clock.now(), "salt")
    return next(iter(deliverings), None)


def answers(branch: Branch, delivering: Delivering, answer: PostAnswer) -> None:
    branch.store.transact_now(record_post_answers, [(delivering, answer)], branch.clock.now(), "salt")


def row(branch: Branch, email_id: int) -> TextRow:
    found = branch.store.transact_now(text_row, email_id)
    assert found is not None
    return found


def time_is_over(branch: Branch, email_id: int) -> None:
    branch.set(Message, email_id, lease_until=LONG_AGO.replace(tzinfo=branch.clock.at.tzinfo))


def unsubscribes(branch: Branch, lead: int, email_id: int) -> None:
    branch.store.transact_now(end_subscription, Reader(row(branch, email_id).contact_point_id, lead), branch.clock.now(), "salt")


def test_the_message_id_is_there_before_the_call_and_the_same_in_every_try(branch: Branch) -> None:
    _, email_id = written(branch)
    kept = row(branch, email_id).provider_id

    first = begin(branch, email_id)
    assert first is not None and first.letter.message_id == kept
    answers(branch, first, Unanswered())
    time_is_over(branch, email_id)
    second = begin(branch, email_id)

    assert second is not None and second.letter == first.letter and second.again


def test_nobody_else_begins_while_a_call_is_made(branch: Branch) -> None:
    _, email_id = written(branch)

    assert begin(branch, email_id) is not None
    assert begin(branch, email_id) is None


def test_once_an_unsubscribing_is_committed_no_email_begins_to_leave(branch: Branch) -> None:
    lead, email_id = written(branch)
    other = again(branch, lead, "two")
    begun = begin(branch, email_id)
    assert begun is not None

    unsubscribes(branch, lead, email_id)

    answers(branch, begun, Unanswered())
    time_is_over(branch, email_id)
    assert begin(branch, email_id) is None and begin(branch, other) is None
    assert (row(branch, email_id).because, row(branch, other).because) == ("may_have_left", "email_unsubscribed")


def test_what_the_server_took_stays_taken_whatever_a_later_try_says(branch: Branch) -> None:
    _, email_id = written(branch)
    first = begin(branch, email_id)
    assert first is not None
    time_is_over(branch, email_id)
    second = begin(branch, email_id)
    assert second is not None

    answers(branch, first, Taken())
    answers(branch, second, Declined(550, no_mailbox=True))

    assert row(branch, email_id).status == "sent" and len(branch.all(ContactAttempt)) == 1


@pytest.mark.parametrize(("answer", "because"), [(NotTaken("later"), "never_taken"), (Unanswered(), "may_have_left")])
def test_a_server_in_trouble_for_hours_ends_in_words(branch: Branch, answer: PostAnswer, because: str) -> None:
    _, email_id = written(branch)

    for _ in range(MOST_TRIES):
        delivering = begin(branch, email_id)
        assert delivering is not None
        answers(branch, delivering, answer)
        if row(branch, email_id).due_at is not None:
            time_is_over(branch, email_id)

    assert (row(branch, email_id).status, row(branch, email_id).because) == ("refused", because)
    assert begin(branch, email_id) is None and branch.all(ContactAttempt) == []


def test_an_email_that_waits_is_not_kept_until_email_is_switched_on_again(branch: Branch) -> None:
    _, email_id = written(branch)

    branch.store.transact_now(refuse_switched_off, email_id, branch.clock.now(), "salt")

    assert (row(branch, email_id).status, row(branch, email_id).because) == ("refused", "email_is_off")


@pytest.mark.parametrize("words", ["STOP", "please stop texting me", "not interested"])
def test_who_unsubscribed_and_then_opts_out_by_text_asked_nothing_that_an_email_may_answer(branch: Branch, words: str) -> None:
    lead, email_id = written(branch)
    unsubscribes(branch, lead, email_id)
    branch.clock.skip(minutes=5)
    Texts(branch).came(words)

    assert queued(branch, lead) == CannotEmail(lead, "email_unsubscribed")

    branch.clock.skip(minutes=5)
    Texts(branch).came("What became of my papers?", sid="SM-question")
    assert isinstance(queued(branch, lead), Emailed)


def test_words_that_somebody_said_are_no_opt_out_may_be_answered(branch: Branch) -> None:
    lead, email_id = written(branch)
    unsubscribes(branch, lead, email_id)
    branch.clock.skip(minutes=5)
    Texts(branch).came("not interested")
    [text] = [message for message in branch.all(Message) if message.status == "unclear"]
    assert text.id is not None

    branch.store.transact_now(decide_text, branch.press("cora", lead), text.id, answers_of(branch.services), "They meant the house")

    assert isinstance(queued(branch, lead), Emailed)


def queued(branch: Branch, lead: int) -> EmailOutcome:
    return branch.store.transact_now(queue_email, branch.press("maya", lead), "Hello", "Hi Dana", branch.services.in_force.config, on=True)


def test_who_has_no_nmls_id_sends_no_email(branch: Branch) -> None:
    lead = branch.new_lead(email="dana.rowe@example.com")
    branch.claim("maya", lead)

    outcome = branch.store.transact_now(
        queue_email, branch.press("sam", lead), "Hello", "Hi Dana", branch.services.in_force.config, on=True
    )

    assert outcome == CannotEmail(lead, "email_no_nmls_id")

"""What left and did not arrive was no try: the clock that it stopped goes on, the plan is as it was, and nobody was quick."""

from datetime import timedelta

import pytest

from bot.conversation.bouncing import note_fate
from bot.leads.staging import Staged, stage_lead
from bot.leads.working import LoggedCall
from bot.outreach.incoming import Fate
from bot.outreach.network import Known
from bot.store.clocks import UNANSWERED, UNCONTACTED, clocks_of
from bot.store.outbound import ContactAttempt
from bot.store.speeds import Speed
from tests.doubles.branch import Branch
from tests.doubles.texts import Texts


@pytest.fixture
def texts(branch: Branch) -> Texts:
    return Texts(branch)


def runs(texts: Texts, lead: int) -> set[str]:
    return {kind for kind, clock in texts.store.transact_now(clocks_of, lead).items() if clock.runs}


def sent(texts: Texts, lead: int) -> int:
    text_id = texts.queued(lead)
    texts.answers(texts.begun(text_id), Known(f"SM-{text_id}", "sent", None, ""))
    return text_id


def stages(texts: Texts, lead: int, stage: str) -> Staged:
    outcome, _ = texts.store.transact_now(stage_lead, texts.branch.press("maya", lead), stage, True, "told")
    assert isinstance(outcome, Staged)
    return outcome


def comes_back(texts: Texts, text_id: int) -> None:
    texts.calls_back(text_id, "failed", f"SM-{text_id}", 30003)


def test_the_clock_that_the_text_stopped_goes_on_where_it_stood(texts: Texts) -> None:
    lead = texts.lead()
    before = texts.store.transact_now(clocks_of, lead)[UNCONTACTED]
    text_id = sent(texts, lead)
    assert UNCONTACTED not in runs(texts, lead) and len(texts.attempts(lead)) == 1
    texts.branch.clock.skip(minutes=20)

    comes_back(texts, text_id)

    after = texts.store.transact_now(clocks_of, lead)[UNCONTACTED]
    assert texts.attempts(lead) == []
    assert (after.runs, after.step, after.started_at - before.started_at) == (True, before.step, timedelta(minutes=20))
    assert texts.branch.events(lead)[-1].meta["clocks"] == [UNCONTACTED]


def test_an_email_that_comes_back_is_no_try_either(texts: Texts) -> None:
    lead = texts.lead()
    text_id = sent(texts, lead)

    told, _ = texts.store.transact_now(note_fate, text_id, Fate("failed", "5.1.1", None), texts.branch.clock.now(), "salt")

    assert told == "came_back"
    assert texts.attempts(lead) == [] and runs(texts, lead) == {UNCONTACTED}


def test_a_borrower_who_wrote_waits_on(texts: Texts) -> None:
    lead = texts.lead()
    texts.came("Are you there?")
    text_id = sent(texts, lead)
    assert UNANSWERED not in runs(texts, lead)

    comes_back(texts, text_id)

    assert UNANSWERED in runs(texts, lead)


def test_it_is_not_the_first_try_by_which_quickness_is_told(texts: Texts) -> None:
    lead = texts.lead()
    text_id = sent(texts, lead)
    assert [row.tried_at is not None for row in texts.branch.all(Speed)] == [True]

    comes_back(texts, text_id)

    assert [row.tried_at for row in texts.branch.all(Speed)] == [None]


def test_a_call_before_or_after_it_keeps_the_clock_stopped(texts: Texts) -> None:
    for order in ("before", "after"):
        lead = texts.lead(phone=f"(512) 555-01{10 + len(order)}", email=f"{order}@example.com")
        if order == "before":
            texts.branch.logs("maya", lead, "no_answer")
        text_id = sent(texts, lead)
        texts.branch.clock.skip(minutes=1)
        if order == "after":
            texts.branch.logs("maya", lead, "no_answer")

        comes_back(texts, text_id)

        assert UNCONTACTED not in runs(texts, lead), order
        assert [attempt.channel for attempt in texts.attempts(lead)] == ["voice"], order


def test_who_gave_the_lead_back_meanwhile_is_not_waited_for(texts: Texts) -> None:
    lead = texts.lead()
    text_id = sent(texts, lead)
    texts.branch.give_back("maya", lead)

    comes_back(texts, text_id)

    assert UNCONTACTED not in runs(texts, lead)
    assert [row for row in texts.branch.all(ContactAttempt) if row.lead_id == lead] == []


@pytest.mark.parametrize("stage", ["nurture", "application", "withdrawn"])
def test_a_clock_that_a_stage_had_stopped_before_stays_stopped(texts: Texts, stage: str) -> None:
    lead = texts.lead()
    stages(texts, lead, stage)
    texts.branch.clock.skip(minutes=1)
    text_id = sent(texts, lead)

    comes_back(texts, text_id)

    assert texts.attempts(lead) == [] and runs(texts, lead) == set()


def test_a_stage_that_was_taken_back_before_stops_nothing(texts: Texts) -> None:
    lead = texts.lead()
    texts.branch.undoes("maya", lead, stages(texts, lead, "application").seq)
    text_id = sent(texts, lead)

    comes_back(texts, text_id)

    assert runs(texts, lead) == {UNCONTACTED}


def test_a_call_that_is_taken_back_after_the_text_came_back_leaves_the_borrower_waiting(texts: Texts) -> None:
    lead = texts.lead()
    text_id = sent(texts, lead)
    logged = texts.branch.logs("maya", lead, "no_answer")
    assert isinstance(logged, LoggedCall)
    comes_back(texts, text_id)
    assert UNCONTACTED not in runs(texts, lead)

    texts.branch.undoes("maya", lead, logged.seq)

    assert texts.attempts(lead) == [] and runs(texts, lead) == {UNCONTACTED}


def test_one_that_never_left_takes_nothing_back(texts: Texts) -> None:
    lead = texts.lead()
    first = sent(texts, lead)
    second = texts.queued(lead, "And one more")
    texts.answers(texts.begun(second), Known(f"SM-{second}", "failed", 30003, ""))

    assert len(texts.attempts(lead)) == 1 and UNCONTACTED not in runs(texts, lead)
    assert texts.status(first) == "sent"

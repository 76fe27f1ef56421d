"""What is taken back leaves nobody waiting: the borrower's clock goes on, and what happened since is not lost."""

from datetime import timedelta

import pytest

from bot.distribution.assigning import Assigned, assign_lead
from bot.distribution.claiming import Ended
from bot.leads.staging import Staged, stage_lead
from bot.leads.undoing import NotUndone, Undone
from bot.leads.working import LoggedCall, note_call
from bot.outreach.network import Known
from bot.rules.dispositions import Disposition
from bot.store.clocks import UNANSWERED, UNCLAIMED, UNCONTACTED, clocks_of
from bot.store.outbound import Reminder
from tests.doubles.branch import Branch
from tests.doubles.texts import Texts


@pytest.fixture
def texts(branch: Branch) -> Texts:
    return Texts(branch)


def runs(branch: Branch, lead: int) -> set[str]:
    return {kind for kind, clock in branch.store.transact_now(clocks_of, lead).items() if clock.runs}


def stages(branch: Branch, who: str, lead: int, stage: str) -> int:
    outcome = branch.store.transact_now(stage_lead, branch.press(who, lead), stage, True, None)[0]
    assert isinstance(outcome, Staged)
    return outcome.seq


def test_a_borrower_who_waited_waits_again_when_the_logged_call_is_taken_back(texts: Texts) -> None:
    branch, lead = texts.branch, texts.lead()
    branch.logs("maya", lead, "connected")
    texts.came("When can you call?")
    logged = branch.logs("maya", lead, "no_answer")
    assert isinstance(logged, LoggedCall)
    assert runs(branch, lead) == set()

    assert branch.undoes("maya", lead, logged.seq) == Undone(lead, "logged")

    assert runs(branch, lead) == {UNANSWERED}


def test_a_borrower_who_wrote_since_still_waits_when_a_stage_is_taken_back(texts: Texts) -> None:
    branch, lead = texts.branch, texts.lead()
    branch.logs("maya", lead, "connected")
    staged = stages(branch, "maya", lead, "qualified")
    texts.came("When can you call?")

    assert branch.undoes("maya", lead, staged) == Undone(lead, "staged")

    assert runs(branch, lead) == {UNANSWERED}


def test_a_logged_call_stands_once_a_text_was_written_after_it(texts: Texts) -> None:
    branch, lead = texts.branch, texts.lead()
    logged = branch.logs("maya", lead, "no_answer")
    assert isinstance(logged, LoggedCall)
    sending = texts.begun(texts.queued(lead))
    texts.answers(sending, Known("SM1", "sent", None, ""))

    assert branch.undoes("maya", lead, logged.seq) == NotUndone(lead, "newer", "texted")
    assert UNCONTACTED not in runs(branch, lead)


def test_what_cannot_be_taken_back_or_never_was_is_refused(branch: Branch) -> None:
    lead = branch.new_lead()
    branch.claim("maya", lead)
    claimed = next(event.seq for event in branch.events(lead) if event.kind == "claimed")

    assert branch.undoes("maya", lead, claimed) == NotUndone(lead, "not_yours")
    assert branch.undoes("maya", lead, 999) == NotUndone(lead, "not_yours")


def test_a_closed_lead_is_not_given_back_and_rings_nobody(branch: Branch) -> None:
    lead = branch.new_lead()
    branch.claim("maya", lead)
    stages(branch, "maya", lead, "withdrawn")

    assert branch.give_back("maya", lead) == Ended(lead, "withdrawn")

    assert UNCLAIMED not in runs(branch, lead)
    assert branch.view(lead).owner_name == "Maya Torres"


@pytest.mark.parametrize("how", ["assigned", "claimed"])
def test_whoever_has_the_lead_now_keeps_the_call_that_the_borrower_was_promised(branch: Branch, how: str) -> None:
    lead = branch.new_lead()
    branch.claim("maya", lead)
    at = branch.clock.now() + timedelta(hours=2)
    branch.store.transact_now(note_call, branch.press("maya", lead), Disposition.CALL_BACK, None, at)
    if how == "assigned":
        assigned = branch.store.transact_now(assign_lead, branch.press("tess", lead), "luis")[0]
        assert isinstance(assigned, Assigned)
    else:
        branch.give_back("maya", lead)
        branch.claim("luis", lead)

    [promise] = branch.all(Reminder)

    assert promise.officer_id == branch.officer_id("luis")
    assert promise.due_at == at

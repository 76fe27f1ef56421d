"""After each try in vain the next one is planned by itself, until the borrower is reached or somebody says why they stop."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.leads.cadence import Planned
from bot.leads.mine import list_own
from bot.leads.reminders import keep_reminder, ring_reminders
from bot.leads.staging import AsksFirst, Staged, StageOutcome, stage_lead
from bot.leads.undoing import Undone
from bot.leads.working import LoggedCall, note_call
from bot.rules.dispositions import Disposition
from bot.store.outbound import Reminder
from bot.store.places import KnownOfficer
from bot.store.reminders import Kind
from tests.conftest import NOON
from tests.doubles.branch import Branch
from tests.doubles.texts import Texts

IN_TWO_HOURS = NOON + timedelta(hours=2)


@pytest.fixture
def lead(branch: Branch) -> int:
    """A lead of Maya's that nobody tried yet."""
    number = branch.new_lead(property_zip="78704")
    branch.claim("maya", number)
    return number


def tries(branch: Branch, lead: int, result: str = "no_answer") -> LoggedCall:
    outcome = branch.logs("maya", lead, result)
    assert isinstance(outcome, LoggedCall)
    return outcome


def stages(branch: Branch, lead: int, stage: str, *, sure: bool = True, why: str | None = None) -> StageOutcome:
    return branch.store.transact_now(stage_lead, branch.press("maya", lead), stage, sure, None, None, why)[0]


def rings(branch: Branch) -> int:
    return branch.store.transact_now(ring_reminders, branch.clock.now(), "salt")[0]


def planned(branch: Branch) -> list[datetime | None]:
    """What lies ahead."""
    return [each.due_at for each in branch.all(Reminder) if each.kind == "planned" and each.due_at is not None]


@pytest.mark.parametrize("result", ["no_answer", "left_voicemail", "busy"])
def test_a_try_in_vain_plans_the_next_one(branch: Branch, lead: int, result: str) -> None:
    assert tries(branch, lead, result).planned == Planned(1, 12, IN_TWO_HOURS, "America/Chicago")
    assert branch.view(lead).next_touch == IN_TWO_HOURS


@pytest.mark.parametrize("result", ["connected", "not_interested", "do_not_call", "already_has_lender", "bad_number"])
def test_who_was_reached_or_has_no_number_left_is_not_tried_again(branch: Branch, lead: int, result: str) -> None:
    tries(branch, lead)

    assert tries(branch, lead, result).planned is None

    assert planned(branch) == [] and branch.view(lead).next_touch is None


def test_three_tries_of_a_day_fill_the_legal_cap_and_the_next_is_on_another_day_but_no_holiday(branch: Branch, lead: int) -> None:
    made = []
    for _ in range(5):
        outcome = tries(branch, lead)
        assert outcome.planned is not None and outcome.planned.at is not None
        made.append(f"{outcome.planned.at.astimezone(UTC):%a %H}")
        branch.clock.at = outcome.planned.at
    assert made[:2] == ["Tue 20", "Tue 22"]
    assert made[2].startswith("Wed") and made[3].startswith("Fri"), "Thursday is Thanksgiving"


def test_the_owner_is_nudged_once_when_it_is_due_and_told_which_try_it_is(branch: Branch, lead: int) -> None:
    tries(branch, lead)
    assert rings(branch) == 0
    branch.clock.skip(hours=2)
    assert rings(branch) == 1 and rings(branch) == 0
    [told] = [event for event in branch.events(lead) if event.kind == "come_back"]
    assert (told.meta["kind"], told.meta["try"], told.meta["told"]) == ("planned", [2, 12], ["maya"])


def test_the_try_that_was_due_answers_and_plans_the_one_after(branch: Branch, lead: int) -> None:
    tries(branch, lead)
    branch.clock.skip(hours=2)
    rings(branch)
    outcome = tries(branch, lead)
    assert outcome.planned == Planned(2, 12, NOON + timedelta(hours=4), "America/Chicago")
    assert [each.gave_up_because for each in branch.all(Reminder)] == ["answered", None]


def test_after_the_last_try_nothing_more_is_planned(branch: Branch, lead: int) -> None:
    outcome = tries(branch, lead)
    while outcome.planned is not None and outcome.planned.at is not None:
        branch.clock.at = outcome.planned.at
        outcome = tries(branch, lead)
    assert outcome.planned == Planned(12, 12, None, "America/Chicago")
    assert planned(branch) == []
    assert isinstance(stages(branch, lead, "lost"), Staged), "who made all tries needs no reason"


@pytest.mark.parametrize("kind", ["later", "call_back"])
def test_what_the_owner_or_the_borrower_said_stands_above_the_plan(branch: Branch, lead: int, kind: Kind) -> None:
    tries(branch, lead)
    friday = NOON + timedelta(days=3)
    branch.store.transact_now(keep_reminder, branch.press("maya", lead), kind, friday, None)
    assert planned(branch) == [] and branch.view(lead).next_touch == friday

    assert tries(branch, lead).planned is None

    assert branch.view(lead).next_touch == friday


def test_a_note_to_oneself_leaves_the_plan_alone(branch: Branch, lead: int) -> None:
    tries(branch, lead)
    branch.store.transact_now(keep_reminder, branch.press("maya", lead), "remind", NOON + timedelta(days=1), "rates")
    assert planned(branch) == [IN_TWO_HOURS]


def test_a_time_said_with_the_result_is_kept_instead(branch: Branch, lead: int) -> None:
    friday = NOON + timedelta(days=3)
    outcome = branch.store.transact_now(note_call, branch.press("maya", lead), Disposition.NO_ANSWER, None, friday)[0]
    assert isinstance(outcome, LoggedCall) and outcome.planned is None
    assert branch.view(lead).next_touch == friday


def test_undo_of_a_try_brings_the_plan_back_that_it_took_the_place_of(branch: Branch, lead: int) -> None:
    tries(branch, lead)
    branch.clock.skip(minutes=30)
    second = tries(branch, lead)
    assert planned(branch) == [IN_TWO_HOURS + timedelta(minutes=30)]

    assert branch.undoes("maya", lead, second.seq) == Undone(lead, "logged")

    assert planned(branch) == [IN_TWO_HOURS]
    [open_one] = [each for each in branch.all(Reminder) if each.gave_up_because is None]
    assert open_one.set_seq != second.seq


def test_undo_of_who_was_reached_goes_on_with_the_plan(branch: Branch, lead: int) -> None:
    tries(branch, lead)
    reached = tries(branch, lead, "connected")
    branch.undoes("maya", lead, reached.seq)
    assert planned(branch) == [IN_TWO_HOURS] and branch.view(lead).next_touch == IN_TWO_HOURS


def test_who_stops_before_the_plan_is_done_says_why_and_can_take_it_back(branch: Branch, lead: int) -> None:
    tries(branch, lead)
    assert stages(branch, lead, "lost") == AsksFirst(lead, "lost", None, None, early=True)
    assert branch.view(lead).stage == "attempted"

    outcome = stages(branch, lead, "lost", why="not_our_loan")

    assert isinstance(outcome, Staged) and outcome.why == "not_our_loan"
    assert branch.events(lead)[-1].meta["why"] == "not_our_loan"
    assert planned(branch) == []
    branch.undoes("maya", lead, outcome.seq)
    assert planned(branch) == [IN_TWO_HOURS] and branch.view(lead).stage == "attempted"


def test_a_reason_that_there_is_none_of_is_refused(branch: Branch, lead: int) -> None:
    with pytest.raises(ValueError):
        stages(branch, lead, "lost", why="bored")


@pytest.mark.parametrize("stage", ["contacted", "nurture", "not_interested"])
def test_other_stages_end_the_plan_without_a_reason(branch: Branch, lead: int, stage: str) -> None:
    tries(branch, lead)
    assert isinstance(stages(branch, lead, stage), Staged)
    assert planned(branch) == []


def test_a_lead_whose_borrower_was_reached_is_lost_without_a_reason(branch: Branch, lead: int) -> None:
    tries(branch, lead, "connected")
    assert isinstance(stages(branch, lead, "lost"), Staged)


def test_who_has_the_lead_next_goes_on_where_the_one_before_stopped(branch: Branch, lead: int) -> None:
    tries(branch, lead)
    branch.give_back("maya", lead)
    branch.claim("luis", lead)
    outcome = branch.logs("luis", lead, "no_answer")
    assert isinstance(outcome, LoggedCall) and outcome.planned is not None and outcome.planned.made == 2
    branch.clock.skip(days=1)
    while rings(branch):
        pass
    assert {tuple(event.meta.get("told", ())) for event in branch.events(lead) if event.kind == "come_back"} == {("luis",)}


def test_own_leads_name_the_try_that_is_planned_and_the_one_that_is_overdue(branch: Branch, lead: int) -> None:
    tries(branch, lead)
    who = KnownOfficer(branch.officer_id("maya"), "maya", "maya", "en", "officer", True)
    [row] = branch.store.transact_now(list_own, who, 0, branch.clock.now()).rows
    assert (row.section, row.planned, row.own.next_touch) == ("today", (2, 12), IN_TWO_HOURS)
    branch.clock.skip(hours=2)
    rings(branch)
    [row] = branch.store.transact_now(list_own, who, 0, branch.clock.now()).rows
    assert (row.section, row.planned) == ("overdue", (2, 12))


def test_a_text_that_left_is_a_try_too_and_shares_the_plan(branch: Branch) -> None:
    texts = Texts(branch)
    lead = texts.lead()
    text_id = texts.queued(lead)
    texts.begun(text_id)
    assert planned(branch) == [], "it has not left yet"
    texts.calls_back(text_id, "sent")
    assert planned(branch) == [IN_TWO_HOURS]
    texts.calls_back(text_id, "delivered")
    assert planned(branch) == [IN_TWO_HOURS]
    outcome = tries(branch, lead)
    assert outcome.planned is not None and outcome.planned.made == 2


def test_a_borrower_who_writes_is_reached_and_an_answer_to_them_is_no_try_in_vain(branch: Branch) -> None:
    texts = Texts(branch)
    lead = texts.lead()
    tries(branch, lead)
    texts.came("Call me tomorrow please")
    assert planned(branch) == []
    text_id = texts.queued(lead)
    texts.begun(text_id)
    texts.calls_back(text_id, "sent")
    assert planned(branch) == []

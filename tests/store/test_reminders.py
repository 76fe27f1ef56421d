"""Promises to come back to a lead: kept once, rung once, dropped when there is nothing to come back to."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.distribution.claiming import Ended
from bot.leads.next_touch import ComingBack
from bot.leads.press import NoSuchLead
from bot.leads.reminders import (
    CameBack,
    FirstCallDue,
    NothingToMove,
    finish_reminder,
    keep_reminder,
    move_to_hours,
    ring_reminders,
)
from bot.leads.undoing import NotUndone, Undone, undo_event
from bot.leads.working import LoggedCall, MayNotWork, NotYourLead, note_call
from bot.rules.dispositions import Disposition
from bot.store.events import broken_links
from bot.store.outbound import Reminder
from bot.store.people import Officer
from bot.store.postings import Place
from bot.store.reminders import Kind, next_reminder_due
from tests.conftest import NOON
from tests.doubles.branch import Branch
from tests.doubles.parallel import in_parallel

IN_AN_HOUR = NOON + timedelta(hours=1)


@pytest.fixture
def lead(branch: Branch) -> int:
    """A lead of Maya's that she tried to reach."""
    number = branch.new_lead(property_zip="78704")
    branch.claim("maya", number)
    branch.logs("maya", number, "connected")
    return number


def keeps(
    branch: Branch, lead: int, kind: Kind = "later", at: datetime = IN_AN_HOUR, note: str | None = None, officer: str = "maya"
) -> object:
    return branch.store.transact_now(keep_reminder, branch.press(officer, lead), kind, at, note)[0]


def kept(branch: Branch, lead: int, kind: Kind = "later", at: datetime = IN_AN_HOUR, note: str | None = None) -> int:
    outcome = keeps(branch, lead, kind, at, note)
    assert isinstance(outcome, ComingBack)
    return outcome.reminder


def rings(branch: Branch) -> int:
    """Ring what is due now; how many."""
    rung = 0
    while batch := branch.store.transact_now(ring_reminders, branch.clock.now(), "salt")[0]:
        rung += batch
    return rung


def seq_of(branch: Branch, lead: int, kind: str = "next_touch") -> int:
    """The newest event of this kind."""
    return [event.seq for event in branch.events(lead) if event.kind == kind][-1]


def because(branch: Branch) -> list[str | None]:
    return [reminder.gave_up_because for reminder in branch.all(Reminder)]


def messages(branch: Branch, lead: int) -> list[tuple[str, int | None]]:
    """Which messages about coming back are owed to whom."""
    people = {place.id: place.officer_id for place in branch.all(Place)}
    return [
        (posting.topic, people[posting.place_id])
        for posting in branch.postings("notice", lead)
        if posting.topic in ("come_back", "promised_call")
    ]


def test_it_rings_at_its_time_and_once(branch: Branch, lead: int) -> None:
    assert keeps(branch, lead) == ComingBack(lead, seq_of(branch, lead), 1, IN_AN_HOUR, "America/Chicago")
    assert branch.store.transact_now(next_reminder_due) == IN_AN_HOUR
    branch.clock.skip(minutes=59, seconds=59)
    assert rings(branch) == 0
    branch.clock.skip(seconds=1)
    assert rings(branch) == 1
    assert rings(branch) == 0
    assert messages(branch, lead) == [("come_back", branch.officer_id("maya"))]
    assert branch.store.transact_now(next_reminder_due) is None


def test_a_day_of_downtime_rings_each_once(branch: Branch, lead: int) -> None:
    for hours in (1, 2, 3):
        kept(branch, lead, "remind", NOON + timedelta(hours=hours))
    branch.clock.skip(hours=24)
    assert rings(branch) == 3
    assert rings(branch) == 0


def test_eight_processes_that_look_at_once_ring_each_once(branch: Branch, lead: int) -> None:
    for minutes in range(12):
        kept(branch, lead, "remind", NOON + timedelta(minutes=minutes))
    branch.clock.skip(hours=1)
    in_parallel([lambda: rings(branch)] * 8)
    rings(branch)
    assert len(messages(branch, lead)) == 12
    assert branch.store.transact_now(lambda session: list(broken_links(session))) == []


def test_a_press_delivered_again_keeps_one(branch: Branch, lead: int) -> None:
    by = branch.press("maya", lead, "one press")
    answers = [branch.store.transact_now(keep_reminder, by, "later", IN_AN_HOUR, None)[0] for _ in range(2)]
    assert answers[0] == answers[1]
    assert branch.count(Reminder) == 1


def test_later_does_not_put_a_lead_to_sleep_that_nobody_tried_to_reach(branch: Branch) -> None:
    lead = branch.new_lead()
    branch.claim("maya", lead)
    assert keeps(branch, lead) == FirstCallDue(lead)
    branch.calls("maya", lead)
    assert keeps(branch, lead) == FirstCallDue(lead)
    assert isinstance(keeps(branch, lead, "remind"), ComingBack)
    branch.logs("maya", lead, "left_voicemail")
    assert isinstance(keeps(branch, lead), ComingBack)


def test_a_reminder_leaves_the_clock_of_a_fresh_lead_as_it_is(branch: Branch) -> None:
    lead = branch.new_lead()
    branch.claim("maya", lead)
    kept(branch, lead, "remind")
    branch.passes(minutes=15)
    assert branch.view(lead).owner_name is None


def test_only_the_owner_sets_one_and_others_hear_whose_it_is(branch: Branch, lead: int) -> None:
    assert keeps(branch, lead, officer="luis") == NotYourLead(lead, "Maya Torres")
    assert keeps(branch, lead, officer="cora") == MayNotWork(lead, "compliance")
    assert keeps(branch, 4711) == NoSuchLead(4711)
    assert branch.count(Reminder) == 0


def test_a_lead_that_ended_does_not_sleep(branch: Branch, lead: int) -> None:
    branch.logs("maya", lead, "not_interested")
    assert keeps(branch, lead) == Ended(lead, "not_interested")


@pytest.mark.parametrize("back", [True, False], ids=["claimed by another", "free"])
def test_a_reminder_of_who_lost_the_lead_is_dropped_and_hands_nothing_over(branch: Branch, lead: int, back: bool) -> None:
    kept(branch, lead, note="Ask for her pay stubs")
    branch.give_back("maya", lead)
    if back:
        branch.claim("luis", lead)
    branch.clock.skip(hours=1)
    rings(branch)
    assert messages(branch, lead) == []
    assert because(branch) == ["the lead is no longer theirs"]
    assert [event.meta["because"] for event in branch.events(lead) if event.kind == "next_touch_dropped"] == [
        "the lead is no longer theirs"
    ]
    assert branch.view(lead).next_touch is None


def test_it_rings_for_an_owner_who_gave_the_lead_back_and_took_it_again(branch: Branch, lead: int) -> None:
    kept(branch, lead)
    branch.give_back("maya", lead)
    branch.claim("maya", lead)
    branch.clock.skip(hours=1)
    rings(branch)
    assert messages(branch, lead) == [("come_back", branch.officer_id("maya"))]


def test_a_reminder_of_a_lead_that_ended_is_dropped(branch: Branch, lead: int) -> None:
    kept(branch, lead)
    branch.logs("maya", lead, "not_interested")
    branch.clock.skip(hours=1)
    rings(branch)
    assert messages(branch, lead) == []
    assert because(branch) == ["the lead ended"]


def test_the_note_stands_in_the_timeline_with_its_subject_and_nowhere_else(branch: Branch, lead: int) -> None:
    kept(branch, lead, note="Ask for her pay stubs")
    branch.clock.skip(hours=1)
    rings(branch)
    [event] = [event for event in branch.events(lead) if event.kind == "next_touch"]
    assert event.body == '{"note":"Ask for her pay stubs"}'
    assert event.subject_id is not None
    assert "pay stubs" not in f"{[event.meta for event in branch.events(lead)]}"


def test_a_newer_later_takes_the_place_of_the_older_and_keeps_its_note(branch: Branch, lead: int) -> None:
    kept(branch, lead, note="Ask for her pay stubs")
    kept(branch, lead, at=NOON + timedelta(hours=2))
    assert because(branch) == ["replaced", None]
    assert branch.all(Reminder)[1].note == "Ask for her pay stubs"
    branch.clock.skip(hours=1)
    assert rings(branch) == 0
    assert branch.view(lead).next_touch == NOON + timedelta(hours=2)


def test_reminders_add_up_and_the_next_one_is_the_next_touch(branch: Branch, lead: int) -> None:
    kept(branch, lead)
    kept(branch, lead, "remind", NOON + timedelta(minutes=30), "check docs")
    assert because(branch) == [None, None]
    assert branch.view(lead).next_touch == NOON + timedelta(minutes=30)


def test_undo_takes_it_back_for_ten_minutes_and_the_one_before_stands_again(branch: Branch, lead: int) -> None:
    kept(branch, lead, note="pay stubs")
    first = seq_of(branch, lead)
    kept(branch, lead, at=NOON + timedelta(hours=2))
    assert undone(branch, lead, first) == NotUndone(lead, "newer", "next_touch")
    branch.clock.skip(minutes=10)
    assert undone(branch, lead, seq_of(branch, lead)) == Undone(lead, "next_touch")
    assert branch.view(lead).next_touch == IN_AN_HOUR
    branch.clock.skip(seconds=1)
    assert undone(branch, lead, first) == NotUndone(lead, "late")
    assert branch.view(lead).next_touch == IN_AN_HOUR


def test_undo_of_what_took_the_place_of_one_that_rang_leaves_it_rung(branch: Branch, lead: int) -> None:
    kept(branch, lead)
    branch.clock.skip(hours=1)
    rings(branch)
    kept(branch, lead, at=NOON + timedelta(hours=5))
    undone(branch, lead, seq_of(branch, lead))
    assert because(branch) == [None, "undone"]
    assert branch.store.transact_now(next_reminder_due) is None


def test_undo_of_a_logged_call_takes_its_next_touch_back_and_what_it_answered_stands_again(branch: Branch, lead: int) -> None:
    kept(branch, lead, "remind")
    branch.clock.skip(hours=1)
    rings(branch)
    logs_and_comes_back(branch, lead, Disposition.CALL_BACK, NOON + timedelta(hours=5))
    assert because(branch) == ["answered", None]
    assert undone(branch, lead, seq_of(branch, lead, "logged")) == Undone(lead, "logged")
    assert because(branch) == [None, "undone"]
    assert branch.view(lead).next_touch is None


def undone(branch: Branch, lead: int, seq: int) -> object:
    return branch.store.transact_now(undo_event, branch.press("maya", lead), seq)[0]


def test_a_time_at_which_nobody_may_call_is_kept_and_the_first_minute_that_may_is_offered(branch: Branch, lead: int) -> None:
    night, morning = datetime(2026, 11, 25, 4, 0, tzinfo=UTC), datetime(2026, 11, 25, 15, 0, tzinfo=UTC)
    outcome = keeps(branch, lead, "call_back", night)
    seq = seq_of(branch, lead)
    assert outcome == ComingBack(lead, seq, 1, night, "America/Chicago", morning, "America/Chicago")
    moved, _ = branch.store.transact_now(move_to_hours, branch.press("maya", lead), 1)
    assert moved == ComingBack(lead, seq, 1, morning, "America/Chicago")
    assert branch.view(lead).next_touch == morning
    branch.clock.at = morning
    assert rings(branch) == 1
    assert branch.store.transact_now(move_to_hours, branch.press("maya", lead), 1)[0] == NothingToMove(lead)


def test_what_is_no_call_may_be_remembered_at_night(branch: Branch, lead: int) -> None:
    night = datetime(2026, 11, 25, 4, 0, tzinfo=UTC)
    assert keeps(branch, lead, "remind", night) == ComingBack(lead, seq_of(branch, lead), 1, night, "America/Chicago")


@pytest.mark.parametrize("kind", ["later", "remind", "call_back"])
def test_a_logged_call_answers_what_rang_and_leaves_what_is_to_come(branch: Branch, lead: int, kind: Kind) -> None:
    kept(branch, lead, kind)
    branch.clock.skip(hours=1)
    rings(branch)
    kept(branch, lead, "remind", NOON + timedelta(hours=5))
    branch.logs("maya", lead, "connected")
    assert because(branch) == ["answered", None]


def test_done_ends_a_reminder(branch: Branch, lead: int) -> None:
    reminder = kept(branch, lead, "remind")
    branch.clock.skip(hours=1)
    rings(branch)
    for _ in range(2):
        assert branch.store.transact_now(finish_reminder, branch.press("maya", lead), reminder)[0] == CameBack(lead)
    assert because(branch) == ["answered"]
    assert [event.kind for event in branch.events(lead)].count("next_touch_done") == 1


def test_a_call_is_logged_together_with_the_next_touch(branch: Branch, lead: int) -> None:
    outcome = logs_and_comes_back(branch, lead, Disposition.NO_ANSWER)
    assert isinstance(outcome, LoggedCall)
    assert outcome.coming_back == ComingBack(lead, seq_of(branch, lead, "logged"), 1, IN_AN_HOUR, "America/Chicago")
    assert branch.all(Reminder)[0].kind == "later"


def test_a_borrower_who_wants_a_call_back_is_promised_one(branch: Branch, lead: int) -> None:
    outcome = logs_and_comes_back(branch, lead, Disposition.CALL_BACK)
    assert isinstance(outcome, LoggedCall)
    assert outcome.coming_back == ComingBack(lead, seq_of(branch, lead, "logged"), 1, IN_AN_HOUR, "America/Chicago")
    assert branch.all(Reminder)[0].kind == "call_back"
    assert branch.all(Reminder)[0].note == "She is at work"


def test_a_result_that_ends_the_lead_leaves_nothing_to_come_back_to(branch: Branch, lead: int) -> None:
    outcome = logs_and_comes_back(branch, lead, Disposition.NOT_INTERESTED)
    assert outcome == LoggedCall(lead, Disposition.NOT_INTERESTED, "not_interested", seq_of(branch, lead, "logged"))
    assert branch.count(Reminder) == 0


def logs_and_comes_back(branch: Branch, lead: int, disposition: Disposition, at: datetime = IN_AN_HOUR) -> object:
    return branch.store.transact_now(note_call, branch.press("maya", lead), disposition, "She is at work", at)[0]


OFF = {"off_until": datetime(2026, 12, 24, tzinfo=UTC)}


@pytest.mark.parametrize(
    ("kind", "away", "told"),
    [
        ("call_back", {}, ("come_back", "maya")),
        ("call_back", OFF, ("promised_call", "tess")),
        ("call_back", {"active": False}, ("promised_call", "tess")),
        ("later", OFF, ("come_back", "maya")),
        ("remind", OFF, ("come_back", "maya")),
    ],
)
def test_a_promised_call_of_an_owner_who_is_off_goes_to_the_team_lead(
    branch: Branch, lead: int, kind: Kind, away: dict[str, object], told: tuple[str, str]
) -> None:
    kept(branch, lead, kind)
    if away:
        branch.set(Officer, branch.officer_id("maya"), **away)
    branch.clock.skip(hours=1)
    rings(branch)
    topic, who = told
    assert messages(branch, lead) == [(topic, branch.officer_id(who))]


def test_with_the_team_lead_off_too_it_goes_to_the_manager(branch: Branch, lead: int) -> None:
    kept(branch, lead, "call_back")
    for officer in ("maya", "tess"):
        branch.set(Officer, branch.officer_id(officer), **OFF)
    branch.clock.skip(hours=1)
    rings(branch)
    assert messages(branch, lead) == [("promised_call", branch.officer_id("sam"))]

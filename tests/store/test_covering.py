"""Who covers for an officer who is away: judged at each step, and over when they are back."""

from datetime import timedelta

import pytest

from bot.leads.next_touch import ComingBack
from bot.leads.reminders import CameBack, finish_reminder, keep_reminder, ring_reminders
from bot.leads.undoing import Undone, undo_event
from bot.leads.working import LoggedCall, NotYourLead
from bot.officers.covering import tell_who_is_back
from bot.officers.duty import CameOn, NobodyCovers, WentOff, set_off, set_on
from bot.store.covering import cover_of, next_return
from bot.store.events import COMPANY, Event
from bot.store.people import Officer
from bot.store.postings import Place
from tests.conftest import NOON
from tests.doubles.branch import Branch


@pytest.fixture
def lead(branch: Branch) -> int:
    """A lead of Maya's that she tried to reach."""
    number = branch.new_lead(property_zip="78704")
    branch.claim("maya", number)
    branch.logs("maya", number, "connected")
    return number


def goes_off(branch: Branch, cover: str | None = "luis", officer: str = "maya", words: str = "friday") -> WentOff:
    outcome, _ = branch.store.transact_now(set_off, branch.press(officer, COMPANY), words, cover)
    assert isinstance(outcome, WentOff)
    return outcome


def covers(branch: Branch, lead: int) -> str | None:
    found = branch.store.transact_now(cover_of, lead, branch.clock.now())
    return found and found[1]


def told(branch: Branch, topic: str) -> list[str]:
    """Who was told so."""
    people = {place.id: place.officer_id for place in branch.all(Place)}
    keys = {officer.id: officer.key for officer in branch.all(Officer)}
    return [keys[people[each.place_id] or 0] for each in branch.postings("notice") if each.topic == topic]


def tells_who_is_back(branch: Branch) -> int:
    return branch.store.transact_now(tell_who_is_back, branch.clock.now(), "salt")[0]


def reminded_in_an_hour(branch: Branch, lead: int, by: str) -> int:
    outcome, _ = branch.store.transact_now(keep_reminder, branch.press(by, lead), "remind", NOON + timedelta(hours=1), None)
    assert isinstance(outcome, ComingBack)
    return outcome.reminder


def test_the_cover_works_the_lead_without_a_question_and_nobody_else_may(branch: Branch, lead: int) -> None:
    assert isinstance(branch.logs("luis", lead, "connected"), NotYourLead)
    goes_off(branch)

    assert isinstance(branch.logs("luis", lead, "left_voicemail"), LoggedCall)
    assert isinstance(branch.logs("priya", lead, "connected"), NotYourLead)
    assert branch.view(lead).owner_id == branch.officer_id("maya")


def test_a_first_call_that_is_due_is_the_cover_s(branch: Branch) -> None:
    lead = branch.new_lead(property_zip="78704")
    branch.claim("maya", lead)
    goes_off(branch)

    branch.passes(minutes=5)

    assert ("nudge", ["luis"]) in branch.told(lead)


def test_a_reminder_rings_for_the_cover_who_ticks_it_off(branch: Branch, lead: int) -> None:
    reminder = reminded_in_an_hour(branch, lead, "maya")
    goes_off(branch)
    branch.clock.skip(hours=1)
    branch.store.transact_now(ring_reminders, branch.clock.now(), "salt")
    assert told(branch, "come_back") == ["luis"]

    outcome, _ = branch.store.transact_now(finish_reminder, branch.press("luis", lead), reminder)

    assert isinstance(outcome, CameBack)
    assert [event.kind for event in branch.events(lead)][-1] == "next_touch_done"


def test_what_the_cover_promises_is_the_owner_s_when_they_are_back(branch: Branch, lead: int) -> None:
    goes_off(branch)
    reminded_in_an_hour(branch, lead, "luis")
    branch.store.transact_now(set_on, branch.press("maya", COMPANY))
    branch.clock.skip(hours=1)
    branch.store.transact_now(ring_reminders, branch.clock.now(), "salt")

    assert told(branch, "come_back") == ["maya"]


def test_a_cover_who_goes_off_or_leaves_covers_nothing(branch: Branch, lead: int) -> None:
    goes_off(branch)
    assert covers(branch, lead) == "luis"
    goes_off(branch, None, "luis", "in 1 hour")
    assert covers(branch, lead) is None
    branch.clock.skip(hours=1)
    assert covers(branch, lead) == "luis"
    branch.set(Officer, branch.officer_id("luis"), active=False)
    assert covers(branch, lead) is None


def test_who_says_another_time_keeps_the_cover_and_who_names_another_changes_it(branch: Branch, lead: int) -> None:
    goes_off(branch)
    assert goes_off(branch, None, words="thursday").cover == "Luis Ortega"
    assert goes_off(branch, "priya").cover == "Priya Nair"
    assert covers(branch, lead) == "priya"
    assert told(branch, "covers") == ["luis", "priya"]


def test_who_is_back_is_told_once_what_happened_since_they_went(branch: Branch, lead: int) -> None:
    until = goes_off(branch).until
    branch.logs("luis", lead, "left_voicemail")
    assert branch.store.transact_now(next_return) == until
    assert tells_who_is_back(branch) == 0
    branch.clock.skip(seconds=(until - branch.clock.now()).total_seconds())

    assert tells_who_is_back(branch) == 1
    assert tells_who_is_back(branch) == 0

    [event] = [each for each in branch.all(Event) if each.kind == "while_away"]
    assert event.meta["leads"] == [{"lead": lead, "tries": [["Luis Ortega", "voice", 1]], "wrote": 0}]
    assert told(branch, "while_away") == ["maya"]
    assert branch.store.transact_now(next_return) is None


def test_undo_of_coming_back_brings_the_cover_back(branch: Branch, lead: int) -> None:
    goes_off(branch)
    came = branch.store.transact_now(set_on, branch.press("maya", COMPANY))
    assert isinstance(came, CameOn)
    tells_who_is_back(branch)
    assert covers(branch, lead) is None

    outcome, _ = branch.store.transact_now(undo_event, branch.press("maya", COMPANY), came.seq)

    assert isinstance(outcome, Undone)
    assert covers(branch, lead) == "luis"


@pytest.mark.parametrize("name", ["nobody", "maya", "cora", ""])
def test_who_cannot_cover_is_not_named(branch: Branch, name: str) -> None:
    outcome, leases = branch.store.transact_now(set_off, branch.press("maya", COMPANY), "friday", name)

    assert isinstance(outcome, NobodyCovers)
    assert leases == []
    assert tells_who_is_back(branch) == 0

"""Who may say whether two leads are one request, what it does to both, and that it is said once."""

from functools import partial

import pytest

from bot.capture.two_people import Answer, MayNotTell, NotYoursToTell, TellOutcome, Told, ToldBefore, TooLateToUndo, Untold, tell_apart
from bot.handlers.slack.two_people import tell_words
from bot.leads.press import NoSuchLead
from bot.store.clocks import clocks_of
from bot.store.events import broken_links
from bot.store.leads import Lead, LeadPass
from tests.doubles.branch import Branch
from tests.doubles.counts import leads_per_stage
from tests.doubles.hostile import read_by_people
from tests.doubles.parallel import in_parallel


def dana_and_alex(branch: Branch) -> tuple[int, int]:
    """Maya has Dana's lead; Alex asked from the same phone."""
    older = branch.new_lead()
    branch.claim("maya", older)
    return older, branch.new_lead(first_name="Alex", property_city="Waco")


def tells(branch: Branch, officer: str, lead: int, answer: Answer | None) -> TellOutcome:
    return branch.store.transact_now(tell_apart, branch.press(officer, lead), answer)[0]


def lead_row(branch: Branch, number: int) -> Lead:
    return next(row for row in branch.all(Lead) if row.id == number)


@pytest.mark.parametrize("who", ["maya", "tess", "sam"])
def test_the_owner_the_team_lead_and_the_manager_may_say_so(branch: Branch, who: str) -> None:
    older, newer = dana_and_alex(branch)

    assert tells(branch, who, newer, "two_people") == Told(newer, older, "two_people")


def test_others_may_not(branch: Branch) -> None:
    older, newer = dana_and_alex(branch)

    assert tells(branch, "luis", newer, "same_request") == NotYoursToTell(newer, older)
    assert tells(branch, "cora", newer, "same_request") == MayNotTell(newer, "compliance")
    assert tells(branch, "maya", older, "same_request") == NoSuchLead(older)
    assert lead_row(branch, newer).link_answer == "asked"


def test_of_two_who_answer_at_once_one_is_heard(branch: Branch) -> None:
    older, newer = dana_and_alex(branch)
    branch.claim("luis", newer)

    said = in_parallel([partial(tells, branch, "maya", newer, "same_request"), partial(tells, branch, "luis", newer, "two_people")])

    [won] = [outcome for outcome in said if isinstance(outcome, Told)]
    [lost] = [outcome for outcome in said if isinstance(outcome, ToldBefore)]
    assert (lost.older, lost.answer) == (older, won.answer)


@pytest.mark.parametrize("answer", ["same_request", "two_people"])
def test_an_answer_and_its_undo_are_events_and_the_counts_are_as_before(branch: Branch, answer: Answer) -> None:
    _, newer = dana_and_alex(branch)

    tells(branch, "maya", newer, answer)
    assert isinstance(tells(branch, "maya", newer, None), Untold)

    assert [event.kind for event in branch.events(newer)][-2:] == [answer, "untold"]
    assert branch.store.transact_now(leads_per_stage) == {"new": 2}
    assert list(branch.store.transact_now(lambda session: list(broken_links(session)))) == []
    assert lead_row(branch, newer).link_answer == "asked"


def test_undone_the_older_lead_forgets_what_came_from_the_newer(branch: Branch) -> None:
    older, newer = dana_and_alex(branch)
    tells(branch, "maya", newer, "same_request")
    assert lead_row(branch, older).details["property_city"] == "Waco"

    tells(branch, "maya", newer, None)

    assert "property_city" not in lead_row(branch, older).details


def test_the_newer_lead_s_clocks_stand_still_and_go_on_when_undone(branch: Branch) -> None:
    _, newer = dana_and_alex(branch)
    tells(branch, "maya", newer, "same_request")
    assert not branch.store.transact_now(clocks_of, newer)["unclaimed"].runs

    tells(branch, "maya", newer, None)

    assert branch.store.transact_now(clocks_of, newer)["unclaimed"].runs


def test_a_sleeping_older_lead_wakes_and_sleeps_again_when_undone(branch: Branch) -> None:
    older = branch.new_lead()
    branch.set(Lead, older, stage="nurture")
    newer = branch.new_lead(first_name="Alex")

    tells(branch, "tess", newer, "same_request")
    assert lead_row(branch, older).stage == "new"
    tells(branch, "tess", newer, None)

    assert lead_row(branch, older).stage == "nurture"
    assert not branch.store.transact_now(clocks_of, older)["unclaimed"].runs


def test_the_older_lead_handed_to_the_newer_s_owner_is_free_again_when_undone(branch: Branch) -> None:
    older = branch.new_lead()
    newer = branch.new_lead(first_name="Alex")
    branch.claim("luis", newer)
    tells(branch, "luis", newer, "same_request")
    assert lead_row(branch, older).owner_id == branch.officer_id("luis")

    tells(branch, "luis", newer, None)

    assert lead_row(branch, older).owner_id is None
    assert lead_row(branch, newer).owner_id == branch.officer_id("luis")


def test_who_was_handed_the_older_lead_did_not_give_it_back_when_somebody_else_undoes_it(branch: Branch) -> None:
    older = branch.new_lead()
    newer = branch.new_lead(first_name="Alex")
    branch.claim("luis", newer)
    tells(branch, "luis", newer, "same_request")

    tells(branch, "tess", newer, None)

    assert lead_row(branch, older).owner_id is None
    assert [(event.kind, event.actor, event.meta) for event in branch.events(older) if event.kind in ("given_back", "parted")] == [
        ("parted", "officer:tess", {"officer": "Tess Lindqvist"})
    ]
    assert not [each for each in branch.all(LeadPass) if each.lead_id == older]  # it may ring for him again


def test_undo_ends_after_ten_minutes(branch: Branch) -> None:
    _, newer = dana_and_alex(branch)
    tells(branch, "maya", newer, "two_people")

    branch.clock.skip(minutes=10, seconds=1)

    assert tells(branch, "maya", newer, None) == TooLateToUndo(newer)


WORDS = [
    (Told(1002, 1001, "same_request"), "#1002 is closed as the same request as #1001. You can undo this for 10 minutes."),
    (Told(1002, 1001, "two_people"), "#1002 and #1001 are two people. You can undo this for 10 minutes."),
    (ToldBefore(1002, 1001, "two_people", "Tess"), "Tess was quicker and said: #1002 and #1001 are two people."),
    (Untold(1002, 1001), "Undone. #1002 is a lead of its own again, and you can answer anew."),
    (TooLateToUndo(1002), "More than 10 minutes have passed, so #1002 stays as it is. Ask your team lead if that is wrong."),
    (NotYoursToTell(1002, 1001), "Neither #1002 nor #1001 is yours, so I changed nothing. Ask who has them, or your team lead."),
    (MayNotTell(1002, "compliance"), "As compliance you cannot do this. Who can: loan officer or team lead or manager."),
    (NoSuchLead(1002), "There is no lead #1002. Check the number and try again."),
]


@pytest.mark.parametrize(("outcome", "words"), WORDS)
def test_each_outcome_is_told_in_a_sentence(outcome: TellOutcome, words: str) -> None:
    assert read_by_people(tell_words(outcome, "en")) == words

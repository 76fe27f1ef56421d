"""A practice lead is nobody else's: it is claimed by who asked for it, and by no other way."""

import pytest

from bot.distribution.assigning import assign_lead
from bot.handlers.slack.practice import practice_words
from bot.leads.press import NoSuchLead
from bot.leads.staging import stage_lead
from bot.officers.practice import (
    MayNotPractice,
    PracticeOutcome,
    PracticeOver,
    PracticeRings,
    PracticeTook,
    begin_practice,
    end_practice,
    take_practice,
)
from bot.store.clocks import clocks_of
from bot.store.events import COMPANY, broken_links
from bot.store.leads import Lead
from bot.store.rings import Ring
from tests.doubles.branch import Branch
from tests.doubles.counts import leads_per_stage
from tests.doubles.hostile import read_by_people


def begins(branch: Branch, who: str = "maya") -> PracticeOutcome:
    return branch.store.transact_now(begin_practice, branch.press(who, COMPANY))[0]


def takes(branch: Branch, who: str, lead: int) -> PracticeOutcome:
    return branch.store.transact_now(take_practice, branch.press(who, lead))[0]


def test_it_is_claimed_by_who_asked_for_it_alone(branch: Branch) -> None:
    assert begins(branch) == PracticeRings(1001, already=False)

    assert takes(branch, "luis", 1001) == PracticeOver(1001)
    assert branch.claim("luis", 1001) == NoSuchLead(1001)
    assert branch.claim("maya", 1001) == NoSuchLead(1001)
    assert takes(branch, "maya", 1001) == PracticeTook(1001)
    assert takes(branch, "maya", 1001) == PracticeOver(1001)


def test_nobody_works_assigns_or_passes_it_and_it_never_rings_the_team(branch: Branch) -> None:
    begins(branch)

    for who in ("maya", "tess", "sam"):
        staged, _ = branch.store.transact_now(stage_lead, branch.press(who, 1001), "contacted", True, None)
        assert staged == NoSuchLead(1001)
        assert branch.logs(who, 1001, "connected") == NoSuchLead(1001)
        assert branch.lets_go_by(who, 1001, "busy") == NoSuchLead(1001)
    assert branch.store.transact_now(assign_lead, branch.press("tess", 1001), "luis")[0] == NoSuchLead(1001)
    branch.passes(minutes=6)

    assert branch.store.transact_now(clocks_of, 1001) == {}
    assert branch.all(Ring) == []


def test_a_real_lead_is_not_taken_by_the_practice_button(branch: Branch) -> None:
    lead = branch.new_lead()

    assert takes(branch, "maya", lead) == NoSuchLead(lead)


def test_it_counts_nowhere_and_its_timeline_is_whole(branch: Branch) -> None:
    begins(branch)
    begins(branch, "luis")
    takes(branch, "maya", 1001)

    assert branch.store.transact_now(leads_per_stage) == {}
    assert branch.all(Ring) == []
    assert [row.owner_id for row in branch.all(Lead)] == [None, None]
    assert branch.store.transact_now(lambda session: list(broken_links(session))) == []


def test_who_works_no_leads_does_not_practice(branch: Branch) -> None:
    assert begins(branch, "cora") == MayNotPractice("compliance")


def test_it_ends_by_itself_after_a_quarter_of_an_hour(branch: Branch) -> None:
    begins(branch)
    branch.clock.skip(minutes=14)
    assert branch.store.transact_now(end_practice, branch.clock.now(), "salt")[0] == 0
    branch.clock.skip(minutes=1)

    assert branch.store.transact_now(end_practice, branch.clock.now(), "salt")[0] == 1
    assert begins(branch) == PracticeRings(1002, already=False)


WORDS: list[tuple[PracticeOutcome, str | None]] = [
    (PracticeRings(1042, already=False), "TEST #1042 rings now, only for you."),
    (PracticeRings(1042, already=True), "Your practice lead TEST #1042 rings already, just above or below. Claim that one first."),
    (PracticeTook(1042), None),
    (PracticeOver(1042), "TEST #1042: the practice lead is over. Ring another one whenever you like."),
    (MayNotPractice("compliance"), "As compliance you cannot do this. Who can: loan officer or team lead or manager."),
    (NoSuchLead(1042), "There is no lead #1042. Check the number and try again."),
]


@pytest.mark.parametrize(("outcome", "words"), WORDS)
def test_each_outcome_is_told_in_a_sentence(outcome: PracticeOutcome, words: str | None) -> None:
    said = practice_words(outcome, "en")
    assert (said and read_by_people(said)) == words

"""Somebody who left with open leads: who leads is asked until each lead has somebody, and nothing happens by itself."""

from datetime import timedelta

import pytest

from bot.config import Config
from bot.configuring import apply_config
from bot.distribution.assigning import Assigned, assign_lead
from bot.handlers.slack.leaving import leaver_words
from bot.officers.leaving import (
    BackAgain,
    How,
    LeadsMoved,
    LeaverOutcome,
    MayNotDecide,
    NothingLeft,
    StaysOff,
    answer_return,
    ask_about_leavers,
    move_leads_of,
    note_presence,
)
from bot.store.clocks import clocks_of
from bot.store.events import COMPANY, Event, broken_links
from bot.store.leads import Lead
from bot.store.people import Officer
from bot.store.postings import Place, Posting
from tests.doubles.branch import Branch
from tests.doubles.counts import leads_per_stage
from tests.doubles.hostile import read_by_people


def leads_of(branch: Branch, officer: str) -> list[int]:
    return [row.id for row in branch.all(Lead) if row.owner_id == branch.officer_id(officer) and row.id is not None]


def maya_claims(branch: Branch, leads: int) -> list[int]:
    claimed = [branch.new_lead(phone=f"(512) 555-{number:04}") for number in range(leads)]
    for lead in claimed:
        branch.claim("maya", lead)
    return claimed


def leaves(branch: Branch, example: Config, officer: str = "maya") -> None:
    """The config says that this officer is no longer active; who leads is asked."""
    people = tuple(row.model_copy(update={"active": False}) if row.key == officer else row for row in example.officers)
    changed = example.model_copy(update={"officers": people})
    branch.store.transact_now(apply_config, changed, by="test", at=branch.clock.now(), salt="test")
    asks(branch)


def asks(branch: Branch) -> int:
    return branch.store.transact_now(ask_about_leavers, branch.clock.now(), "salt")[0]


def moves(branch: Branch, who: str, how: How, to: str | None = None, *, of: str = "maya") -> LeaverOutcome:
    to_id = branch.officer_id(to) if to else None
    return branch.store.transact_now(move_leads_of, branch.press(who, COMPANY), branch.officer_id(of), how, to_id)[0]


def questions(branch: Branch, topic: str = "leaver") -> list[Posting]:
    return [posting for posting in branch.all(Posting) if posting.topic == topic]


def asked_people(branch: Branch, topic: str = "leaver") -> set[str]:
    keys = {row.id: row.key for row in branch.all(Officer)}
    places = {place.id: keys.get(place.officer_id) for place in branch.all(Place)}
    return {str(places[posting.place_id]) for posting in questions(branch, topic)}


def test_team_lead_and_manager_are_asked_once(branch: Branch, example: Config) -> None:
    maya_claims(branch, 2)
    leaves(branch, example)

    assert asks(branch) == 0
    assert asked_people(branch) == {"tess", "sam"}


def test_they_are_asked_again_each_morning_until_it_is_answered(branch: Branch, example: Config) -> None:
    maya_claims(branch, 2)
    leaves(branch, example)

    branch.clock.skip(hours=20)  # eight in the morning in Austin
    assert asks(branch) == 0
    branch.clock.skip(hours=1)
    assert asks(branch) == 1
    moves(branch, "sam", "to", "luis")
    branch.clock.skip(days=2)

    assert asks(branch) == 0
    assert len(questions(branch)) == 4


def test_nobody_is_asked_about_somebody_without_leads(branch: Branch, example: Config) -> None:
    leaves(branch, example)

    assert questions(branch) == []


def test_to_one_person_gives_what_the_license_allows_and_says_what_stays(branch: Branch, example: Config) -> None:
    texas = maya_claims(branch, 2)
    oklahoma = branch.new_lead(phone="(405) 555-0100", property_state="OK")
    branch.claim("maya", oklahoma)
    leaves(branch, example)

    outcome = moves(branch, "sam", "to", "luis")

    assert outcome == LeadsMoved("Maya Torres", "to", "Luis Ortega", 2, (oklahoma,))
    assert (leads_of(branch, "luis"), leads_of(branch, "maya")) == (texas, [oklahoma])
    assert branch.store.transact_now(leads_per_stage) == {"new": 3}
    branch.clock.skip(days=1)
    assert asks(branch) == 1  # the one that stayed is asked about again


def test_split_goes_round_those_who_may_have_each(branch: Branch, example: Config) -> None:
    maya_claims(branch, 6)
    leaves(branch, example)

    outcome = moves(branch, "tess", "split")

    assert outcome == LeadsMoved("Maya Torres", "split", None, 6, ())
    assert {who: len(leads_of(branch, who)) for who in ("luis", "priya", "tess", "omar")} == {"luis": 2, "priya": 2, "tess": 2, "omar": 0}


def test_pool_frees_all_at_once_and_rings_them_one_a_minute_the_best_first(branch: Branch, example: Config) -> None:
    plain = maya_claims(branch, 2)
    best = branch.new_lead(phone="(512) 555-0199", credit="740+", timeline="right away", email="dana@example.com", loan_amount="310000")
    branch.claim("maya", best)
    leaves(branch, example)

    moves(branch, "sam", "pool")

    assert leads_of(branch, "maya") == []
    due = [branch.store.transact_now(clocks_of, lead)["unclaimed"].due_at for lead in (best, *plain)]
    assert due == [branch.clock.now() + timedelta(minutes=minute) for minute in range(3)]


def test_officers_may_not_decide_nor_who_leads_another_team(branch: Branch, example: Config) -> None:
    south = branch.new_lead(phone="(505) 555-0100", property_state="CO", source="partner")
    branch.claim("omar", south)
    leaves(branch, example, "omar")

    assert moves(branch, "luis", "pool", of="omar") == MayNotDecide("officer")
    assert moves(branch, "cora", "pool", of="omar") == MayNotDecide("compliance")
    assert leads_of(branch, "omar") == [south]


def test_who_answers_second_hears_that_nothing_is_left(branch: Branch, example: Config) -> None:
    maya_claims(branch, 1)
    leaves(branch, example)

    assert isinstance(moves(branch, "tess", "split"), LeadsMoved)
    assert moves(branch, "sam", "pool") == NothingLeft("Maya Torres")


def test_a_night_and_an_ended_lead_are_no_open_leads(branch: Branch, example: Config) -> None:
    [lead] = maya_claims(branch, 1)
    branch.logs("maya", lead, "not_interested")
    branch.set(Lead, lead, stage="not_interested")

    leaves(branch, example)

    assert questions(branch) == []


def is_seen(branch: Branch, *, here: str = "", gone: str = "") -> None:
    """Slack says who is there and who was deactivated."""
    branch.store.transact_now(note_presence, "slack", {here}, {gone}, branch.clock.now(), "salt")
    asks(branch)


@pytest.fixture
def found(branch: Branch) -> Branch:
    """Everybody was found in Slack."""
    for place in branch.all(Place):
        if place.officer_id is not None:
            key = next(row.key for row in branch.all(Officer) if row.id == place.officer_id)
            branch.set(Place, place.id, address=f"U0{key.upper()}")
    return branch


@pytest.mark.fault(68)
def test_somebody_deactivated_in_slack_is_a_leaver_once(found: Branch) -> None:
    maya_claims(found, 1)

    is_seen(found, gone="U0MAYA")
    is_seen(found, gone="U0MAYA")

    assert not next(row for row in found.all(Officer) if row.key == "maya").active
    assert len(questions(found)) == 2
    assert [event.kind for event in found.all(Event) if event.kind == "left"] == ["left"]


def test_who_comes_back_is_asked_about_and_never_switched_on_by_itself(found: Branch) -> None:
    is_seen(found, gone="U0MAYA")

    is_seen(found, here="U0MAYA")
    is_seen(found, here="U0MAYA")

    assert not next(row for row in found.all(Officer) if row.key == "maya").active
    assert asked_people(found, "came_back") == {"tess", "sam"}
    assert len(questions(found, "came_back")) == 2


@pytest.mark.parametrize(("on", "outcome"), [(True, BackAgain("Maya Torres")), (False, StaysOff("Maya Torres"))])
def test_the_first_answer_about_who_came_back_holds(found: Branch, on: bool, outcome: LeaverOutcome) -> None:
    is_seen(found, gone="U0MAYA")
    is_seen(found, here="U0MAYA")

    def answers(who: str, yes: bool) -> LeaverOutcome:
        return found.store.transact_now(answer_return, found.press(who, COMPANY), found.officer_id("maya"), yes)[0]

    assert answers("luis", True) == MayNotDecide("officer")
    assert answers("sam", on) == outcome
    assert answers("tess", not on) == outcome
    assert next(row for row in found.all(Officer) if row.key == "maya").active is on
    is_seen(found, here="U0MAYA")
    assert len(questions(found, "came_back")) == 2


def test_a_lead_that_was_given_away_does_not_come_back_to_who_left_since(found: Branch) -> None:
    [lead] = maya_claims(found, 1)
    given = found.store.transact_now(assign_lead, found.press("tess", lead), "luis")[0]
    assert isinstance(given, Assigned)
    is_seen(found, gone="U0MAYA")

    found.undoes("tess", lead, given.seq)

    assert found.view(lead).owner_id is None
    assert found.store.transact_now(clocks_of, lead)["unclaimed"].runs
    assert found.store.transact_now(leads_per_stage) == {"new": 1}


def test_who_answers_after_the_leaver_came_back_hears_that_and_moves_nothing(found: Branch) -> None:
    leads = maya_claims(found, 2)
    is_seen(found, gone="U0MAYA")
    is_seen(found, here="U0MAYA")
    found.store.transact_now(answer_return, found.press("sam", COMPANY), found.officer_id("maya"), True)

    assert moves(found, "tess", "to", "luis") == BackAgain("Maya Torres")
    assert leads_of(found, "maya") == leads


def test_an_officer_inactive_in_the_config_is_not_asked_about_for_being_in_slack(found: Branch, example: Config) -> None:
    leaves(found, example)

    is_seen(found, here="U0MAYA")

    assert questions(found, "came_back") == []


def test_answers_are_events_and_the_timelines_are_whole(branch: Branch, example: Config) -> None:
    maya_claims(branch, 2)
    leaves(branch, example)
    moves(branch, "sam", "pool")

    kinds = [event.kind for event in branch.all(Event) if event.stream == COMPANY]
    assert kinds[-2:] == ["leaver_asked", "leads_moved"]
    assert branch.store.transact_now(lambda session: list(broken_links(session))) == []


WORDS: list[tuple[LeaverOutcome, str]] = [
    (LeadsMoved("Omar Haddad", "to", "Luis Ortega", 36, ()), "Luis Ortega has 36 leads of Omar Haddad now."),
    (
        LeadsMoved("Omar Haddad", "to", "Luis Ortega", 36, (1002, 1005)),
        "Luis Ortega has 36 leads of Omar Haddad now.\n"
        "2 stay, since Luis Ortega may not take them: #1002, #1005. Choose somebody else for them.",
    ),
    (LeadsMoved("Omar Haddad", "split", None, 38, ()), "38 leads of Omar Haddad are split over the team."),
    (LeadsMoved("Omar Haddad", "pool", None, 38, ()), "38 leads of Omar Haddad are back in the pool and ring one by one, best first."),
    (NothingLeft("Omar Haddad"), "Omar Haddad has no open leads any more: somebody answered already."),
    (BackAgain("Omar Haddad"), "Omar Haddad is back and can take leads again."),
    (StaysOff("Omar Haddad"), "Omar Haddad is in chat again and stays switched off here."),
    (MayNotDecide("officer"), "As loan officer you cannot do this. Who can: team lead or manager."),
]


@pytest.mark.parametrize(("outcome", "words"), WORDS)
def test_each_outcome_is_told_in_a_sentence(outcome: LeaverOutcome, words: str) -> None:
    assert read_by_people(leaver_words(outcome, "en")) == words

"""Somebody else is on call in an officer's place: one of all who press Accept, until it is undone before it begins."""

from datetime import date, datetime
from functools import partial
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import Session

from bot.leads.press import Press
from bot.officers.rota import hand_over_turns
from bot.officers.swapping import (
    BegunAlready,
    CalledOff,
    MayNotSwap,
    NobodyCalledSo,
    NoLongerAsked,
    NoTurnThen,
    SwapAskedOf,
    SwapOutcome,
    Swapped,
    TakenBySomebody,
    ask_colleagues,
    call_swap_off,
    take_turn,
)
from bot.rules.rota import Rota, stored_rota
from bot.store.events import COMPANY
from bot.store.people import Officer, Team
from bot.store.rota import next_hand_over, team_rota
from tests.doubles.branch import Branch
from tests.doubles.parallel import in_parallel

AUSTIN = ZoneInfo("America/Chicago")
SATURDAY = datetime(2026, 11, 28, 18, tzinfo=AUSTIN)
EVENINGS = (((1020, 1200),),) * 7


@pytest.fixture(autouse=True)
def austin_has_a_rota(branch: Branch) -> None:
    """Maya, Luis and Priya take turns from Monday at 8 on, Maya first; it is the Tuesday of her turn."""
    rota = Rota("America/Chicago", ("maya", "luis", "priya"), (0,), 480, date(2026, 11, 23), EVENINGS)
    branch.set(Team, austin(branch), rota=stored_rota(rota))


def austin(branch: Branch) -> int:
    return branch.services.in_force.sources["website"].team.id


def asks(branch: Branch, officer: str, words: str = "") -> SwapOutcome:
    return branch.store.transact_now(ask_colleagues, branch.press(officer, COMPANY), words)[0]


def asked_for(branch: Branch, officer: str, words: str = "") -> SwapAskedOf:
    found = asks(branch, officer, words)
    assert isinstance(found, SwapAskedOf)
    return found


def takes(branch: Branch, officer: str, asked: SwapAskedOf) -> SwapOutcome:
    return branch.store.transact_now(take_turn, branch.press(officer, COMPANY), asked.swap)[0]


def undoes(branch: Branch, officer: str, asked: SwapAskedOf) -> SwapOutcome:
    return branch.store.transact_now(call_swap_off, branch.press(officer, COMPANY), asked.swap)[0]


def on_call(branch: Branch, at: datetime) -> str | None:
    def who(session: Session) -> str | None:
        rota = team_rota(session, austin(branch), at)
        assert rota is not None
        found = rota.on_call(at)
        return None if found is None else found.key

    return branch.store.transact_now(who)


def topics(branch: Branch) -> list[tuple[str, str]]:
    """The messages about swaps, each with who gets it."""
    names = {officer.id: officer.key for officer in branch.all(Officer)}
    people = {place.id: names[place.officer_id] for place in branch.all(type(branch.place())) if place.officer_id}
    return [(each.topic, people[each.place_id]) for each in branch.postings("notice") if each.topic.startswith("swap")]


def test_a_day_is_asked_of_the_whole_team(branch: Branch) -> None:
    asked = asked_for(branch, "maya", "saturday")
    assert (asked.begins, asked.ends) == (datetime(2026, 11, 28, tzinfo=AUSTIN), datetime(2026, 11, 29, tzinfo=AUSTIN))
    assert set(topics(branch)) == {("swap_asked", each) for each in ("luis", "priya", "omar", "tess")}
    assert on_call(branch, SATURDAY) == "maya"


def test_without_a_day_it_is_the_next_turn_and_with_a_name_one_colleague(branch: Branch) -> None:
    asked = asked_for(branch, "luis", "with priya")
    assert (asked.begins, asked.ends) == (datetime(2026, 11, 30, 8, tzinfo=AUSTIN), datetime(2026, 12, 7, 8, tzinfo=AUSTIN))
    assert topics(branch) == [("swap_asked", "priya")]
    assert isinstance(takes(branch, "omar", asked), NoLongerAsked)
    assert isinstance(takes(branch, "priya", asked), Swapped)


def test_the_first_to_accept_is_on_call_and_the_next_hears_who_it_is(branch: Branch) -> None:
    asked = asked_for(branch, "maya", "my saturday")
    assert isinstance(takes(branch, "luis", asked), Swapped)
    assert takes(branch, "priya", asked) == TakenBySomebody("Luis Ortega")
    assert isinstance(takes(branch, "luis", asked), Swapped)
    assert on_call(branch, SATURDAY) == "luis"
    assert on_call(branch, SATURDAY.replace(day=29)) == "maya"
    assert ("swap_taken", "maya") in topics(branch)


def test_of_all_who_accept_at_once_one_is_on_call(branch: Branch) -> None:
    asked = asked_for(branch, "maya", "saturday")
    people = ("luis", "priya", "omar", "tess")
    presses: list[Press] = [branch.press(officer, COMPANY) for officer in people]
    outcomes = in_parallel([partial(branch.store.transact_now, take_turn, press, asked.swap) for press in presses])
    assert sorted(type(outcome).__name__ for outcome, _ in outcomes) == ["Swapped", *["TakenBySomebody"] * 3]


def test_both_hear_when_it_begins(branch: Branch) -> None:
    def look() -> None:
        branch.store.transact_now(hand_over_turns, branch.clock.now(), "salt")

    takes(branch, "luis", asked_for(branch, "maya", "saturday"))
    look()
    assert branch.store.transact_now(next_hand_over) == datetime(2026, 11, 28, tzinfo=AUSTIN)
    branch.clock.at = datetime(2026, 11, 28, tzinfo=AUSTIN)
    look()
    said = [event.meta["officer"] for event in branch.events(COMPANY) if event.kind == "on_call"]
    assert said == ["Maya Torres", "Luis Ortega"]


@pytest.mark.parametrize("who", ["maya", "luis"])
def test_either_may_undo_it_until_it_begins_and_the_other_hears(branch: Branch, who: str) -> None:
    asked = asked_for(branch, "maya", "saturday")
    takes(branch, "luis", asked)
    assert isinstance(undoes(branch, "priya", asked), NoLongerAsked)
    assert isinstance(undoes(branch, who, asked), CalledOff)
    assert on_call(branch, SATURDAY) == "maya"
    assert topics(branch)[-1] == ("swap_off", "luis" if who == "maya" else "maya")
    assert isinstance(takes(branch, "priya", asked), NoLongerAsked)


def test_once_it_has_begun_it_stays(branch: Branch) -> None:
    asked = asked_for(branch, "maya", "saturday")
    takes(branch, "luis", asked)
    branch.clock.at = SATURDAY
    assert isinstance(undoes(branch, "maya", asked), BegunAlready)
    assert on_call(branch, SATURDAY) == "luis"


def test_what_was_passed_on_is_undone_by_who_has_it_first(branch: Branch) -> None:
    first = asked_for(branch, "maya", "saturday")
    takes(branch, "luis", first)
    second = asked_for(branch, "luis", "saturday")
    takes(branch, "priya", second)

    assert [undoes(branch, who, first) for who in ("maya", "luis")] == [NoLongerAsked()] * 2
    assert on_call(branch, SATURDAY) == "priya"

    assert isinstance(undoes(branch, "priya", second), CalledOff)
    assert isinstance(undoes(branch, "maya", first), CalledOff)
    assert on_call(branch, SATURDAY) == "maya"


def test_who_left_takes_nobodys_turn_back(branch: Branch) -> None:
    asked = asked_for(branch, "maya", "saturday")
    takes(branch, "luis", asked)
    branch.set(Officer, branch.officer_id("maya"), active=False)

    assert undoes(branch, "maya", asked) == MayNotSwap("officer")
    assert on_call(branch, SATURDAY) == "luis"


def test_what_is_over_or_not_theirs_any_more_is_taken_by_nobody(branch: Branch) -> None:
    asked = asked_for(branch, "maya", "saturday")
    takes(branch, "luis", asked_for(branch, "maya", "saturday"))
    assert isinstance(takes(branch, "priya", asked), NoLongerAsked)
    later = asked_for(branch, "maya", "sunday")
    branch.clock.at = datetime(2026, 11, 30, tzinfo=AUSTIN)
    assert isinstance(takes(branch, "priya", later), NoLongerAsked)


def test_who_may_take_it_is_judged_when_they_accept(branch: Branch) -> None:
    asked = asked_for(branch, "maya", "saturday")
    branch.set(Officer, branch.officer_id("luis"), role="compliance")
    assert takes(branch, "luis", asked) == MayNotSwap("compliance")
    branch.set(Officer, branch.officer_id("priya"), active=False)
    assert isinstance(takes(branch, "priya", asked), MayNotSwap)
    assert isinstance(takes(branch, "maya", asked), NoLongerAsked)
    assert on_call(branch, SATURDAY) == "maya"


def test_what_cannot_be_asked_is_said(branch: Branch) -> None:
    assert asks(branch, "luis", "saturday") == NoTurnThen("saturday")
    assert asks(branch, "omar") == NoTurnThen("")
    assert asks(branch, "maya", "whenever") == NoTurnThen("whenever")
    assert asks(branch, "maya", "saturday with pria") == NobodyCalledSo("pria", ("Priya Nair",))
    assert asks(branch, "cora") == MayNotSwap("compliance")
    assert topics(branch) == []

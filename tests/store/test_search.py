"""Who is looked for by name is found however many leads came since, and however the name is written; few rows are looked at for it."""

from typing import cast

import pytest

from bot.leads import finding
from bot.leads.finding import Exceptions, Found, exceptions, look_for, look_for_fitting
from bot.rules.finding import Sought
from bot.rules.roles import Role
from bot.store import search
from bot.store.people import Officer
from bot.store.places import KnownOfficer
from bot.store.search import leads_named
from tests.doubles.branch import Branch
from tests.doubles.plans import planned


@pytest.fixture(autouse=True)
def hardly_any_are_new(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "NEWEST", 1)


def come(branch: Branch, *names: tuple[str, str]) -> dict[str, int]:
    """Each of them has a lead, in this order."""
    return {
        first: branch.new_lead(first_name=first, last_name=last, phone=f"(512) 555-01{number:02}", email=None)
        for number, (first, last) in enumerate(names)
    }


def named(branch: Branch, *words: str) -> list[int]:
    return [hit.number for hit in branch.store.transact_now(leads_named, branch.officer_id("sam"), words, any_team=True)]


@pytest.mark.parametrize("words", [("élodie",), ("Élodie",), ("élo",), ("o'hara",), ("O'HARA", "élodie")])
def test_a_name_is_found_behind_newer_ones_however_it_is_written(branch: Branch, words: tuple[str, ...]) -> None:
    leads = come(branch, ("Élodie", "O'Hara"), ("Elona", "Rowe"), ("Zeb", "Ohara"))
    assert named(branch, *words) == [leads["Élodie"]]


def test_what_begins_so_is_found_newest_first_and_marks_stand_for_themselves(branch: Branch) -> None:
    leads = come(branch, ("Dan", "Rowe"), ("Marcus", "Dance"), ("Pat", "Rowe"), ("Dana", "Lee"))
    assert named(branch, "dan") == [leads["Dana"], leads["Marcus"], leads["Dan"]]
    assert named(branch, "d%") == named(branch, "_an") == []


def test_a_name_is_looked_up_in_the_indexes_of_both(branch: Branch) -> None:
    with planned(branch.store) as steps:
        branch.store.transact_now(lambda session: session.connection().execute(search._called("dan")).all())

    for index in ("ix_borrower_first_name", "ix_borrower_last_name"):
        assert any(index in step for step in steps), steps


def sam(branch: Branch) -> KnownOfficer:
    [row] = [officer for officer in branch.all(Officer) if officer.key == "sam"]
    assert row.id is not None
    return KnownOfficer(row.id, row.key, row.name, row.language, cast(Role, row.role), row.active)


@pytest.fixture
def two_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "_hits", search._hits.limit(2))
    for place in (search, finding):
        monkeypatch.setattr(place, "MOST", 2)


@pytest.mark.usefixtures("two_are_counted")
@pytest.mark.parametrize("leads", [1, 2, 3])
def test_as_many_leads_as_are_counted_at_most_are_told_as_at_least_so_many(branch: Branch, leads: int) -> None:
    numbers = list(come(branch, *[("Dan" + "a" * each, "Rowe") for each in range(leads)]).values())
    asks, at = sam(branch), branch.clock.now()

    by_name = branch.store.transact_now(look_for, asks, "dan")
    fitting = branch.store.transact_now(look_for_fitting, asks, (Sought("state", "TX"),), (), at)

    for found in (by_name, fitting):
        assert isinstance(found, Found)
        assert [each.number for each in found.leads] == numbers[::-1][:2]
        assert (found.many, found.at_least) == (min(leads, 2), leads >= 2)


@pytest.mark.usefixtures("two_are_counted")
def test_of_many_exceptions_the_oldest_come_first(branch: Branch) -> None:
    numbers = [branch.new_lead(property_state="UT", phone=f"(512) 555-01{each:02}", email=None) for each in range(3)]
    branch.escalate()

    found = branch.store.transact_now(exceptions, sam(branch))

    assert isinstance(found, Exceptions)
    assert ([each.number for each in found.leads], found.many, found.at_least) == (numbers[:2], 2, True)

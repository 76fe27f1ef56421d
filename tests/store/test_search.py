"""Who is looked for by name is found however many leads came since, and however the name is written; few rows are looked at for it."""

import pytest

from bot.store import search
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

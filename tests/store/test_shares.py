"""Teams share what a rule takes: exactly, whoever sends it at once, and for good."""

from collections import Counter
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest

from bot.capture import importing, intake
from bot.capture.intake import Received
from bot.rules.routing import Mode, Rule, Share, When
from bot.store.events import Event
from bot.store.shares import Share as Row
from tests.doubles.branch import Branch, a_lead

SIXTY_FORTY = {"austin": 60, "south": 40}


def shares(branch: Branch, percents: Mapping[str, int], mode: Mode = "claim", officers: Mapping[str, int] | None = None) -> None:
    """From now on teams share every lead."""
    rule = Rule("Shared", percents=percents, mode=mode, officers=officers or {})
    branch.services.in_force = replace(branch.services.in_force, rules=(rule,))


def came(branch: Branch, number: int) -> str:
    """The team of a new lead, the one with this number of ours."""
    return branch.view(branch.new_lead(first_name=f"Dana{number}", phone=f"(512) 555-01{number:02}")).team_name


def test_leads_go_to_teams_by_their_shares(branch: Branch) -> None:
    shares(branch, SIXTY_FORTY)
    teams = [came(branch, number) for number in range(10)]
    assert teams == ["Austin", "South", "Austin", "South", "Austin"] * 2


def test_a_lead_keeps_whose_share_it_was_and_its_timeline_says_so(branch: Branch) -> None:
    shares(branch, SIXTY_FORTY)
    for number in range(2):
        came(branch, number)
    lead = branch.new_lead(phone="(512) 555-0188")
    route = branch.view(lead).route
    assert route is not None and route.share == Share("Austin", 60, 1, 2)
    assert branch.events(lead)[0].meta["share"] == {"team": "Austin", "percent": 60, "had": 1, "of": 2}


def test_a_repeated_request_takes_no_share(branch: Branch) -> None:
    shares(branch, SIXTY_FORTY)
    first = branch.new_lead(external_id="a-1")
    assert branch.arrive(external_id="a-1") == Received(first, False)
    assert isinstance(branch.arrive(external_id="a-2"), Received)  # it joins the first
    [row] = branch.all(Row)
    assert row.had == {"austin": 1, "south": 0}


def test_other_percents_begin_anew(branch: Branch) -> None:
    shares(branch, SIXTY_FORTY)
    for number in range(3):
        came(branch, number)
    shares(branch, {"austin": 10, "south": 90})
    assert Counter(came(branch, number) for number in range(10, 20)) == {"Austin": 1, "South": 9}


def test_what_does_not_come_under_the_rule_takes_no_share(branch: Branch) -> None:
    oklahoma = When(words={"state": frozenset({"ok"})})
    rules = (Rule("Oklahoma", oklahoma, team="south"), Rule("Shared", percents=SIXTY_FORTY))
    branch.services.in_force = replace(branch.services.in_force, rules=rules)
    branch.new_lead(property_state="OK")
    assert branch.all(Row) == []


def test_within_its_team_a_shared_lead_goes_by_the_mode_of_the_rule(branch: Branch) -> None:
    shares(branch, SIXTY_FORTY, "round_robin", {"maya": 1, "priya": 1})
    leads = [branch.new_lead(first_name=f"Dana{number}", phone=f"(512) 555-01{number:02}") for number in range(5)]
    branch.escalate()
    owners = [(branch.view(lead).team_name, branch.view(lead).owner_name) for lead in leads]
    assert [owner for team, owner in owners if team == "South"] == ["Priya Nair", "Priya Nair"]
    assert {owner for team, owner in owners if team == "Austin"} == {"Maya Torres", "Priya Nair"}


def test_the_night_of_a_shared_lead_is_that_of_its_own_team(branch: Branch) -> None:
    shares(branch, {"south": 99, "austin": 1})
    branch.clock.skip(hours=8, minutes=30)  # 8:30 pm in Austin, 7:30 pm with the team in Denver
    lead = branch.new_lead(phone="(303) 555-0111", property_state="CO", property_zip="80202")
    branch.escalate()
    assert (branch.view(lead).team_name, [kind for kind, _ in branch.told(lead)]) == ("South", ["ring"])


def test_leads_that_come_at_once_are_shared_as_if_one_after_the_other(branch: Branch) -> None:
    shares(branch, {"austin": 67, "south": 33})

    def one(number: int) -> None:
        branch.arrive(first_name=f"Dana{number}", phone=f"(512) 555-{1000 + number}")

    with ThreadPoolExecutor(8) as crowd:
        list(crowd.map(one, range(60)))

    [row] = branch.all(Row)
    assert row.had == {"austin": 40, "south": 20}
    had = [event.meta["share"] for event in branch.all(Event) if event.kind == "arrived"]
    assert sorted(share["of"] for share in had) == list(range(60))


def eve(number: int) -> dict[str, Any]:
    return {"first_name": f"Eve{number}", "phone": f"(512) 555-{2000 + number}", "external_id": f"e-{number}"}


def test_files_and_requests_that_come_at_once_wait_for_each_other_in_one_order(replicated: Branch) -> None:
    shares(replicated, SIXTY_FORTY)
    website = replicated.services.in_force.sources["website"]

    def batch(first: int) -> None:
        rows = [intake.prepare(replicated.services, website, a_lead(**eve(number))) for number in range(first, first + 6)]
        replicated.store.transact_now(importing.record_rows, rows)

    def one(number: int) -> None:
        replicated.arrive(**eve(number))

    with ThreadPoolExecutor(8) as crowd:
        waiting = [crowd.submit(batch, first) for first in (0, 3, 6, 9)] + [crowd.submit(one, number) for number in range(15)]
        for each in waiting:
            each.result()

    [row] = replicated.all(Row)
    assert row.had == {"austin": 9, "south": 6}


@pytest.mark.parametrize("percents", [SIXTY_FORTY, {"south": 5, "austin": 95}])
def test_an_intake_that_fails_takes_no_share(branch: Branch, percents: dict[str, int]) -> None:
    shares(branch, percents)
    came(branch, 1)
    new = intake.prepare(branch.services, branch.services.in_force.sources["website"], a_lead(phone="(512) 555-0177"))

    def breaks(session: object) -> None:
        intake.record_arrival(session, new)  # type: ignore[arg-type]
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        branch.store.transact_now(breaks)

    [row] = branch.all(Row)
    assert sum(row.had.values()) == 1

"""Leads that came while the team slept are handed out in the morning: best first, one for each free officer every three minutes."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.distribution.claiming import Claimed
from bot.store.clocks import UNCLAIMED, Clock, next_clock_due
from bot.store.events import COMPANY
from bot.store.leads import Lead
from bot.store.people import Officer
from bot.store.rings import Ring
from tests.doubles.branch import BEST, Branch

AUSTIN = ZoneInfo("America/Chicago")
NIGHT = datetime(2026, 11, 24, 21, 40, tzinfo=AUSTIN)
MORNING = datetime(2026, 11, 25, 9, 0, tzinfo=AUSTIN)


def night_leads(branch: Branch, count: int, **fields: Any) -> list[int]:
    """So many leads of an evening, the better ones later."""
    branch.clock.at = NIGHT
    grades: list[dict[str, Any]] = [{"credit": "below 600", "timeline": "just looking"}, {}, {"timeline": "right away"}, BEST]
    return [
        branch.new_lead(
            **{"phone": f"(512) 555-01{n:02}", **grades[n * len(grades) // count], "email": None, "property_zip": "78704", **fields}
        )
        for n in range(count)
    ]


def handed_out(branch: Branch) -> list[int]:
    """The leads that began to ring, in order."""
    return list(dict.fromkeys(ring.lead_id for ring in branch.all(Ring)))


def test_a_night_costs_no_decision(branch: Branch) -> None:
    night_leads(branch, 3)
    assert branch.store.transact_now(next_clock_due) == MORNING
    assert branch.escalate() == 0


def test_in_the_morning_each_officer_gets_one_and_the_best_leads_go_first(branch: Branch) -> None:
    leads = night_leads(branch, 11)
    branch.clock.at = MORNING
    branch.escalate()
    by_worth = sorted(leads, key=lambda lead: (-branch.view(lead).score, lead))
    assert handed_out(branch) == by_worth[:4]
    assert sorted(ring.officer_id for ring in branch.all(Ring)) == sorted(map(branch.officer_id, ("maya", "luis", "priya", "tess")))
    branch.passes(minutes=1, seconds=59)
    assert handed_out(branch) == by_worth[:4]


def test_three_minutes_later_the_next_ones_follow(branch: Branch) -> None:
    leads = night_leads(branch, 11)
    branch.clock.at = MORNING
    branch.escalate()
    branch.passes(minutes=2, seconds=59)
    assert len(handed_out(branch)) == 4
    branch.passes(seconds=1)
    assert len(handed_out(branch)) == 8
    branch.passes(minutes=3)
    assert sorted(handed_out(branch)) == leads


def test_each_count_starts_at_the_hand_out_and_so_does_the_stopwatch(branch: Branch) -> None:
    night_leads(branch, 5)
    branch.clock.at = MORNING
    branch.escalate()
    branch.passes(minutes=3)
    last = handed_out(branch)[4]
    [clock] = [clock for clock in branch.all(Clock) if clock.lead_id == last and clock.kind == UNCLAIMED]
    assert clock.started_at == branch.clock.at
    branch.passes(minutes=2)
    assert [kind for kind, _ in branch.told(last)] == ["ring", "ring"]
    claimed = branch.claim("luis", last)
    assert isinstance(claimed, Claimed)
    assert claimed.seconds == 120


def test_who_has_a_lead_that_they_have_not_called_yet_is_handed_no_other(branch: Branch) -> None:
    night_leads(branch, 5)
    for officer in ("luis", "priya", "tess"):
        branch.claim(officer, branch.new_lead(phone=f"(512) 555-02{ord(officer[0]):02}"[:14], first_name=officer))
    branch.clock.at = MORNING
    branch.escalate()
    assert {ring.officer_id for ring in branch.all(Ring)} == {branch.officer_id("maya")}


def test_while_nobody_is_free_the_best_one_goes_its_usual_way_every_three_minutes(branch: Branch) -> None:
    for number, officer in enumerate(("maya", "luis", "priya", "tess")):
        branch.claim(officer, branch.new_lead(phone=f"(512) 555-014{number}", first_name=officer))
        branch.calls(officer, 1001 + number)
    leads = night_leads(branch, 4)
    branch.clock.at = MORNING
    for minutes in range(3 * len(leads)):
        branch.escalate()
        assert len(handed_out(branch)) == minutes // 3 + 1
        branch.clock.skip(minutes=1)


def test_all_of_a_very_long_night_ring_within_about_an_hour_and_never_all_at_once(branch: Branch) -> None:
    for number, officer in enumerate(("maya", "luis", "priya", "tess")):
        branch.claim(officer, branch.new_lead(phone=f"(512) 555-014{number}", first_name=officer))
        branch.calls(officer, 1001 + number)
    leads = night_leads(branch, 40)
    branch.clock.at = MORNING
    begun = 0
    for _ in range(66):
        branch.passes(minutes=1)
        now = [lead for lead in branch.all(Lead) if lead.id in leads and lead.rang_at is not None]
        assert len(now) - begun <= 3
        begun = len(now)
    assert begun == len(leads)


def test_after_a_downtime_over_the_opening_they_are_handed_out_all_the_same(branch: Branch) -> None:
    night_leads(branch, 6)
    branch.clock.at = MORNING + timedelta(hours=3)
    branch.escalate()
    assert len(handed_out(branch)) == 4


def test_a_borrower_further_west_joins_when_her_own_morning_comes(branch: Branch) -> None:
    [here] = night_leads(branch, 1)
    [there] = night_leads(branch, 1, first_name="Marcus", phone="(303) 555-0100", property_zip=None)
    branch.clock.at = MORNING
    branch.escalate()
    assert handed_out(branch) == [here]
    branch.passes(minutes=59)
    assert handed_out(branch) == [here]
    branch.passes(minutes=1)
    assert handed_out(branch) == [here, there]


def test_where_officers_outnumber_leads_the_best_three_are_rung(branch: Branch) -> None:
    [lead] = night_leads(branch, 1)
    branch.clock.at = MORNING
    branch.escalate()
    assert branch.told(lead) == [("ring", ["maya", "luis", "priya"])]


def test_a_night_lead_that_nobody_may_take_is_told_to_the_team_lead_at_once(branch: Branch) -> None:
    night_leads(branch, 5)
    stranger = branch.new_lead(first_name="Nora", phone="(212) 555-0100", property_state="NY")
    branch.clock.at = MORNING
    branch.escalate()
    assert branch.told(stranger) == [("nobody_free", ["tess"])]


def test_a_night_lead_claimed_before_the_morning_is_not_handed_out(branch: Branch) -> None:
    [lead] = night_leads(branch, 1)
    branch.claim("maya", lead)
    branch.clock.at = MORNING
    branch.escalate()
    assert handed_out(branch) == []


def test_who_leads_is_told_once_how_many_waited(branch: Branch) -> None:
    night_leads(branch, 11)
    branch.clock.at = MORNING
    branch.escalate()
    branch.passes(minutes=3)
    branch.passes(minutes=3)
    [told] = [event for event in branch.events(COMPANY) if event.kind == "overnight"]
    assert told.meta == {"team": "Austin", "waited": 11}
    [notice] = [posting for posting in branch.postings("notice") if posting.topic == "overnight"]
    assert notice.place_id == branch.place("tess@acme.example").id


def test_a_single_lead_of_the_night_is_no_news_of_its_own(branch: Branch) -> None:
    night_leads(branch, 1)
    branch.clock.at = MORNING
    branch.escalate()
    assert [event for event in branch.events(COMPANY) if event.kind == "overnight"] == []


def test_who_is_off_is_handed_none(branch: Branch) -> None:
    night_leads(branch, 4)
    branch.set(Officer, branch.officer_id("maya"), off_until=MORNING + timedelta(days=1))
    branch.clock.at = MORNING
    branch.escalate()
    assert branch.officer_id("maya") not in {ring.officer_id for ring in branch.all(Ring)}


@pytest.mark.parametrize(("zone", "change"), [("America/Chicago", "2026-11-01"), ("America/Chicago", "2027-03-14")])
def test_on_the_days_when_clocks_change_the_morning_is_theirs(branch: Branch, zone: str, change: str) -> None:
    there = ZoneInfo(zone)
    sunday = datetime.fromisoformat(f"{change}T12:00").replace(tzinfo=there)
    branch.clock.at = sunday - timedelta(hours=15)
    lead = branch.new_lead(property_zip="78704")
    assert branch.store.transact_now(next_clock_due) == sunday  # the team works from noon on Sundays
    branch.clock.at = sunday
    branch.escalate()
    assert branch.told(lead)[0][0] == "ring"

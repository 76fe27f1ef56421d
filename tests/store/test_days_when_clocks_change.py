"""Days on which clocks change, and places where they never do: the ladder, the morning, and the window keep the time of the place."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.distribution.claiming import Claimed
from bot.in_force import newest
from bot.outreach.calls import call_sheet
from bot.rules.compliance import clock_words
from bot.store.clocks import next_clock_due
from bot.store.installation import Installation
from bot.store.people import Officer, Team
from tests.doubles.branch import Branch

EVERY_DAY = {str(day): [[480, 1200]] for day in range(7)}
"""8 am to 8 pm."""

PLACES = {
    "Chicago": ("America/Chicago", "IL", "(312) 555-0100", "60601"),
    "Phoenix": ("America/Phoenix", "AZ", "(602) 555-0100", "85001"),
    "Honolulu": ("Pacific/Honolulu", "HI", "(808) 555-0100", "96801"),
    "Indianapolis": ("America/Indiana/Indianapolis", "IN", "(317) 555-0100", "46201"),
}
CHANGES = ("2026-11-01", "2027-03-14")
"""Sundays at 2 am: back an hour, and on an hour."""

at_each_place = pytest.mark.parametrize("place", PLACES)
on_each_change = pytest.mark.parametrize("change", CHANGES)


class There:
    """A team of that place, open every day from 8 to 8 and licensed there, and a borrower who buys there."""

    def __init__(self, branch: Branch, place: str, change: str, holidays: Sequence[str] = ()) -> None:
        zone, self.state, self.phone, self.zip = PLACES[place]
        self.branch, self.zone, self._day = branch, ZoneInfo(zone), datetime.fromisoformat(change)
        team_id = branch.services.in_force.sources["website"].team.id
        branch.set(Team, team_id, time_zone=zone, working_hours=EVERY_DAY, holidays=list(holidays))
        branch.set(Installation, 1, company_licenses={self.state: None})
        for officer in ("maya", "luis", "priya", "tess"):
            branch.set(Officer, branch.officer_id(officer), licenses={self.state: None})
        in_force = branch.store.transact_now(newest, {})
        assert in_force is not None
        branch.services.in_force = in_force

    def at(self, hour: int, minute: int = 0, *, days: int = 0) -> datetime:
        """That time of their clocks, so many days from the change."""
        return (self._day + timedelta(days=days, hours=hour, minutes=minute)).replace(tzinfo=self.zone)

    def lead(self) -> int:
        return self.branch.new_lead(phone=self.phone, property_zip=self.zip, property_state=self.state)


@at_each_place
@on_each_change
def test_the_night_before_the_change_ends_at_eight_on_their_clocks(branch: Branch, place: str, change: str) -> None:
    there = There(branch, place, change)
    branch.clock.at = there.at(21, 40, days=-1)
    lead = there.lead()
    assert branch.store.transact_now(next_clock_due) == there.at(8)
    branch.clock.at = there.at(7, 59)
    branch.escalate()
    assert branch.told(lead) == []
    branch.clock.at = there.at(8)
    branch.escalate()
    assert [kind for kind, _ in branch.told(lead)] == ["ring"]


@at_each_place
@on_each_change
@pytest.mark.fault(37)
def test_the_steps_count_the_open_minutes_on_both_sides_of_the_change(branch: Branch, place: str, change: str) -> None:
    there = There(branch, place, change)
    branch.clock.at = there.at(19, 57, days=-1)
    lead = there.lead()
    branch.escalate()
    branch.clock.at = there.at(19, 59, days=-1)
    branch.escalate()
    assert [kind for kind, _ in branch.told(lead)] == ["ring", "ring"]
    assert branch.store.transact_now(next_clock_due) == there.at(8, 2)  # three minutes of the day before and two of this one
    branch.clock.at = there.at(8, 1)
    branch.escalate()
    assert len(branch.told(lead)) == 2
    branch.clock.at = there.at(8, 2)
    branch.escalate()
    assert branch.told(lead)[-1] == ("unclaimed", ["tess"])


@at_each_place
@on_each_change
def test_the_owner_s_fifteen_minutes_pause_over_the_night_of_the_change(branch: Branch, place: str, change: str) -> None:
    there = There(branch, place, change)
    branch.clock.at = there.at(19, 50, days=-1)
    lead = there.lead()
    branch.claim("maya", lead)
    branch.passes(minutes=9)
    branch.clock.at = there.at(8, 4)
    branch.escalate()
    assert branch.view(lead).owner_name == "Maya Torres"
    branch.clock.at = there.at(8, 5)
    branch.escalate()
    assert branch.view(lead).owner_name is None


@at_each_place
@on_each_change
def test_the_window_that_is_shown_opens_at_eight_and_closes_at_eight_on_their_clocks(branch: Branch, place: str, change: str) -> None:
    there = There(branch, place, change)
    branch.clock.at = there.at(21, 40, days=-1)
    lead = branch.view(there.lead())
    before = call_sheet(lead, branch.clock.at)
    assert before.number is None
    assert before.opens_at == there.at(8)
    open_now = call_sheet(lead, there.at(8))
    assert open_now.number is not None
    assert open_now.open_until == there.at(20)
    assert clock_words(there.at(20), str(there.zone), "en").startswith("8:00 pm")
    assert call_sheet(lead, there.at(20)).number is None


@at_each_place
@on_each_change
def test_the_leads_of_that_night_are_handed_out_from_eight_on_and_quickness_counts_from_then(
    branch: Branch, place: str, change: str
) -> None:
    there = There(branch, place, change)
    branch.clock.at = there.at(23, 30, days=-1)
    lead = there.lead()
    branch.clock.at = there.at(8)
    branch.escalate()
    branch.passes(seconds=41)
    claimed = branch.claim("maya", lead)
    assert isinstance(claimed, Claimed)
    assert claimed.seconds == 41


@at_each_place
@on_each_change
def test_a_holiday_on_the_day_of_the_change_is_waited_out(branch: Branch, place: str, change: str) -> None:
    there = There(branch, place, change, holidays=[change])
    branch.clock.at = there.at(21, 40, days=-1)
    lead = there.lead()
    assert branch.store.transact_now(next_clock_due) == there.at(8, days=1)
    for hour in (8, 12, 19):
        branch.clock.at = there.at(hour)
        branch.escalate()
    assert branch.told(lead) == []
    branch.clock.at = there.at(8, days=1)
    branch.escalate()
    assert [kind for kind, _ in branch.told(lead)] == ["ring"]


@at_each_place
@on_each_change
def test_the_owner_s_fifteen_minutes_pause_over_a_holiday(branch: Branch, place: str, change: str) -> None:
    there = There(branch, place, change, holidays=[change])
    branch.clock.at = there.at(19, 50, days=-1)
    lead = there.lead()
    branch.claim("maya", lead)
    branch.passes(minutes=9)
    for at in (there.at(8, 5), there.at(19), there.at(8, 4, days=1)):
        branch.clock.at = at
        branch.escalate()
        assert branch.view(lead).owner_name == "Maya Torres"
    branch.clock.at = there.at(8, 5, days=1)
    branch.escalate()
    assert branch.view(lead).owner_name is None


@at_each_place
@on_each_change
def test_who_begins_at_noon_is_rung_from_noon_on_on_their_clocks(branch: Branch, place: str, change: str) -> None:
    there = There(branch, place, change)
    afternoons = {str(day): [[720, 1200]] for day in range(7)}
    for officer in ("luis", "priya", "tess"):
        branch.set(Officer, branch.officer_id(officer), working_hours=afternoons)
    branch.clock.at = there.at(11, 59)
    early = there.lead()
    branch.escalate()
    assert branch.told(early) == [("ring", ["maya"])]
    branch.clock.at = there.at(12)
    late = branch.new_lead(phone="(800) 555-0111", property_zip=there.zip, property_state=there.state)
    branch.escalate()
    [(kind, whom)] = branch.told(late)
    assert kind == "ring" and "luis" in whom and "priya" in whom

"""While nobody claims a lead, each step is decided once, in callable minutes, against the lead as it stands then."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.capture.intake import Received
from bot.distribution.claiming import Claimed, NotEligible
from bot.store.clocks import look_again_for, next_clock_due
from bot.store.events import broken_links
from bot.store.leads import Lead
from bot.store.outbound import Message
from bot.store.people import Officer, Team
from bot.store.postings import Place
from tests.doubles.branch import BEST, Branch

POOR: dict[str, Any] = {"credit": "below 600", "timeline": "just looking"}
AUSTIN = ZoneInfo("America/Chicago")


def test_the_best_three_are_rung_at_once_and_the_others_after_two_minutes(branch: Branch) -> None:
    lead = branch.new_lead()
    branch.escalate()
    assert branch.told(lead) == [("ring", ["maya", "luis", "priya"])]
    branch.passes(minutes=1.9)
    assert len(branch.told(lead)) == 1
    branch.passes(minutes=0.1)
    assert branch.told(lead)[1:] == [("ring", ["tess"])]


def test_who_was_not_found_in_chat_takes_nobodys_place_among_the_best_three(branch: Branch) -> None:
    maya = next(place for place in branch.all(Place) if place.officer_id == branch.officer_id("maya"))
    branch.set(Place, maya.id, broken_because="no person of that name was found in Slack")
    lead = branch.new_lead()
    branch.escalate()
    assert branch.told(lead) == [("ring", ["luis", "priya", "tess"])]


def test_while_the_team_lead_is_off_the_manager_hears_in_their_place(branch: Branch) -> None:
    branch.set(Officer, branch.officer_id("tess"), off_until=branch.clock.now() + timedelta(days=5))
    lead = branch.new_lead()
    branch.escalate()
    branch.passes(minutes=5)
    assert branch.told(lead)[1:] == [("unclaimed", ["manager"])]


def test_a_team_lead_who_is_off_hears_where_nobody_else_leads(branch: Branch) -> None:
    branch.set(Officer, branch.officer_id("tess"), off_until=branch.clock.now() + timedelta(days=5))
    branch.set(Team, 1, manager_id=None)
    lead = branch.new_lead()
    branch.escalate()
    branch.passes(minutes=5)
    assert branch.told(lead)[1:] == [("unclaimed", ["tess"])]


@pytest.mark.fault(92)
def test_a_manager_is_texted_six_times_an_hour_at_most_about_the_best_leads(branch: Branch) -> None:
    poor = [branch.new_lead(phone=f"(512) 555-{number:04}", **POOR) for number in range(4)]
    good = [branch.new_lead(phone=f"(512) 555-{number:04}", **(BEST | {"email": None})) for number in range(4, 8)]
    branch.passes(minutes=0)
    branch.passes(minutes=30)

    def paged() -> list[int | None]:
        return [text.lead_id for text in branch.all(Message) if text.purpose == "paging"]

    assert paged() == [*good, *poor[:2]]
    branch.passes(minutes=30)
    assert len(paged()) == 6
    branch.passes(minutes=30)
    assert len(paged()) == 12


def test_who_holds_fewer_uncalled_leads_and_was_not_rung_for_longest_comes_first(branch: Branch) -> None:
    branch.claim("maya", branch.new_lead(phone="(512) 555-0111"))
    first, second = branch.new_lead(), branch.new_lead(phone="(512) 555-0112")
    branch.escalate()
    assert branch.told(first) == [("ring", ["luis", "priya", "tess"])]
    assert branch.told(second) == [("ring", ["luis", "priya", "tess"])]
    branch.passes(minutes=2)
    assert branch.told(first)[1:] == [("ring", ["maya"])]


def test_who_speaks_the_borrower_s_language_comes_first(branch: Branch) -> None:
    lead = branch.new_lead(language="Spanish")
    branch.escalate()
    assert branch.told(lead)[0][1][0] == "luis"


def test_it_climbs_from_the_team_lead_to_the_manager_and_goes_on_every_half_hour(branch: Branch) -> None:
    lead = branch.new_lead()
    for _ in range(121):
        branch.escalate()
        branch.clock.skip(minutes=1)
    assert branch.told(lead) == [
        ("ring", ["maya", "luis", "priya"]),
        ("ring", ["tess"]),
        ("unclaimed", ["tess"]),
        ("offer", ["maya"]),
        ("unclaimed", ["manager"]),
        ("unclaimed", ["manager"]),
        ("unclaimed", ["manager"]),
        ("unclaimed", ["manager"]),
        ("unclaimed", ["manager"]),
    ]
    assert [event.meta["minutes"] for event in branch.events(lead) if event.kind == "unclaimed"] == [5, 15, 30, 60, 90, 120]
    assert [posting.place_id for posting in branch.postings("card", lead)] == [branch.place().id, branch.place("#all-officers").id]


def test_the_next_in_turn_is_who_was_not_rung_for_longest(branch: Branch) -> None:
    lead = branch.new_lead()
    branch.escalate()
    branch.lets_go_by("maya", lead, "know_them")
    branch.passes(minutes=2)
    branch.passes(minutes=8)
    assert branch.told(lead)[-1] == ("offer", ["luis"])


@pytest.mark.fault(40)
def test_nobody_licensed_is_told_to_the_team_lead_at_once_and_once(branch: Branch) -> None:
    lead = branch.new_lead(property_state="NY")
    branch.escalate()
    assert branch.told(lead) == [("nobody_free", ["tess"])]
    branch.passes(minutes=2)
    assert branch.told(lead) == [("nobody_free", ["tess"])]


def test_a_team_without_a_team_lead_tells_its_manager(branch: Branch) -> None:
    from_south = branch.arrive("partner", property_state="NY")
    assert isinstance(from_south, Received)
    branch.escalate()
    assert branch.told(from_south.lead) == [("nobody_free", ["tess"])]


def test_when_all_who_were_rung_let_it_go_by_the_team_lead_hears_that_nobody_is_free(branch: Branch) -> None:
    lead = branch.new_lead(property_state="OK")
    branch.escalate()
    assert branch.told(lead) == [("ring", ["maya", "tess"])]
    branch.lets_go_by("maya", lead, "not_my_product")
    branch.escalate()
    assert branch.told(lead)[1:] == []
    branch.lets_go_by("tess", lead, "not_my_product")
    branch.escalate()
    assert branch.told(lead)[1:] == [("nobody_free", ["tess"])]


def test_that_nobody_is_free_is_told_once_a_round(branch: Branch) -> None:
    lead = branch.new_lead(property_state="OK")
    branch.escalate()
    for officer in ("maya", "tess"):
        branch.lets_go_by(officer, lead, "busy")
        branch.escalate()
    branch.passes(minutes=2)
    branch.lets_go_by("maya", lead, "know_them")
    branch.passes(minutes=3)
    branch.passes(minutes=5)
    assert [kind for kind, _ in branch.told(lead)] == ["ring", "nobody_free", "unclaimed"]
    branch.claim("maya", lead)
    branch.give_back("maya", lead)
    branch.lets_go_by("maya", lead, "know_them")
    branch.lets_go_by("tess", lead, "know_them")
    branch.escalate()
    assert branch.told(lead)[-1] == ("nobody_free", ["tess"])


def test_when_the_last_who_could_take_it_goes_off_the_team_lead_hears_it_at_once(branch: Branch) -> None:
    lead = branch.new_lead(property_state="OK")
    branch.escalate()
    branch.lets_go_by("tess", lead, "know_them")
    branch.escalate()
    branch.set(Officer, branch.officer_id("maya"), off_until=branch.clock.at + timedelta(days=1))
    branch.store.transact_now(look_again_for, branch.officer_id("maya"), branch.clock.now())
    branch.escalate()
    assert branch.told(lead)[1:] == [("nobody_free", ["tess"])]
    assert branch.store.transact_now(next_clock_due) == branch.clock.now() + timedelta(minutes=2)


def test_who_let_it_go_by_is_not_rung(branch: Branch) -> None:
    lead = branch.new_lead()
    branch.lets_go_by("maya", lead, "know_them")
    branch.passes(minutes=2)
    assert "maya" not in [officer for _, told in branch.told(lead) for officer in told]


def test_who_was_busy_for_fifteen_minutes_is_next_in_turn_again_after_them(branch: Branch) -> None:
    lead = branch.new_lead(property_state="OK")
    branch.lets_go_by("maya", lead, "busy")
    branch.escalate()
    assert branch.told(lead) == [("ring", ["tess"])]
    branch.passes(minutes=10)
    assert branch.told(lead)[-1] == ("offer", ["tess"])


def test_an_officer_on_leave_is_not_rung(branch: Branch) -> None:
    branch.set(Officer, branch.officer_id("luis"), off_until=branch.clock.at + timedelta(days=1))
    lead = branch.new_lead()
    branch.escalate()
    assert branch.told(lead) == [("ring", ["maya", "priya", "tess"])]


def test_an_officer_is_rung_six_times_an_hour_but_for_the_best_leads_always(branch: Branch) -> None:
    for number in range(7):
        worse = branch.new_lead(phone=f"(512) 555-01{number:02}", property_state="OK", **POOR)
    branch.escalate()
    assert branch.view(worse).grade != "A"
    assert branch.told(worse) == []
    best = branch.new_lead(phone="(512) 555-0120", property_state="OK", **BEST)
    branch.escalate()
    assert branch.view(best).grade == "A"
    assert branch.told(best) == [("ring", ["maya", "tess"])]
    branch.passes(minutes=10)
    assert branch.told(worse) == [("offer", ["maya"])]
    branch.clock.skip(minutes=51)
    later = branch.new_lead(phone="(512) 555-0121", property_state="OK", **POOR)
    branch.escalate()
    assert branch.told(later) == [("ring", ["maya", "tess"])]


def test_a_full_day_keeps_nobody_from_a_lead_that_has_waited_five_minutes(branch: Branch) -> None:
    for officer in ("maya", "tess"):
        branch.set(Officer, branch.officer_id(officer), daily_cap=0)
    lead = branch.new_lead(property_state="OK")
    branch.escalate()
    assert branch.told(lead) == [("nobody_free", ["tess"])]
    branch.passes(minutes=2)
    assert isinstance(branch.claim("maya", lead), NotEligible)
    branch.passes(minutes=3)
    branch.passes(minutes=5)
    assert branch.told(lead)[-1] == ("offer", ["maya"])
    assert isinstance(branch.claim("maya", lead), Claimed)


def test_a_lead_at_night_rings_nobody_until_the_team_works_and_the_borrower_may_be_called(branch: Branch) -> None:
    branch.clock.at = datetime(2026, 11, 24, 21, 40, tzinfo=AUSTIN)
    lead = branch.new_lead(phone="(303) 555-0100", property_state="TX")  # a Denver phone: her 9:00 is the team's 10:00
    branch.escalate()
    assert branch.told(lead) == []
    assert branch.store.transact_now(next_clock_due) == datetime(2026, 11, 25, 10, 0, tzinfo=AUSTIN)
    branch.clock.at = datetime(2026, 11, 25, 9, 59, tzinfo=AUSTIN)
    branch.escalate()
    assert branch.told(lead) == []
    branch.passes(minutes=1)
    assert branch.told(lead) == [("ring", ["maya", "luis", "priya"])]


def test_minutes_after_hours_do_not_count(branch: Branch) -> None:
    branch.clock.at = datetime(2026, 11, 24, 19, 57, tzinfo=AUSTIN)
    lead = branch.new_lead(property_zip="78704")
    branch.escalate()
    branch.passes(minutes=2)
    branch.passes(hours=13)  # 8:59
    assert [kind for kind, _ in branch.told(lead)] == ["ring", "ring"]
    branch.passes(minutes=3)  # three of yesterday and two of today
    assert [kind for kind, _ in branch.told(lead)] == ["ring", "ring", "unclaimed"]


def test_a_team_that_never_works_is_looked_at_again_the_next_day(branch: Branch) -> None:
    branch.set(Team, branch.view(branch.new_lead()).team_id, working_hours={})
    branch.escalate()
    assert branch.store.transact_now(next_clock_due) == branch.clock.now() + timedelta(days=1)


def test_a_claim_stops_it(branch: Branch) -> None:
    lead = branch.new_lead()
    branch.escalate()
    branch.claim("luis", lead)
    branch.passes(minutes=2)
    branch.passes(minutes=2)
    assert branch.told(lead) == [("ring", ["maya", "luis", "priya"])]


def test_a_lead_that_ended_rings_nobody(branch: Branch) -> None:
    lead = branch.new_lead()
    branch.set(Lead, lead, stage="lost")
    branch.passes(minutes=5)
    assert branch.told(lead) == []
    assert branch.store.transact_now(next_clock_due) is None


@pytest.mark.fault(36)
def test_eight_hours_of_downtime_give_one_catch_up_for_each_lead(branch: Branch) -> None:
    branch.clock.at = datetime(2026, 11, 24, 10, 0, tzinfo=AUSTIN)
    rung, missed = branch.new_lead(), branch.new_lead(phone="(512) 555-0111", at_once=False)
    branch.clock.skip(hours=8)
    assert branch.escalate() == 2
    assert branch.escalate() == 0
    for lead in (rung, missed):
        assert branch.told(lead) == [("ring", ["maya", "luis", "priya", "tess"]), ("unclaimed", ["manager"])]
        assert branch.place("#all-officers").id in [posting.place_id for posting in branch.postings("card", lead)]
    branch.passes(minutes=29)
    assert len(branch.told(rung)) == 2


def test_a_second_round_finds_its_card_in_the_wider_channel(branch: Branch) -> None:
    lead = branch.new_lead()
    branch.passes(minutes=15)
    branch.claim("maya", lead)
    branch.give_back("maya", lead)
    branch.passes(minutes=15)
    assert [posting.place_id for posting in branch.postings("card", lead)] == [branch.place().id, branch.place("#all-officers").id]


def test_who_gave_it_back_is_not_rung_again_while_two_others_could_take_it(branch: Branch) -> None:
    lead = branch.new_lead()
    branch.claim("maya", lead)
    branch.give_back("maya", lead)
    branch.passes(minutes=2)
    assert branch.told(lead) == [("ring", ["luis", "priya", "tess"])]


def test_after_a_downtime_of_ten_minutes_the_rest_is_rung_and_nobody_twice(branch: Branch) -> None:
    lead = branch.new_lead()
    branch.escalate()
    branch.passes(minutes=10)
    assert branch.told(lead) == [("ring", ["maya", "luis", "priya"]), ("ring", ["tess"])]


@pytest.mark.parametrize("minutes", [1, 4])
def test_a_borrower_who_asks_again_and_again_does_not_keep_the_lead_from_climbing(branch: Branch, minutes: int) -> None:
    lead = branch.new_lead()
    for number in range(20 // minutes):
        branch.passes(minutes=minutes)
        branch.arrive("zillow", comments=f"again, {number}")
    assert [told for kind, told in branch.told(lead) if kind == "unclaimed"] == [["tess"], ["manager"]]


def test_a_lead_that_all_heard_of_rings_anew_when_the_borrower_asks_again(branch: Branch) -> None:
    lead = branch.new_lead()
    branch.escalate()
    branch.passes(minutes=31)
    branch.arrive("zillow")
    branch.escalate()
    assert branch.told(lead)[-1][0] == "ring"


def test_the_timeline_of_it_all_is_whole(branch: Branch) -> None:
    branch.new_lead()
    branch.passes(minutes=40)
    assert branch.store.transact_now(lambda session: list(broken_links(session))) == []

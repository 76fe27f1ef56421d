"""Officers with hours of their own are on duty inside them alone; on a holiday nobody is."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.config import Config
from bot.config.holidays import Holiday
from bot.configuring import apply_config
from bot.distribution.claiming import Claimed
from bot.distribution.explaining import Explained, explain_lead
from bot.in_force import newest
from bot.leads.finding import BestWaiting, best_waiting
from bot.officers.shift_end import ask_at_shift_end
from bot.rules.eligibility import Reason
from bot.rules.rota import Rota, stored_rota
from bot.store.clocks import next_clock_due
from bot.store.events import COMPANY
from bot.store.people import Officer, Team
from bot.store.places import KnownOfficer
from bot.store.postings import Posting
from bot.store.rota import look_at_all_rotas
from tests.doubles.branch import Branch

AUSTIN = ZoneInfo("America/Chicago")
TEN = datetime(2026, 11, 24, 10, 0, tzinfo=AUSTIN)
"""A Tuesday; that Thursday is Thanksgiving."""
AFTERNOONS: dict[str, Any] = {str(day): [[720, 1200]] for day in range(7)}


def works(branch: Branch, hours: dict[str, Any], *officers: str) -> None:
    for officer in officers:
        branch.set(Officer, branch.officer_id(officer), working_hours=hours)


def austin(branch: Branch) -> int:
    return branch.services.in_force.sources["website"].team.id


def keeps(branch: Branch, *holidays: str) -> None:
    branch.set(Team, austin(branch), holidays=list(holidays))
    in_force = branch.store.transact_now(newest, {})
    assert in_force is not None
    branch.services.in_force = in_force


def rung(branch: Branch, lead: int) -> list[tuple[str, list[str]]]:
    branch.escalate()
    return branch.told(lead)


def explained(branch: Branch, lead: int, officer: str) -> Explained:
    known = KnownOfficer(branch.officer_id(officer), officer, officer, "en", "officer", True)
    found = branch.store.transact_now(explain_lead, lead, known, branch.clock.now())
    assert isinstance(found, Explained)
    return found


def test_in_the_morning_only_those_ring_who_work_then(branch: Branch) -> None:
    branch.clock.at = TEN
    works(branch, AFTERNOONS, "maya", "luis")
    assert rung(branch, branch.new_lead()) == [("ring", ["priya", "tess"])]
    branch.clock.at = TEN.replace(hour=12)
    [(kind, whom)] = rung(branch, branch.new_lead(first_name="Eve", phone="(512) 555-0111"))
    assert kind == "ring" and "maya" in whom


def test_where_nobody_works_by_their_own_hours_who_leads_is_told(branch: Branch) -> None:
    branch.clock.at = TEN
    works(branch, AFTERNOONS, "maya", "luis", "priya", "omar")
    branch.set(Officer, branch.officer_id("tess"), off_until=TEN.replace(hour=20))
    assert rung(branch, branch.new_lead()) == [("nobody_free", ["manager"])]


def test_who_presses_claim_out_of_their_hours_is_at_work(branch: Branch) -> None:
    branch.clock.at = TEN
    works(branch, AFTERNOONS, "maya")
    lead = branch.new_lead()
    branch.escalate()
    assert branch.store.transact_now(best_waiting, branch.officer_id("maya"), TEN) == BestWaiting(lead)
    assert isinstance(branch.claim("maya", lead), Claimed)


def test_why_says_that_they_were_out_of_their_hours(branch: Branch) -> None:
    branch.clock.at = TEN
    works(branch, AFTERNOONS, "maya", "luis")
    lead = branch.new_lead()
    branch.escalate()
    mine = explained(branch, lead, "maya")
    assert mine.mine == "refused" and mine.because is not None and mine.because.reason is Reason.OFF_HOURS
    assert ("Luis Ortega", Reason.OFF_HOURS, None) in mine.skipped


def test_who_is_on_call_is_rung_whatever_their_own_hours_are(branch: Branch) -> None:
    works(branch, AFTERNOONS, "maya")
    rota = Rota("America/Chicago", ("maya", "luis"), (0,), 480, date(2026, 11, 23), (((480, 720),),) * 7)
    branch.set(Team, austin(branch), rota=stored_rota(rota), working_hours=AFTERNOONS)
    branch.store.transact_now(look_at_all_rotas)
    keeps(branch)
    branch.clock.at = TEN
    lead = branch.new_lead()
    assert rung(branch, lead) == [("ring", ["maya"])]
    assert explained(branch, lead, "maya").mine == "rung"


def test_who_goes_home_earlier_covers_nothing_at_the_end_of_the_day(branch: Branch) -> None:
    works(branch, AFTERNOONS, "priya")
    branch.store.transact_now(ask_at_shift_end, branch.clock.now(), "salt")
    branch.claim("maya", branch.new_lead())
    branch.clock.at = TEN.replace(hour=19, minute=45)
    branch.store.transact_now(ask_at_shift_end, branch.clock.now(), "salt")
    [question] = [event for event in branch.events(COMPANY) if event.kind == "shift_end"]
    assert question.meta["cover"] == "Tess Lindqvist"  # South works on, but Priya, who comes before her, does not


def test_what_comes_on_a_holiday_waits_for_the_next_working_day(branch: Branch) -> None:
    keeps(branch, "thanksgiving")
    branch.clock.at = datetime(2026, 11, 26, 10, tzinfo=AUSTIN)
    lead = branch.new_lead(property_zip="78704")
    friday = datetime(2026, 11, 27, 9, tzinfo=AUSTIN)
    assert branch.store.transact_now(next_clock_due) == friday
    assert rung(branch, lead) == []
    branch.clock.at = friday
    assert [kind for kind, _ in rung(branch, lead)] == ["ring"]


def test_a_lead_that_was_just_claimed_is_not_late_over_the_holiday(branch: Branch) -> None:
    keeps(branch, "thanksgiving")
    branch.clock.at = datetime(2026, 11, 25, 19, 50, tzinfo=AUSTIN)
    lead = branch.new_lead(property_zip="78704")
    branch.claim("maya", lead)
    branch.clock.at = datetime(2026, 11, 26, 19, tzinfo=AUSTIN)
    branch.escalate()
    assert branch.view(lead).owner_name == "Maya Torres"


def test_on_a_holiday_no_day_ends(branch: Branch) -> None:
    keeps(branch, "thanksgiving")
    branch.clock.at = datetime(2026, 11, 25, 19, 50, tzinfo=AUSTIN)
    branch.store.transact_now(ask_at_shift_end, branch.clock.now(), "salt")
    ends = [team.shift_due_at for team in branch.all(Team) if team.key == "austin"]
    assert ends == [datetime(2026, 11, 27, 19, 45, tzinfo=AUSTIN)]


def test_the_company_s_holidays_and_a_team_s_own_are_kept_together(branch: Branch, example: Config) -> None:
    company = example.company.model_copy(update={"holidays": (Holiday(day="christmas"),)})
    teams = (example.teams[0].model_copy(update={"holidays": (Holiday(day="2026-12-24"),)}), *example.teams[1:])
    changed = example.model_copy(update={"company": company, "teams": teams})
    branch.store.transact_now(apply_config, changed, by="test", at=branch.clock.now(), salt="salt")
    assert {team.key: team.holidays for team in branch.all(Team)} == {"austin": ["2026-12-24", "christmas"], "south": ["christmas"]}


def test_nothing_is_posted_for_who_is_out_of_hours(branch: Branch) -> None:
    branch.clock.at = TEN
    works(branch, AFTERNOONS, "maya", "luis", "priya", "omar")
    rung(branch, branch.new_lead())
    told = {posting.place_id for posting in branch.all(Posting) if posting.topic == "ring"}
    assert len(told) == 1

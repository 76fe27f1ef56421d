"""Who manages a team changes its people and hours in chat; it is in the audit trail, and no applied file undoes it."""

from datetime import UTC, date, datetime
from typing import Any, cast
from zoneinfo import ZoneInfo

import pytest

from bot.config import Config
from bot.configuring import ChangedElsewhere, apply_config
from bot.in_force import newest
from bot.officers.team import (
    Changed,
    ChangedMeanwhile,
    Field,
    FieldNotUnderstood,
    Form,
    HoursForm,
    NeedsRole,
    NobodyCalledSo,
    NotTheirTeam,
    Roster,
    TeamOutcome,
    change_officer,
    change_team,
    read_form,
    read_hours_form,
    roster_for,
)
from bot.store.clocks import next_clock_due
from bot.store.events import COMPANY
from bot.store.people import Officer, Team
from bot.store.shifts import next_edge_of_day
from tests.doubles.branch import Branch

AUSTIN = ZoneInfo("America/Chicago")


def opens(branch: Branch, whom: str) -> Form:
    form = branch.store.transact_now(read_form, branch.officer_id("sam"), branch.officer_id(whom), branch.clock.now())
    assert isinstance(form, Form)
    return form


def changes(branch: Branch, by: str, whom: str, **fields: str) -> TeamOutcome:
    """On a screen that was just opened, where they may open it."""
    form = branch.store.transact_now(read_form, branch.officer_id(by), branch.officer_id(whom), branch.clock.now())
    return sends_off(branch, by, whom, form.fields if isinstance(form, Form) else {}, **fields)


def sends_off(branch: Branch, by: str, whom: str, begun: dict[Field, str], **fields: str) -> TeamOutcome:
    said = cast(dict[Field, str], fields)
    return branch.store.transact_now(change_officer, branch.press(by, COMPANY), branch.officer_id(whom), said, begun)


def austin(branch: Branch) -> int:
    return branch.services.in_force.sources["website"].team.id


def changes_hours(branch: Branch, by: str, lines: str, opened: HoursForm | None = None) -> TeamOutcome:
    form = opened or branch.store.transact_now(read_hours_form, branch.officer_id(by), austin(branch))
    begun = form.hours if isinstance(form, HoursForm) else ""
    return branch.store.transact_now(change_team, branch.press(by, COMPANY), austin(branch), lines, begun)


def row(branch: Branch, key: str) -> Officer:
    return next(officer for officer in branch.all(Officer) if officer.key == key)


def applied(branch: Branch, config: Config, **how: Any) -> tuple[str, ...]:
    return branch.store.transact_now(apply_config, config, by="test", at=branch.clock.now(), salt="salt", **how).changes


def audited(branch: Branch) -> list[tuple[str, Any]]:
    return [(event.actor, event.meta["changes"]) for event in branch.events(COMPANY) if event.kind == "roster_changed"]


def test_each_field_is_changed_and_the_trail_says_by_whom_from_what_to_what(branch: Branch) -> None:
    told = changes(branch, "sam", "priya", daily_cap="15", languages="en, es", licenses="TX 2028-01-31\nCO", off_until="2026-12-24 08:00")
    assert isinstance(told, Changed) and set(told.changes) == {"daily_cap", "languages", "licenses", "off_until"}
    priya = row(branch, "priya")
    assert (priya.daily_cap, priya.languages, priya.licenses) == (15, ["en", "es"], {"TX": "2028-01-31", "CO": None})
    assert priya.off_until == datetime(2026, 12, 24, 8, tzinfo=AUSTIN)
    [(actor, change)] = audited(branch)
    assert (actor, change["daily_cap"]) == ("officer:sam", [20, 15])
    assert change["licenses"] == [{"TX": "2027-12-31", "CO": "2027-12-31", "NM": "2027-12-31"}, {"TX": "2028-01-31", "CO": None}]


def test_what_a_screen_shows_and_gets_back_changes_nothing(branch: Branch) -> None:
    assert changes(branch, "sam", "priya", **opens(branch, "priya").fields) == Changed("Priya Nair", "America/Chicago", {})
    hours = branch.store.transact_now(read_hours_form, branch.officer_id("sam"), austin(branch))
    assert isinstance(hours, HoursForm)
    assert changes_hours(branch, "sam", hours.hours) == Changed("Austin", "America/Chicago", {})
    assert audited(branch) == []


def test_an_emptied_field_takes_the_limit_and_the_absence_away(branch: Branch) -> None:
    branch.set(Officer, branch.officer_id("priya"), off_until=datetime(2026, 12, 1, tzinfo=UTC))
    changes(branch, "sam", "priya", daily_cap="", off_until="")
    assert (row(branch, "priya").daily_cap, row(branch, "priya").off_until) == (None, None)


@pytest.mark.parametrize(
    ("field", "said"),
    [
        ("off_until", "whenever"), ("off_until", "2020-01-01"), ("daily_cap", "0"), ("daily_cap", "many"), ("daily_cap", "1001"),
        ("licenses", "Texas"), ("licenses", "XX"), ("licenses", "TX 2027-13-01"), ("licenses", "TX\nTX"), ("languages", ""),
        ("languages", "klingon"), ("active", "maybe"), ("own_hours", "mornings"), ("own_hours", "mon: 9am-8am"),
    ],
)  # fmt: skip
def test_what_is_not_understood_changes_nothing(branch: Branch, field: Field, said: str) -> None:
    assert changes(branch, "sam", "priya", **{"daily_cap": "3", field: said}) == FieldNotUnderstood(field, said)
    assert row(branch, "priya").daily_cap == 20


@pytest.mark.parametrize(("who", "role"), [("maya", "officer"), ("tess", "team_lead"), ("cora", "compliance")])
def test_who_does_not_manage_is_told_which_role_it_takes(branch: Branch, who: str, role: str) -> None:
    assert changes(branch, who, "priya", daily_cap="3") == NeedsRole(role, "change_roster")  # type: ignore[arg-type]
    assert changes_hours(branch, who, "mon: 9am-5pm") == NeedsRole(role, "change_roster")  # type: ignore[arg-type]
    assert audited(branch) == []


def test_the_manager_of_another_team_changes_nothing_and_an_admin_everything(branch: Branch) -> None:
    branch.set(Officer, branch.officer_id("luis"), role="manager")
    assert changes(branch, "luis", "priya", daily_cap="3") == NotTheirTeam()
    assert changes_hours(branch, "luis", "mon: 9am-5pm") == NotTheirTeam()
    branch.set(Officer, branch.officer_id("luis"), role="admin")
    assert isinstance(changes(branch, "luis", "cora", languages="es"), Changed)
    assert isinstance(changes_hours(branch, "luis", "mon: 9am-5pm"), Changed)


def test_a_role_is_judged_when_the_screen_is_sent_off(branch: Branch) -> None:
    branch.set(Officer, branch.officer_id("sam"), active=False)
    assert changes(branch, "sam", "priya", daily_cap="3") == NeedsRole("manager", "change_roster")


def test_somebody_switched_off_has_left_and_is_asked_about_until_switched_on_again(branch: Branch) -> None:
    changes(branch, "sam", "maya", active="no")
    assert (row(branch, "maya").active, row(branch, "maya").left_because) == (False, "chat")
    assert row(branch, "maya").asks_at == branch.clock.now()
    changes(branch, "sam", "maya", active="yes")
    assert (row(branch, "maya").active, row(branch, "maya").asks_at) == (True, None)


def test_no_applied_file_undoes_it_unless_it_says_otherwise_itself(branch: Branch, example: Config) -> None:
    changes(branch, "sam", "priya", daily_cap="15", active="no")
    changes_hours(branch, "sam", "mon-fri: 9am-5pm")
    assert applied(branch, example) == ()
    officers = tuple(each.model_copy(update={"nmls_id": "999"}) if each.key == "maya" else each for each in example.officers)
    applied(branch, example.model_copy(update={"officers": officers}))
    assert (row(branch, "priya").daily_cap, row(branch, "priya").active) == (15, False)
    assert next(team for team in branch.all(Team) if team.key == "austin").working_hours["0"] == [[540, 1020]]
    otherwise = tuple(each.model_copy(update={"daily_cap": 5}) if each.key == "priya" else each for each in officers)
    with pytest.raises(ChangedElsewhere, match="officer priya: daily_cap"):
        applied(branch, example.model_copy(update={"officers": otherwise}))


def test_new_hours_hold_for_new_leads_for_those_that_wait_and_for_the_end_of_the_day(branch: Branch) -> None:
    branch.clock.at = datetime(2026, 11, 24, 21, tzinfo=AUSTIN)
    branch.new_lead(property_zip="78704")
    assert branch.store.transact_now(next_clock_due) == datetime(2026, 11, 25, 9, tzinfo=AUSTIN)
    changes_hours(branch, "sam", "mon-fri: 10am-6pm")
    branch.escalate()
    assert branch.store.transact_now(next_clock_due) == datetime(2026, 11, 25, 10, tzinfo=AUSTIN)
    in_force = branch.store.transact_now(newest, {})
    assert in_force is not None and in_force.version > branch.services.in_force.version
    assert in_force.teams["austin"].hours.week == (((600, 1080),),) * 5 + ((), ())
    assert branch.store.transact_now(next_edge_of_day) == datetime(2000, 1, 1, tzinfo=UTC)  # to be worked out


@pytest.mark.parametrize("lines", ["", "mon-fri", "mon: 25am-9pm", "mon: 9am-5pm\nmon: 10am-6pm", "someday: 9am-5pm", "mon: closed"])
def test_hours_that_are_none_change_nothing(branch: Branch, lines: str) -> None:
    assert changes_hours(branch, "sam", lines) == FieldNotUnderstood("hours", lines)


def test_whose_license_ends_first_is_on_top_and_who_left_is_last(branch: Branch) -> None:
    branch.set(Officer, branch.officer_id("omar"), licenses={"CO": "2026-12-01"})
    branch.set(Officer, branch.officer_id("luis"), active=False)
    roster = branch.store.transact_now(roster_for, branch.officer_id("sam"))
    assert isinstance(roster, Roster)
    assert (roster.people[0].key, roster.people[0].first_expiry, roster.people[-1].key) == ("omar", date(2026, 12, 1), "luis")
    assert {each.key for each in roster.teams} == {"austin", "south"}


def test_a_team_lead_sees_their_own_team_and_changes_nothing(branch: Branch) -> None:
    branch.set(Officer, branch.officer_id("tess"), role="team_lead")
    roster = branch.store.transact_now(roster_for, branch.officer_id("tess"))
    assert isinstance(roster, Roster)
    assert "cora" not in {each.key for each in roster.people}
    assert (roster.changes_people, roster.changes_teams) == (frozenset(), frozenset())


def test_an_officer_sees_no_roster(branch: Branch) -> None:
    assert branch.store.transact_now(roster_for, branch.officer_id("maya")) == NeedsRole("officer", "see_roster")


def test_an_officer_s_own_hours_are_changed_and_taken_away(branch: Branch) -> None:
    assert isinstance(changes(branch, "sam", "priya", own_hours="mon-fri: 8am-1pm"), Changed)
    assert (row(branch, "priya").working_hours or {})["0"] == [[480, 780]]
    assert opens(branch, "priya").fields["own_hours"] == "mon-fri: 8am-1pm"
    [(actor, change)] = audited(branch)
    assert (actor, change["own_hours"][0], change["own_hours"][1]["4"]) == ("officer:sam", None, [[480, 780]])
    changes(branch, "sam", "priya", own_hours="")
    assert row(branch, "priya").working_hours is None


def test_whoever_is_second_to_change_a_field_is_told_and_takes_nothing_back(branch: Branch) -> None:
    opened, hours = opens(branch, "priya").fields, branch.store.transact_now(read_hours_form, branch.officer_id("sam"), austin(branch))
    assert isinstance(hours, HoursForm)
    changes(branch, "sam", "priya", licenses="TX 2028-01-31", daily_cap="15")
    changes_hours(branch, "sam", "mon: 9am-5pm")
    late = sends_off(branch, "sam", "priya", opened, licenses="TX 2027-06-30", languages="en, es")
    assert late == ChangedMeanwhile("licenses", {"TX": "2028-01-31"}, "America/Chicago")
    assert (row(branch, "priya").licenses, row(branch, "priya").languages) == ({"TX": "2028-01-31"}, ["en"])
    assert sends_off(branch, "sam", "priya", opened, daily_cap="15") == Changed("Priya Nair", "America/Chicago", {})  # both want the same
    assert isinstance(changes_hours(branch, "sam", "tue: 9am-5pm", hours), ChangedMeanwhile)


def test_one_person_is_shown_by_their_name_and_a_wrong_name_is_asked_back(branch: Branch) -> None:
    found = branch.store.transact_now(roster_for, branch.officer_id("sam"), "priya")
    assert isinstance(found, Roster) and [each.key for each in found.people] == ["priya"]
    assert found.changes_people == {branch.officer_id("priya")}
    assert branch.store.transact_now(roster_for, branch.officer_id("sam"), "Pria") == NobodyCalledSo("Pria", ("Priya Nair",))

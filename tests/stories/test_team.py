"""/lead team shows a team's people to who leads it, and its manager changes them and the hours on a screen."""

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from bot.officers import team
from bot.officers.team import Roster
from bot.services import Services
from bot.store.people import Officer, Team
from bot.store.places import KnownOfficer
from tests.doubles.office import Office
from tests.doubles.roster import changed_meanwhile, hire


async def test_the_manager_changes_a_cap_and_reads_what_it_was(any_office: Office) -> None:
    office = any_office
    await office.types("sam", "/lead team")
    await office.hears(
        "sam", "*Austin*: Mon-Fri 8 am-8 pm; Sat 9 am-5 pm; Sun 12 pm-6 pm (America/Chicago)", "*Priya Nair*, loan officer: on duty"
    )

    await office.presses("sam", "Change whom?", 0, choose="Priya Nair")
    await office.screen_of("sam", says="Licenses, a state on each line")
    await office.fills_in("sam", daily_cap="15")

    assert "Leads a day: 15, before 20" in await office.screen_of("sam", says="*Priya Nair* is changed:")
    assert next(row.daily_cap for row in office.all(Officer) if row.key == "priya") == 15


async def test_what_is_not_understood_is_said_at_its_field(office: Office) -> None:
    await office.types("sam", "/lead team")
    await office.hears("sam", "*Austin*")
    await office.presses("sam", "Change whom?", 0, choose="Priya Nair")
    await office.screen_of("sam", says="Licenses, a state on each line")

    await office.fills_in("sam", licenses="Texas")

    assert (await office.errors_before("sam"))["licenses"].startswith("Write one state on each line")


async def test_the_manager_changes_the_hours_of_a_team(office: Office) -> None:
    await office.types("sam", "/lead roster")
    await office.hears("sam", "*Austin*")
    await office.presses("sam", "Hours of Austin", 0)
    await office.screen_of("sam", says="Working hours")

    await office.writes_on_screen("sam", "hours", "mon-fri: 9am-5pm")

    assert "Working hours: Mon-Fri 9 am-5 pm, before Mon-Fri 8 am-8 pm" in await office.screen_of("sam", says="*Austin* is changed:")
    assert next(row.working_hours for row in office.all(Team) if row.key == "austin")["5"] == []


async def test_an_officer_is_told_which_role_it_takes(office: Office) -> None:
    await office.types("luis", "/lead team")

    await office.hears("luis", "This takes the role team lead or manager or compliance or admin; yours is loan officer.")


async def test_a_screen_that_stood_open_takes_back_nothing_that_happened_meanwhile(office: Office) -> None:
    await office.types("sam", "/lead team")
    await office.hears("sam", "*Austin*")
    await office.presses("sam", "Change whom?", 0, choose="Priya Nair")
    await office.screen_of("sam", says="Licenses, a state on each line")
    await office.types("priya", "/lead off 3 hours")

    async def is_off() -> datetime | None:
        return next(row.off_until for row in office.all(Officer) if row.key == "priya")

    off_until = await office.until(is_off, "Priya off duty")
    await office.fills_in("sam", daily_cap="15")

    told = await office.screen_of("sam", says="*Priya Nair* is changed:")
    assert "Leads a day: 15, before 20" in told and "Off" not in told
    assert await is_off() == off_until


async def test_an_officer_s_own_hours_are_written_on_the_screen_and_shown_by_name(any_office: Office) -> None:
    office = any_office
    await office.types("sam", "/lead team priya")
    await office.hears("sam", "*Priya Nair*, loan officer: on duty")
    await office.presses("sam", "Change whom?", 0, choose="Priya Nair")
    await office.screen_of("sam", says="Own hours")

    await office.fills_in("sam", own_hours="mon-fri: 8am-1pm")

    assert "Own hours: Mon-Fri 8 am-1 pm, before none" in await office.screen_of("sam", says="*Priya Nair* is changed:")
    await office.types("sam", "/lead team priya nair")
    await office.hears("sam", "works Mon-Fri 8 am-1 pm")


async def test_a_name_that_nobody_has_is_asked_back(office: Office) -> None:
    await office.types("sam", "/lead team Pria")

    await office.hears("sam", 'Nobody here is called "Pria". Did you mean Priya Nair?')


async def test_whoever_is_second_to_change_a_license_is_told_at_its_field(office: Office) -> None:
    await office.types("sam", "/lead team")
    await office.hears("sam", "*Austin*")
    await office.presses("sam", "Change whom?", 0, choose="Priya Nair")
    await office.screen_of("sam", says="Licenses, a state on each line")
    assert office.services is not None
    office.services.store.transact_now(changed_meanwhile, "priya", {"licenses": {"TX": "2028-06-30"}})

    await office.fills_in("sam", licenses="TX 2027-06-30")

    told = (await office.errors_before("sam"))["licenses"]
    assert told.startswith("Somebody changed this while your screen was open: it is now TX")
    assert next(row.licenses for row in office.all(Officer) if row.key == "priya") == {"TX": "2028-06-30"}


async def test_how_many_more_there_are_than_one_answer_holds_is_said(office: Office) -> None:
    assert office.services is not None
    office.services.store.transact_now(hire, 60)
    await office.types("sam", "/lead team")

    await office.hears("sam", "And 27 others: /lead team with a name shows one of them.")
    await office.types("sam", "/lead team hired-59")
    await office.hears("sam", "*Helper 59*")


@pytest.fixture
def six_teams(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever looks sees six teams, of which the last is a real one."""
    look = team.look

    async def looks(services: Services, by: KnownOfficer, name: str = "") -> Any:
        roster = await look(services, by, name)
        assert isinstance(roster, Roster)
        *_, last = roster.teams
        others = [replace(last, id=9000 + number, name=f"Team {number}") for number in range(5)]
        return replace(roster, teams=(*others, last), changes_teams=roster.changes_teams | {each.id for each in others})

    monkeypatch.setattr(team, "look", looks)


@pytest.mark.usefixtures("six_teams")
async def test_the_hours_of_a_sixth_team_are_changed_too(office: Office) -> None:
    await office.types("sam", "/lead team")
    await office.hears("sam", "*South*")

    await office.presses("sam", "Hours of which team?", 0, choose="South")

    await office.screen_of("sam", says="Working hours")
    await office.writes_on_screen("sam", "hours", "mon-fri: 9am-5pm")
    await office.screen_of("sam", says="*South* is changed:")

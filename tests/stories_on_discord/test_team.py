"""/lead team in Discord: a team's people, and screens on which its manager changes them and the hours."""

import re
from dataclasses import replace
from typing import Any

import pytest

from bot.officers import team
from bot.officers.team import Roster
from bot.services import Services
from bot.store.people import Officer
from bot.store.places import KnownOfficer
from tests.doubles.discord_office import DiscordOffice, options_of, read
from tests.doubles.roster import changed_meanwhile, hire
from tests.doubles.rows import rows


async def test_the_manager_changes_a_cap_and_the_hours(office: DiscordOffice) -> None:
    told = await office.types("sam", "lead team")
    assert "Austin: Mon-Fri 8 am-8 pm" in read(told) and "Priya Nair, loan officer: on duty" in read(told)
    priya = next(row for row in rows(office.services.store, Officer) if row.key == "priya")

    screen = await office.chooses("sam", told, "team_person", f"0:{priya.id}")
    fields = {"off_until": "", "daily_cap": "15", "licenses": "TX 2099-12-31", "languages": "en, es"}
    assert "Leads a day: 15, before 20" in await office.fills_in("sam", screen, **fields)

    screen = await office.presses("sam", told, "team_hours")
    assert "is changed:" in await office.fills_in("sam", screen, hours="mon-fri: 9am-5pm")


async def test_an_officer_is_told_which_role_it_takes(office: DiscordOffice) -> None:
    assert "yours is loan officer." in read(await office.types("luis", "lead team"))


async def test_a_screen_that_stood_open_takes_back_nothing_that_happened_meanwhile(office: DiscordOffice) -> None:
    def priya() -> Officer:
        return next(row for row in rows(office.services.store, Officer) if row.key == "priya")

    told = await office.types("sam", "lead team")
    begun = {"daily_cap": "20", "licenses": "CO 2027-12-31\nNM 2027-12-31\nTX 2027-12-31", "languages": "en, es"}
    screen = await office.chooses("sam", told, "team_person", f"0:{priya().id}")
    await office.types("priya", "lead off", until="3 hours")
    off_until = priya().off_until
    assert off_until is not None

    assert "Leads a day: 15, before 20" in await office.fills_in("sam", screen, **{**begun, "daily_cap": "15", "off_until": ""})
    assert priya().off_until == off_until


async def test_an_officer_s_own_hours_have_a_screen_of_their_own_behind_their_name(office: DiscordOffice) -> None:
    told = await office.types("sam", "lead team", person="priya")
    assert "Priya Nair, loan officer: on duty" in read(told) and "Luis" not in read(told)

    screen = await office.presses("sam", told, "team_own_hours")
    said = await office.fills_in("sam", screen, own_hours="mon-fri: 8am-1pm")

    assert "Own hours: Mon-Fri 8 am-1 pm, before none" in said
    assert "works Mon-Fri 8 am-1 pm" in read(await office.types("sam", "lead team", person="Priya Nair"))


async def test_a_name_that_nobody_has_is_asked_back(office: DiscordOffice) -> None:
    told = await office.types("sam", "lead team", person="Pria")
    assert 'Nobody here is called "Pria". Did you mean Priya Nair?' in read(told)


async def test_whoever_is_second_to_change_a_license_is_told(office: DiscordOffice) -> None:
    priya = next(row for row in rows(office.services.store, Officer) if row.key == "priya")
    told = await office.types("sam", "lead team")
    screen = await office.chooses("sam", told, "team_person", f"0:{priya.id}")
    office.services.store.transact_now(changed_meanwhile, "priya", {"licenses": {"TX": "2028-06-30"}})

    fields = {"off_until": "", "daily_cap": "20", "licenses": "TX 2027-06-30", "languages": "en"}
    said = await office.fills_in("sam", screen, **fields)
    assert "Somebody changed this while your screen was open: it is now TX" in said


async def test_how_many_more_there_are_than_one_answer_holds_is_said(office: DiscordOffice) -> None:
    office.services.store.transact_now(hire, 90)
    told = read(await office.types("sam", "lead team"))
    shown = told.count("loan officer: on duty")
    assert 20 < shown < 94
    assert re.search(r"And (\d+) others: /lead team with a name shows one of them.", told)


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
async def test_the_hours_of_a_sixth_team_are_changed_too(office: DiscordOffice) -> None:
    told = await office.types("sam", "lead team")
    [*_, (_, last)] = [each for each in options_of(told) if each[0].startswith("ls:team_hours:")]

    screen = await office.chooses("sam", told, "team_hours", last)

    assert "South is changed:" in await office.fills_in("sam", screen, hours="mon-fri: 9am-5pm")

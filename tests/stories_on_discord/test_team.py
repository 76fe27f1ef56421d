"""/lead team in Discord: a team's people, and screens on which its manager changes them and the hours."""

from bot.store.people import Officer
from tests.doubles.discord_office import DiscordOffice, read
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

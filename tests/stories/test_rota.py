"""Somebody is on call outside working hours: they and the channel are told, and /lead oncall shows who it is now and next."""

from pathlib import Path

from tests.doubles.databases import fresh_postgresql, fresh_sqlite
from tests.doubles.office import office_at_work
from tests.doubles.on_call import on_call
from tests.stories.conftest import OpenOffice


async def test_who_is_on_call_and_the_channel_are_told(changed_office: OpenOffice) -> None:
    async with changed_office(on_call("maya")) as office:
        await office.is_told("maya", "You are on call for Austin until Monday, ", "What comes outside working hours rings for you.")

        async def said() -> bool:
            return any("Maya Torres is on call for Austin until Monday, " in message["text"] for message in await office.messages())

        await office.until(said, "a line in the channel")


async def test_anybody_of_the_team_sees_who_is_on_call_now_and_next(tmp_path: Path) -> None:
    async with office_at_work(tmp_path, fresh_postgresql(), changes=on_call("maya", "luis")) as office:
        await office.types("priya", "/lead oncall")

        await office.hears(
            "priya", "*Austin*, on call Sat-Sun 5 pm-8 pm\nNow: ", "Then: Maya Torres, from Monday, ", "Then: Luis Ortega, from Monday, "
        )


async def test_when_the_only_one_goes_off_who_leads_hears_that_nobody_is_on_call(tmp_path: Path) -> None:
    async with office_at_work(tmp_path, fresh_sqlite(tmp_path), changes=on_call("maya")) as office:
        await office.is_told("maya", "You are on call for Austin")

        await office.types("maya", "/lead off until friday")

        await office.is_told("tess", "Nobody is on call for Austin until ")


async def test_a_team_without_a_rota_says_so(changed_office: OpenOffice) -> None:
    async with changed_office({}) as office:
        await office.types("luis", "/lead on call")

        await office.hears("luis", "No team of yours has a rota")

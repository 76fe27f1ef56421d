"""/lead swap asks colleagues to be on call in one's place: who presses first is, both hear of it, and it can be undone."""

from tests.doubles.on_call import on_call
from tests.stories.conftest import OpenOffice


async def test_a_colleague_accepts_and_both_read_so(changed_office: OpenOffice) -> None:
    async with changed_office(on_call("maya")) as office:
        await office.types("maya", "/lead swap saturday")
        await office.hears("maya", "I asked your team to be on call for you from Saturday, ", "Undo the swap")
        asked = await office.told("luis", "Maya Torres asks: can you be on call for Austin in their place, from Saturday, ")
        await office.is_told("priya", "Maya Torres asks: can you be on call for Austin")

        await office.presses_on(asked, "luis", "I'll do it")
        await office.hears("luis", "You are on call for Maya Torres from Saturday, ")

        await office.is_told("maya", "Luis Ortega is on call for you in Austin, from Saturday, ")
        await office.is_told("priya", "Luis Ortega is on call for Maya Torres from Saturday, ", "Nothing left to do.")


async def test_whoever_took_it_may_undo_it(changed_office: OpenOffice) -> None:
    async with changed_office(on_call("maya")) as office:
        await office.types("maya", "/lead swap saturday with luis")
        await office.presses_on(await office.told("luis", "Maya Torres asks"), "luis", "I'll do it")
        taken = await office.told("luis", "You are on call for Maya Torres", "Undo the swap")

        await office.presses_on(taken, "luis", "Undo the swap")

        await office.hears("luis", "Undone: everybody has their own turn again.")
        await office.is_told("maya", "Luis Ortega undid the swap: Maya Torres is on call for Austin from Saturday, ")


async def test_a_mention_names_the_colleague(changed_office: OpenOffice) -> None:
    async with changed_office(on_call("maya")) as office:
        await office.types("maya", "/lead swap with <@U0LUIS>")

        await office.hears("maya", "I asked Luis Ortega to be on call for you from ")


async def test_who_is_not_on_call_then_asks_nobody(changed_office: OpenOffice) -> None:
    async with changed_office(on_call("maya")) as office:
        await office.types("luis", "/lead swap saturday")

        await office.hears("luis", "You are not on call then (saturday), so nobody was asked.")

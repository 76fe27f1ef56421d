"""An officer asks what waits for them: /lead mine, five leads a page, private."""

import pytest

from bot.sandbox.block_kit import problems_of
from tests.doubles.hostile import HOSTILE, faults_in
from tests.doubles.office import Office
from tests.doubles.shown import JSON, buttons, words


async def listed(office: Office, who: str, part: str) -> JSON:
    """The list before this person, once it says this."""

    async def found() -> JSON | None:
        mine = [message for message in await office.messages() if message.get("ephemeral_to") == f"U0{who.upper()}"]
        return next((message for message in reversed(mine) if part in words(message)), None)

    return await office.until(found, f"a list before {who} that says {part!r}")


async def owned(office: Office, number: int, *, tried: bool = True, **fields: str) -> int:
    lead = await office.lead_arrives(**{"phone": f"(512) 555-01{number:02}", "email": f"dana{number}@example.com", **fields})
    await office.presses("maya", "Claim", lead)
    await office.card_of(lead, says="Maya Torres has it")
    if tried:
        await office.types("maya", f"/log {lead} connected")
        await office.thread_says(lead, "Connected")
    return lead


async def test_each_lead_stands_where_it_belongs_with_open_and_later(any_office: Office) -> None:
    office = any_office
    fresh, sleeping, overdue = await owned(office, 1, tried=False), await owned(office, 2), await owned(office, 3)
    await office.types("maya", f"/lead later {sleeping} in 3 days")
    await office.types("maya", f"/lead later {overdue} in 1 minute ask about the pay stubs")
    await office.hears("maya", f"#{sleeping}: I remind you")
    await office.hears("maya", f"#{overdue}: I remind you")
    await office.skip(minutes=1)
    await office.told("maya", "You wanted to come back to")

    await office.types("maya", "/lead mine")

    mine = await listed(office, "maya", "Your 3 leads: Overdue 1, New 1, Asleep 1")
    said = words(mine)
    in_order = ["Overdue\n", f"#{overdue} Dana Rowe", "New\n", f"#{fresh} Dana Rowe", "Asleep\n", f"#{sleeping} Dana Rowe"]
    places = [said.index(part) for part in in_order]
    assert places == sorted(places)
    assert ": ask about the pay stubs" in said
    assert "Yours for 1 minute, and nobody has tried to call yet" in said
    assert buttons(mine) == ["Open", "Later"] * 3
    await office.presses("maya", "Open", sleeping)
    await office.screen_of("maya", says="Dana Rowe")


async def test_a_borrower_who_wrote_comes_first(texting_office: Office) -> None:
    office = texting_office
    await owned(office, 1)
    lead = await owned(office, 0)
    await office.borrower_texts("Hello?")
    await office.card_of(lead, says="has been waiting since")

    await office.types("maya", "/lead mine")

    said = words(await listed(office, "maya", "Waiting for you 1, Today 1"))
    assert said.index("Has been waiting for your answer since") < said.index("No next touch yet")


async def test_five_fit_a_page_and_the_others_are_a_press_away(office: Office) -> None:
    leads = [await owned(office, number) for number in range(7)]
    await office.types("maya", "/lead mine")
    first = await listed(office, "maya", "Page 1 of 2")
    assert buttons(first) == [*["Open", "Later"] * 5, "Next"]

    await office.presses_on(first, "maya", "Next")

    second = await listed(office, "maya", "Page 2 of 2")
    assert buttons(second) == [*["Open", "Later"] * 2, "Back"]
    assert {lead for lead in leads if f"#{lead} " in words(first) + words(second)} == set(leads)
    await office.presses_on(second, "maya", "Back")
    await listed(office, "maya", "Page 1 of 2")


async def test_an_empty_list_says_what_to_do(office: Office) -> None:
    await office.types("luis", "/lead mine")
    await office.hears("luis", "Nothing waits for you. /lead next finds the best free lead for you.")


async def test_a_team_lead_has_a_list_of_their_own(office: Office) -> None:
    lead = await office.lead_arrives()
    await office.presses("tess", "Claim", lead)
    await office.card_of(lead, says="Tess Lindqvist has it")
    await office.types("tess", "/lead mine")
    await listed(office, "tess", "Your 1 lead: New 1")
    await office.types("maya", "/lead mine")
    await office.hears("maya", "Nothing waits for you.")


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: repr(text[:20]))
async def test_a_hostile_name_is_text_in_the_list(office: Office, text: str) -> None:
    await owned(office, 1, first_name=f"Dana {text}", last_name=text, property_city=text)
    await office.types("maya", "/lead mine")
    mine = await listed(office, "maya", "Your 1 lead")
    assert faults_in(mine) == []
    assert problems_of(mine["blocks"], "message") == []
